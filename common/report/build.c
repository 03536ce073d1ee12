/*
 * eg_session_report(): settle directions, classify and price each far end once, make the rows, sum
 * them, and say what is uncertain.
 */
#include "report/report.h"

#include <stdlib.h>
#include <string.h>

#include "report/redact.h"

#include "traffic/series.h"

/* Rule 7.1: the order of files does not show. */
static int compare_inputs(const void *a, const void *b)
{
    const struct eg_input *const x = a, *const y = b;
    const int path = strcmp(x->path, y->path);
    if (path != 0)
        return path;
    if (x->first_time != y->first_time)
        return x->first_time < y->first_time ? -1 : 1;
    return x->frames < y->frames ? -1 : x->frames > y->frames;
}

static enum eg_status copy_inputs(struct eg_report *report, const struct eg_session *session)
{
    report->inputs = calloc(session->input_count + 1, sizeof *report->inputs);
    if (!report->inputs)
        return EG_ERR_NO_MEMORY;
    for (size_t i = 0; i < session->input_count; i++)
        if (eg_input_copy(&session->inputs[i], &report->inputs[report->input_count++]) != EG_OK ||
            eg_redact_input(report->rules, &report->inputs[i]) != EG_OK)
            return EG_ERR_NO_MEMORY;
    qsort(report->inputs, report->input_count, sizeof *report->inputs, compare_inputs);
    return EG_OK;
}

static int compare_links(const void *a, const void *b)
{
    const struct eg_link_count *const x = a, *const y = b;
    if (x->frames != y->frames)
        return x->frames > y->frames ? -1 : 1;
    return x->link < y->link ? -1 : x->link > y->link;
}

static void copy_notes(struct eg_report *report, const struct eg_session *session)
{
    report->frames = session->counts.frames;
    report->no_key_frames = session->notes.no_key;
    report->beyond_frame = session->notes.beyond_frame;
    report->zero_length = session->notes.zero_length;
    report->heads_given_up =
        session->notes.heads_given_up + (session->streams ? session->streams->given_up : 0);
    report->copies_evicted = session->notes.copies_evicted + eg_copies_evicted(session->copies);
    report->resent.flows_forgotten = session->notes.flows_forgotten +
                                     (session->resent ? eg_resent_forgotten(session->resent) : 0);
    report->overflow = eg_matrix_overflowed(session->matrix);
    report->first_time = session->notes.first_time;
    report->last_time = session->notes.last_time;
}

/* Rule 1.1: what is no packet is no frame that was filtered, either; those are the rest. */
static void copy_buckets(struct eg_report *report, const struct eg_session *session,
                         const struct eg_selection *counts)
{
    uint64_t filtered = report->frames;
    for (int i = 0; i < EG_BUCKETS; i++) {
        const struct eg_selection *from = i < EG_BUCKET_FILTERED ? &session->counts : counts;
        report->buckets[i] = from->buckets[i];
        filtered -= i == EG_BUCKET_FILTERED ? 0 : report->buckets[i];
    }
    report->buckets[EG_BUCKET_FILTERED] = filtered;
}

static void copy_duplicates(struct eg_report *report, const struct eg_selection *counts)
{
    const struct eg_packet_counts *duplicate = &counts->duplicate;
    report->duplicate_ip_bytes = duplicate->ip_bytes;
    report->duplicate_bytes =
        duplicate->ip_bytes + duplicate->more_bytes +
        (duplicate->packets + duplicate->more_packets) * eg_rules_link_bytes(report->rules);
}

static enum eg_status copy_links(struct eg_report *report, const struct eg_session *session)
{
    report->links = malloc((session->link_count + 1) * sizeof *report->links);
    if (!report->links)
        return EG_ERR_NO_MEMORY;
    if (session->link_count)
        memcpy(report->links, session->links, session->link_count * sizeof *report->links);
    report->link_count = session->link_count;
    qsort(report->links, report->link_count, sizeof *report->links, compare_links);
    return EG_OK;
}

static enum eg_bucket bucket_of(enum eg_direction direction)
{
    static const enum eg_bucket buckets[] = {
        [EG_TRANSIT] = EG_BUCKET_TRANSIT,   [EG_EGRESS] = EG_BUCKET_EGRESS,
        [EG_INGRESS] = EG_BUCKET_INGRESS,   [EG_LOCAL] = EG_BUCKET_LOCAL,
        [EG_INTERNAL] = EG_BUCKET_INTERNAL,
    };
    return buckets[direction];
}

/*
 * Rule 3.8: whether direction and price hang on nothing that a later frame can bring: the local
 * addresses and the region are given, and no hint can turn the interface into an internal one.
 */
static bool is_fixed(const struct eg_rules *rules, const struct eg_matrix *matrix, uint32_t cell)
{
    return rules->local_count > 0 && rules->region[0] != '\0' &&
           eg_matrix_cell(matrix, cell).hint == EG_HINT_UNKNOWN;
}

