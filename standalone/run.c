#include "run.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "capture_file.h"
#include "capture_library.h"
#include "exit_status.h"
#include "input.h"
#include "interrupt.h"
#include "live.h"
#include "message.h"
#include "output.h"
#include "read_files.h"
#include "report_file.h"

static int fail_report(const struct eg_error *error)
{
    char text[EG_ERROR_FILE_MAX + EG_ERROR_MESSAGE_MAX];
    message_write("%s", eg_error_text(error, text, sizeof text));
    return STATUS_INCOMPLETE;
}

static bool wants_color(const struct options *options)
{
    const char *no_color = getenv("NO_COLOR"); /* https://no-color.org */
    const char *terminal = getenv("TERM");
    if (options->color != WHEN_AUTO)
        return options->color == WHEN_ALWAYS;
    return isatty(STDOUT_FILENO) && !(no_color && *no_color) &&
           !(terminal && strcmp(terminal, "dumb") == 0);
}

static bool wants_progress(const struct options *options)
{
    if (options->progress != WHEN_AUTO)
        return options->progress == WHEN_ALWAYS;
    return !options->quiet && isatty(STDERR_FILENO);
}

static struct eg_style style_of(const struct options *options, const struct eg_report *report)
{
    struct winsize size;
    struct eg_style style = {.format = options->format,
                             .top = eg_report_top(report, options->format),
                             .color = wants_color(options)};
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0)
        style.width = size.ws_col;
    return style;
}

/* The same bytes counted twice make a wrong total that looks right. */
static void warn_of_repeats(const struct options *options)
{
    struct stat one, other;
    for (size_t i = 1; i < options->input_count && !options->quiet; i++)
        for (size_t k = 0; k < i; k++)
            if (stat(options->inputs[i], &one) == 0 && stat(options->inputs[k], &other) == 0 &&
                S_ISREG(one.st_mode) && one.st_dev == other.st_dev && one.st_ino == other.st_ino) {
                message_write("'%s': given twice, and so counted twice", options->inputs[i]);
                break;
            }
}

static struct eg_hash_key new_seed(void)
{
    struct eg_hash_key seed = {0, 0};
    /* Should the kernel have none to give, a fixed seed only makes hostile input slower. */
    if (getrandom(&seed, sizeof seed, 0) != (ssize_t)sizeof seed)
        seed.k0 = (uint64_t)getpid();
    return seed;
}

static unsigned threads_of(const struct options *options)
{
    const long cores = options->threads ? 1 : sysconf(_SC_NPROCESSORS_ONLN);
    const unsigned most = cores > OPTIONS_THREADS_MAX ? OPTIONS_THREADS_MAX : (unsigned)cores;
    return options->threads ? options->threads : cores > 0 ? most : 1;
}

static int write_report(const struct options *options, const struct eg_report *report)
{
    struct eg_error error;
    struct output output;
    struct eg_sink sink = output_sink(&output);
    const struct eg_style style = style_of(options, report);
    const enum eg_status status = eg_report_write(report, &style, &sink);
    if (!output_finish(&output))
        return STATUS_INCOMPLETE;
    if (status == EG_ERR_NO_MEMORY) {
        eg_fail_no_memory(&error);
        return fail_report(&error);
    }
    return STATUS_REPORTED;
}

/* How the reading ended, once what was read is reported. */
static int status_of(const struct input_run *run, const struct options *options)
{
    const int signal = interrupt_signal();
    if (signal) {
        if (!options->quiet)
            message_write("interrupted: %s", run->opened
                                                 ? "the report covers what was read until then"
                                                 : "nothing was read");
        return STATUS_SIGNAL + signal;
    }
    return run->complete ? STATUS_REPORTED : STATUS_INCOMPLETE;
}

/* What a run holds, from its start to its end. */
struct whole_run {
    const struct options *options;
    const struct eg_rules *rules;
    struct eg_hash_key seed;
    struct frame_writer *writer; /* -w */
    struct target_file *page;    /* --report */
    struct input_run input;
    bool over_budget; /* the projection says */
};

static bool writes_egress(const struct whole_run *run)
{
    return run->options->write_file && !run->options->write_all;
}

/* False after telling which file cannot be written. */
static bool open_targets_beside(struct whole_run *run, const char *const read[], size_t count)
{
    const struct options *options = run->options;
    if (options->report) {
        run->page = report_file_open(options->report, read, count);
        if (!run->page)
            return false;
    }
    if (!options->write_file)
        return true;
    if (run->page && target_file_is_place(run->page, options->write_file)) {
        message_write("'%s': the HTML report goes there", options->write_file);
        return false;
    }
    run->writer = frame_writer_open(options->write_file, read, count);
    return run->writer;
}

static bool open_targets(struct whole_run *run)
{
    size_t count;
    struct eg_error error;
    interrupt_watch(); /* from here on a signal must not leave half of a file */
    const char **read = read_files_list(run->options, &count);
    if (!read) {
        eg_fail_no_memory(&error);
        fail_report(&error);
        return false;
    }
    const bool opened = open_targets_beside(run, read, count);
    free(read);
    return opened;
}

