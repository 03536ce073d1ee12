/*
 * Rows by service, port, host and the other keys of --by: sums of rows by destination.
 */
#include "report/rows.h"

#include <stdlib.h>
#include <string.h>

/* Makes room for one more of `size` bytes; false without memory. */
static bool grow(void **array, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity)
        return true;
    const size_t more = *capacity ? *capacity * 2 : 64;
    void *grown = realloc(*array, more * size);
    if (!grown)
        return false;
    *array = grown;
    *capacity = more;
    return true;
}

enum eg_status eg_rows_add(struct eg_rows *rows, const struct eg_row *row)
{
    struct eg_report *report = rows->report;
    void *array = report->rows;
    if (!grow(&array, report->row_count, &rows->row_capacity, sizeof *row))
        return EG_ERR_NO_MEMORY;
    report->rows = array;
    report->rows[report->row_count++] = *row;
    return EG_OK;
}

enum eg_status eg_rows_add_charge(struct eg_rows *rows, const struct eg_row_charge *charge)
{
    struct eg_report *report = rows->report;
    void *array = report->charges;
    if (!grow(&array, report->charge_count, &rows->charge_capacity, sizeof *charge))
        return EG_ERR_NO_MEMORY;
    report->charges = array;
    report->charges[report->charge_count++] = *charge;
    return EG_OK;
}

enum eg_status eg_rows_add_port(struct eg_rows *rows, const struct eg_row_port *port)
{
    struct eg_report *report = rows->report;
    void *array = report->ports;
    if (!grow(&array, report->port_count, &rows->port_capacity, sizeof *port))
        return EG_ERR_NO_MEMORY;
    report->ports = array;
    report->ports[report->port_count++] = *port;
    return EG_OK;
}

static const char *or_class(const char *text, const char *class_)
{
    return text[0] ? text : class_;
}

/*
 * What a row is called under the view's key. Where an address has no service or region, or nobody
 * is known to hold it, its class says more than a blank would: "internet", "private".
 */
static const char *key_of(const struct eg_row *row, enum eg_view_by by)
{
    const struct eg_destination *destination = &row->tariff->destination;
    const char *class_ = eg_class_name(destination->class_);
    switch (by) {
    case EG_BY_HOST:
        return row->host;
    case EG_BY_ORG:
        return or_class(row->place.org, class_);
    case EG_BY_COUNTRY:
        return or_class(row->place.country, class_);
    case EG_BY_ASN:
        return row->place.asn ? "" : class_;
    case EG_BY_SERVICE:
        return or_class(destination->label.service, class_);
    case EG_BY_REGION:
        return or_class(destination->label.region, class_);
    case EG_BY_CLASS:
        return class_;
    case EG_BY_DESTINATION:
    case EG_BY_PORT:
    case EG_BY_PROTOCOL:
        break;
    }
    return "";
}

/* A host without a name stays the address that it is. */
static void set_key(const struct eg_report *report, struct eg_row *row)
{
    const enum eg_view_by by = report->view.by;
    const bool by_protocol = by == EG_BY_PROTOCOL || by == EG_BY_PORT;
    if (by >= EG_BY_HOST)
        row->place = eg_row_place(report, row);
    row->key = key_of(row, by);
    row->key_asn = by == EG_BY_ASN ? row->place.asn : 0;
    if (by != EG_BY_HOST || row->host[0])
        row->address = (struct eg_address){.family = 0};
    row->protocol = by_protocol ? row->protocol : 0;
    row->port = by == EG_BY_PORT ? row->port : 0;
}

static int compare_keys(const void *a, const void *b)
{
    const struct eg_row *const x = a, *const y = b;
    if (x->protocol != y->protocol)
        return x->protocol < y->protocol ? -1 : 1;
    if (x->port != y->port)
        return x->port < y->port ? -1 : 1;
    if (x->key_asn != y->key_asn)
        return x->key_asn < y->key_asn ? -1 : 1;
    const int address = eg_address_compare(&x->address, &y->address);
    return address != 0 ? address : strcmp(x->key, y->key);
}

static int compare_row_ports(const void *a, const void *b)
{
    const struct eg_row_port *const x = a, *const y = b;
    if (x->protocol != y->protocol)
        return x->protocol < y->protocol ? -1 : 1;
    return x->port < y->port ? -1 : x->port > y->port;
}

static int compare_ports_by_size(const void *a, const void *b)
{
    const struct eg_row_port *const x = a, *const y = b;
    if (x->ip_bytes != y->ip_bytes)
        return x->ip_bytes > y->ip_bytes ? -1 : 1;
    return compare_row_ports(a, b);
}

void eg_rows_sort_ports(struct eg_row_port *ports, size_t count)
{
    if (count > 1)
        qsort(ports, count, sizeof *ports, compare_ports_by_size);
}

int eg_row_charge_compare(const void *a, const void *b)
{
    const struct eg_row_charge *const x = a, *const y = b;
    const int meter = strcmp(x->rate->meter, y->rate->meter);
    if (meter != 0)
        return meter;
    if (x->rate->nano_per_gb != y->rate->nano_per_gb)
        return x->rate->nano_per_gb < y->rate->nano_per_gb ? -1 : 1;
    return x->direction < y->direction ? -1 : x->direction > y->direction;
}

