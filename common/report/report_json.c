/*
 * -T json and -T ndjson, rule 8.2: exact integers, stable names, money as numbers with at most
 * twelve decimals.
 */
#include "report/report.h"

#include "report/json_parts.h"
#include "report/redact.h"

static bool is_behind(const struct json_names *names, size_t item)
{
    return names->items && item >= names->items;
}

static void put_tally(struct eg_json_writer *json, const struct eg_tally *tally)
{
    eg_json_put_u64(json, "packets", tally->packets);
    eg_json_put_u64(json, "ip_bytes", tally->ip_bytes);
    eg_json_put_u64(json, "billable_bytes", tally->billable_bytes);
}

static void put_tool(struct eg_json_writer *json, const struct eg_report *report)
{
    char text[256];
    eg_json_open(json, "tool", '{');
    eg_json_put_string(json, "name", "egshark");
    eg_json_put_string(json, "version", eg_version());
    eg_json_put_string(json, "ranges_as_of",
                       eg_rules_ranges_text(report->rules, text, sizeof text));
    eg_json_put_string(json, "rates_as_of", eg_rules_rates_text(report->rules, text, sizeof text));
    put_text(json, "places_as_of", eg_rules_places_text(report->rules, text, sizeof text));
    eg_json_close(json, '}');
}

/* What is behind the last of the inputs that are listed. */
static void put_inputs_rest(struct eg_json_writer *json, const struct eg_report *report,
                            const struct json_names *names)
{
    uint64_t frames = 0;
    if (names->items == 0 || report->input_count <= names->items)
        return;
    for (size_t i = names->items; i < report->input_count; i++)
        frames += report->inputs[i].frames;
    eg_json_open(json, "inputs_rest", '{');
    eg_json_put_u64(json, "inputs", report->input_count - names->items);
    eg_json_put_u64(json, "frames", frames);
    eg_json_close(json, '}');
}

static void put_inputs(struct eg_json_writer *json, const struct eg_report *report,
                       const struct json_names *names)
{
    eg_json_open(json, "inputs", '[');
    for (size_t i = 0; i < report->input_count && !is_behind(names, i); i++) {
        const struct eg_input *input = &report->inputs[i];
        eg_json_open(json, NULL, '{');
        eg_json_put_string(json, "path", input->path);
        put_text(json, "format", input->format);
        eg_json_put_u64(json, "frames", input->frames);
        put_time(json, "first_time", input->first_time);
        put_time(json, "last_time", input->last_time);
        eg_json_put_bool(json, "truncated_file", input->truncated_file);
        if (input->drops_known)
            eg_json_put_u64(json, "drops", input->drops);
        else
            eg_json_put_null(json, "drops");
        put_text(json, "capture_filter", input->capture_filter);
        put_text(json, "system", input->system);
        eg_json_open(json, "interfaces", '[');
        for (size_t k = 0; input->interfaces && input->interfaces[k]; k++)
            eg_json_put_string(json, NULL, input->interfaces[k]);
        eg_json_close(json, ']');
        eg_json_close(json, '}');
    }
    eg_json_close(json, ']');
    put_inputs_rest(json, report, names);
}

static void put_month(struct eg_json_writer *json, const struct eg_rules *rules)
{
    eg_json_open(json, "month_to_date_gb", '{');
    for (size_t i = 0; i < rules->month_count; i++)
        eg_json_put_u64(json, rules->months[i].class_, rules->months[i].gb);
    eg_json_close(json, '}');
}

static void put_local(struct eg_json_writer *json, const struct eg_report *report)
{
    const struct eg_settlement *settlement = report->settlement;
    eg_json_open(json, "local", '[');
    for (size_t i = 0; i < settlement->local_count; i++) {
        char buffer[EG_ADDRESS_TEXT_MAX];
        eg_json_put_string(json, NULL, eg_report_address(report, &settlement->local[i], buffer));
    }
    eg_json_close(json, ']');
    eg_json_put_string(json, "local_source", eg_local_source_name(settlement->source));
}

