/*
 * Writes what the reader makes of a trace, one line a frame, for check_etl.py to compare.
 *
 * usage: read_etl [--all] [--memory BYTES] FILE
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capture/etl/etl_reader.h"

static bool read_at(void *context, uint64_t offset, void *target, size_t size)
{
    FILE *file = context;
    return fseek(file, (long)offset, SEEK_SET) == 0 && fread(target, 1, size, file) == size;
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

int main(int argc, char *argv[])
{
    struct eg_etl_options options = {0};
    int at = 1;
    for (; at + 1 < argc; at++) {
        if (strcmp(argv[at], "--all") == 0)
            options.all_components = true;
        else if (strcmp(argv[at], "--memory") == 0)
            options.memory_max = strtoul(argv[++at], NULL, 10);
    }
    FILE *file = at < argc ? fopen(argv[at], "rb") : NULL;
    if (!file || fseek(file, 0, SEEK_END) != 0) {
        fputs("usage: read_etl [--all] [--memory BYTES] FILE\n", stderr);
        return EXIT_FAILURE;
    }
    const struct eg_etl_source source = {read_at, file, (uint64_t)ftell(file)};
    struct eg_etl_reader *reader = NULL;
    struct eg_error error;
    int status = EXIT_FAILURE;
    if (eg_etl_reader_new(&source, &options, &reader, &error) == EG_OK)
        status = read_all(reader);
    else
        fprintf(stderr, "%s\n", error.message);
    eg_etl_reader_free(reader);
    fclose(file);
    return status;
}
