/*
 * The table of options, and what each does to struct options.
 */
#include "options.h"

#include <stdlib.h>
#include <string.h>

#include "live_options.h"

static const char *const format_words[] = {"text", "csv", "json", "ndjson", "html", NULL};
static const char *const component_words[] = {"default", "all", NULL};
static const char *const write_words[] = {"egress", "all", NULL};
static const char *const when_words[] = {"auto", "always", "never", NULL};

static enum eg_status take_setting(struct options *options, const struct option_row *row,
                                   const char *argument, struct eg_error *error)
{
    return eg_config_add(options->config, row->setting, argument ? argument : row->value, error);
}

/* Nobody who gives a key wants to show what it is there to hide. */
static enum eg_status take_redact_key(struct options *options, const struct option_row *row,
                                      const char *argument, struct eg_error *error)
{
    const enum eg_status status = eg_config_set(options->config, row->setting, argument, error);
    const char *redact = eg_config_get(options->config, "redact");
    if (status != EG_OK || (*redact && strcmp(redact, "off") != 0))
        return status;
    return eg_config_set(options->config, "redact", "private", error);
}

static enum eg_status take_input(struct options *options, const struct option_row *row,
                                 const char *argument, struct eg_error *error)
{
    (void)row, (void)error;
    options->inputs[options->input_count++] = argument;
    return EG_OK;
}

static enum eg_status take_format(struct options *options, const struct option_row *row,
                                  const char *argument, struct eg_error *error)
{
    (void)row;
    if (eg_format_parse(argument, &options->format))
        return EG_OK;
    return eg_fail(error, EG_ERR_VALUE, "'-T' is not text, csv, json, ndjson or html: '%s'",
                   argument);
}

static enum eg_status take_report(struct options *options, const struct option_row *row,
                                  const char *argument, struct eg_error *error)
{
    (void)row;
    if (strcmp(argument, "-") == 0)
        return eg_fail(error, EG_ERR_VALUE,
                       "'--report' needs a file; for standard output there is '-T html'");
    if (argument[0] == '\0')
        return eg_fail(error, EG_ERR_VALUE, "'--report' needs the name of a file");
    options->report = argument;
    return EG_OK;
}

static enum eg_status take_count(struct options *options, const struct option_row *row,
                                 const char *argument, struct eg_error *error)
{
    (void)row;
    char *end = NULL;
    const bool digits = argument[0] >= '0' && argument[0] <= '9';
    /* A count beyond 64 bits saturates, which means every frame, as it should. */
    const unsigned long long count = digits ? strtoull(argument, &end, 10) : 0;
    if (count == 0 || *end != '\0')
        return eg_fail(error, EG_ERR_VALUE, "'-c' is not a number of packets above 0: '%s'",
                       argument);
    options->count = count;
    return EG_OK;
}

static enum eg_status take_filter(struct options *options, const struct option_row *row,
                                  const char *argument, struct eg_error *error)
{
    (void)row, (void)error;
    options->filter = argument;
    return EG_OK;
}

static enum eg_status take_component(struct options *options, const struct option_row *row,
                                     const char *argument, struct eg_error *error)
{
    for (size_t i = 0; row->words[i]; i++)
        if (strcmp(argument, row->words[i]) == 0) {
            options->all_components = strcmp(argument, "all") == 0;
            return EG_OK;
        }
    return eg_fail(error, EG_ERR_VALUE, "'etl-component' is not default or all: '%s'", argument);
}

static enum eg_status take_write_file(struct options *options, const struct option_row *row,
                                      const char *argument, struct eg_error *error)
{
    (void)row, (void)error;
    options->write_file = argument;
    return EG_OK;
}

static enum eg_status take_write(struct options *options, const struct option_row *row,
                                 const char *argument, struct eg_error *error)
{
    for (size_t i = 0; row->words[i]; i++)
        if (strcmp(argument, row->words[i]) == 0) {
            options->writes = true;
            options->write_all = strcmp(argument, "all") == 0;
            return EG_OK;
        }
    return eg_fail(error, EG_ERR_VALUE, "'write' is not egress or all: '%s'", argument);
}

static enum eg_status take_threads(struct options *options, const struct option_row *row,
                                   const char *argument, struct eg_error *error)
{
    (void)row;
    char *end = NULL;
    const bool digits = argument[0] >= '0' && argument[0] <= '9';
    const unsigned long threads = digits ? strtoul(argument, &end, 10) : 0;
    if (threads == 0 || threads > OPTIONS_THREADS_MAX || *end != '\0')
        return eg_fail(error, EG_ERR_VALUE, "'threads' is not a number from 1 to %d: '%s'",
                       OPTIONS_THREADS_MAX, argument);
    options->threads = (unsigned)threads;
    return EG_OK;
}