static void put_assumptions(struct eg_json_writer *json, const struct eg_report *report)
{
    const struct eg_rules *rules = report->rules;
    eg_json_open(json, "assumptions", '{');
    eg_json_put_string(json, "provider", rules->provider);
    put_text(json, "region", report->region);
    eg_json_put_string(json, "region_source", eg_region_source_name(report->region_source));
    put_text(json, "region_suggestion", report->region_suggestion);
    put_local(json, report);
    eg_json_put_string(json, "routing", eg_routing_name(rules->routing));
    put_month(json, rules);
    eg_json_put_string(json, "byte_basis", eg_basis_name(rules->basis));
    eg_json_put_u64(json, "mtu", rules->mtu);
    eg_json_put_bool(json, "segmentation", rules->segment);
    eg_json_put_string(json, "dedup", eg_dedup_name(rules->dedup));
    eg_json_put_string(json, "currency", eg_rate_card_currency(rules->card));
    put_text(json, "redacted", eg_redact_name(rules->redact));
    eg_json_close(json, '}');
}

static void put_frames(struct eg_json_writer *json, const struct eg_report *report)
{
    static const enum eg_bucket order[] = {
        EG_BUCKET_EGRESS,    EG_BUCKET_INGRESS,          EG_BUCKET_LOCAL,
        EG_BUCKET_INTERNAL,  EG_BUCKET_TRANSIT,          EG_BUCKET_DUPLICATE,
        EG_BUCKET_FILTERED,  EG_BUCKET_NOT_IP,           EG_BUCKET_TRUNCATED,
        EG_BUCKET_MALFORMED, EG_BUCKET_UNSUPPORTED_LINK,
    };
    eg_json_open(json, "frames", '{');
    eg_json_put_u64(json, "total", report->frames);
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++)
        eg_json_put_u64(json, eg_bucket_name(order[i]), report->buckets[order[i]]);
    eg_json_put_u64(json, "length_beyond_frame", report->beyond_frame);
    eg_json_put_u64(json, "length_from_wire", report->zero_length);
    eg_json_put_u64(json, "without_copy_key", report->no_key_frames);
    eg_json_close(json, '}');
}

static void put_totals(struct eg_json_writer *json, const struct eg_report *report,
                       const struct json_names *names)
{
    const struct eg_class_total *total = &report->total;
    eg_json_open(json, "totals", '{');
    put_tally(json, &total->shown);
    put_cost(json, names->cost, total->priced || report->row_count == 0, total->cost);
    eg_json_put_u64(json, "unpriced_bytes", total->unpriced_bytes);
    eg_json_put_u64(json, "duplicate_bytes", report->duplicate_bytes);
    eg_json_put_u64(json, "segmentation_bytes", report->segmentation_bytes);
    eg_json_put_u64(json, "other_basis_bytes", report->other_basis_bytes);
    eg_json_close(json, '}');
}

static void put_classes(struct eg_json_writer *json, const struct eg_report *report,
                        const struct json_names *names)
{
    eg_json_open(json, "classes", '[');
    for (size_t i = 0; i < EG_CLASSES; i++) {
        const struct eg_class_total *class_ = &report->classes[i];
        if (class_->rows == 0)
            continue;
        eg_json_open(json, NULL, '{');
        eg_json_put_string(json, "class", eg_class_name((enum eg_class)i));
        put_tally(json, &class_->shown);
        put_cost(json, names->cost, class_->priced, class_->cost);
        eg_json_close(json, '}');
    }
    eg_json_close(json, ']');
}

static const char *direction_name(enum eg_charge_direction direction)
{
    return direction == EG_CHARGE_EGRESS    ? "egress"
           : direction == EG_CHARGE_INGRESS ? "ingress"
                                            : "both";
}

static void put_charges(struct eg_json_writer *json, const struct eg_report *report,
                        const struct eg_row *row, const struct json_names *names)
{
    eg_json_open(json, "charges", '[');
    for (size_t i = 0; i < row->charge_count; i++) {
        const struct eg_row_charge *charge = &report->charges[row->first_charge + i];
        eg_json_open(json, NULL, '{');
        eg_json_put_string(json, "meter", charge->rate->meter);
        eg_json_put_string(json, "direction", direction_name(charge->direction));
        put_rate(json, names->rate, true, charge->rate->nano_per_gb);
        eg_json_put_u64(json, "billable_bytes", charge->billable_bytes);
        put_cost(json, names->cost, true,
                 eg_money_of(charge->billable_bytes, charge->rate->nano_per_gb));
        eg_json_close(json, '}');
    }
    eg_json_close(json, ']');
}

