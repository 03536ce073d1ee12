/*
 * From settled cells to rows: rules 6 and 7.1.
 *
 * Cells become contributions (this cell counts for that far end, in these roles), sorted by far end
 * and port; one walk over them makes the rows by destination. The other keys of --by are then made
 * of those (or of rows by destination and port), so that every table adds up to the same totals.
 */
#include "report/rows.h"

#include <stdlib.h>
#include <string.h>

#include "report/contributions.h"

/* What rows are made of. */
struct source {
    struct eg_report *report;
    const struct eg_matrix *matrix;
    const struct eg_cell_parts *parts; /* NULL: all of the matrix */
};

void eg_tally_add(struct eg_tally *tally, const struct eg_cell_part *part, unsigned link_bytes)
{
    tally->packets += part->packets;
    tally->ip_bytes += part->ip_bytes;
    tally->billable_bytes +=
        part->ip_bytes + part->more_bytes + (part->packets + part->more_packets) * link_bytes;
}

enum eg_charge_direction eg_view_charges(const struct eg_view *view)
{
    return view->direction == EG_VIEW_INGRESS ? EG_CHARGE_INGRESS : EG_CHARGE_BOTH;
}

static void stretch_times(struct eg_row *row, int64_t first, int64_t last)
{
    if (first == EG_NO_TIME)
        return;
    if (row->first_time == EG_NO_TIME || first < row->first_time)
        row->first_time = first;
    if (row->last_time == EG_NO_TIME || last > row->last_time)
        row->last_time = last;
}

static void add_contribution(struct eg_row *row, struct eg_row_port *port, uint8_t role,
                             const struct eg_cell_part *part, unsigned link_bytes)
{
    if (role & EG_ROLE_SHOWN) {
        eg_tally_add(&row->shown, part, link_bytes);
        row->wire_packets += part->packets + part->more_packets;
        port->ip_bytes += part->ip_bytes;
        stretch_times(row, part->first_time, part->last_time);
    }
    if (role & EG_ROLE_EGRESS)
        eg_tally_add(&row->egress, part, link_bytes);
    if (role & EG_ROLE_INGRESS)
        eg_tally_add(&row->ingress, part, link_bytes);
}

static uint8_t opener_of(uint8_t role, const struct eg_cell *cell)
{
    if (!(cell->flags & EG_CELL_OPENED))
        return EG_OPENED_UNKNOWN;
    return role & EG_ROLE_EGRESS    ? EG_OPENED_VM
           : role & EG_ROLE_INGRESS ? EG_OPENED_PEER
                                    : EG_OPENED_UNKNOWN;
}

/* Whether a row without a packet to show is there for what its other direction costs. */
static bool is_charged(const struct eg_report *report, const struct eg_row *row)
{
    for (size_t i = 0; i < row->charge_count; i++) {
        const struct eg_row_charge *charge = &report->charges[row->first_charge + i];
        if (charge->rate->nano_per_gb && charge->billable_bytes)
            return true;
    }
    return false;
}

static uint64_t charged_bytes(const struct eg_row *row, enum eg_charge_direction direction)
{
    return (direction & EG_CHARGE_EGRESS ? row->egress.billable_bytes : 0) +
           (direction & EG_CHARGE_INGRESS ? row->ingress.billable_bytes : 0);
}

/* Charges of one kind of destination on the row's bytes; rule 6.1. */
static enum eg_status price_row(struct eg_rows *rows, struct eg_row *row)
{
    struct eg_report *report = rows->report;
    const struct eg_charges *charges = &row->tariff->charges;
    const enum eg_charge_direction view = eg_view_charges(&report->view);
    const uint64_t bytes = charged_bytes(row, view);
    row->first_charge = report->charge_count;
    row->marks = charges->marks;
    row->priced = charges->priced && row->egress.packets + row->ingress.packets > 0;
    row->partly_priced = row->one_rate = row->priced;
    if (!charges->priced)
        row->unpriced_bytes = view == EG_CHARGE_INGRESS ? bytes : row->egress.billable_bytes;
    for (size_t i = 0; i < charges->count && row->priced; i++) {
        const struct eg_charge *charge = &charges->charge[i];
        const enum eg_charge_direction direction = charge->direction & view;
        if (!direction)
            continue;
        const struct eg_row_charge made = {charge->rate, direction, charged_bytes(row, direction)};
        if (eg_rows_add_charge(rows, &made) != EG_OK)
            return EG_ERR_NO_MEMORY;
        row->charge_count++;
        row->cost =
            eg_money_add(row->cost, eg_money_of(made.billable_bytes, charge->rate->nano_per_gb));
        if (direction & (view == EG_CHARGE_INGRESS ? EG_CHARGE_INGRESS : EG_CHARGE_EGRESS))
            row->nano_per_gb += charge->rate->nano_per_gb;
    }
    return EG_OK;
}

