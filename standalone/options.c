/*
 * From argv to struct options, by getopt_long over the table.
 */
#include "options.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

/* getopt's code of a long option: its row, above every letter. */
enum { LONG_BASE = 256, ROWS_MAX = 64 };

/* What getopt_long returns for an operand when its letters start with '-'. */
enum { OPERAND = 1 };

struct getopt_tables {
    char letters[2 * ROWS_MAX + 3];
    struct option longs[ROWS_MAX + 1];
};

static void build_tables(struct getopt_tables *tables)
{
    size_t count = 0, letters = 0, longs = 0;
    const struct option_row *rows = option_table(&count);
    /* '-': operands come in their place among the options. ':': messages are ours. */
    tables->letters[letters++] = '-';
    tables->letters[letters++] = ':';
    for (size_t i = 0; i < count && i < ROWS_MAX; i++) {
        const bool argument = option_argument(&rows[i]) != NULL;
        if (rows[i].letter) {
            tables->letters[letters++] = rows[i].letter;
            if (argument)
                tables->letters[letters++] = ':';
        }
        if (rows[i].name)
            tables->longs[longs++] = (struct option){
                rows[i].name, argument ? required_argument : no_argument, NULL, LONG_BASE + (int)i};
    }
    tables->letters[letters] = '\0';
    tables->longs[longs] = (struct option){NULL, 0, NULL, 0};
}

static const struct option_row *row_of(int code)
{
    size_t count = 0;
    const struct option_row *rows = option_table(&count);
    if (code >= LONG_BASE)
        return &rows[code - LONG_BASE];
    for (size_t i = 0; i < count; i++)
        if (code != 0 && rows[i].letter == code)
            return &rows[i];
    return NULL;
}

/* How many long names start with the word behind "--". */
static unsigned names_starting_with(const char *word, size_t length)
{
    size_t count = 0;
    unsigned found = 0;
    const struct option_row *rows = option_table(&count);
    for (size_t i = 0; i < count; i++)
        found += rows[i].name && strncmp(rows[i].name, word, length) == 0;
    return found;
}

/* `given` is the word of argv that getopt refused. */
static enum eg_status fail_unknown(const char *given, struct eg_error *error)
{
    if (strncmp(given, "--", 2) != 0)
        return eg_fail(error, EG_ERR_VALUE, "'-%c' is no option", optopt);
    const size_t length = strcspn(given, "=");
    if (optopt >= LONG_BASE)
        return eg_fail(error, EG_ERR_VALUE, "'%.*s' takes no value", (int)length, given);
    if (names_starting_with(given + 2, length - 2) > 1)
        return eg_fail(error, EG_ERR_VALUE, "'%.*s' is short for several options", (int)length,
                       given);
    return eg_fail(error, EG_ERR_VALUE, "'%.*s' is no option", (int)length, given);
}

static enum eg_status fail_missing(struct eg_error *error)
{
    const struct option_row *row = row_of(optopt);
    if (optopt >= LONG_BASE)
        return eg_fail(error, EG_ERR_VALUE, "'--%s' needs a value: %s", row->name,
                       option_argument(row));
    return eg_fail(error, EG_ERR_VALUE, "'-%c' needs a value: %s", optopt, option_argument(row));
}

static enum eg_status take_code(struct options *options, int code, const char *given,
                                struct eg_error *error)
{
    switch (code) {
    case '?':
        return fail_unknown(given, error);
    case ':':
        return fail_missing(error);
    case OPERAND:
        code = 'r';
        break;
    }
    const struct option_row *row = row_of(code);
    return row->take(options, row, optarg, error);
}

static enum eg_status options_init(struct options *options, int argc, struct eg_error *error)
{
    *options = (struct options){.format = EG_FORMAT_TEXT,
                                .count = UINT64_MAX,
                                .live = {.snaplen = LIVE_SNAPLEN, .frames = UINT64_MAX}};
    options->inputs = calloc((size_t)argc + 1, sizeof *options->inputs);
    if (!options->inputs || eg_config_new(&options->config) != EG_OK)
        return eg_fail_no_memory(error);
    return EG_OK;
}

enum eg_status options_parse(int argc, char *argv[], struct options *options,
                             struct eg_error *error)
{
    struct getopt_tables tables;
    build_tables(&tables);
    enum eg_status status = options_init(options, argc, error);
    opterr = 0;
    while (status == EG_OK && options->wish == WISH_REPORT) {
        const char *given = argv[optind < argc ? optind : argc - 1];
        const int code = getopt_long(argc, argv, tables.letters, tables.longs, NULL);
        if (code == -1)
            break;
        status = take_code(options, code, given, error);
    }
    for (; status == EG_OK && optind < argc; optind++)
        options->inputs[options->input_count++] = argv[optind]; /* behind "--" */
    return status;
}

void options_free(struct options *options)
{
    free(options->inputs);
    eg_config_free(options->config);
    *options = (struct options){.wish = WISH_REPORT};
}
