/*
 * -z egress,totals[,format=json|csv|ndjson|text][,FILTER]: the command line's report.
 *
 * A filter chooses what is reported; direction, copies and prices are those of the whole capture.
 */
#include <wireshark.h>

#include <epan/packet.h>
#include <epan/stat_tap_ui.h>
#include <epan/tap.h>

#include "../ws_compat.h"
#include "egress_state.h"
#include "packet-egress.h"

struct totals {
    struct eg_style style;
    char *filter;                   /* NULL: all frames */
    struct eg_selection *selection; /* what it chose */
};

static enum eg_status write_stdout(void *context, const char *bytes, size_t length)
{
    (void)context;
    return fwrite(bytes, 1, length, stdout) == length ? EG_OK : EG_ERR_IO;
}

static void draw(void *data)
{
    const struct totals *totals = data;
    struct eg_sink sink = {write_stdout, NULL, EG_OK};
    struct eg_report *report = egress_state_new_report(totals->selection, NULL);
    if (report && eg_report_write(report, &totals->style, &sink) != EG_OK)
        fprintf(stderr, "egress: the report could not be written\n");
    eg_report_free(report);
}

static void reset(void *data)
{
    struct totals *totals = data;
    eg_selection_free(totals->selection);
    totals->selection = NULL;
    if (totals->filter)
        eg_selection_new(&totals->selection);
}

static tap_packet_status count(void *data, packet_info *pinfo, epan_dissect_t *edt _U_,
                               const void *packet, tap_flags_t flags _U_)
{
    struct totals *totals = data;
    const struct egress_tap *tap = packet;
    (void)pinfo;
    if (totals->selection)
        eg_selection_add(totals->selection, tap->verdict, tap->frame->time);
    return TAP_PACKET_REDRAW;
}

static void finish(void *data)
{
    struct totals *totals = data;
    eg_selection_free(totals->selection);
    g_free(totals->filter);
    g_free(totals);
}

/* Takes "format=json" off the arguments; what remains is the filter. False: no such format. */
static bool parse_arguments(const char *arguments, struct totals *totals)
{
    const char *at = arguments + strlen("egress,totals");
    totals->style.format = EG_FORMAT_TEXT;
    if (g_str_has_prefix(at, ",format=")) {
        at += strlen(",format=");
        char *name = g_strndup(at, strcspn(at, ","));
        const bool known = eg_format_parse(name, &totals->style.format);
        at += strlen(name);
        g_free(name);
        if (!known)
            return false;
    }
    totals->style.top = eg_format_default_top(totals->style.format);
    if (at[0] == ',' && at[1] != '\0')
        totals->filter = g_strdup(at + 1);
    return true;
}

static void start(const char *arguments, void *data _U_)
{
    struct totals *totals = g_new0(struct totals, 1);
    if (!parse_arguments(arguments, totals)) {
        fprintf(stderr, "tshark: -z %s: the format is text, csv, json or ndjson\n", arguments);
        exit(1);
    }
    reset(totals);
    GString *error = register_tap_listener("egress", totals, totals->filter, TL_REQUIRES_NOTHING,
                                           reset, count, draw, finish);
    if (error) {
        fprintf(stderr, "tshark: -z %s: %s\n", arguments, error->str);
        exit(1);
    }
}

void egress_totals_register(void)
{
    static stat_tap_ui ui = {
        REGISTER_STAT_GROUP_GENERIC, NULL, "egress,totals", start, 0, NULL,
    };
    register_stat_tap_ui(&ui, NULL);
}