/* Adds the contributions [*at, ...) of one far end and port. */
static enum eg_status add_port(struct eg_rows *rows, struct eg_row *row,
                               const struct source *source, const struct eg_contribution *all,
                               size_t count, size_t *at)
{
    const unsigned link_bytes = eg_rules_link_bytes(source->report->rules);
    const uint64_t key = all[*at].key;
    struct eg_row_port port = {(uint8_t)(key >> 16), 0, (uint16_t)key, 0};
    for (; *at < count && all[*at].key == key; (*at)++) {
        const struct eg_contribution *one = &all[*at];
        const struct eg_cell_part part = eg_cell_parts_of(source->parts, source->matrix, one->cell);
        add_contribution(row, &port, one->role, &part, link_bytes);
        const struct eg_cell cell = eg_matrix_cell(source->matrix, one->cell);
        port.opened_by |= opener_of(one->role, &cell);
    }
    row->opened_by |= port.opened_by;
    row->port_count++;
    return eg_rows_add_port(rows, &port);
}

/* Prices a row and keeps it, unless it has nothing to show and costs nothing. */
static enum eg_status finish_row(struct eg_rows *rows, struct eg_row *row, uint32_t address)
{
    struct eg_report *report = rows->report;
    uint32_t tariff = 0;
    if (eg_tariffs_of(report->tariffs, address, &tariff) != EG_OK)
        return EG_ERR_NO_MEMORY;
    row->tariff = eg_tariffs_at(report->tariffs, tariff);
    row->class_ = row->tariff->destination.class_;
    row->hosts = eg_report_far_end(report, address)->hosts;
    row->host = row->hosts ? row->hosts->names[0].text : "";
    if (price_row(rows, row) != EG_OK)
        return EG_ERR_NO_MEMORY;
    if (row->shown.packets == 0 && !is_charged(report, row)) {
        report->port_count = row->first_port;
        report->charge_count = row->first_charge;
        return EG_OK;
    }
    eg_rows_sort_ports(report->ports + row->first_port, row->port_count);
    return eg_rows_add(rows, row);
}

/* The contributions [*at, ...) of one far end (and one port, if by_port) become a row. */
static enum eg_status add_row(struct eg_rows *rows, const struct source *source,
                              const struct eg_contribution *all, size_t count, size_t *at,
                              bool by_port)
{
    const uint64_t key = all[*at].key;
    const uint32_t address = (uint32_t)(key >> 24);
    struct eg_row row = {
        .address = eg_matrix_address(source->matrix, address),
        .address_number = address,
        .key = "",
        .place = {.org = "", .country = ""},
        .protocol = (uint8_t)(key >> 16),
        .port = (uint16_t)key,
        .first_time = EG_NO_TIME,
        .last_time = EG_NO_TIME,
        .first_port = rows->report->port_count,
    };
    while (*at < count && (by_port ? all[*at].key == key : all[*at].key >> 24 == address))
        if (add_port(rows, &row, source, all, count, at) != EG_OK)
            return EG_ERR_NO_MEMORY;
    return finish_row(rows, &row, address);
}

/* Rule 7.1: cost, billable bytes, both descending, then the key. */
static int compare_rows(const void *a, const void *b)
{
    const struct eg_row *const x = a, *const y = b;
    const int cost = eg_money_compare(y->cost, x->cost);
    if (cost != 0)
        return cost;
    if (x->shown.billable_bytes != y->shown.billable_bytes)
        return x->shown.billable_bytes > y->shown.billable_bytes ? -1 : 1;
    const int address = eg_address_compare(&x->address, &y->address);
    if (address != 0)
        return address;
    if (x->protocol != y->protocol)
        return x->protocol < y->protocol ? -1 : 1;
    if (x->port != y->port)
        return x->port < y->port ? -1 : 1;
    if (x->key_asn != y->key_asn)
        return x->key_asn < y->key_asn ? -1 : 1;
    return strcmp(x->key, y->key);
}

enum eg_status eg_report_make_rows(struct eg_report *report, const struct eg_matrix *matrix,
                                   const struct eg_cell_parts *parts)
{
    const struct source source = {report, matrix, parts};
    const bool by_port = report->view.by == EG_BY_PORT || report->view.by == EG_BY_PROTOCOL;
    size_t count = 0;
    struct eg_contribution *all = eg_contributions_of(report, matrix, parts, &count);
    if (!all)
        return EG_ERR_NO_MEMORY;
    struct eg_rows rows = {.report = report};
    enum eg_status status = EG_OK;
    for (size_t at = 0; at < count && status == EG_OK;)
        status = add_row(&rows, &source, all, count, &at, by_port);
    free(all);
    if (status == EG_OK)
        eg_report_sum(report);
    if (status == EG_OK && report->view.by != EG_BY_DESTINATION)
        status = eg_rows_group(&rows);
    if (status == EG_OK && report->row_count)
        qsort(report->rows, report->row_count, sizeof *report->rows, compare_rows);
    return status;
}
