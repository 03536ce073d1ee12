#include "run.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "capture_file.h"
#include "exit_status.h"
#include "input.h"
#include "interrupt.h"
#include "message.h"
#include "output.h"

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

static enum eg_status new_session(const struct eg_rules *rules, struct eg_session **session)
{
    struct eg_hash_key seed = {0, 0};
    /* Should the kernel have none to give, a fixed seed only makes hostile input slower. */
    if (getrandom(&seed, sizeof seed, 0) != (ssize_t)sizeof seed)
        seed.k0 = (uint64_t)getpid();
    return eg_session_new(rules, &seed, session);
}

static int write_report(const struct options *options, const struct eg_session *session)
{
    struct eg_report *report = NULL;
    struct eg_error error;
    if (eg_session_report(session, NULL, &report, &error) != EG_OK)
        return fail_report(&error);
    struct output output;
    struct eg_sink sink = output_sink(&output);
    const struct eg_style style = style_of(options, report);
    const enum eg_status status = eg_report_write(report, &style, &sink);
    eg_report_free(report);
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

/* Settles what is read and how; false after telling what is wrong. */
static bool prepare_inputs(const struct options *options, struct input_run *run)
{
    if (options->filter) {
        run->filter = filter_new(options->filter, options->config);
        if (!run->filter || !input_passes_possible(run, options->inputs, options->input_count))
            return false;
    }
    const uint64_t passes = run->filter && run->filter->two_passes ? 2 : 1;
    progress_begin(&run->progress, wants_progress(options),
                   passes * input_total_bytes(options->inputs, options->input_count));
    return true;
}

static int read_and_report(const struct options *options, struct input_run *run)
{
    interrupt_watch();
    input_read_all(run, options->inputs, options->input_count);
    interrupt_release();

    const int status = status_of(run, options);
    const int written = run->opened ? write_report(options, run->session) : STATUS_REPORTED;
    return written != STATUS_REPORTED ? written : status;
}

int run_report(const struct options *options, const struct eg_rules *rules)
{
    struct eg_error error;
    struct input_run run = {.frames_left = options->count,
                            .all_components = options->all_components};
    if (new_session(rules, &run.session) != EG_OK) {
        eg_fail_no_memory(&error);
        return fail_report(&error);
    }
    warn_of_repeats(options);
    capture_library_start("egshark");
    const int status =
        prepare_inputs(options, &run) ? read_and_report(options, &run) : STATUS_USAGE;
    filter_free(run.filter);
    eg_session_free(run.session);
    capture_library_stop(); /* last: names of link layers are its strings */
    return status;
}
