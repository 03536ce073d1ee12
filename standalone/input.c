#include "input.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "batch.h"
#include "capture_file.h"
#include "interrupt.h"
#include "message.h"

static bool is_stdin(const char *path)
{
    return strcmp(path, "-") == 0;
}

static const char *shown_name(const char *path)
{
    return is_stdin(path) ? "standard input" : path;
}

static bool stat_input(const char *path, struct stat *facts)
{
    return (is_stdin(path) ? fstat(STDIN_FILENO, facts) : stat(path, facts)) == 0;
}

uint64_t input_total_bytes(const char *const paths[], size_t count)
{
    uint64_t total = 0;
    for (size_t i = 0; i < count; i++) {
        struct stat facts;
        if (!stat_input(paths[i], &facts) || !S_ISREG(facts.st_mode))
            return 0;
        total += (uint64_t)facts.st_size;
    }
    return total;
}

bool input_passes_possible(const char *what, const char *const paths[], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct stat facts;
        if (is_stdin(paths[i]) || (stat_input(paths[i], &facts) && !S_ISREG(facts.st_mode))) {
            message_write("'%s': %s reads a capture twice: save it to a file first",
                          shown_name(paths[i]), what);
            return false;
        }
    }
    return true;
}

static bool keep_fault(struct input_run *run, const char *path, const struct eg_error *error)
{
    struct input_fault *grown = realloc(run->faults, (run->fault_count + 1) * sizeof *grown);
    if (!grown)
        return false;
    run->faults = grown;
    grown[run->fault_count++] = (struct input_fault){path, *error};
    return true;
}

static void fail_input(struct input_run *run, const char *path, const struct eg_error *error)
{
    run->complete = false;
    if (run->again || (run->keeps_faults && keep_fault(run, path, error)))
        return;
    progress_erase(&run->progress);
    message_write("'%s': %s", shown_name(path), error->message);
}

void input_give_up(struct input_run *run, const char *path)
{
    struct eg_error error;
    eg_fail_no_memory(&error);
    fail_input(run, path, &error);
    run->opened = 0;
    run->frames_left = 0;
}

void input_take_faults(struct input_run *run, const struct input_run *from)
{
    for (size_t i = 0; i < from->fault_count; i++)
        fail_input(run, from->faults[i].path, &from->faults[i].error);
}

/* False when there is no use in reading on. */
static bool write_frame(struct input_run *run, struct capture_file *file,
                        const struct eg_frame *common, const struct eg_record *record,
                        const struct eg_verdict *verdict)
{
    const struct eg_frame frame = eg_frame_of(common, record);
    struct eg_frame_facts facts;
    if (frame.filtered)
        return true;
    if (run->settled) {
        eg_report_frame(run->settled, verdict, &facts);
        if (facts.bucket != EG_BUCKET_EGRESS)
            return true;
    }
    return frame_writer_add(run->writer, file, &frame) || !run->again;
}

/* Until the end of the file, the count of -c, a signal, or an error, which is returned. */
static enum eg_status add_frames(struct input_run *run, struct eg_session *session,
                                 struct capture_file *file, struct eg_error *error)
{
    while (run->frames_left && !interrupt_signal()) {
        /* Each that may be written is written before the next takes its place. */
        const uint64_t most = run->writer ? 1 : run->frames_left;
        struct eg_frame common;
        struct eg_verdict verdict;
        const struct eg_record *records;
        size_t count;
        enum eg_status status = capture_next_frames(file, most, &common, &records, &count, error);
        if (status != EG_OK || count == 0)
            return status;
        /* It still teaches direction, rule 3.5. With a filter they come one by one. */
        common.filtered = run->filter && !run->filter->passes(run->filter, capture_record(file));
        status =
            eg_session_add_frames(session, &common, records, count, run->writer ? &verdict : NULL);
        if (status != EG_OK)
            return eg_fail_no_memory(error);
        if (run->writer && !write_frame(run, file, &common, records, &verdict))
            return EG_OK;
        run->frames_left -= count;
        if (run->progress.on)
            progress_update(&run->progress, capture_bytes_read(file));
    }
    return EG_OK;
}

/*
 * The first of two passes of a display filter; the frames that -c leaves for this input. Why it
 * ends early, the second one will tell.
 */
static void learn_frames(struct input_run *run, const char *path)
{
    struct capture_file *file = NULL;
    struct eg_frame frame;
    struct eg_error error;
    bool more = true;
    if (capture_open(path, CAPTURE_RECORDS, run->all_components, &file, &error) != EG_OK)
        return;
    progress_begin_input(&run->progress, path);
    run->filter->begin_pass(run->filter);
    for (uint64_t left = run->frames_left; left && !interrupt_signal(); left--) {
        if (capture_next(file, &frame, &more, &error) != EG_OK || !more)
            break;
        run->filter->passes(run->filter, capture_record(file));
        progress_update(&run->progress, capture_bytes_read(file));
    }
    progress_end_input(&run->progress);
    capture_close(file);
}

static void begin_filter(struct input_run *run, const char *path)
{
    if (!run->filter)
        return;
    run->filter->begin_input(run->filter);
    if (run->filter->two_passes)
        learn_frames(run, path);
    run->filter->begin_pass(run->filter);
}

/* ---- by several threads ---- */

static void show_progress(void *context, uint64_t bytes)
{
    progress_update(context, bytes);
}

/* Display filters and counts are of one frame after another. */
static bool may_share(const struct input_run *run)
{
    return run->threads > 1 && !run->filter && run->frames_left == UINT64_MAX;
}