static void put_port(struct eg_json_writer *json, const struct eg_row_port *port)
{
    char buffer[EG_ROW_KEY_MAX];
    eg_json_open(json, NULL, '{');
    eg_json_put_string(json, "protocol", eg_protocol_text(port->protocol, buffer));
    if (port->port == EG_PORT_NONE)
        eg_json_put_null(json, "port");
    else
        eg_json_put_u64(json, "port", port->port);
    eg_json_put_u64(json, "ip_bytes", port->ip_bytes);
    eg_json_close(json, '}');
}

/* Most bytes first, so that ports seen in the other direction only, which are left out, are last.
 */
static void put_ports(struct eg_json_writer *json, const struct eg_report *report,
                      const struct eg_row *row, const struct json_names *names)
{
    const struct eg_row_port *ports = &report->ports[row->first_port];
    uint64_t rest = 0, rest_bytes = 0;
    eg_json_open(json, "ports", '[');
    for (size_t i = 0; i < row->port_count && ports[i].ip_bytes; i++) {
        if (!is_behind(names, i)) {
            put_port(json, &ports[i]);
            continue;
        }
        rest++;
        rest_bytes += ports[i].ip_bytes;
    }
    eg_json_close(json, ']');
    if (rest == 0)
        return;
    eg_json_open(json, "ports_rest", '{');
    eg_json_put_u64(json, "ports", rest);
    eg_json_put_u64(json, "ip_bytes", rest_bytes);
    eg_json_close(json, '}');
}

/* What is at the far end; of a row of several kinds only the class, if that is one. */
static void put_far_end(struct eg_json_writer *json, const struct eg_row *row)
{
    const struct eg_destination *destination = row->tariff ? &row->tariff->destination : NULL;
    put_text(json, "provider", destination ? destination->label.provider : "");
    put_text(json, "region", destination ? destination->label.region : "");
    put_text(json, "service", destination ? destination->label.service : "");
    put_text(json, "label", destination && destination->site ? destination->site->label : "");
    put_text(json, "class", row->class_ == EG_CLASSES ? "" : eg_class_name(row->class_));
}

/* Who it is. A name stands there once for each source it is from. */
static void put_names(struct eg_json_writer *json, const struct eg_report *report,
                      const struct eg_row *row)
{
    const struct eg_row_hosts *hosts = row->hosts;
    const struct eg_place place = eg_row_place(report, row);
    put_text(json, "host", row->host);
    put_text(json, "host_source", hosts ? eg_name_source_name(hosts->names[0].source) : "");
    eg_json_open(json, "names", '[');
    for (size_t i = 0; hosts && i < hosts->count; i++) {
        eg_json_open(json, NULL, '{');
        eg_json_put_string(json, "name", hosts->names[i].text);
        eg_json_put_string(json, "source", eg_name_source_name(hosts->names[i].source));
        eg_json_close(json, '}');
    }
    eg_json_close(json, ']');
    eg_json_put_bool(json, "names_cut", hosts && hosts->cut);
    put_text(json, "org", place.org);
    if (place.asn)
        eg_json_put_u64(json, "asn", place.asn);
    else
        eg_json_put_null(json, "asn");
    put_text(json, "country", place.country);
}

static void put_row(struct eg_json_writer *json, const struct eg_report *report,
                    const struct eg_row *row, const struct json_names *names)
{
    char key[EG_ROW_KEY_MAX];
    eg_json_open(json, NULL, '{');
    eg_json_put_string(json, report->view.by == EG_BY_DESTINATION ? "address" : "key",
                       eg_row_key(report, row, key));
    put_far_end(json, row);
    put_names(json, report, row);
    put_tally(json, &row->shown);
    eg_json_put_u64(json, "ingress_packets", row->ingress.packets);
    eg_json_put_u64(json, "ingress_ip_bytes", row->ingress.ip_bytes);
    put_rate(json, names->rate, row->priced && row->one_rate, row->nano_per_gb);
    put_cost(json, names->cost, row->partly_priced, row->cost);
    eg_json_put_u64(json, "unpriced_bytes", row->unpriced_bytes);
    put_charges(json, report, row, names);
    put_ports(json, report, row, names);
    put_text(json, "opened_by", eg_opener_name(row->opened_by));
    put_time(json, "first_time", row->first_time);
    put_time(json, "last_time", row->last_time);
    eg_json_close(json, '}');
}

