/*
 * Amounts as the text report writes them, for screens of the faces' own.
 */
#include "report/report.h"

#include <assert.h>

#include "report/units.h"

static_assert((int)EG_ROW_TEXT_MAX >= (int)EG_COUNT_TEXT_MAX, "buffers of the units fit");
static_assert((int)EG_ROW_TEXT_MAX >= (int)EG_MONEY_TEXT_MAX, "buffers of money fit");

const char *eg_shown_size(uint64_t bytes, char buffer[EG_ROW_TEXT_MAX])
{
    return eg_size_text(bytes, buffer);
}

const char *eg_shown_speed(uint64_t bytes, int64_t ns, char buffer[EG_ROW_TEXT_MAX])
{
    return eg_bit_rate_text(bytes, ns, buffer);
}

const char *eg_shown_span(int64_t ns, char buffer[EG_ROW_TEXT_MAX])
{
    return eg_span_text(ns, buffer);
}

const char *eg_report_shown_cost(const struct eg_report *report, size_t index, uint64_t times,
                                 uint64_t divisor, char buffer[EG_ROW_TEXT_MAX])
{
    const struct eg_money cost =
        index < report->row_count ? report->rows[index].cost : report->total.cost;
    return eg_cost_shown(eg_money_scale(cost, times, divisor),
                         eg_rate_card_currency(report->rules->card), buffer);
}
