/*
 * Sums over all rows: the total, one for each class, and the region most services are in.
 */
#include "report/report.h"

#include <stdlib.h>
#include <string.h>

#include "traffic/scope.h"

static void add_row(struct eg_class_total *total, const struct eg_row *row)
{
    total->rows++;
    total->shown.packets += row->shown.packets;
    total->shown.ip_bytes += row->shown.ip_bytes;
    total->shown.billable_bytes += row->shown.billable_bytes;
    total->unpriced_bytes += row->unpriced_bytes;
    total->priced = total->priced || row->partly_priced;
    total->cost = eg_money_add(total->cost, row->cost);
}

struct eg_class_total eg_report_rest(const struct eg_report *report, size_t shown)
{
    struct eg_class_total rest = {.rows = 0};
    for (size_t i = shown; i < report->row_count; i++)
        add_row(&rest, &report->rows[i]);
    return rest;
}

/* Bytes to named regional services of the VM's provider, by region. */
struct region_bytes {
    const char *region;
    uint64_t bytes;
};

static int compare_names(const void *a, const void *b)
{
    const struct region_bytes *const x = a, *const y = b;
    return strcmp(x->region, y->region);
}

static bool is_regional_service(const struct eg_report *report, const struct eg_row *row)
{
    const struct eg_label *label = &row->tariff->destination.label;
    return label->region[0] && label->service[0] &&
           strcmp(label->provider, report->rules->provider) == 0;
}

/* Rule 4.4: a suggestion, never a price. Of equal regions the first by name. */
static void suggest_region(struct eg_report *report)
{
    struct region_bytes *all = malloc((report->row_count + 1) * sizeof *all);
    if (!all)
        return;
    size_t count = 0;
    for (size_t i = 0; i < report->row_count; i++)
        if (is_regional_service(report, &report->rows[i]))
            all[count++] = (struct region_bytes){report->rows[i].tariff->destination.label.region,
                                                 report->rows[i].egress.ip_bytes +
                                                     report->rows[i].ingress.ip_bytes};
    qsort(all, count, sizeof *all, compare_names);
    uint64_t most = 0;
    for (size_t i = 0, end; i < count; i = end) {
        uint64_t bytes = 0;
        for (end = i; end < count && strcmp(all[end].region, all[i].region) == 0; end++)
            bytes += all[end].bytes;
        const size_t length = strlen(all[i].region);
        if (bytes > most && length < sizeof report->region_suggestion) {
            most = bytes;
            memcpy(report->region_suggestion, all[i].region, length + 1);
        }
    }
    free(all);
}

/* Each once; by name, so that the order of rows does not show. */
static void note_missing(struct eg_report *report, const char *name)
{
    size_t at = 0;
    while (at < report->missing_count && strcmp(report->missing[at], name) < 0)
        at++;
    const bool noted = at < report->missing_count && strcmp(report->missing[at], name) == 0;
    if (noted || report->missing_count == EG_MISSING_MAX)
        return;
    memmove(&report->missing[at + 1], &report->missing[at],
            (report->missing_count++ - at) * sizeof report->missing[0]);
    report->missing[at] = name;
}

/*
 * What of the row's bytes is billed, and what of its cost is for the other direction: a peering or
 * a NAT gateway charges what comes in as well.
 */
static void add_shares(struct eg_report *report, const struct eg_row *row)
{
    const bool outward = eg_view_charges(&report->view) != EG_CHARGE_INGRESS;
    const uint64_t moved = (outward ? &row->egress : &row->ingress)->billable_bytes;
    report->moved_bytes += moved;
    if (row->class_ == EG_CLASS_PLATFORM)
        report->platform_bytes += moved;
    else if (row->nano_per_gb)
        report->billed_bytes += moved;
    const struct eg_money own = eg_money_of(moved, row->nano_per_gb);
    if (outward && eg_money_compare(row->cost, own) > 0) {
        report->inbound_cost =
            eg_money_add(report->inbound_cost, eg_money_subtract(row->cost, own));
        report->inbound_bytes += row->ingress.billable_bytes;
    }
}

void eg_report_sum(struct eg_report *report)
{
    uint64_t packets_on_wire = 0;
    const unsigned link_bytes = eg_rules_link_bytes(report->rules);
    for (size_t i = 0; i < report->row_count; i++) {
        const struct eg_row *row = &report->rows[i];
        add_row(&report->classes[row->class_], row);
        add_row(&report->total, row);
        report->marks |= row->marks;
        if (row->marks & EG_PRICE_NONE_RATE)
            note_missing(report, row->tariff->charges.missing);
        packets_on_wire += row->wire_packets;
        add_shares(report, row);
        report->has_public = report->has_public || eg_scope_is_public(eg_scope_of(&row->address));
    }
    const struct eg_tally *shown = &report->total.shown;
    report->segmentation_bytes =
        shown->billable_bytes - shown->ip_bytes - shown->packets * link_bytes;
    /* Rule 5.1: the other basis differs by the Ethernet header of every packet that left. */
    report->other_basis_bytes =
        shown->billable_bytes + packets_on_wire * 14 - packets_on_wire * 2 * link_bytes;
    if (report->region[0] == '\0')
        suggest_region(report);
}

bool eg_report_is_unpriced(const struct eg_report *report)
{
    return report->row_count > 0 && !report->total.priced;
}