static size_t merge_ports(struct eg_row_port *ports, size_t count)
{
    size_t kept = 0;
    if (count > 1)
        qsort(ports, count, sizeof *ports, compare_row_ports);
    for (size_t i = 0; i < count; i++)
        if (kept && compare_row_ports(&ports[kept - 1], &ports[i]) == 0) {
            ports[kept - 1].ip_bytes += ports[i].ip_bytes;
            ports[kept - 1].opened_by |= ports[i].opened_by;
        } else {
            ports[kept++] = ports[i];
        }
    eg_rows_sort_ports(ports, kept);
    return kept;
}

static size_t merge_charges(struct eg_row_charge *charges, size_t count)
{
    size_t kept = 0;
    if (count > 1)
        qsort(charges, count, sizeof *charges, eg_row_charge_compare);
    for (size_t i = 0; i < count; i++)
        if (kept && eg_row_charge_compare(&charges[kept - 1], &charges[i]) == 0)
            charges[kept - 1].billable_bytes += charges[i].billable_bytes;
        else
            charges[kept++] = charges[i];
    return kept;
}

static void add_tally(struct eg_tally *into, const struct eg_tally *from)
{
    into->packets += from->packets;
    into->ip_bytes += from->ip_bytes;
    into->billable_bytes += from->billable_bytes;
}

/* Adds a row of the same key; ports and charges are gathered by the caller. */
static void add_to_group(struct eg_row *group, const struct eg_row *row)
{
    add_tally(&group->shown, &row->shown);
    add_tally(&group->egress, &row->egress);
    add_tally(&group->ingress, &row->ingress);
    group->wire_packets += row->wire_packets;
    group->unpriced_bytes += row->unpriced_bytes;
    group->cost = eg_money_add(group->cost, row->cost);
    group->one_rate = group->one_rate && row->one_rate && group->nano_per_gb == row->nano_per_gb;
    group->priced = group->priced && row->priced;
    group->partly_priced = group->partly_priced || row->partly_priced;
    group->marks |= row->marks;
    group->opened_by |= row->opened_by;
    eg_row_join_far_end(group, row);
    if (group->tariff != row->tariff)
        group->tariff = NULL;
    if (group->class_ != row->class_)
        group->class_ = EG_CLASSES;
    if (group->first_time == EG_NO_TIME || row->first_time < group->first_time)
        group->first_time = row->first_time != EG_NO_TIME ? row->first_time : group->first_time;
    if (row->last_time > group->last_time)
        group->last_time = row->last_time;
}

static enum eg_status gather(struct eg_rows *rows, struct eg_row *group,
                             const struct eg_row *members, size_t count,
                             const struct eg_report *old)
{
    struct eg_report *report = rows->report;
    group->first_port = report->port_count;
    group->first_charge = report->charge_count;
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < members[i].port_count; k++)
            if (eg_rows_add_port(rows, &old->ports[members[i].first_port + k]) != EG_OK)
                return EG_ERR_NO_MEMORY;
        for (size_t k = 0; k < members[i].charge_count; k++)
            if (eg_rows_add_charge(rows, &old->charges[members[i].first_charge + k]) != EG_OK)
                return EG_ERR_NO_MEMORY;
    }
    group->port_count =
        merge_ports(report->ports + group->first_port, report->port_count - group->first_port);
    group->charge_count = merge_charges(report->charges + group->first_charge,
                                        report->charge_count - group->first_charge);
    report->port_count = group->first_port + group->port_count;
    report->charge_count = group->first_charge + group->charge_count;
    return eg_rows_add(rows, group);
}

static enum eg_status group_rows(struct eg_rows *rows, const struct eg_report *old)
{
    enum eg_status status = EG_OK;
    for (size_t at = 0; at < old->row_count && status == EG_OK;) {
        struct eg_row group = old->rows[at];
        size_t end = at + 1;
        for (; end < old->row_count && compare_keys(&old->rows[at], &old->rows[end]) == 0; end++)
            add_to_group(&group, &old->rows[end]);
        status = gather(rows, &group, &old->rows[at], end - at, old);
        at = end;
    }
    return status;
}

enum eg_status eg_rows_group(struct eg_rows *rows)
{
    struct eg_report *report = rows->report;
    if (report->row_count == 0)
        return EG_OK;
    for (size_t i = 0; i < report->row_count; i++)
        set_key(report, &report->rows[i]);
    qsort(report->rows, report->row_count, sizeof *report->rows, compare_keys);
    const struct eg_report old = {
        .rows = report->rows,
        .row_count = report->row_count,
        .charges = report->charges,
        .ports = report->ports,
    };
    report->rows = NULL;
    report->charges = NULL;
    report->ports = NULL;
    report->row_count = report->charge_count = report->port_count = 0;
    *rows = (struct eg_rows){.report = report};
    const enum eg_status status = group_rows(rows, &old);
    free(old.rows);
    free(old.charges);
    free(old.ports);
    return status;
}