static struct split_job job_of(struct input_run *run, const char *path)
{
    return (struct split_job){.session = run->session,
                              .path = path,
                              .threads = run->threads,
                              .sizes = run->sizes,
                              .progress = show_progress,
                              .context = &run->progress};
}

/* What the threads left, and then all together. *joined: the session has it. */
static enum eg_status finish_split(struct input_run *run, const char *path, struct split *split,
                                   struct capture_file *file, bool *joined, struct eg_error *error)
{
    capture_skip_to(file, split_frames(split));
    const enum eg_status status = add_frames(run, split_session(split), file, error);
    const size_t parts = split_parts(split) - 1;
    run->frames_left = UINT64_MAX;
    switch (split_join(split, run->opened == 1, &run->session)) {
    case SPLIT_NO_MEMORY:
        input_give_up(run, path);
        return EG_OK;
    case SPLIT_NO_ROOM:
        *joined = false;
        return EG_OK;
    case SPLIT_JOINED:
        run->parts += parts;
        break;
    }
    return status;
}

static enum eg_status add_shared(struct input_run *run, const char *path, struct capture_file *file,
                                 struct eg_error *error)
{
    struct own_reader **reader = capture_own_reader(file);
    const struct split_job job = job_of(run, path);
    enum eg_status status = EG_OK;
    bool joined = false;
    if (reader && may_share(run) && split_is_worth_it(&job, *reader)) {
        struct split *split = split_read(&job, reader);
        joined = split != NULL;
        if (split)
            status = finish_split(run, path, split, file, &joined, error);
        split_free(split);
        if (!joined && status == EG_OK)
            status = capture_rewind(file, error);
    }
    if (joined || status != EG_OK)
        return status;
    return add_frames(run, run->session, file, error);
}

static void read_opened(struct input_run *run, const char *path, struct capture_file *file)
{
    struct eg_error error;
    enum eg_status status = eg_session_begin_input(run->session, path);
    if (status != EG_OK)
        eg_fail_no_memory(&error);
    else
        status = add_shared(run, path, file, &error);
    const bool interrupted = interrupt_signal() != 0;
    if (interrupted)
        run->complete = false;
    else if (status != EG_OK)
        fail_input(run, path, &error);

    struct eg_input_facts facts;
    capture_facts(file, &facts);
    facts.truncated_file = interrupted || status != EG_OK;
    if (run->writer)
        frame_writer_end_input(run->writer, &facts);
    if (capture_names(file, run->session) != EG_OK ||
        eg_session_end_input(run->session, &facts) != EG_OK) {
        eg_fail_no_memory(&error);
        fail_input(run, path, &error);
    }
}

void input_read_one(struct input_run *run, const char *path)
{
    struct stat facts;
    struct capture_file *file = NULL;
    struct eg_error error;
    interrupt_begin_input(stat_input(path, &facts) && !S_ISREG(facts.st_mode));
    const enum capture_reader reader = run->filter ? CAPTURE_RECORDS : CAPTURE_FRAMES;
    if (capture_open(path, reader, run->all_components, &file, &error) != EG_OK) {
        /* A signal while waiting for the first bytes is no fault of the input. */
        if (!interrupt_signal())
            fail_input(run, path, &error);
        return;
    }
    run->opened++;
    begin_filter(run, path);
    if (run->writer)
        frame_writer_begin_input(run->writer);
    progress_begin_input(&run->progress, shown_name(path));
    read_opened(run, path, file);
    progress_end_input(&run->progress);
    if (run->filter)
        run->filter->end_input(run->filter);
    capture_close(file);
}

struct split_sizes input_split_sizes(void)
{
    enum { MIB = 1024 * 1024 };
    return (struct split_sizes){.least = 32 * MIB, .part = 8 * MIB, .before = MIB};
}

/* Whether a capture is best read beside others: it is a file, and no more than one thread's. */
static bool is_for_batch(struct input_run *run, const char *path, uint64_t *bytes)
{
    struct stat facts;
    if (is_stdin(path))
        return false;
    if (stat(path, &facts) != 0)
        return true; /* which is told among the others */
    if (!S_ISREG(facts.st_mode))
        return false;
    *bytes += (uint64_t)facts.st_size;
    if ((uint64_t)facts.st_size < run->sizes.least)
        return true;
    const struct split_job job = job_of(run, path);
    struct own_reader *reader = own_reader_open(path);
    const bool big = reader && split_is_worth_it(&job, reader);
    own_reader_close(reader);
    return !big;
}

/* Reads some of the captures, in turn or at once; how many. */
static size_t read_some(struct input_run *run, const char *const paths[], size_t count)
{
    uint64_t bytes = 0;
    size_t size = 0;
    while (may_share(run) && size < count && is_for_batch(run, paths[size], &bytes))
        size++;
    if (size > 1 && bytes >= run->sizes.part) {
        batch_read(run, paths, size);
        return size;
    }
    size = size ? size : 1;
    for (size_t i = 0; i < size && run->frames_left && !interrupt_signal(); i++)
        input_read_one(run, paths[i]);
    return size;
}

void input_read_all(struct input_run *run, const char *const paths[], size_t count)
{
    run->complete = true;
    for (size_t i = 0; i < count && run->frames_left && !interrupt_signal();)
        i += read_some(run, paths + i, count - i);
    interrupt_end_inputs();
    progress_erase(&run->progress);
}