/* Rule 3.5: settles direction, and moves the packets of each cell to its bucket. */
static enum eg_status settle(struct eg_report *report, const struct eg_matrix *matrix,
                             const struct eg_cell_parts *parts)
{
    const struct eg_direction_options options = {
        .local = report->rules->local,
        .local_count = report->rules->local_count,
        .local_per_input = report->rules->local_per_input,
    };
    enum eg_status status = eg_direction_settle(matrix, &options, &report->settlement);
    if (status != EG_OK)
        return status;
    const uint32_t cells = eg_matrix_cells(matrix);
    report->cells = malloc(((size_t)cells + 1) * sizeof *report->cells);
    if (!report->cells)
        return EG_ERR_NO_MEMORY;
    for (uint32_t i = 0; i < cells; i++) {
        const uint64_t packets = eg_cell_parts_packets(parts, matrix, i);
        const enum eg_direction direction = (enum eg_direction)report->settlement->direction[i];
        const bool fixed = is_fixed(report->rules, matrix, i);
        report->cells[i] = (struct eg_cell_facts){(uint8_t)direction, fixed, EG_NO_TARIFF, 0};
        report->buckets[EG_BUCKET_TRANSIT] -= packets;
        report->buckets[bucket_of(direction)] += packets;
    }
    return EG_OK;
}

/* The tariff of each cell's far end, for eg_report_frame(). */
static enum eg_status note_tariffs(struct eg_report *report, const struct eg_matrix *matrix)
{
    for (uint32_t i = 0; i < eg_matrix_cells(matrix); i++) {
        struct eg_cell_facts *facts = &report->cells[i];
        const struct eg_cell cell = eg_matrix_cell(matrix, i);
        if (facts->direction != EG_EGRESS && facts->direction != EG_INGRESS)
            continue;
        const uint32_t far = facts->direction == EG_EGRESS ? cell.destination : cell.source;
        facts->far = far;
        if (eg_tariffs_of(report->tariffs, far, &facts->tariff) != EG_OK)
            return EG_ERR_NO_MEMORY;
    }
    return EG_OK;
}

/* Settling a series changes nothing of what its session or selection holds. */
static enum eg_status make_intervals(struct eg_report *report, const struct eg_session *session,
                                     const struct eg_cell_parts *parts)
{
    const struct eg_series *series = parts ? parts->series : NULL;
    enum eg_status status = EG_OK;
    if (!parts)
        status = eg_matrix_settle_series(session->matrix, &series);
    else if (series)
        status = eg_series_settle(parts->series, NULL);
    return status == EG_OK ? eg_report_make_intervals(report, session->matrix, series) : status;
}

static enum eg_status build(struct eg_report *report, const struct eg_session *session,
                            const struct eg_selection *selection)
{
    const struct eg_selection *counts = selection ? selection : &session->counts;
    const struct eg_cell_parts *parts = selection || session->has_filtered ? &counts->parts : NULL;
    copy_notes(report, session);
    copy_buckets(report, session, counts);
    copy_duplicates(report, counts);
    enum eg_status status = copy_inputs(report, session);
    if (status == EG_OK)
        status = copy_links(report, session);
    if (status == EG_OK)
        status = settle(report, session->matrix, parts);
    if (status == EG_OK) {
        eg_report_find_region(report, session);
        status = eg_tariffs_new(report, session->matrix, &report->tariffs);
    }
    if (status == EG_OK)
        status = note_tariffs(report, session->matrix);
    if (status == EG_OK)
        status = eg_report_name_far_ends(report, session->matrix, session->hosts);
    if (status == EG_OK)
        status = eg_report_redact_names(report);
    if (status == EG_OK)
        status = eg_report_make_rows(report, session->matrix, parts);
    if (status == EG_OK)
        status = make_intervals(report, session, parts);
    if (status == EG_OK)
        status = eg_report_make_flows(report, session->matrix, parts);
    if (status == EG_OK)
        status = eg_report_project(report, session->matrix, parts);
    if (status == EG_OK)
        status = eg_report_bill_resent(report, session->matrix, parts);
    if (status == EG_OK)
        eg_report_find(report, session->matrix, parts);
    if (status == EG_OK)
        status = eg_report_warn(report);
    return status;
}

enum eg_status eg_session_report_selection(const struct eg_session *session,
                                           const struct eg_selection *selection,
                                           const struct eg_view *view, struct eg_report **report,
                                           struct eg_error *error)
{
    struct eg_report *made = calloc(1, sizeof *made);
    if (!made)
        return eg_fail_no_memory(error);
    made->rules = session->rules;
    made->view = view ? *view : session->rules->view;
    if (build(made, session, selection) != EG_OK) {
        eg_report_free(made);
        return eg_fail_no_memory(error);
    }
    *report = made;
    return EG_OK;
}

enum eg_status eg_session_report(const struct eg_session *session, const struct eg_view *view,
                                 struct eg_report **report, struct eg_error *error)
{
    return eg_session_report_selection(session, NULL, view, report, error);
}

