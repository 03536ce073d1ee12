/*
 * Writes what the reader makes of a trace, one line a frame, for check_etl.py to compare.
 *
 * usage: read_etl [--all] [--memory BYTES] [--cuts] FILE
 *
 * With --cuts, one line for each length that the file could have been cut to:
 *     cut LENGTH FRAMES IS-TOLD-TO-BE-CUT BAD-BUFFERS, or: no-trace LENGTH
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "capture/etl/etl_reader.h"

struct bytes {
    uint8_t *data;
    size_t size;
};

static bool read_at(void *context, uint64_t offset, void *target, size_t size)
{
    const struct bytes *bytes = context;
    if (offset > bytes->size || size > bytes->size - offset)
        return false;
    memcpy(target, bytes->data + offset, size);
    return true;
}

/* time hint link captured wire interface process thread bytes */
static void print_frame(const struct eg_etl_reader *reader, const struct eg_frame *frame)
{
    const struct eg_etl_origin origin = eg_etl_reader_origin(reader);
    printf("frame %" PRId64 " %d %" PRId32 " %" PRIu32 " %" PRIu32 " %" PRIu64 " %" PRIu32
           " %" PRIu32 " ",
           frame->time, (int)frame->hint, frame->link, frame->captured, frame->wire,
           frame->interface, origin.process, origin.thread);
    for (uint32_t i = 0; i < frame->captured; i++)
        printf("%02x", frame->data[i]);
    putchar('\n');
}

static void print_facts(const struct eg_etl_facts *facts)
{
    const struct {
        const char *name;
        uint64_t value;
    } numbers[] = {
        {"build", facts->windows_build},
        {"closed", facts->closed},
        {"events_lost", facts->events_lost},
        {"buffers_lost", facts->buffers_lost},
        {"lossy_buffers", facts->lossy_buffers},
        {"buffers", facts->buffers},
        {"records", facts->records},
        {"packet_events", facts->packet_events},
        {"cut", facts->cut},
        {"bad_buffers", facts->bad_buffers},
        {"bad_packets", facts->bad_packets},
        {"no_frames", facts->no_frames},
        {"guessed", facts->guessed},
        {"copies", facts->copies},
        {"unfinished", facts->unfinished},
        {"disordered", facts->disordered},
    };
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        printf("%s %" PRIu64 "\n", numbers[i].name, numbers[i].value);
    for (size_t i = 0; i < facts->interface_count; i++)
        printf("interface %d %s\n", eg_etl_interface_is_chosen(&facts->interfaces[i]),
               facts->interfaces[i].name);
    for (size_t i = 0; i < facts->provider_count; i++)
        printf("provider %" PRIu64 " %s\n", facts->providers[i].events, facts->providers[i].name);
}

static int read_all(struct eg_etl_reader *reader)
{
    struct eg_frame frame;
    struct eg_error error;
    bool more = true;
    while (eg_etl_reader_next(reader, &frame, &more, &error) == EG_OK && more)
        print_frame(reader, &frame);
    const struct eg_etl_facts facts = eg_etl_reader_facts(reader);
    print_facts(&facts);
    if (!more)
        return EXIT_SUCCESS;
    fprintf(stderr, "%s\n", error.message);
    return EXIT_FAILURE;
}

static int read_once(struct bytes *bytes, const struct eg_etl_options *options)
{
    const struct eg_etl_source source = {read_at, bytes, bytes->size};
    struct eg_etl_reader *reader = NULL;
    struct eg_error error;
    int status = EXIT_FAILURE;
    if (eg_etl_reader_new(&source, options, &reader, &error) == EG_OK)
        status = read_all(reader);
    else
        fprintf(stderr, "%s\n", error.message);
    eg_etl_reader_free(reader);
    return status;
}

/* A copy of the exact size: a sanitizer sees the first byte read beyond it. */
static int read_cut(const struct bytes *whole, size_t length)
{
    struct bytes bytes = {malloc(length ? length : 1), length};
    if (!bytes.data)
        return EXIT_FAILURE;
    memcpy(bytes.data, whole->data, length);
    const struct eg_etl_source source = {read_at, &bytes, length};
    struct eg_etl_reader *reader = NULL;
    struct eg_frame frame;
    uint64_t frames = 0;
    bool more = true;
    if (eg_etl_reader_new(&source, NULL, &reader, NULL) == EG_OK) {
        while (eg_etl_reader_next(reader, &frame, &more, NULL) == EG_OK && more)
            frames++;
        const struct eg_etl_facts facts = eg_etl_reader_facts(reader);
        printf("cut %zu %" PRIu64 " %d %" PRIu64 "\n", length, frames, facts.cut,
               facts.bad_buffers);
    } else {
        printf("no-trace %zu\n", length);
    }
    eg_etl_reader_free(reader);
    free(bytes.data);
    return EXIT_SUCCESS;
}

static int read_cuts(const struct bytes *bytes)
{
    int status = EXIT_SUCCESS;
    for (size_t length = 0; length <= bytes->size && status == EXIT_SUCCESS; length++)
        status = read_cut(bytes, length);
    return status;
}

int main(int argc, char *argv[])
{
    bool cuts = false;
    struct eg_etl_options options = {0};
    int at = 1;
    for (; at + 1 < argc; at++) {
        if (strcmp(argv[at], "--all") == 0)
            options.all_components = true;
        else if (strcmp(argv[at], "--cuts") == 0)
            cuts = true;
        else if (strcmp(argv[at], "--memory") == 0)
            options.memory_max = strtoul(argv[++at], NULL, 10);
    }
    char *text = NULL;
    size_t length = 0;
    if (at >= argc || eg_file_read(argv[at], SIZE_MAX - 1, &text, &length, NULL) != EG_OK) {
        fputs("usage: read_etl [--all] [--memory BYTES] [--cuts] FILE\n", stderr);
        return EXIT_FAILURE;
    }
    struct bytes bytes = {(uint8_t *)text, length};
    const int status = cuts ? read_cuts(&bytes) : read_once(&bytes, &options);
    free(text);
    return status;
}
