/*
 * egshark: captures in, egress cost per destination out.
 */
#include <stdio.h>
#include <stdlib.h> /* __GLIBC__ */
#include <string.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "capture_file.h"
#include "capture_library.h"
#include "exit_status.h"
#include "help.h"
#include "live_options.h"
#include "live_source.h"
#include "message.h"
#include "options.h"
#include "output.h"
#include "run.h"

static int fail_usage(const struct eg_error *error)
{
    char text[EG_ERROR_FILE_MAX + EG_ERROR_MESSAGE_MAX];
    eg_error_text(error, text, sizeof text);
    /* Of a file that is wrong, --help has nothing to tell. */
    message_write("%s%s", text, error->file[0] ? "" : "; try 'egshark --help'");
    return STATUS_USAGE;
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

static int act(const struct options *options)
{
    struct eg_rules *rules = NULL;
    struct eg_error error;
    if (options->wish == WISH_HELP)
        return print_help();
    if (options->wish == WISH_INTERFACES)
        return live_source_list();
    if (live_options_check(options, &error) != EG_OK)
        return fail_usage(&error);
    if (options->wish == WISH_REPORT && options->input_count == 0 && !options->live.interface) {
        message_write("no capture is given; try 'egshark --help'");
        return STATUS_USAGE;
    }
    if (options->wish == WISH_REPORT && options->writes && !options->write_file) {
        message_write("'--write' needs a file: -w OUT.pcapng");
        return STATUS_USAGE;
    }
    const char *redact = eg_config_get(options->config, "redact");
    if (options->write_file && *redact && strcmp(redact, "off") != 0) {
        message_write("'-w' writes the packets as they are, and so not with --redact");
        return STATUS_USAGE;
    }
    if (eg_rules_new(options->config, &rules, &error) != EG_OK)
        return fail_usage(&error);
    const int status =
        options->wish == WISH_VERSION ? print_version(rules) : run_report(options, rules);
    eg_rules_free(rules);
    return status;
}

/*
 * What is freed of large arrays goes back to the system at once. Else glibc keeps more and more of
 * it for what is allocated next, by the same thread: a report in the main one then takes its memory
 * on top of what the threads that read are done with.
 */
static void give_memory_back(void)
{
#ifdef __GLIBC__
    enum { LARGE = 128 * 1024 };
    (void)mallopt(M_MMAP_THRESHOLD, LARGE);
#endif
}

int main(int argc, char *argv[])
{
    struct options options;
    struct eg_error error;
    give_memory_back();
    if (!output_streams_open()) {
        message_write("'standard output': it is closed");
        return STATUS_INCOMPLETE;
    }
    if (argc < 2) {
        fputs("usage: " HELP_USAGE "\ntry 'egshark --help'\n", stderr);
        return STATUS_USAGE;
    }
    const int status =
        options_parse(argc, argv, &options, &error) == EG_OK ? act(&options) : fail_usage(&error);
    options_free(&options);
    return status;
}
