#include "etl_input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "interrupt.h"
#include "peek.h"

enum { NAMES_MAX = 32, NAME_SIZE = 2 * EG_ETL_NAME_MAX + 8 };

struct etl_input {
    int fd;
    bool owned;  /* fd is not standard input */
    int failure; /* errno of a read */
    bool all_components;
    struct eg_etl_reader *reader;
    uint64_t frames;

    /* of etl_input_facts() */
    char system[EG_ETL_SYSTEM_TEXT];
    char names[NAMES_MAX][NAME_SIZE];
    char notes[EG_ETL_NOTES_MAX][EG_ETL_NOTE_TEXT];
    const char *name_list[NAMES_MAX + 1];
    const char *note_list[EG_ETL_NOTES_MAX + 1];
};

/* ---- opening ---- */

static bool is_stdin(const char *path)
{
    return strcmp(path, "-") == 0;
}

bool etl_input_is_trace(const char *path)
{
    uint8_t bytes[EG_ETL_DETECT_BYTES];
    struct stat facts;
    if ((is_stdin(path) ? fstat(STDIN_FILENO, &facts) : stat(path, &facts)) != 0)
        return false;
    /* A named pipe that is opened and closed again may lose its writer. */
    if (!S_ISREG(facts.st_mode) && !(is_stdin(path) && S_ISFIFO(facts.st_mode)))
        return false;
    const int fd = is_stdin(path) ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    const size_t got = fd < 0 ? 0 : peek_bytes(fd, S_ISREG(facts.st_mode), bytes, sizeof bytes);
    if (fd >= 0 && !is_stdin(path))
        close(fd);
    return eg_etl_detect(bytes, got);
}

static bool read_at(void *context, uint64_t offset, void *target, size_t size)
{
    struct etl_input *input = context;
    for (size_t done = 0; done < size;) {
        const ssize_t got =
            pread(input->fd, (char *)target + done, size - done, (off_t)(offset + done));
        if (interrupt_signal())
            return false;
        if (got > 0)
            done += (size_t)got;
        else if (got == 0 || errno != EINTR) {
            input->failure = got == 0 ? ENODATA : errno;
            return false;
        }
    }
    return true;
}

static enum eg_status fail_read(const struct etl_input *input, struct eg_error *error)
{
    if (input->failure == ENODATA)
        return eg_fail(error, EG_ERR_IO, "cannot be read: it became shorter");
    return eg_fail(error, EG_ERR_IO, "cannot be read: %s", strerror(input->failure));
}

static enum eg_status open_reader(struct etl_input *input, const char *path, struct eg_error *error)
{
    struct stat facts;
    input->owned = !is_stdin(path);
    input->fd = input->owned ? open(path, O_RDONLY | O_CLOEXEC) : STDIN_FILENO;
    if (input->fd < 0 || fstat(input->fd, &facts) != 0)
        return eg_fail(error, EG_ERR_IO, "cannot be opened: %s", strerror(errno));
    if (!S_ISREG(facts.st_mode))
        return eg_fail(error, EG_ERR_SYNTAX,
                       "a Windows event trace is read twice: save it to a file first");
    const struct eg_etl_source source = {read_at, input, (uint64_t)facts.st_size};
    const struct eg_etl_options options = {.all_components = input->all_components};
    const enum eg_status status = eg_etl_reader_new(&source, &options, &input->reader, error);
    return status == EG_ERR_IO ? fail_read(input, error) : status;
}

enum eg_status etl_input_open(const char *path, bool all_components, struct etl_input **input,
                              struct eg_error *error)
{
    struct etl_input *made = calloc(1, sizeof *made);
    if (!made)
        return eg_fail_no_memory(error);
    made->all_components = all_components;
    const enum eg_status status = open_reader(made, path, error);
    if (status == EG_OK)
        *input = made;
    else
        etl_input_close(made);
    return status;
}

void etl_input_close(struct etl_input *input)
{
    if (!input)
        return;
    eg_etl_reader_free(input->reader);
    if (input->owned && input->fd >= 0)
        close(input->fd);
    free(input);
}

/* ---- reading ---- */

enum eg_status etl_input_next(struct etl_input *input, struct eg_frame *frame, bool *more,
                              struct eg_error *error)
{
    const enum eg_status status = eg_etl_reader_next(input->reader, frame, more, error);
    if (status == EG_ERR_IO)
        return fail_read(input, error);
    if (status != EG_OK)
        return status;
    input->frames += *more;
    if (*more)
        return EG_OK;
    const struct eg_etl_facts facts = eg_etl_reader_facts(input->reader);
    return eg_etl_damage(&facts, error);
}

struct eg_capture_interface etl_input_interface(struct etl_input *input,
                                                const struct eg_frame *frame)
{
    const struct eg_etl_facts facts = eg_etl_reader_facts(input->reader);
    const struct eg_etl_interface *interface = &facts.interfaces[frame->interface];
    return (struct eg_capture_interface){
        .link = frame->link,
        .name = interface->name,
        .description = interface->description,
        .system = eg_etl_system_text(&facts, input->system),
    };
}

struct eg_etl_origin etl_input_origin(const struct etl_input *input)
{
    return eg_etl_reader_origin(input->reader);
}

uint64_t etl_input_bytes_read(const struct etl_input *input)
{
    return eg_etl_reader_bytes(input->reader);
}

/* ---- what the trace says ---- */

static void list_interfaces(struct etl_input *input, const struct eg_etl_facts *facts)
{
    size_t count = 0;
    for (size_t i = 0; i < facts->interface_count && count < NAMES_MAX; i++) {
        const struct eg_etl_interface *interface = &facts->interfaces[i];
        const bool described = input->all_components && interface->description[0];
        if (!eg_etl_interface_is_chosen(interface))
            continue;
        snprintf(input->names[count], NAME_SIZE, "%s%s%s%s", interface->name, described ? " (" : "",
                 described ? interface->description : "", described ? ")" : "");
        input->name_list[count] = input->names[count];
        count++;
    }
    input->name_list[count] = NULL;
}

void etl_input_facts(struct etl_input *input, struct eg_input_facts *facts)
{
    const struct eg_etl_facts trace = eg_etl_reader_facts(input->reader);
    const size_t notes = eg_etl_notes(&trace, input->all_components, input->notes);
    for (size_t i = 0; i < notes; i++)
        input->note_list[i] = input->notes[i];
    input->note_list[notes] = NULL;
    list_interfaces(input, &trace);
    *facts = (struct eg_input_facts){
        .format = "etl",
        .drops_known = trace.packet_events > 0,
        .drops = trace.events_lost,
        .system = eg_etl_system_text(&trace, input->system),
        .interfaces = input->name_list,
        .notes = input->note_list,
    };
}