static enum eg_status take_quiet(struct options *options, const struct option_row *row,
                                 const char *argument, struct eg_error *error)
{
    (void)row, (void)argument, (void)error;
    options->quiet = true;
    return EG_OK;
}

/* "egress.region:japaneast", as tshark's -o spells a preference. */
static enum eg_status take_preference(struct options *options, const struct option_row *row,
                                      const char *argument, struct eg_error *error)
{
    static const char module[] = "egress.";
    (void)row;
    const char *colon = strchr(argument, ':');
    if (!colon)
        return eg_fail(error, EG_ERR_VALUE, "'-o' is not of the form egress.NAME:VALUE: '%s'",
                       argument);
    const size_t prefix = sizeof module - 1;
    if (strncmp(argument, module, prefix) != 0)
        return eg_fail(error, EG_ERR_VALUE, "'-o' knows settings of egress only: '%s'", argument);

    char name[64];
    const size_t length = (size_t)(colon - argument) - prefix;
    if (length >= sizeof name)
        return eg_fail(error, EG_ERR_VALUE, "'-o' names no setting of egress: '%s'", argument);
    memcpy(name, argument + prefix, length);
    name[length] = '\0';
    const char *const value = colon + 1;
    return eg_config_set(options->config, name, value + strspn(value, " \t"), error);
}

static enum eg_status take_color(struct options *options, const struct option_row *row,
                                 const char *argument, struct eg_error *error)
{
    static const enum option_when when[] = {WHEN_AUTO, WHEN_ALWAYS, WHEN_NEVER};
    for (size_t i = 0; row->words[i]; i++) {
        if (strcmp(argument, row->words[i]) == 0) {
            options->color = when[i];
            return EG_OK;
        }
    }
    return eg_fail(error, EG_ERR_VALUE, "'color' is not auto, always or never: '%s'", argument);
}

static enum eg_status take_progress(struct options *options, const struct option_row *row,
                                    const char *argument, struct eg_error *error)
{
    (void)argument, (void)error;
    options->progress = strcmp(row->name, "progress") == 0 ? WHEN_ALWAYS : WHEN_NEVER;
    return EG_OK;
}

static enum eg_status take_help(struct options *options, const struct option_row *row,
                                const char *argument, struct eg_error *error)
{
    (void)row, (void)argument, (void)error;
    options->wish = WISH_HELP;
    return EG_OK;
}

static enum eg_status take_version(struct options *options, const struct option_row *row,
                                   const char *argument, struct eg_error *error)
{
    (void)row, (void)argument, (void)error;
    options->wish = WISH_VERSION;
    return EG_OK;
}