static void put_warnings(struct eg_json_writer *json, const struct eg_report *report,
                         const struct json_names *names)
{
    eg_json_open(json, "warnings", '[');
    for (size_t i = 0; i < report->warning_count && !is_behind(names, i); i++)
        eg_json_put_string(json, NULL, report->warnings[i].text);
    eg_json_close(json, ']');
    if (names->items && report->warning_count > names->items)
        eg_json_put_u64(json, "warnings_rest", report->warning_count - names->items);
}

/* What --top leaves out, so that the rows still add up. */
static void put_rest(struct eg_json_writer *json, const struct eg_report *report, size_t shown,
                     const struct json_names *names)
{
    const struct eg_class_total rest = eg_report_rest(report, shown);
    if (rest.rows == 0)
        return;
    eg_json_open(json, "rest", '{');
    eg_json_put_u64(json, "rows", rest.rows);
    put_tally(json, &rest.shown);
    put_cost(json, names->cost, true, rest.cost);
    eg_json_close(json, '}');
}

static enum eg_status write_json(const struct eg_report *report, size_t rows,
                                 const struct eg_interval *interval, const struct json_names *names,
                                 unsigned indent, struct eg_sink *sink)
{
    struct eg_json_writer json;
    eg_json_begin(&json, sink, indent);
    eg_json_open(&json, NULL, '{');
    eg_json_put_string(&json, "schema", "egshark.report/1");
    put_tool(&json, report);
    put_inputs(&json, report, names);
    put_assumptions(&json, report);
    put_frames(&json, report);
    put_totals(&json, report, names);
    put_classes(&json, report, names);
    eg_json_open(&json, report->view.by == EG_BY_DESTINATION ? "destinations" : "rows", '[');
    for (size_t i = 0; i < rows; i++)
        put_row(&json, report, &report->rows[i], names);
    eg_json_close(&json, ']');
    put_rest(&json, report, rows, names);
    eg_json_put_findings(&json, report);
    eg_json_put_projection(&json, report);
    eg_json_put_what_if(&json, report);
    eg_json_put_interval(&json, report, interval);
    put_warnings(&json, report, names);
    eg_json_close(&json, '}');
    eg_sink_text(sink, "\n");
    return sink->status;
}

enum eg_status eg_report_write_json(const struct eg_report *report, const struct eg_style *style,
                                    struct eg_sink *sink)
{
    const struct json_names names = names_of(report);
    return write_json(report, eg_report_shown_rows(report, style), &report->interval, &names, 2,
                      sink);
}

enum eg_status eg_report_write_json_part(const struct eg_report *report, size_t rows, size_t items,
                                         struct eg_sink *sink)
{
    struct json_names names = names_of(report);
    struct eg_interval joined;
    names.items = items;
    if (eg_interval_join(&report->interval, EG_PART_BUCKETS, &joined) != EG_OK)
        return sink->status = EG_ERR_NO_MEMORY;
    const enum eg_status status = write_json(report, rows, &joined, &names, 0, sink);
    eg_interval_clear(&joined);
    return status;
}

enum eg_status eg_report_write_ndjson(const struct eg_report *report, const struct eg_style *style,
                                      struct eg_sink *sink)
{
    const struct json_names names = names_of(report);
    const size_t rows = eg_report_shown_rows(report, style);
    for (size_t i = 0; i < rows; i++) {
        struct eg_json_writer json;
        eg_json_begin(&json, sink, 0);
        put_row(&json, report, &report->rows[i], &names);
        eg_sink_text(sink, "\n");
    }
    return sink->status;
}
