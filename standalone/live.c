#include "live.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "exit_status.h"
#include "frame_writer.h"
#include "interrupt.h"
#include "live_view.h"
#include "message.h"
#include "terminal.h"

/* A signal that comes right before a wait is noticed behind it. */
enum { WAIT_MS = 200 };

struct live {
    struct live_run *run;
    struct live_source source;
    struct eg_capture *capture;
    struct live_view *view; /* NULL: no screen, or not yet */
    bool refused;           /* the screen could not be had */
    bool full;              /* the file of -w is as large as it may be */
    int failure;            /* errno of a read */
};

/* ---- reading ---- */

static uint64_t drops_of(const struct live *live)
{
    uint64_t drops = 0;
    for (size_t i = 0; i < eg_capture_interfaces(live->capture); i++)
        drops += eg_capture_interface_at(live->capture, i).drops;
    return drops;
}

/* The first bytes are there: the interface is being captured. */
static void begin(struct live *live)
{
    struct live_run *run = live->run;
    if (run->opened)
        return;
    run->opened = true;
    if (!run->screen) {
        if (!run->quiet)
            message_write("capturing on '%s'", run->wish.interface);
        return;
    }
    if (terminal_open())
        live->view = live_view_new(run->session, run->rules, run->wish.interface);
    live->refused = !live->view;
}

/* What is to be done between two reads. */
static void attend(struct live *live)
{
    if (live->refused || interrupt_is_asked())
        live_source_stop(&live->source);
    if (live->view && !live_view_tick(live->view, drops_of(live)))
        live_source_stop(&live->source);
}

/* Whether there is something to read. */
static bool wait_for_bytes(const struct live *live)
{
    struct pollfd ends[] = {{.fd = live->source.fd, .events = POLLIN},
                            {.fd = live->view ? terminal_fd() : -1, .events = POLLIN}};
    const int due = live->view ? live_view_wait(live->view) : WAIT_MS;
    return poll(ends, 2, due < WAIT_MS ? due : WAIT_MS) > 0 && ends[0].revents;
}

static size_t read_bytes(void *context, void *buffer, size_t size)
{
    struct live *live = context;
    while (!interrupt_signal()) {
        attend(live);
        if (!wait_for_bytes(live))
            continue;
        const ssize_t got = read(live->source.fd, buffer, size);
        if (got < 0 && errno == EINTR)
            continue;
        if (got > 0)
            begin(live);
        else if (got < 0)
            live->failure = errno;
        return got > 0 ? (size_t)got : 0;
    }
    return 0;
}

/* How many of these are written before the file is as large as it may be: those are reported. */
static size_t write_frames(struct live *live, const struct eg_frame *common,
                           const struct eg_record *records, size_t count)
{
    struct frame_writer *writer = live->run->writer;
    const uint64_t most = live->run->wish.file_bytes;
    size_t done = 0;
    if (!writer)
        return count;
    while (done < count && !live->full) {
        const struct eg_frame frame = eg_frame_of(common, &records[done++]);
        if (!frame_writer_add_read(writer, live->capture, &frame))
            return count; /* the end tells why; what was captured is reported all the same */
        live->full = most && frame_writer_bytes(writer) >= most;
    }
    return done;
}

/* To the end, or an error, which is returned. What comes once the file is full is passed over. */
static enum eg_status add_frames(struct live *live)
{
    struct eg_frame common;
    const struct eg_record *records;
    size_t count;
    while (eg_capture_next_frames(live->capture, UINT64_MAX, &common, &records, &count) ==
           EG_CAPTURE_FRAME) {
        count = write_frames(live, &common, records, count);
        if (live->full)
            live_source_stop(&live->source);
        if (eg_session_add_frames(live->run->session, &common, records, count, NULL) != EG_OK)
            return EG_ERR_NO_MEMORY;
    }
    return EG_OK;
}

/* ---- the whole ---- */

static void close_screen(struct live *live)
{
    live_view_free(live->view);
    live->view = NULL;
    terminal_close();
}

static enum eg_status end_input(const struct live *live, bool whole)
{
    const struct eg_capture_interface interface = eg_capture_interfaces(live->capture)
                                                      ? eg_capture_interface_at(live->capture, 0)
                                                      : (struct eg_capture_interface){.filter = ""};
    const char *const names[] = {live->run->wish.interface, NULL};
    const struct eg_input_facts facts = {
        .format = "live",
        .capture_filter = interface.filter[0] ? interface.filter : NULL,
        .truncated_file = !whole,
        .drops_known = interface.drops_known,
        .drops = drops_of(live),
        .interfaces = names,
    };
    if (live->run->writer)
        frame_writer_end_input(live->run->writer, &facts);
    return eg_session_end_input(live->run->session, &facts);
}

static enum eg_status capture(struct live *live)
{
    const struct live_run *run = live->run;
    enum eg_status status = eg_session_begin_input(run->session, run->wish.interface);
    if (run->writer)
        frame_writer_begin_input(run->writer);
    if (status == EG_OK)
        status = eg_capture_open(read_bytes, live, EG_CAPTURE_ANYHOW, &live->capture);
    if (status == EG_OK)
        status = add_frames(live);
    close_screen(live);
    return status;
}

static int capture_and_finish(struct live *live)
{
    struct eg_error error;
    enum eg_status status = capture(live);
    live_source_stop(&live->source);
    const int ended = live_source_finish(&live->source);
    if (status == EG_OK)
        status = end_input(live, ended == STATUS_REPORTED && !live->failure && !interrupt_signal());
    eg_capture_close(live->capture);
    if (live->failure)
        message_write("'%s': %s", live->run->wish.interface, strerror(live->failure));
    if (status == EG_OK)
        return live->failure ? STATUS_INCOMPLETE : ended;
    eg_fail_no_memory(&error);
    message_write("'%s': %s", live->run->wish.interface, error.message);
    return STATUS_INCOMPLETE;
}

int live_capture(struct live_run *run)
{
    struct live live = {.run = run, .source = {.fd = -1}};
    run->opened = false;
    interrupt_restore_with(terminal_restore);
    interrupt_watch();
    interrupt_begin_input(true);
    const int status =
        live_source_start(&run->wish, &live.source) ? capture_and_finish(&live) : STATUS_INCOMPLETE;
    if (!live.refused)
        return status;
    run->opened = false;
    return STATUS_USAGE;
}