/* Settles what is read and how; false after telling what is wrong. */
static bool prepare_inputs(struct whole_run *run)
{
    const struct options *options = run->options;
    const char *const *paths = options->inputs;
    const size_t count = options->input_count;
    if (writes_egress(run) && !input_passes_possible("-w without --write all", paths, count))
        return false;
    if (options->filter) {
        run->input.filter = filter_new(options->filter, options->config);
        if (!run->input.filter)
            return false;
    }
    const bool learns = run->input.filter && run->input.filter->two_passes;
    if (learns && !input_passes_possible("a filter over fields of egress", paths, count))
        return false;
    if ((options->report || options->write_file) && !open_targets(run))
        return false;
    const uint64_t passes = (uint64_t)(learns ? 2 : 1) * (writes_egress(run) ? 2 : 1);
    progress_begin(&run->input.progress, wants_progress(options),
                   passes * input_total_bytes(paths, count));
    return true;
}

/*
 * Reads all once more and writes what is egress. A session that gets the same frames in the same
 * order numbers its cells as the settled one did.
 */
static bool write_egress(struct whole_run *run, const struct eg_report *report)
{
    struct input_run second = {.filter = run->input.filter,
                               .writer = run->writer,
                               .settled = report,
                               .again = true,
                               .progress = run->input.progress,
                               .all_components = run->input.all_components,
                               .frames_left = run->options->count};
    if (eg_session_new(run->rules, &run->seed, &second.session) != EG_OK) {
        frame_writer_give_up(run->writer, "out of memory");
        return false;
    }
    input_read_all(&second, run->options->inputs, run->options->input_count);
    const bool same =
        eg_session_frames(second.session) == eg_report_frames(report) &&
        frame_writer_frames(run->writer) == eg_report_bucket(report, EG_BUCKET_EGRESS);
    eg_session_free(second.session);
    if (same || frame_writer_failed(run->writer) || interrupt_signal())
        return true; /* for the end to tell */
    frame_writer_give_up(run->writer, "a capture changed while it was read");
    return false;
}

/* The status that this part of the run ends with. */
static int finish_writing(struct whole_run *run, const struct eg_report *report)
{
    if (!run->writer)
        return STATUS_REPORTED;
    if (writes_egress(run) && !interrupt_signal() && !write_egress(run, report))
        return STATUS_INCOMPLETE;
    if (interrupt_signal() && !run->options->live.interface) { /* which is how a capture ends */
        frame_writer_give_up(run->writer, "interrupted");
        return STATUS_SIGNAL + interrupt_signal();
    }
    return frame_writer_keep(run->writer) ? STATUS_REPORTED : STATUS_INCOMPLETE;
}

/* What was read: frames to -w, then the report. Whoever sees the end of that finds the files. */
static int write_all(struct whole_run *run)
{
    struct eg_report *report = NULL;
    struct eg_error error;
    if (eg_session_report(run->input.session, NULL, &report, &error) != EG_OK)
        return fail_report(&error);
    const int frames = finish_writing(run, report);
    const bool paged = !run->page || report_file_write(run->page, run->options->report, report);
    interrupt_release();
    const int written = write_report(run->options, report);
    run->over_budget = eg_report_budget(report) == EG_BUDGET_PASSED;
    eg_report_free(report);
    if (!paged)
        return STATUS_INCOMPLETE;
    return written != STATUS_REPORTED ? written : frames;
}

static int read_and_report(struct whole_run *run)
{
    interrupt_watch();
    run->input.writer = writes_egress(run) ? NULL : run->writer;
    input_read_all(&run->input, run->options->inputs, run->options->input_count);
    if (!run->writer && !run->page) /* else a signal must not leave half of a file */
        interrupt_release();

    const int status = status_of(&run->input, run->options);
    const int written = run->input.opened ? write_all(run) : STATUS_REPORTED;
    const int end = written != STATUS_REPORTED ? written : status;
    return end == STATUS_REPORTED && run->over_budget ? STATUS_BUDGET : end;
}

static int capture_and_report(struct whole_run *run)
{
    const struct options *options = run->options;
    struct live_run live = {.wish = options->live,
                            .session = run->input.session,
                            .rules = run->rules,
                            .writer = run->writer,
                            .screen = options->live_screen,
                            .quiet = options->quiet};
    if (options->count < live.wish.frames)
        live.wish.frames = options->count;
    const int status = live_capture(&live);
    interrupt_end_inputs();
    if (!run->writer && !run->page)
        interrupt_release();
    const int written = live.opened ? write_all(run) : STATUS_REPORTED;
    return written != STATUS_REPORTED ? written : status;
}

int run_report(const struct options *options, const struct eg_rules *rules)
{
    struct eg_error error;
    struct whole_run run = {.options = options, .rules = rules, .seed = new_seed()};
    run.input.threads = options->write_file ? 1 : threads_of(options);
    run.input.sizes = input_split_sizes();
    run.input.frames_left = options->count;
    run.input.all_components = options->all_components;
    if (eg_session_new(rules, &run.seed, &run.input.session) != EG_OK) {
        eg_fail_no_memory(&error);
        return fail_report(&error);
    }
    if (eg_format_has_times(options->format) || options->report)
        eg_session_keep_times(run.input.session);
    warn_of_repeats(options);
    capture_library_start("egshark");
    int status = STATUS_USAGE;
    if (prepare_inputs(&run))
        status = options->live.interface ? capture_and_report(&run) : read_and_report(&run);
    filter_free(run.input.filter);
    frame_writer_close(run.writer);
    target_file_close(run.page);
    eg_session_free(run.input.session);
    capture_library_stop(); /* last: names of link layers are its strings */
    return status;
}
