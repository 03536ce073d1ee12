#include "etl_input.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "interrupt.h"
#include "peek.h"

enum { NOTES_MAX = 8, NOTE_SIZE = 200, NAMES_MAX = 32, NAME_SIZE = 2 * EG_ETL_NAME_MAX + 8 };

struct etl_input {
    int fd;
    bool owned;  /* fd is not standard input */
    int failure; /* errno of a read */
    bool all_components;
    struct eg_etl_reader *reader;
    uint64_t frames;

    /* of etl_input_facts() */
    char system[64];
    char names[NAMES_MAX][NAME_SIZE];
    char notes[NOTES_MAX][NOTE_SIZE];
    const char *name_list[NAMES_MAX + 1];
    const char *note_list[NOTES_MAX + 1];
    size_t note_count;
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

/* Behind the last frame: what of the trace could not be read. */
static enum eg_status fail_damage(const struct etl_input *input, struct eg_error *error)
{
    const struct eg_etl_facts facts = eg_etl_reader_facts(input->reader);
    if (facts.bad_buffers)
        return eg_fail(error, EG_ERR_SYNTAX,
                       "damaged: %" PRIu64 " of its buffers could not be read to the end",
                       facts.bad_buffers);
    if (facts.bad_packets)
        return eg_fail(error, EG_ERR_SYNTAX, "damaged: %" PRIu64 " of its packets make no sense",
                       facts.bad_packets);
    if (facts.cut)
        return eg_fail(error, EG_ERR_SYNTAX, "cut short behind buffer %" PRIu64, facts.buffers);
    return EG_OK;
}

enum eg_status etl_input_next(struct etl_input *input, struct eg_frame *frame, bool *more,
                              struct eg_error *error)
{
    const enum eg_status status = eg_etl_reader_next(input->reader, frame, more, error);
    if (status == EG_ERR_IO)
        return fail_read(input, error);
    if (status != EG_OK)
        return status;
    input->frames += *more;
    return *more ? EG_OK : fail_damage(input, error);
}

static const char *name_system(struct etl_input *input, const struct eg_etl_facts *facts)
{
    snprintf(input->system, sizeof input->system, "Windows %d.%d build %" PRIu32,
             facts->windows_major, facts->windows_minor, facts->windows_build);
    return input->system;
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
        .system = name_system(input, &facts),
    };
}

const char *etl_input_comment(const struct etl_input *input, char *buffer, size_t size)
{
    const struct eg_etl_origin origin = eg_etl_reader_origin(input->reader);
    snprintf(buffer, size, "PID=%" PRIu32 " TID=%" PRIu32, origin.process, origin.thread);
    return buffer;
}

uint64_t etl_input_bytes_read(const struct etl_input *input)
{
    return eg_etl_reader_bytes(input->reader);
}

/* ---- what the trace says ---- */

static void note(struct etl_input *input, const char *format, ...) EG_PRINTF(2, 3);

static void note(struct etl_input *input, const char *format, ...)
{
    if (input->note_count == NOTES_MAX)
        return;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(input->notes[input->note_count], NOTE_SIZE, format, arguments);
    va_end(arguments);
    input->note_list[input->note_count] = input->notes[input->note_count];
    input->note_count++;
}

/* "13599 of {394F321C-...}, 242 of ... and 3 more" */
static void list_providers(const struct eg_etl_facts *facts, char *text, size_t size)
{
    enum { SHOWN = 3 };
    size_t used = 0;
    for (size_t i = 0; i < facts->provider_count && i < SHOWN && used < size; i++)
        used += (size_t)snprintf(text + used, size - used, "%s%" PRIu64 " of %.40s", i ? ", " : "",
                                 facts->providers[i].events, facts->providers[i].name);
    if (facts->provider_count > SHOWN && used < size)
        snprintf(text + used, size - used, " and of %zu more", facts->provider_count - SHOWN);
}

static void note_no_packets(struct etl_input *input, const struct eg_etl_facts *facts)
{
    char providers[NOTE_SIZE] = "";
    list_providers(facts, providers, sizeof providers);
    note(input, "holds no packets, but events: %s", *providers ? providers : "none");
    note(input, "packets are captured with 'netsh trace start capture=yes', or with 'pktmon start "
                "--capture --pkt-size 0'");
}

static void note_all(struct etl_input *input, const struct eg_etl_facts *facts)
{
    if (facts->packet_events == 0)
        note_no_packets(input, facts);
    if (facts->packet_events == 0 && facts->events_lost)
        note(input, "%" PRIu64 " events were lost", facts->events_lost);
    if (facts->lossy_buffers && !facts->events_lost && !facts->buffers_lost)
        note(input, "events were lost before %" PRIu64 " of its buffers", facts->lossy_buffers);
    if (facts->buffers_lost)
        note(input, "%" PRIu64 " buffers of events were lost", facts->buffers_lost);
    if (!facts->closed)
        note(input, "the trace was not stopped: its last events may be missing");
    if (facts->no_frames)
        note(input, "%" PRIu64 " events hold packets without a link layer: not read",
             facts->no_frames);
    if (facts->unfinished)
        note(input, "%" PRIu64 " packets were logged in part only: not read", facts->unfinished);
    if (facts->guessed && !input->all_components)
        note(input, "which of its events log one packet again could only be guessed: compare "
                    "--etl-component all");
    if (facts->disordered)
        note(input,
             "%" PRIu64 " buffers were read late, for want of memory: some copies of "
             "packets may be counted",
             facts->disordered);
}

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
    input->note_count = 0;
    note_all(input, &trace);
    input->note_list[input->note_count] = NULL;
    list_interfaces(input, &trace);
    *facts = (struct eg_input_facts){
        .format = "etl",
        .drops_known = trace.packet_events > 0,
        .drops = trace.events_lost,
        .system = name_system(input, &trace),
        .interfaces = input->name_list,
        .notes = input->note_list,
    };
}
