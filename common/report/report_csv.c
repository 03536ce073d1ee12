/*
 * -T csv, rule 8.2: the rows, one a line, exact integers, an empty field where there is no value.
 */
#include "report/report.h"

#include <inttypes.h>

#include "base/csv.h"

static enum eg_status write_masked(void *context, const char *bytes, size_t length)
{
    struct eg_sink *sink = context;
    for (size_t i = 0; i < length && sink->status == EG_OK; i++) {
        const unsigned char c = (unsigned char)bytes[i];
        eg_sink_bytes(sink, c < ' ' || c == 0x7f ? "?" : &bytes[i], 1);
    }
    return sink->status;
}

/* A name or a label may hold an escape sequence, which must not reach a terminal. */
static void put_last_field(struct eg_sink *sink, const char *text)
{
    struct eg_sink masked = {write_masked, sink, EG_OK};
    eg_csv_write_field(&masked, text);
}

static void put_field(struct eg_sink *sink, const char *text)
{
    put_last_field(sink, text);
    eg_sink_text(sink, ",");
}

static void put_u64(struct eg_sink *sink, uint64_t value)
{
    eg_sink_format(sink, "%" PRIu64 ",", value);
}

static void put_header(const struct eg_report *report, struct eg_sink *sink)
{
    char cost[32], rate[32];
    const char *currency = eg_rate_card_currency(report->rules->card);
    eg_sink_format(sink,
                   "%s,provider,region,service,label,class,packets,ip_bytes,billable_bytes,"
                   "ingress_packets,ingress_ip_bytes,%s,%s,unpriced_bytes,port,opened_by,"
                   "first_time,last_time,host,host_source,names,org,asn,country\n",
                   report->view.by == EG_BY_DESTINATION ? "address" : "key",
                   eg_currency_name(currency, "", "_per_gb", rate),
                   eg_currency_name(currency, "cost_", "", cost));
}

static void put_far_end(const struct eg_row *row, struct eg_sink *sink)
{
    const struct eg_destination *destination = row->tariff ? &row->tariff->destination : NULL;
    put_field(sink, destination ? destination->label.provider : "");
    put_field(sink, destination ? destination->label.region : "");
    put_field(sink, destination ? destination->label.service : "");
    put_field(sink, destination && destination->site ? destination->site->label : "");
    put_field(sink, row->class_ == EG_CLASSES ? "" : eg_class_name(row->class_));
}

/* "tls:www.example.com dns:example.com": no name holds a blank or a colon. */
static void put_names(const struct eg_row_hosts *hosts, struct eg_sink *sink)
{
    for (size_t i = 0; hosts && i < hosts->count; i++)
        eg_sink_format(sink, "%s%s:%s", i ? " " : "", eg_name_source_name(hosts->names[i].source),
                       hosts->names[i].text);
    eg_sink_text(sink, ",");
}

static void put_who(const struct eg_report *report, const struct eg_row *row, struct eg_sink *sink)
{
    const struct eg_place place = eg_row_place(report, row);
    put_field(sink, row->host);
    put_field(sink, row->hosts ? eg_name_source_name(row->hosts->names[0].source) : "");
    put_names(row->hosts, sink);
    put_field(sink, place.org);
    if (place.asn)
        eg_sink_format(sink, "%" PRIu32, place.asn);
    eg_sink_text(sink, ",");
    put_last_field(sink, place.country);
    eg_sink_text(sink, "\n");
}

static void put_row(const struct eg_report *report, const struct eg_row *row, struct eg_sink *sink)
{
    char text[EG_ROW_KEY_MAX], money[EG_MONEY_TEXT_MAX], time[EG_TIME_TEXT_MAX];
    put_field(sink, eg_row_key(report, row, text));
    put_far_end(row, sink);
    put_u64(sink, row->shown.packets);
    put_u64(sink, row->shown.ip_bytes);
    put_u64(sink, row->shown.billable_bytes);
    put_u64(sink, row->ingress.packets);
    put_u64(sink, row->ingress.ip_bytes);
    put_field(sink, row->priced && row->one_rate ? eg_rate_number(row->nano_per_gb, money) : "");
    put_field(sink, row->partly_priced ? eg_money_number(row->cost, money) : "");
    put_u64(sink, row->unpriced_bytes);
    const struct eg_row_port *port = &report->ports[row->first_port];
    put_field(sink, row->port_count ? eg_port_text(port->protocol, port->port, text) : "");
    put_field(sink, eg_opener_name(row->opened_by));
    put_field(sink, eg_time_text(row->first_time, time));
    put_field(sink, eg_time_text(row->last_time, time));
    put_who(report, row, sink);
}

enum eg_status eg_report_write_csv(const struct eg_report *report, const struct eg_style *style,
                                   struct eg_sink *sink)
{
    put_header(report, sink);
    for (size_t i = 0; i < eg_report_shown_rows(report, style); i++)
        put_row(report, &report->rows[i], sink);
    return sink->status;
}
