/*
 * The man page, in man(7) markup: the option table between the chapters that no table knows.
 */
#include "docs.h"
#include "help.h"
#include "options.h"

/* Lines of roff source end at the first blank behind this column, and at the end of a sentence. */
enum { SOURCE_WIDTH = 64 };

/* Text for roff: nothing in it is markup, and a hyphen can be copied to a shell. */
static void write_text(struct eg_sink *sink, const char *text)
{
    unsigned column = 0;
    for (const char *at = text; *at; at++, column++) {
        if (*at == '\\')
            eg_sink_text(sink, "\\e");
        else if (*at == '-')
            eg_sink_text(sink, "\\-");
        else if (*at == '\'')
            eg_sink_text(sink, "\\(aq");
        else if (*at == ' ' && (column >= SOURCE_WIDTH || (column && at[-1] == '.'))) {
            eg_sink_text(sink, "\n");
            column = 0;
        } else
            eg_sink_bytes(sink, at, 1);
    }
}

/* ".B \-r FILE, \-\-read\-file FILE" as roff asks for it. */
static void write_spelling(struct eg_sink *sink, const char *dashes, const char *name,
                           const char *argument)
{
    eg_sink_text(sink, "\\fB");
    write_text(sink, dashes);
    write_text(sink, name);
    eg_sink_text(sink, "\\fR");
    if (argument) {
        eg_sink_text(sink, " \\fI");
        write_text(sink, argument);
        eg_sink_text(sink, "\\fR");
    }
}

static void write_option(struct eg_sink *sink, const struct option_row *row)
{
    const char letter[] = {row->letter, '\0'};
    const char *argument = option_argument(row);
    eg_sink_text(sink, ".TP\n");
    if (row->letter)
        write_spelling(sink, "-", letter, argument);
    if (row->letter && row->name)
        eg_sink_text(sink, ", ");
    if (row->name)
        write_spelling(sink, "--", row->name, argument);
    eg_sink_text(sink, "\n");
    write_text(sink, option_help(row));
    eg_sink_text(sink, ".\n");
    if (row->manual) {
        write_text(sink, row->manual);
        eg_sink_text(sink, "\n");
    }
}

static void write_options(struct eg_sink *sink)
{
    size_t count = 0;
    const struct option_row *rows = option_table(&count);
    eg_sink_text(sink, ".SH OPTIONS\n"
                       "Options and captures may be mixed; what follows \\fB\\-\\-\\fR is a\n"
                       "capture.\n"
                       "Of an option given twice the last one holds, but for those that "
                       "collect.\n");
    for (unsigned group = 0; group < OPTION_GROUPS; group++) {
        eg_sink_format(sink, ".SS %s\n", option_group_title(group));
        for (size_t i = 0; i < count; i++)
            if (rows[i].group == group)
                write_option(sink, &rows[i]);
    }
}

static const char before_options[] =
    ".SH NAME\n"
    "egshark \\- tell where the outbound bytes of a VM went and what they cost\n"
    ".SH SYNOPSIS\n"
    ".B egshark\n"
    "[\\fIoptions\\fR] \\fIcapture\\fR...\n"
    ".SH DESCRIPTION\n"
    "egshark reads packet captures taken on a cloud VM and reports, for every\n"
    "destination, how many bytes left, of which class they are (same region,\n"
    "another region, internet, a peered network, ...), and what they cost at\n"
    "the list prices of the provider.\n"
    ".PP\n"
    "A capture is a file in any format that Wireshark opens, compressed or\n"
    "not, or a pipe; \\fB\\-\\fR is standard input.\n"
    "Several captures give one report.\n"
    "Ranges and prices of Azure are built in: nothing is fetched from a network.\n"
    ".PP\n"
    "A capture is a sample of a month: bytes are priced at the rate of the\n"
    "next byte, not by going through the tiers from the first one.\n"
    "What has no known price is shown as unpriced, together with the option\n"
    "that settles it; it is never guessed.\n";

static const char after_options[] =
    ".SH EXIT STATUS\n"
    ".TP\n"
    "0\n"
    "everything was read and reported.\n"
    ".TP\n"
    "1\n"
    "an option or a configuration file is wrong; nothing was read.\n"
    ".TP\n"
    "2\n"
    "a capture could not be read, or not to its end, or the report could not\n"
    "be written.\n"
    "What was read is reported all the same; when no capture could be opened\n"
    "there is no report.\n"
    ".TP\n"
    "3\n"
    "the projected month passes \\fB\\-\\-budget\\fR, even at its low end.\n"
    ".TP\n"
    "130, 143\n"
    "SIGINT or SIGTERM ended the reading; what was read until then is reported.\n"
    ".SH SIGNALS\n"
    "SIGINT and SIGTERM end the reading, and the report covers what was read;\n"
    "a second one ends the program.\n"
    "While a pipe is read, what its writer still sends within a second is read\n"
    "first; if the writer ends within that second, the capture is complete and\n"
    "the exit status is 0.\n"
    "A reader of the report that goes away, as \\fBhead\\fR(1) does, is no error.\n"
    ".SH ENVIRONMENT\n"
    ".TP\n"
    "NO_COLOR\n"
    "when set and not empty, no colours but by \\fB\\-\\-color always\\fR.\n"
    ".TP\n"
    "TERM\n"
    "dumb: the same.\n"
    ".SH EXAMPLES\n"
    "Read a capture of a VM in East US:\n"
    ".PP\n"
    ".EX\n"
    "    egshark \\-\\-region eastus capture.pcapng\n"
    ".EE\n"
    ".PP\n"
    "Capture for a minute and report:\n"
    ".PP\n"
    ".EX\n"
    "    timeout 60 tcpdump \\-i any \\-s 96 \\-w \\- | egshark \\-\n"
    ".EE\n"
    ".PP\n"
    "All destinations of two captures for a spreadsheet:\n"
    ".PP\n"
    ".EX\n"
    "    egshark \\-T csv \\-\\-region eastus mon.pcap tue.pcap >out.csv\n"
    ".EE\n"
    ".SH SEE ALSO\n"
    "\\fBtshark\\fR(1), \\fBtcpdump\\fR(8), \\fBcapinfos\\fR(1)\n";

void docs_write_man(struct eg_sink *sink)
{
    eg_sink_format(sink, ".TH EGSHARK 1 2026-11-23 \"egshark %s\" \"User Commands\"\n",
                   eg_version());
    eg_sink_text(sink, before_options);
    write_options(sink);
    eg_sink_text(sink, after_options);
}
