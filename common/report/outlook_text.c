/*
 * The month, what it would cost otherwise, and what to do, in the text report.
 */
#include <stdio.h>

#include "report/table_text.h"
#include "report/units.h"

enum { SENTENCE_MAX = 400 };

static void put_reason(const struct eg_text *text)
{
    const struct eg_projection *projection = &text->report->projection;
    char sentence[SENTENCE_MAX], span[EG_COUNT_TEXT_MAX];
    snprintf(sentence, sizeof sentence, "not projected from %s: %s",
             eg_span_text(projection->span, span), projection->reason);
    eg_text_wrapped(text, sentence);
}

/* The bytes alone, since nothing of them has a price. */
static void put_unpriced_estimate(const struct eg_text *text)
{
    const struct eg_projection *projection = &text->report->projection;
    char sentence[SENTENCE_MAX], span[EG_COUNT_TEXT_MAX];
    char size[EG_COUNT_TEXT_MAX], low[EG_COUNT_TEXT_MAX], high[EG_COUNT_TEXT_MAX];
    snprintf(sentence, sizeof sentence,
             "%s in %d h like the %s seen; likely from %s to %s; without a price, so the cost is "
             "not known",
             eg_size_text(projection->bytes, size), EG_MONTH_HOURS,
             eg_span_text(projection->span, span), eg_size_text(projection->bytes_low, low),
             eg_size_text(projection->bytes_high, high));
    eg_text_wrapped(text, sentence);
}

static void put_estimate(const struct eg_text *text)
{
    const struct eg_projection *projection = &text->report->projection;
    const char *currency = eg_report_currency(text->report);
    char sentence[SENTENCE_MAX], span[EG_COUNT_TEXT_MAX];
    char size[EG_COUNT_TEXT_MAX], low[EG_COUNT_TEXT_MAX], high[EG_COUNT_TEXT_MAX];
    char cost[EG_MONEY_TEXT_MAX], least[EG_MONEY_TEXT_MAX], most[EG_MONEY_TEXT_MAX];
    snprintf(sentence, sizeof sentence,
             "%s = %s in %d h like the %s seen; likely from %s = %s to %s = %s",
             eg_size_text(projection->bytes, size), eg_cost_shown(projection->cost, currency, cost),
             EG_MONTH_HOURS, eg_span_text(projection->span, span),
             eg_size_text(projection->bytes_low, low),
             eg_cost_shown(projection->cost_low, currency, least),
             eg_size_text(projection->bytes_high, high),
             eg_cost_shown(projection->cost_high, currency, most));
    eg_text_wrapped(text, sentence);
    if (projection->unpriced_bytes)
        eg_sink_format(text->sink, "         %s of it have no price and are in no cost\n",
                       eg_size_text(projection->unpriced_bytes, size));
}

static void put_budget(const struct eg_text *text)
{
    static const char *const verdicts[] = {
        [EG_BUDGET_KEPT] = "kept, even at the high end",
        [EG_BUDGET_AT_RISK] = "at risk: the high end passes it",
        [EG_BUDGET_PASSED] = "passed, even at the low end",
        [EG_BUDGET_UNKNOWN] = "not known to be kept, without a projection",
    };
    const struct eg_report *report = text->report;
    const enum eg_budget budget = report->projection.budget;
    char cost[EG_MONEY_TEXT_MAX];
    if (budget == EG_BUDGET_NONE)
        return;
    const bool alone = report->projection.reason && budget == EG_BUDGET_PASSED;
    const bool partly = report->total.unpriced_bytes && budget == EG_BUDGET_KEPT;
    const char *verdict = alone    ? "passed by what was captured alone"
                          : partly ? "kept by what has a price, even at the high end"
                          : eg_report_is_unpriced(report) ? "not known to be kept, without a price"
                                                          : verdicts[budget];
    eg_text_head(text, "BUDGET");
    eg_sink_format(text->sink, "%s: %s\n",
                   eg_cost_shown(eg_money_of(UINT64_C(1) << 30, report->rules->budget),
                                 eg_report_currency(report), cost),
                   verdict);
}

/* "$312 in place of $340 a month"; without a projection, of what was captured. */
static void put_what_if(const struct eg_text *text, const struct eg_what_if *what_if)
{
    const bool month = !text->report->projection.reason;
    const char *currency = eg_report_currency(text->report);
    char sentence[SENTENCE_MAX], now[EG_MONEY_TEXT_MAX], then[EG_MONEY_TEXT_MAX];
    eg_cost_shown(month ? what_if->month_now : what_if->now, currency, now);
    eg_cost_shown(month ? what_if->month_then : what_if->then, currency, then);
    eg_text_head(text, "WHAT IF");
    snprintf(sentence, sizeof sentence, "%s: %s in place of %s%s%s", what_if->text, then, now,
             month ? " a month" : "", what_if->uncertain ? ", by an uncertain rate" : "");
    eg_text_wrapped(text, sentence);
}

void eg_text_outlook(const struct eg_text *text)
{
    const struct eg_report *report = text->report;
    if (!report->rules->project)
        return;
    eg_sink_text(text->sink, "\n");
    eg_text_head(text, "MONTH");
    if (report->projection.reason)
        put_reason(text);
    else if (eg_report_is_unpriced(report))
        put_unpriced_estimate(text);
    else
        put_estimate(text);
    put_budget(text);
    for (size_t i = 0; i < report->what_if_count; i++)
        put_what_if(text, &report->what_ifs[i]);
}

void eg_text_findings(const struct eg_text *text)
{
    const struct eg_report *report = text->report;
    const char *before = "\n";
    for (size_t i = 0; i < report->finding_count; i++) {
        if (report->findings[i].told)
            continue;
        eg_sink_text(text->sink, before);
        eg_text_head(text, "FINDING");
        eg_text_wrapped(text, report->findings[i].text);
        before = "";
    }
}
