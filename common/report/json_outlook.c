/*
 * "findings", "projection" and "what_if" of -T json: what to do, what a month would cost, and what
 * otherwise.
 */
#include <inttypes.h>
#include <stdio.h>

#include "report/json_parts.h"

/* Names that end in the currency: "low_cost_usd". */
static void put_money(struct eg_json_writer *json, const struct eg_report *report,
                      const char *before, bool known, struct eg_money money)
{
    char name[32];
    const char *currency = eg_rate_card_currency(report->rules->card);
    put_cost(json, eg_currency_name(currency, before, "", name), known, money);
}

/* "1.25" of 1250000 millionths. */
static void put_millionths(struct eg_json_writer *json, const char *name, uint64_t value)
{
    char text[32];
    snprintf(text, sizeof text, "%" PRIu64 ".%06" PRIu64, value / EG_MILLION, value % EG_MILLION);
    eg_json_put_number(json, name, text);
}

static void put_spread(struct eg_json_writer *json, const char *name,
                       const struct eg_spread *spread)
{
    char text[32];
    eg_json_open(json, name, '{');
    snprintf(text, sizeof text, "%" PRIu64 ".%03" PRIu64, spread->effective / 1000,
             spread->effective % 1000);
    eg_json_put_number(json, "effective_samples", text);
    put_millionths(json, "seen", spread->seen);
    put_millionths(json, "unseen", spread->unseen);
    put_millionths(json, "factor", spread->factor);
    eg_json_close(json, '}');
}

static void put_estimate(struct eg_json_writer *json, const struct eg_report *report)
{
    const struct eg_projection *projection = &report->projection;
    eg_json_put_string(json, "sample", projection->by_days ? "day" : "bucket");
    eg_json_put_u64(json, "samples", projection->bytes_spread.samples);
    put_spread(json, "bytes_spread", &projection->bytes_spread);
    put_spread(json, "cost_spread", &projection->cost_spread);
    eg_json_put_u64(json, "billable_bytes", projection->bytes);
    eg_json_put_u64(json, "low_billable_bytes", projection->bytes_low);
    eg_json_put_u64(json, "high_billable_bytes", projection->bytes_high);
    eg_json_put_u64(json, "unpriced_bytes", projection->unpriced_bytes);
    const bool priced = report->total.priced;
    put_money(json, report, "cost_", priced, projection->cost);
    put_money(json, report, "low_cost_", priced, projection->cost_low);
    put_money(json, report, "high_cost_", priced, projection->cost_high);
}

/* Observed; null where no time passed. */
static void put_rate_seen(struct eg_json_writer *json, const struct eg_report *report)
{
    const int64_t span = report->projection.span;
    const eg_u128 bits = (eg_u128)report->total.shown.billable_bytes * 8 * 1000000000;
    if (span > 0)
        eg_json_put_u64(json, "bits_per_second", (uint64_t)(bits / (uint64_t)span));
    else
        eg_json_put_null(json, "bits_per_second");
}

void eg_json_put_projection(struct eg_json_writer *json, const struct eg_report *report)
{
    const struct eg_projection *projection = &report->projection;
    eg_json_open(json, "projection", '{');
    eg_json_put_u64(json, "month_hours", EG_MONTH_HOURS);
    eg_json_put_u64(json, "span_ns", (uint64_t)projection->span);
    put_rate_seen(json, report);
    put_text(json, "reason", projection->reason);
    if (!projection->reason)
        put_estimate(json, report);
    put_money(json, report, "budget_", report->rules->budget_given,
              eg_money_of(UINT64_C(1) << 30, report->rules->budget));
    put_text(json, "budget", eg_budget_name(projection->budget));
    eg_json_close(json, '}');
}

void eg_json_put_what_if(struct eg_json_writer *json, const struct eg_report *report)
{
    const bool month = !report->projection.reason;
    eg_json_open(json, "what_if", '[');
    for (size_t i = 0; i < report->what_if_count; i++) {
        const struct eg_what_if *what_if = &report->what_ifs[i];
        eg_json_open(json, NULL, '{');
        eg_json_put_string(json, "id", what_if->id);
        eg_json_put_string(json, "text", what_if->text);
        eg_json_put_u64(json, "egress_billable_bytes", what_if->egress_bytes);
        eg_json_put_u64(json, "ingress_billable_bytes", what_if->ingress_bytes);
        put_money(json, report, "cost_", true, what_if->now);
        put_money(json, report, "then_cost_", true, what_if->then);
        put_money(json, report, "month_cost_", month, what_if->month_now);
        put_money(json, report, "month_then_cost_", month, what_if->month_then);
        eg_json_put_bool(json, "uncertain", what_if->uncertain);
        eg_json_close(json, '}');
    }
    eg_json_close(json, ']');
}

static void put_evidence(struct eg_json_writer *json, const struct eg_report *report,
                         const struct eg_evidence *evidence)
{
    switch (evidence->kind) {
    case EG_EVIDENCE_NUMBER:
        eg_json_put_u64(json, evidence->name, evidence->number);
        break;
    case EG_EVIDENCE_SHARE:
        put_millionths(json, evidence->name, evidence->number);
        break;
    case EG_EVIDENCE_MONEY:
        put_money(json, report, evidence->name, true, evidence->money);
        break;
    case EG_EVIDENCE_TEXT:
        put_text(json, evidence->name, evidence->text);
        break;
    }
}

void eg_json_put_findings(struct eg_json_writer *json, const struct eg_report *report)
{
    eg_json_open(json, "findings", '[');
    for (size_t i = 0; i < report->finding_count; i++) {
        const struct eg_finding *finding = &report->findings[i];
        eg_json_open(json, NULL, '{');
        eg_json_put_string(json, "id", finding->id);
        eg_json_put_string(json, "severity", eg_severity_name(finding->severity));
        eg_json_put_string(json, "text", finding->text);
        eg_json_open(json, "evidence", '{');
        for (size_t k = 0; k < finding->evidence_count; k++)
            put_evidence(json, report, &finding->evidence[k]);
        eg_json_close(json, '}');
        eg_json_close(json, '}');
    }
    eg_json_close(json, ']');
}
