/*
 * The command line. One table of options makes the parser, --help, the man page and the
 * completions; a row that stands for a setting of the core takes its argument, words and help
 * from there.
 */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "egress.h"
#include "live_source.h"

enum option_group {
    OPTIONS_INPUT,
    OPTIONS_LIVE,
    OPTIONS_MACHINE,
    OPTIONS_BILL,
    OPTIONS_REPORT,
    OPTIONS_WRITE,
    OPTIONS_OTHER,
    OPTION_GROUPS,
};

enum option_when { WHEN_AUTO, WHEN_ALWAYS, WHEN_NEVER };

enum option_wish { WISH_REPORT, WISH_HELP, WISH_VERSION, WISH_INTERFACES };

enum { OPTIONS_THREADS_MAX = 64 };

struct options {
    enum option_wish wish; /* one but the report ends the parsing where it is met */
    const char **inputs;   /* in the order given; "-" is standard input; borrowed from argv */
    size_t input_count;
    struct eg_config *config;
    enum eg_format format;
    const char *report;     /* the HTML report's file; NULL: none */
    const char *filter;     /* NULL: none */
    uint64_t count;         /* frames to read in all; UINT64_MAX: every one */
    bool all_components;    /* of Windows traces */
    const char *write_file; /* NULL: none */
    bool writes;            /* which frames was told */
    bool write_all;         /* not only what is egress */
    unsigned threads;       /* 0: as many as there are cores */
    struct live_wish live;  /* interface NULL: captures are read */
    bool live_screen;
    bool quiet;
    enum option_when color;
    enum option_when progress;
};

struct option_row {
    char letter;      /* 'r'; '\0': no short form */
    const char *name; /* "read-file"; NULL: no long form */
    enum option_group group;
    /* Puts the argument (NULL for a flag) into options. */
    enum eg_status (*take)(struct options *options, const struct option_row *row,
                           const char *argument, struct eg_error *error);
    const char *setting;      /* of the core; NULL: the program's own option */
    const char *value;        /* what the flag of a setting sets it to */
    const char *argument;     /* "FILE"; NULL: none, or that of the setting */
    const char *const *words; /* all that the argument can be; NULL: more than a list */
    const char *help;         /* one line, lower case, no full stop; NULL: that of the setting */
    const char *manual;       /* sentences that the man page adds; NULL: none */
};

const struct option_row *option_table(size_t *count);
const char *option_group_title(enum option_group group);

/* What holds of a row and its setting together. */
const char *option_argument(const struct option_row *row);     /* NULL: a flag */
const char *const *option_words(const struct option_row *row); /* NULL: no fixed list */
const char *option_help(const struct option_row *row);
bool option_takes_file(const struct option_row *row);

/*
 * Reads the command line; options must be freed whatever the outcome. EG_ERR_VALUE with the option
 * and what is wrong with it.
 */
enum eg_status options_parse(int argc, char *argv[], struct options *options,
                             struct eg_error *error);
void options_free(struct options *options);

#endif
