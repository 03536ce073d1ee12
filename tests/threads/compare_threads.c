/*
 * Whether several threads read what one does: compare_threads [-s NAME=VALUE]... [-t] CAPTURE...
 *
 * Each capture is read by one thread and then by several, cut into parts far smaller than they ever
 * are, so that small captures have many boundaries; with -t, all captures are read together.
 * Reports as text and as JSON, and what was wrong with a capture, must be the same bytes. Prints
 * what differs and, last, how many parts were read and proven beside the first ones.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "capture_file.h"
#include "capture_library.h"
#include "input.h"
#include "interrupt.h"

struct outcome {
    struct eg_string text;
    uint64_t parts;
};

/* What reads: how many threads, and into how small parts. */
struct way {
    unsigned threads;
    struct split_sizes sizes;
};

static const struct way ways[] = {
    {24, {1, 600, 200}},
    {13, {1, 3000, 1000}},
    {7, {1, 20000, 5000}},
    {2, {1, 100000, 100000}},
    {5, {UINT64_C(1) << 40, 20000, 1}}, /* none is split: several whole ones at a time */
};

static const struct eg_hash_key seed = {1, 2};

static void write_faults(const struct input_run *run, struct eg_sink *sink)
{
    for (size_t i = 0; i < run->fault_count; i++)
        eg_sink_format(sink, "%s: %s\n", run->faults[i].path, run->faults[i].error.message);
    eg_sink_format(sink, "%zu opened, %s\n", run->opened,
                   run->complete ? "complete" : "not complete");
}

static bool write_reports(const struct eg_session *session, struct eg_sink *sink)
{
    static const enum eg_format formats[] = {EG_FORMAT_TEXT, EG_FORMAT_JSON, EG_FORMAT_HTML};
    struct eg_report *report = NULL;
    struct eg_error error;
    bool good = eg_session_report(session, NULL, &report, &error) == EG_OK;
    for (size_t i = 0; i < sizeof formats / sizeof formats[0] && good; i++) {
        const struct eg_style style = {.format = formats[i]};
        good = eg_report_write(report, &style, sink) == EG_OK;
    }
    eg_report_free(report);
    return good;
}

static bool read_all(const struct eg_rules *rules, const struct way *way, const char *const paths[],
                     size_t count, struct outcome *outcome)
{
    struct input_run run = {.threads = way->threads,
                            .sizes = way->sizes,
                            .frames_left = UINT64_MAX,
                            .keeps_faults = true};
    struct eg_sink sink = eg_string_sink(&outcome->text);
    if (eg_session_new(rules, &seed, &run.session) != EG_OK)
        return false;
    eg_session_keep_times(run.session);
    input_read_all(&run, paths, count);
    write_faults(&run, &sink);
    const bool good = write_reports(run.session, &sink);
    outcome->parts = run.parts;
    free(run.faults);
    eg_session_free(run.session);
    return good;
}

static void show_difference(const char *name, const struct way *way, const char *one,
                            const char *several)
{
    size_t line = 0;
    for (size_t i = 0; one[i] && one[i] == several[i]; i++)
        if (one[i] == '\n')
            line = i + 1;
    printf("%s: %u threads, parts of %" PRIu64 ":\n  one     %.*s\n  several %.*s\n", name,
           way->threads, way->sizes.part, (int)strcspn(one + line, "\n"), one + line,
           (int)strcspn(several + line, "\n"), several + line);
}

/* Every way against one thread. */
static bool compare(const struct eg_rules *rules, const char *const paths[], size_t count,
                    uint64_t *parts)
{
    const struct way alone = {.threads = 1};
    struct outcome one = {0};
    bool good = read_all(rules, &alone, paths, count, &one);
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        struct outcome several = {0};
        if (!read_all(rules, &ways[i], paths, count, &several) ||
            strcmp(one.text.text, several.text.text) != 0) {
            show_difference(paths[0], &ways[i], one.text.text, several.text.text);
            good = false;
        }
        *parts += several.parts;
        eg_string_free(&several.text);
    }
    eg_string_free(&one.text);
    return good;
}

static bool set(struct eg_config *config, char *text)
{
    char *value = strchr(text, '=');
    struct eg_error error;
    if (value)
        *value++ = '\0';
    return value && eg_config_set(config, text, value, &error) == EG_OK;
}

int main(int argc, char *argv[])
{
    struct eg_config *config = NULL;
    struct eg_rules *rules = NULL;
    struct eg_error error;
    bool together = false, good = eg_config_new(&config) == EG_OK;
    uint64_t parts = 0;
    for (int option; good && (option = getopt(argc, argv, "s:t")) != -1;) {
        together = together || option == 't';
        good = option == 't' || (option == 's' && set(config, optarg));
    }
    if (!good || eg_rules_new(config, &rules, &error) != EG_OK) {
        fputs("usage: compare_threads [-s NAME=VALUE]... [-t] CAPTURE...\n", stderr);
        return EXIT_FAILURE;
    }
    capture_library_start("compare_threads");
    const char *const *paths = (const char *const *)argv + optind;
    const size_t count = (size_t)(argc - optind);
    if (together)
        good = compare(rules, paths, count, &parts);
    for (size_t i = 0; i < count && !together; i++)
        good = compare(rules, paths + i, 1, &parts) && good;
    printf("%" PRIu64 " parts\n", parts);
    eg_rules_free(rules);
    eg_config_free(config);
    capture_library_stop();
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