static const struct option_row table[] = {
    {.letter = 'r',
     .name = "read-file",
     .group = OPTIONS_INPUT,
     .take = take_input,
     .argument = "FILE",
     .help = "read this capture; the same as giving it without -r",
     .manual = "May be given more than once. A single dash is standard input."},
    {.letter = 'c',
     .name = "count",
     .group = OPTIONS_INPUT,
     .take = take_count,
     .argument = "COUNT",
     .help = "stop after this many packets, over all captures",
     .manual = "Captures that the count leaves nothing for are not opened."},
    {.letter = 'Y',
     .name = "display-filter",
     .group = OPTIONS_INPUT,
     .take = take_filter,
     .argument = "FILTER",
     .help = "report only the packets that this filter of Wireshark's passes",
     .manual = "All packets still tell which way the traffic goes; copies are looked for among "
               "those that pass. A filter over egress fields, such as egress.class == "
               "\"internet\", needs the plugin, sees each capture by itself as Wireshark does, "
               "and reads it twice, so not from standard input."},
    {.name = "etl-component",
     .group = OPTIONS_INPUT,
     .take = take_component,
     .argument = "WHICH",
     .words = component_words,
     .help = "of Windows traces: packets where they meet the wire (default), or all",
     .manual = "pktmon and netsh log a packet at every layer of Windows that it passes. The "
               "default counts it once, at the network card; all reads each of these events."},
    {.name = "dedup",
     .group = OPTIONS_INPUT,
     .take = take_setting,
     .setting = "dedup",
     .manual = "A capture of all interfaces (tcpdump -i any) sees a packet on each device it "
               "crosses; it is billed once, and so counted once. auto looks at frames whose "
               "interface is recorded, and at Linux cooked captures."},
    {.name = "dedup-window",
     .group = OPTIONS_INPUT,
     .take = take_setting,
     .setting = "dedup_window",
     .manual = "A number with ns, us, ms or s; milliseconds without one of them."},

    {.letter = 'i',
     .name = "interface",
     .group = OPTIONS_LIVE,
     .take = take_interface,
     .argument = "INTERFACE",
     .help = "capture on this interface, or on any, and report at the end",
     .manual = "Ends with Ctrl-C, or when -a or -c says so. Each packet is captured with the way "
               "it went, so nothing is inferred; any sees every interface and counts each packet "
               "once. The interface is not made promiscuous. Needs the capability CAP_NET_RAW, "
               "which egshark-capture, the program that captures, can be given alone."},
    {.letter = 'a',
     .name = "autostop",
     .group = OPTIONS_LIVE,
     .take = take_autostop,
     .argument = "CONDITION",
     .help = "end after duration:SECONDS, packets:COUNT or filesize:KB",
     .manual =
         "Seconds may have three decimals. filesize is of the file that -w writes: of so many "
         "times 1000 bytes, or the one packet more that passes them; what comes later is in "
         "no total either. May be given once for each."},
    {.letter = 'f',
     .name = "capture-filter",
     .group = OPTIONS_LIVE,
     .take = take_capture_filter,
     .argument = "FILTER",
     .help = "capture only what this filter of libpcap's passes",
     .manual = "See pcap-filter(7). What it excludes is missing in every total, and the report "
               "says so."},
    {.letter = 's',
     .name = "snapshot-length",
     .group = OPTIONS_LIVE,
     .take = take_snaplen,
     .argument = "BYTES",
     .help = "keep this much of each packet (1600); 0 keeps all",
     .manual = "Lengths come from the headers, so 128 is enough for bytes and costs; names and "
               "the region come from what packets carry."},
    {.name = "live",
     .group = OPTIONS_LIVE,
     .take = take_live,
     .help = "while capturing, show a screen of the traffic; q ends it",
     .manual = "Keys: q ends the capture, b and d go through the values of --by and --direction. "
               "The report follows as without it."},
    {.letter = 'D',
     .name = "list-interfaces",
     .group = OPTIONS_LIVE,
     .take = take_list,
     .help = "list the interfaces that can be captured"},

    {.name = "provider",
     .group = OPTIONS_MACHINE,
     .take = take_setting,
     .setting = "provider",
     .manual = "Ranges and prices are built in for Azure; for the other clouds give --ranges and "
               "--rates."},
    {.name = "region",
     .group = OPTIONS_MACHINE,
     .take = take_setting,
     .setting = "region",
     .manual = "Without it the region is taken from an instance metadata answer in the capture, or "
               "from --public-ip. An unknown region never becomes a guess that prices: regional "
               "destinations are then unpriced."},
    {.name = "public-ip", .group = OPTIONS_MACHINE, .take = take_setting, .setting = "public_ip"},
    {.name = "local",
     .group = OPTIONS_MACHINE,
     .take = take_setting,
     .setting = "local",
     .manual = "May be given more than once. Without it they are learnt from the direction that "
               "the capture records, or inferred from who talks to whom."},
    {.name = "local-per-input",
     .group = OPTIONS_MACHINE,
     .take = take_setting,
     .setting = "local_per_input",
     .value = "true",
     .manual = "For captures of several VMs read in one run."},
    {.name = "sites",
     .group = OPTIONS_MACHINE,
     .take = take_setting,
     .setting = "sites",
     .manual = "A line is prefix,class,region,via,payer,label below a header line of these names. "
               "A private address that no line covers is unpriced."},

    {.name = "routing", .group = OPTIONS_BILL, .take = take_setting, .setting = "routing"},
    {.name = "month-to-date",
     .group = OPTIONS_BILL,
     .take = take_setting,
     .setting = "month_to_date",
     .manual = "Bytes are priced at the tier that this usage has reached. Without it, at the first "
               "tier above the free grant."},
    {.name = "ranges",
     .group = OPTIONS_BILL,
     .take = take_setting,
     .setting = "ranges",
     .manual = "Replaces the built-in ranges of the provider that the file holds. May be given "
               "more than once."},
    {.name = "rates",
     .group = OPTIONS_BILL,
     .take = take_setting,
     .setting = "rates",
     .manual = "Whole ladders of tiers are replaced. May be given more than once."},
    {.name = "bytes",
     .group = OPTIONS_BILL,
     .take = take_setting,
     .setting = "bytes",
     .manual = "On Azure the Ethernet frame without its checksum, on AWS and Google the IP "
               "packet. The report names the basis and what the other one would give."},
    {.name = "mtu",
     .group = OPTIONS_BILL,
     .take = take_setting,
     .setting = "mtu",
     .manual = "A capture with segmentation offload shows packets larger than those that leave "
               "the network card."},
    {.name = "no-segment",
     .group = OPTIONS_BILL,
     .take = take_setting,
     .setting = "segment",
     .value = "false",
     .help = "bill super-frames as captured, without the headers of segmentation"},

    {.letter = 'T',
     .name = "format",
     .group = OPTIONS_REPORT,
     .take = take_format,
     .argument = "FORMAT",
     .words = format_words,
     .help = "text (the default), csv, json, ndjson or html",
     .manual = "text is for reading. csv, json and ndjson hold exact integers under stable names; "
               "ndjson is one destination a line. html is what --report writes."},
    {.name = "report",
     .group = OPTIONS_REPORT,
     .take = take_report,
     .argument = "FILE",
     .help = "write the report as one self-contained HTML file, too",
     .manual = "The file is written beside its place and renamed when it is complete. It needs no "
               "other file, and holds the figures of -T json as data."},
    {.name = "lang", .group = OPTIONS_REPORT, .take = take_setting, .setting = "lang"},
    {.name = "by", .group = OPTIONS_REPORT, .take = take_setting, .setting = "by"},
    {.name = "direction",
     .group = OPTIONS_REPORT,
     .take = take_setting,
     .setting = "direction",
     .manual = "With any, every IP packet counts toward its destination."},
    {.name = "top", .group = OPTIONS_REPORT, .take = take_setting, .setting = "top"},
    {.name = "interval",
     .group = OPTIONS_REPORT,
     .take = take_setting,
     .setting = "interval",
     .manual =
         "A number with ms, s, min, h or d. Buckets begin at whole multiples of their width "
         "since 1970, in UTC. At most 10,000 are made: beyond, they are wider, and the report "
         "says so. json has them by class and for the first destinations."},
    {.name = "retransmissions",
     .group = OPTIONS_REPORT,
     .take = take_setting,
     .setting = "retransmissions",
     .value = "true",
     .manual = "A finding then tells the bytes of TCP segments whose numbers were seen to leave "
               "before, what they cost, and where most of them went. They are billed and in every "
               "total, with or without this."},
    {.name = "project",
     .group = OPTIONS_REPORT,
     .take = take_setting,
     .setting = "project",
     .value = "true",
     .manual = "A month is 730 hours. The estimate comes with a low and a high end, which lie the "
               "further apart the shorter the capture is and the more its rate varies; below ten "
               "minutes there is none. Bytes go through the tiers from --month-to-date on, or from "
               "where the free grant ends. What-ifs price the same traffic in other ways. json has "
               "both without this option."},
    {.name = "budget",
     .group = OPTIONS_REPORT,
     .take = take_setting,
     .setting = "budget",
     .manual = "In the currency of the rates. The exit status is 3 when even the low end of the "
               "projection is above it, or what was captured by itself; the report also says when "
               "only the high end is. Implies --project."},
    {.name = "redact",
     .group = OPTIONS_REPORT,
     .take = take_setting,
     .setting = "redact",
     .value = "private",
     .help = "show pseudonyms for what is of the house: private addresses and their names",
     .manual = "Of the house are private addresses, the VM's own, those that --sites names, and "
               "the names that they have; labels of sites, paths of captures, names of "
               "interfaces, capture filters. Messages on standard error are not redacted."},
    {.name = "redact-all",
     .group = OPTIONS_REPORT,
     .take = take_setting,
     .setting = "redact",
     .value = "all",
     .help = "show pseudonyms for all addresses and names"},
    {.name = "redact-key",
     .group = OPTIONS_REPORT,
     .take = take_redact_key,
     .setting = "redact_key",
     .manual = "Implies --redact. Without a key each run has pseudonyms of its own. Who has the "
               "key can find out what a pseudonym stands for: keep it, and do not send it."},
    {.name = "color",
     .group = OPTIONS_REPORT,
     .take = take_color,
     .argument = "WHEN",
     .words = when_words,
     .help = "colour the text report: auto (on a terminal), always or never",
     .manual = "auto heeds NO_COLOR and TERM=dumb."},

    {.letter = 'w',
     .name = "write-file",
     .group = OPTIONS_WRITE,
     .take = take_write_file,
     .argument = "OUT.pcapng",
     .help = "write the frames counted as egress to this file, too",
     .manual =
         "With their interfaces, directions, lengths on the wire and times; of Windows traces "
         "also who ran, as a comment. Copies are no egress. With -Y only what passes. What is "
         "egress is known at the end of the captures: they are read twice, so not from "
         "standard input. The file is replaced once the new one is complete, and stays as it "
         "was when that fails or is interrupted."},
    {.name = "write",
     .group = OPTIONS_WRITE,
     .take = take_write,
     .argument = "WHICH",
     .words = write_words,
     .help = "what -w writes: egress (the default), or all frames",
     .manual = "all reads once, and from standard input, too; it is what -w needs with -i."},

    {.letter = 'o',
     .group = OPTIONS_OTHER,
     .take = take_preference,
     .argument = "egress.NAME:VALUE",
     .help = "change a setting by the name of Wireshark's preference",
     .manual = "The names are those of the long options with underscores, for example "
               "egress.region:japaneast, and a line of Wireshark's preferences will do. An empty "
               "value is the default."},
    {.name = "max-cells",
     .group = OPTIONS_OTHER,
     .take = take_setting,
     .setting = "max_cells",
     .manual = "A report that has reached it says so."},
    {.letter = 'n',
     .group = OPTIONS_OTHER,
     .take = take_setting,
     .setting = "names",
     .value = "false",
     .help = "no names of hosts and organisations",
     .manual = "Without it a destination is shown with the names that the capture has for it, and "
               "with who holds its address. No name is ever looked up in a network."},
    {.name = "geo",
     .group = OPTIONS_OTHER,
     .take = take_setting,
     .setting = "geo",
     .manual = "Which format it is, the file's content tells. May be given more than once, for "
               "example for a file of AS numbers and one of countries."},
    {.name = "threads",
     .group = OPTIONS_OTHER,
     .take = take_threads,
     .argument = "N",
     .help = "threads that read captures; as many as there are cores",
     .manual = "The report is the same, byte for byte, whatever their number. A big pcap or pcapng "
               "file is read in parts, and of many captures several at once. With -Y, -c and -w, "
               "from standard input and from pipes, one thread reads."},
    {.letter = 'q',
     .name = "quiet",
     .group = OPTIONS_OTHER,
     .take = take_quiet,
     .help = "no progress and no warnings on standard error",
     .manual = "Errors are still told."},
    {.name = "progress",
     .group = OPTIONS_OTHER,
     .take = take_progress,
     .help = "show progress even where standard error is no terminal"},
    {.name = "no-progress",
     .group = OPTIONS_OTHER,
     .take = take_progress,
     .help = "never show progress"},
    {.letter = 'h',
     .name = "help",
     .group = OPTIONS_OTHER,
     .take = take_help,
     .help = "print this help"},
    {.letter = 'v',
     .name = "version",
     .group = OPTIONS_OTHER,
     .take = take_version,
     .help = "print the version, and the dates of the ranges and prices built in"},
};

