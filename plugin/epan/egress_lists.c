/*
 * tshark -z egress,dest[,FILTER], egress,class and egress,service: one table each, as text.
 */
#include <wireshark.h>

#include <epan/packet.h>
#include <epan/stat_tap_ui.h>
#include <epan/tap.h>

#include "../ws_compat.h"
#include "egress_part.h"
#include "egress_state.h"
#include "packet-egress.h"

/* What can be listed. */
struct kind {
    enum eg_view_by by;
    const char *argument;
    const char *key; /* head of the first column */
};

static const struct kind kinds[] = {
    {EG_BY_DESTINATION, "egress,dest", "destination"},
    {EG_BY_CLASS, "egress,class", "class"},
    {EG_BY_SERVICE, "egress,service", "service"},
};

struct list {
    struct egress_part part;
    const struct kind *kind;
};

/* Of an IPv6 address, and of private-endpoint. */
enum { KEY_WIDTH = 39, CLASS_WIDTH = 16, RULE_WIDTH = 150 };

static void print_rule(void)
{
    for (size_t i = 0; i < RULE_WIDTH; i++)
        putchar('=');
    putchar('\n');
}

static void print_row(const struct eg_row_facts *facts)
{
    const char *const rest[] = {facts->service, facts->region, facts->label, facts->note};
    printf("%-*s %10" PRIu64 " %15" PRIu64 " %15" PRIu64 " %13s %18s  %-*s", KEY_WIDTH, facts->key,
           facts->packets, facts->billable_bytes, facts->unpriced_bytes, facts->rate,
           facts->cost[0] ? facts->cost : "unpriced", CLASS_WIDTH, facts->class_);
    const char *before = "  ";
    for (size_t i = 0; i < array_length(rest); i++) {
        if (rest[i][0] == '\0')
            continue;
        printf("%s%s", before, rest[i]);
        before = ", ";
    }
    putchar('\n');
}

static void print_report(const struct list *list, const struct eg_report *report)
{
    struct eg_row_facts facts;
    printf("Egress cost in %s\n", eg_report_currency(report));
    if (list->part.filter)
        printf("Filter: %s\n", eg_report_is_redacted(report) ? "(redacted)" : list->part.filter);
    printf("%-*s %10s %15s %15s %13s %18s  %-*s  %s\n", KEY_WIDTH, list->kind->key, "packets",
           "billable bytes", "unpriced bytes", "per GiB", "cost", CLASS_WIDTH, "class",
           "service, region, label, note");
    for (size_t i = 0; i < eg_report_rows(report); i++) {
        eg_report_row(report, i, &facts);
        print_row(&facts);
    }
    eg_report_total(report, &facts);
    snprintf(facts.key, sizeof facts.key, "total");
    print_row(&facts);
}

static void draw(void *data)
{
    const struct list *list = data;
    struct eg_report *report = egress_state_new_report_by(list->part.selection, list->kind->by);
    if (!report)
        return;
    print_rule();
    print_report(list, report);
    print_rule();
    eg_report_free(report);
}

static ws_started start(const char *arguments, void *kind)
{
    struct list *list = g_new0(struct list, 1);
    list->kind = kind;
    egress_part_listen(&list->part, arguments, arguments + strlen(list->kind->argument), draw);
    return WS_STARTED;
}

void egress_lists_register(void)
{
    for (size_t i = 0; i < array_length(kinds); i++) {
        stat_tap_ui ui = {
            REGISTER_STAT_GROUP_GENERIC, NULL, kinds[i].argument, start, 0, NULL,
        };
        register_stat_tap_ui(&ui, (void *)&kinds[i]);
    }
}
