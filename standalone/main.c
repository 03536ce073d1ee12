/*
 * egshark: captures in, egress cost per destination out.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "capture_file.h"
#include "help.h"
#include "input.h"
#include "interrupt.h"
#include "message.h"
#include "options.h"
#include "output.h"

/* Rule 8.3. */
enum {
    STATUS_REPORTED = 0,
    STATUS_USAGE = 1,      /* a bad option or configuration */
    STATUS_INCOMPLETE = 2, /* an input not read, or not to its end; or the report not written */
    STATUS_SIGNAL = 128,   /* and the number of the signal that ended the reading */
};

static int fail_usage(const struct eg_error *error)
{
    char text[EG_ERROR_FILE_MAX + EG_ERROR_MESSAGE_MAX];
    eg_error_text(error, text, sizeof text);
    /* Of a file that is wrong, --help has nothing to tell. */
    message_write("%s%s", text, error->file[0] ? "" : "; try 'egshark --help'");
    return STATUS_USAGE;
}

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

static struct eg_style style_of(const struct options *options)
{
    struct winsize size;
    struct eg_style style = {.format = options->format, .color = wants_color(options)};
    const char *top = eg_config_get(options->config, "top");
    style.top = *top ? strtoull(top, NULL, 10) : eg_format_default_top(options->format);
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
    const struct eg_style style = style_of(options);
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

static int read_and_report(const struct options *options, const struct eg_rules *rules)
{
    struct eg_error error;
    struct input_run run = {.frames_left = options->count};
    if (new_session(rules, &run.session) != EG_OK) {
        eg_fail_no_memory(&error);
        return fail_report(&error);
    }
    warn_of_repeats(options);
    progress_begin(&run.progress, wants_progress(options),
                   input_total_bytes(options->inputs, options->input_count));
    capture_library_start("egshark");
    interrupt_watch();
    input_read_all(&run, options->inputs, options->input_count);
    interrupt_release();

    int status = status_of(&run, options);
    if (run.opened) {
        const int written = write_report(options, run.session);
        status = written != STATUS_REPORTED ? written : status;
    }
    eg_session_free(run.session);
    capture_library_stop(); /* last: names of link layers are its strings */
    return status;
}

static int print_help(void)
{
    struct output output;
    struct eg_sink sink = output_sink(&output);
    help_write(&sink);
    return output_finish(&output) ? STATUS_REPORTED : STATUS_INCOMPLETE;
}

static int print_version(const struct eg_rules *rules)
{
    struct output output;
    struct eg_sink sink = output_sink(&output);
    help_write_version(rules, capture_library_version(), &sink);
    return output_finish(&output) ? STATUS_REPORTED : STATUS_INCOMPLETE;
}

static int run(const struct options *options)
{
    struct eg_rules *rules = NULL;
    struct eg_error error;
    if (options->wish == WISH_HELP)
        return print_help();
    if (options->wish == WISH_REPORT && options->input_count == 0) {
        message_write("no capture is given; try 'egshark --help'");
        return STATUS_USAGE;
    }
    if (eg_rules_new(options->config, &rules, &error) != EG_OK)
        return fail_usage(&error);
    const int status =
        options->wish == WISH_VERSION ? print_version(rules) : read_and_report(options, rules);
    eg_rules_free(rules);
    return status;
}

int main(int argc, char *argv[])
{
    struct options options;
    struct eg_error error;
    if (!output_streams_open()) {
        message_write("'standard output': it is closed");
        return STATUS_INCOMPLETE;
    }
    if (argc < 2) {
        fputs("usage: " HELP_USAGE "\ntry 'egshark --help'\n", stderr);
        return STATUS_USAGE;
    }
    const int status =
        options_parse(argc, argv, &options, &error) == EG_OK ? run(&options) : fail_usage(&error);
    options_free(&options);
    return status;
}
