/*
 * A report's rows, total and warnings for tables of the faces' own.
 */
#include "report/report.h"

#include <stdio.h>
#include <string.h>

struct eg_view eg_rules_view(const struct eg_rules *rules)
{
    return rules->view;
}

size_t eg_report_rows(const struct eg_report *report)
{
    return report->row_count;
}

/* "zone 1 assumed; uncertain rate" */
static void set_note(struct eg_row_facts *facts, unsigned marks)
{
    static const struct {
        enum eg_price_mark mark;
        const char *words;
    } notes[] = {
        {EG_PRICE_NONE_PRIVATE, "no price: in no sites file"},
        {EG_PRICE_NONE_REGION, "no price: region unknown"},
        {EG_PRICE_NONE_RATE, "no price: no rate"},
        {EG_PRICE_UPPER_BOUND, "upper bound"},
        {EG_PRICE_VPN_AS_INTERNET, "priced as internet"},
        {EG_PRICE_ZONE_ASSUMED, "zone 1 assumed"},
        {EG_PRICE_REGION_ASSUMED, "zone assumed"},
        {EG_PRICE_UNCERTAIN, "uncertain rate"},
    };
    size_t used = 0;
    for (size_t i = 0; i < sizeof notes / sizeof notes[0]; i++)
        if (marks & notes[i].mark && used < sizeof facts->note)
            used += (size_t)snprintf(facts->note + used, sizeof facts->note - used, "%s%s",
                                     used ? "; " : "", notes[i].words);
}

/* Bytes that are not billed for have no price, and make no cost of what has none. */
static void set_amounts(struct eg_row_facts *facts, const struct eg_tally *shown,
                        uint64_t unpriced_bytes, struct eg_money cost, bool priced)
{
    facts->packets = shown->packets;
    facts->ip_bytes = shown->ip_bytes;
    facts->billable_bytes = shown->billable_bytes;
    facts->unpriced_bytes = unpriced_bytes;
    if (priced || shown->billable_bytes == 0)
        eg_money_text(cost, 12, facts->cost);
}

void eg_report_row(const struct eg_report *report, size_t index, struct eg_row_facts *facts)
{
    char buffer[EG_ROW_KEY_MAX];
    const struct eg_row *row = &report->rows[index];
    const struct eg_destination *destination = row->tariff ? &row->tariff->destination : NULL;
    *facts = (struct eg_row_facts){
        .class_ = row->class_ == EG_CLASSES ? "" : eg_class_name(row->class_),
        .provider = destination ? destination->label.provider : "",
        .region = destination ? destination->label.region : "",
        .service = destination ? destination->label.service : "",
        .label = destination && destination->site ? destination->site->label : "",
        .host = row->host,
        .host_source = row->hosts ? eg_name_source_name(row->hosts->names[0].source) : "",
    };
    const struct eg_place place = eg_row_place(report, row);
    facts->org = place.org;
    facts->country = place.country;
    facts->asn = place.asn;
    snprintf(facts->key, sizeof facts->key, "%s", eg_row_key(report, row, buffer));
    if (row->priced && row->one_rate)
        eg_money_text(eg_money_of(UINT64_C(1) << 30, row->nano_per_gb), 9, facts->rate);
    set_amounts(facts, &row->shown, row->unpriced_bytes, row->cost, row->partly_priced);
    set_note(facts, row->marks);
}

void eg_report_total(const struct eg_report *report, struct eg_row_facts *facts)
{
    const struct eg_class_total *total = &report->total;
    *facts = (struct eg_row_facts){
        .class_ = "",
        .provider = "",
        .region = "",
        .service = "",
        .label = "",
        .host = "",
        .host_source = "",
        .org = "",
        .country = "",
    };
    set_amounts(facts, &total->shown, total->unpriced_bytes, total->cost, total->priced);
    set_note(facts, report->marks);
}

const char *eg_report_warning(const struct eg_report *report, size_t index)
{
    return index < report->warning_count ? report->warnings[index].text : NULL;
}

const char *eg_report_currency(const struct eg_report *report)
{
    return eg_rate_card_currency(report->rules->card);
}

const char *eg_class_at(size_t index)
{
    return index < EG_CLASSES ? eg_class_name((enum eg_class)index) : NULL;
}