const struct option_row *option_table(size_t *count)
{
    *count = sizeof table / sizeof table[0];
    return table;
}

const char *option_group_title(enum option_group group)
{
    static const char *const titles[OPTION_GROUPS] = {
        "Captures", "Capturing", "The VM and its networks", "What is billed", "The report",
        "Frames",   "Other"};
    return titles[group];
}

static const struct eg_setting *setting_of(const struct option_row *row)
{
    return row->setting ? eg_setting_find(row->setting) : NULL;
}

const char *option_argument(const struct option_row *row)
{
    const struct eg_setting *setting = setting_of(row);
    if (row->argument || row->value || !setting)
        return row->argument;
    return setting->argument;
}

const char *const *option_words(const struct option_row *row)
{
    const struct eg_setting *setting = setting_of(row);
    if (row->words || row->value || !setting)
        return row->words;
    return setting->kind == EG_SETTING_CHOICE ? setting->choices : NULL;
}

const char *option_help(const struct option_row *row)
{
    const struct eg_setting *setting = setting_of(row);
    if (row->help || !setting)
        return row->help;
    return setting->help;
}

bool option_takes_file(const struct option_row *row)
{
    const struct eg_setting *setting = setting_of(row);
    if (setting)
        return setting->kind == EG_SETTING_FILE || setting->kind == EG_SETTING_FILES;
    return row->take == take_input || row->take == take_write_file || row->take == take_report;
}