void eg_report_free(struct eg_report *report)
{
    if (!report)
        return;
    for (size_t i = 0; i < report->input_count; i++)
        eg_input_clear(&report->inputs[i]);
    free(report->inputs);
    free(report->links);
    free(report->rows);
    free(report->charges);
    free(report->ports);
    free(report->flows);
    free(report->warnings);
    free(report->cells);
    free(report->volumes);
    eg_interval_clear(&report->interval);
    eg_interval_clear(&report->rhythm);
    eg_settlement_free(report->settlement);
    eg_tariffs_free(report->tariffs);
    eg_report_free_far_ends(report);
    free(report);
}

/* The sum of the charges that bytes of one direction bear. */
static uint64_t rate_of(const struct eg_charges *charges, enum eg_charge_direction direction,
                        uint64_t *count)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < charges->count; i++)
        if (charges->charge[i].direction & direction) {
            sum += charges->charge[i].rate->nano_per_gb;
            ++*count;
        }
    return sum;
}

/* Who is at the far end of a frame that has one. */
static void set_far_end(const struct eg_report *report, uint32_t address,
                        struct eg_frame_facts *facts)
{
    const struct eg_far_end *far = eg_report_far_end(report, address);
    if (!far->address.family)
        return;
    const struct eg_place place = eg_report_place(report, &far->address);
    facts->org = place.org;
    facts->country = place.country;
    facts->asn = place.asn;
    if (!far->hosts)
        return;
    facts->host = far->hosts->names[0].text;
    facts->host_source = eg_name_source_name(far->hosts->names[0].source);
}

void eg_report_frame(const struct eg_report *report, const struct eg_verdict *verdict,
                     struct eg_frame_facts *facts)
{
    *facts = (struct eg_frame_facts){
        .bucket = verdict->bucket,
        .class_ = "",
        .provider = "",
        .region = "",
        .service = "",
        .label = "",
        .host = "",
        .host_source = "",
        .org = "",
        .country = "",
        .ip_bytes = verdict->ip_bytes,
        .supersegment = verdict->more_packets > 0,
        .settled = verdict->cell == EG_NO_CELL,
    };
    if (verdict->cell >= report->settlement->cells) /* none, or newer than this report */
        return;
    const struct eg_cell_facts *cell = &report->cells[verdict->cell];
    facts->settled = cell->fixed;
    facts->bucket = bucket_of((enum eg_direction)cell->direction);
    if (cell->tariff == EG_NO_TARIFF)
        return;
    const struct eg_tariff *tariff = eg_tariffs_at(report->tariffs, cell->tariff);
    const struct eg_destination *destination = &tariff->destination;
    facts->class_ = eg_class_name(destination->class_);
    facts->provider = destination->label.provider;
    facts->region = destination->label.region;
    facts->service = destination->label.service;
    facts->label = destination->site ? destination->site->label : "";
    set_far_end(report, cell->far, facts);
    facts->billable_bytes = verdict->ip_bytes + verdict->more_bytes +
                            (1 + verdict->more_packets) * eg_rules_link_bytes(report->rules);
    facts->priced = tariff->charges.priced;
    facts->marks = tariff->charges.marks;
    facts->unlisted_private = (facts->marks & EG_PRICE_NONE_PRIVATE) != 0;
    facts->nano_per_gb = rate_of(
        &tariff->charges, cell->direction == EG_EGRESS ? EG_CHARGE_EGRESS : EG_CHARGE_INGRESS,
        &facts->charges);
}

uint64_t eg_report_frames(const struct eg_report *report)
{
    return report->frames;
}

uint64_t eg_report_bucket(const struct eg_report *report, enum eg_bucket bucket)
{
    return report->buckets[bucket];
}

const char *eg_cost_text(uint64_t bytes, uint64_t nano_per_gb, char buffer[64])
{
    return eg_money_text(eg_money_of(bytes, nano_per_gb), 12, buffer);
}

uint64_t eg_report_top(const struct eg_report *report, enum eg_format format)
{
    if (report->rules->top_given)
        return report->rules->top;
    return format == EG_FORMAT_TEXT ? 20 : format == EG_FORMAT_HTML ? EG_HTML_ROWS_MAX : 0;
}

bool eg_format_parse(const char *name, enum eg_format *format)
{
    static const char *const names[] = {"text", "csv", "json", "ndjson", "html"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(names[i], name) == 0) {
            *format = (enum eg_format)i;
            return true;
        }
    return false;
}

bool eg_format_has_times(enum eg_format format)
{
    return format == EG_FORMAT_JSON || format == EG_FORMAT_HTML;
}

enum eg_status eg_report_write(const struct eg_report *report, const struct eg_style *style,
                               struct eg_sink *sink)
{
    switch (style->format) {
    case EG_FORMAT_TEXT:
        return eg_report_write_text(report, style, sink);
    case EG_FORMAT_CSV:
        return eg_report_write_csv(report, style, sink);
    case EG_FORMAT_JSON:
        return eg_report_write_json(report, style, sink);
    case EG_FORMAT_NDJSON:
        return eg_report_write_ndjson(report, style, sink);
    case EG_FORMAT_HTML:
        return eg_report_write_html(report, style, sink);
    }
    return EG_ERR_VALUE;
}
