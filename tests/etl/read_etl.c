/*
 * Writes what the reader makes of a trace, one line a frame, for check_etl.py to compare.
 *
 * usage: read_etl [--all] [--memory BYTES] [--again] [--cuts] FILE
 *
 * With --again, each frame is read once more by its place, the last one first, and so are its
 * lines.
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

static void print_again(struct eg_etl_reader *reader, const uint64_t *places, size_t count)
{
    struct eg_frame frame;
    struct eg_error error;
    for (size_t i = count; i-- > 0;)
        if (eg_etl_reader_again(reader, places[i], &frame, &error) == EG_OK)
            print_frame(reader, &frame);
        else
            fprintf(stderr, "%s\n", error.message);
}

static int read_all(struct eg_etl_reader *reader, bool again)
{
    enum { PLACES_MAX = 1 << 20 };
    static uint64_t places[PLACES_MAX];
    struct eg_frame frame;
    struct eg_error error;
    size_t count = 0;
    bool more = true;
    while (eg_etl_reader_next(reader, &frame, &more, &error) == EG_OK && more) {
        if (!again)
            print_frame(reader, &frame);
        else if (count < PLACES_MAX)
            places[count++] = eg_etl_reader_place(reader);
        /* An early frame between two late ones, which it must not change. */
        if (again && count % 3 == 0 &&
            eg_etl_reader_again(reader, places[count / 3], &frame, &error) != EG_OK)
            return EXIT_FAILURE;
    }
    print_again(reader, places, count);
    const struct eg_etl_facts facts = eg_etl_reader_facts(reader);
    print_facts(&facts);
    if (!more)
        return EXIT_SUCCESS;
    fprintf(stderr, "%s\n", error.message);
    return EXIT_FAILURE;
}

static int read_once(struct bytes *bytes, const struct eg_etl_options *options, bool again)
{
    const struct eg_etl_source source = {read_at, bytes, bytes->size};
    struct eg_etl_reader *reader = NULL;
    struct eg_error error;
    int status = EXIT_FAILURE;
    if (eg_etl_reader_new(&source, options, &reader, &error) == EG_OK)
        status = read_all(reader, again);
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
    bool cuts = false, again = false;
    struct eg_etl_options options = {0};
    int at = 1;
    for (; at + 1 < argc; at++) {
        if (strcmp(argv[at], "--all") == 0)
            options.all_components = true;
        else if (strcmp(argv[at], "--cuts") == 0)
            cuts = true;
        else if (strcmp(argv[at], "--again") == 0)
            again = true;
        else if (strcmp(argv[at], "--memory") == 0)
            options.memory_max = strtoul(argv[++at], NULL, 10);
    }
    char *text = NULL;
    size_t length = 0;
    if (at >= argc || eg_file_read(argv[at], SIZE_MAX - 1, &text, &length, NULL) != EG_OK) {
        fputs("usage: read_etl [--all] [--memory BYTES] [--again] [--cuts] FILE\n", stderr);
        return EXIT_FAILURE;
    }
    struct bytes bytes = {(uint8_t *)text, length};
    const int status = cuts ? read_cuts(&bytes) : read_once(&bytes, &options, again);
    free(text);
    return status;
}
