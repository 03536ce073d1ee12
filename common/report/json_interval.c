/*
 * "interval" of -T json: sums in buckets of time. A list is one line, however many buckets it has.
 */
#include "report/json_parts.h"

enum figure { PACKETS, IP_BYTES, BILLABLE_BYTES, COST };

static void put_figure(struct eg_json_writer *json, enum figure figure,
                       const struct eg_interval_sum *sum)
{
    switch (figure) {
    case PACKETS:
        eg_json_put_u64(json, NULL, sum->packets);
        break;
    case IP_BYTES:
        eg_json_put_u64(json, NULL, sum->ip_bytes);
        break;
    case BILLABLE_BYTES:
        eg_json_put_u64(json, NULL, sum->billable_bytes);
        break;
    case COST:
        put_cost(json, NULL, true, sum->cost);
        break;
    }
}

static void put_list(struct eg_json_writer *json, const char *name, enum figure figure,
                     const struct eg_interval_sum *sums, size_t count)
{
    const unsigned indent = json->indent;
    eg_json_open(json, name, '[');
    json->indent = 0;
    for (size_t i = 0; i < count; i++)
        put_figure(json, figure, &sums[i]);
    eg_json_close(json, ']');
    json->indent = indent;
}

/* What had no time is in the totals and in no bucket. */
static void put_untimed(struct eg_json_writer *json, const struct json_names *names,
                        const struct eg_interval_sum *sum, bool priced)
{
    if (sum->packets == 0)
        return;
    eg_json_open(json, "untimed", '{');
    eg_json_put_u64(json, "packets", sum->packets);
    eg_json_put_u64(json, "ip_bytes", sum->ip_bytes);
    eg_json_put_u64(json, "billable_bytes", sum->billable_bytes);
    put_cost(json, names->cost, priced, sum->cost);
    eg_json_close(json, '}');
}

/* priced: whether anything of the line has a price. */
static void put_line(struct eg_json_writer *json, const struct eg_report *report, size_t buckets,
                     const struct eg_interval_line *line, bool priced)
{
    const struct json_names names = names_of(report);
    put_list(json, "packets", PACKETS, line->sums, buckets);
    put_list(json, "ip_bytes", IP_BYTES, line->sums, buckets);
    put_list(json, "billable_bytes", BILLABLE_BYTES, line->sums, buckets);
    if (priced)
        put_list(json, names.cost, COST, line->sums, buckets);
    else
        eg_json_put_null(json, names.cost);
    put_untimed(json, &names, &line->untimed, priced);
}

static void put_classes(struct eg_json_writer *json, const struct eg_report *report,
                        const struct eg_interval *interval)
{
    eg_json_open(json, "classes", '[');
    for (size_t i = 0; i < EG_CLASSES; i++) {
        if (!interval->classes[i].sums)
            continue;
        eg_json_open(json, NULL, '{');
        eg_json_put_string(json, "class", eg_class_name((enum eg_class)i));
        put_line(json, report, interval->buckets, &interval->classes[i], report->classes[i].priced);
        eg_json_close(json, '}');
    }
    eg_json_close(json, ']');
}

static void put_destinations(struct eg_json_writer *json, const struct eg_report *report,
                             const struct eg_interval *interval)
{
    char key[EG_ROW_KEY_MAX];
    eg_json_open(json, "destinations", '[');
    for (size_t i = 0; i < interval->row_count; i++) {
        eg_json_open(json, NULL, '{');
        eg_json_put_string(json, "address", eg_row_key(report, &report->rows[i], key));
        put_line(json, report, interval->buckets, &interval->rows[i],
                 report->rows[i].partly_priced);
        eg_json_close(json, '}');
    }
    eg_json_close(json, ']');
}

void eg_json_put_interval(struct eg_json_writer *json, const struct eg_report *report,
                          const struct eg_interval *interval)
{
    eg_json_open(json, "interval", '{');
    if (interval->width)
        eg_json_put_u64(json, "width_ns", (uint64_t)interval->width);
    else
        eg_json_put_null(json, "width_ns");
    put_time(json, "first_time", interval->buckets ? eg_interval_time(interval, 0) : EG_NO_TIME);
    eg_json_put_u64(json, "buckets", interval->buckets);
    put_text(json, "reason", interval->reason);
    if (interval->buckets) {
        put_line(json, report, interval->buckets, &interval->total, report->total.priced);
        put_classes(json, report, interval);
        put_destinations(json, report, interval);
    }
    eg_json_close(json, '}');
}
