/*
 * -z egress,totals[,html|,format=json|csv|ndjson|text|html][,FILTER]: the command line's report.
 */
#include <wireshark.h>

#include <epan/packet.h>
#include <epan/stat_tap_ui.h>
#include <epan/tap.h>

#include "../ws_compat.h"
#include "egress_part.h"
#include "egress_state.h"
#include "packet-egress.h"

struct totals {
    struct egress_part part;
    struct eg_style style;
};

static enum eg_status write_stdout(void *context, const char *bytes, size_t length)
{
    (void)context;
    return fwrite(bytes, 1, length, stdout) == length ? EG_OK : EG_ERR_IO;
}

static void draw(void *data)
{
    struct totals *totals = data;
    struct eg_sink sink = {write_stdout, NULL, EG_OK};
    struct eg_report *report = egress_state_new_report(totals->part.selection, NULL);
    if (!report)
        return;
    totals->style.top = eg_report_top(report, totals->style.format);
    if (eg_report_write(report, &totals->style, &sink) != EG_OK)
        fprintf(stderr, "egress: the report could not be written\n");
    eg_report_free(report);
}

/*
 * Takes ",format=json" or ",html" off the arguments and returns what remains; NULL: no such format.
 * Other formats have no short form, since "json" is a filter.
 */
static const char *parse_format(const char *at, enum eg_format *format)
{
    static const char option[] = ",format=", html[] = ",html";
    *format = EG_FORMAT_TEXT;
    const size_t length = strlen(html);
    if (strncmp(at, html, length) == 0 && (at[length] == ',' || at[length] == '\0')) {
        *format = EG_FORMAT_HTML;
        return at + length;
    }
    if (!g_str_has_prefix(at, option))
        return at;
    at += strlen(option);
    char *name = g_strndup(at, strcspn(at, ","));
    const bool known = eg_format_parse(name, format);
    at += strlen(name);
    g_free(name);
    return known ? at : NULL;
}

static ws_started start(const char *arguments, void *data _U_)
{
    struct totals *totals = g_new0(struct totals, 1);
    const char *filter = parse_format(arguments + strlen("egress,totals"), &totals->style.format);
    if (!filter) {
        fprintf(stderr, "tshark: -z %s: the format is text, csv, json, ndjson or html\n",
                arguments);
        exit(1);
    }
    egress_part_listen(&totals->part, arguments, filter, draw);
    return WS_STARTED;
}

void egress_totals_register(void)
{
    static stat_tap_ui ui = {
        REGISTER_STAT_GROUP_GENERIC, NULL, "egress,totals", start, 0, NULL,
    };
    register_stat_tap_ui(&ui, NULL);
}
