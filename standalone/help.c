#include "help.h"

#include <stdio.h>
#include <string.h>

#include "options.h"

enum { HELP_COLUMN = 30, HELP_WIDTH = 80 };

/* "  -r, --read-file FILE"; long-only options stand below the long ones. */
static void spell(const struct option_row *row, char *buffer, size_t size)
{
    const char letter[] = {'-', row->letter, '\0'};
    const char *argument = option_argument(row);
    snprintf(buffer, size, "  %s%s%s%s%s%s", row->letter ? letter : "  ",
             !row->name    ? ""
             : row->letter ? ", "
                           : "  ",
             row->name ? "--" : "", row->name ? row->name : "", argument ? " " : "",
             argument ? argument : "");
}

/* Words of text from HELP_COLUMN on; the cursor is at `column`. */
static void write_wrapped(struct eg_sink *sink, const char *text, size_t column)
{
    for (const char *at = text; *at;) {
        const size_t word = strcspn(at, " ");
        if (column + 1 + word > HELP_WIDTH) {
            eg_sink_format(sink, "\n%*s", HELP_COLUMN - 1, "");
            column = HELP_COLUMN - 1;
        }
        eg_sink_text(sink, " ");
        eg_sink_bytes(sink, at, word);
        column += 1 + word;
        at += word + (at[word] == ' ');
    }
    eg_sink_text(sink, "\n");
}

static void write_option(const struct option_row *row, struct eg_sink *sink)
{
    char spelled[80];
    spell(row, spelled, sizeof spelled);
    eg_sink_text(sink, spelled);
    size_t column = strlen(spelled);
    if (column >= HELP_COLUMN - 1) {
        eg_sink_text(sink, "\n");
        column = 0;
    }
    eg_sink_format(sink, "%*s", (int)(HELP_COLUMN - 1 - column), "");
    write_wrapped(sink, option_help(row), HELP_COLUMN - 1);
}

void help_write(struct eg_sink *sink)
{
    size_t count = 0;
    const struct option_row *rows = option_table(&count);
    eg_sink_text(sink, "usage: " HELP_USAGE "\n\n"
                       "Tells where the outbound bytes of a cloud VM went and what they cost.\n"
                       "Several captures give one report; - is standard input.\n");
    for (unsigned group = 0; group < OPTION_GROUPS; group++) {
        eg_sink_format(sink, "\n%s:\n", option_group_title(group));
        for (size_t i = 0; i < count; i++)
            if (rows[i].group == group)
                write_option(&rows[i], sink);
    }
    eg_sink_text(sink, "\nExit status: 0 read and reported, 1 bad option or configuration,\n"
                       "2 an input could not be read, or not to its end.\n");
}

void help_write_version(const struct eg_rules *rules, const char *library, struct eg_sink *sink)
{
    char text[512];
    eg_sink_format(sink, "egshark %s\n", eg_version());
    eg_sink_format(sink, "ranges: %s\n", eg_rules_ranges_text(rules, text, sizeof text));
    eg_rules_places_text(rules, text, sizeof text);
    eg_sink_format(sink, "organisations: %s\n", text[0] ? text : "none (libloc-database, --geo)");
    eg_sink_format(sink, "prices: %s\n", eg_rules_rates_text(rules, text, sizeof text));
    eg_sink_format(sink, "captures: %s\n", library);
}
