/*
 * Bytes by ladder of the rate card: all that is charged on one meter goes through its tiers
 * together (A6.2).
 */
#include "report/projection.h"

#include <stdlib.h>
#include <string.h>

#include "report/report.h"

struct line {
    const struct eg_rate *rate; /* in force; of its ladder */
    uint64_t bytes;
};

struct eg_bill {
    const struct eg_report *report;
    struct line *lines;
    size_t count, capacity;
};

enum eg_status eg_bill_new(const struct eg_report *report, struct eg_bill **bill)
{
    struct eg_bill *made = calloc(1, sizeof *made);
    if (!made)
        return EG_ERR_NO_MEMORY;
    made->report = report;
    *bill = made;
    return EG_OK;
}

void eg_bill_free(struct eg_bill *bill)
{
    if (!bill)
        return;
    free(bill->lines);
    free(bill);
}

/* The line of a rate's ladder; NULL without memory. */
static struct line *line_of(struct eg_bill *bill, const struct eg_rate *rate)
{
    for (size_t i = 0; i < bill->count; i++)
        if (eg_rate_card_is_one_ladder(bill->report->rules->card, bill->lines[i].rate, rate))
            return &bill->lines[i];
    if (bill->count == bill->capacity) {
        const size_t more = bill->capacity ? bill->capacity * 2 : 8;
        struct line *grown = realloc(bill->lines, more * sizeof *grown);
        if (!grown)
            return NULL;
        bill->lines = grown;
        bill->capacity = more;
    }
    bill->lines[bill->count] = (struct line){.rate = rate};
    return &bill->lines[bill->count++];
}

enum eg_status eg_bill_add(struct eg_bill *bill, const struct eg_charges *charges,
                           const struct eg_volume *volume)
{
    const enum eg_charge_direction view = eg_view_charges(&bill->report->view);
    for (size_t i = 0; i < charges->count && charges->priced; i++) {
        const struct eg_charge *charge = &charges->charge[i];
        const enum eg_charge_direction direction = charge->direction & view;
        const uint64_t bytes = (direction & EG_CHARGE_EGRESS ? volume->egress : 0) +
                               (direction & EG_CHARGE_INGRESS ? volume->ingress : 0);
        struct line *line = bytes ? line_of(bill, charge->rate) : NULL;
        if (bytes && !line)
            return EG_ERR_NO_MEMORY;
        if (line)
            line->bytes += bytes;
    }
    return EG_OK;
}

struct eg_money eg_bill_at_margin(const struct eg_bill *bill)
{
    struct eg_money sum = {0};
    for (size_t i = 0; i < bill->count; i++)
        sum =
            eg_money_add(sum, eg_money_of(bill->lines[i].bytes, bill->lines[i].rate->nano_per_gb));
    return sum;
}

/* GB that the month begins with: what was given, or all that is free (rule 6.2). */
static uint64_t month_so_far(const struct eg_bill *bill, const struct eg_rate *rate)
{
    const struct eg_rules *rules = bill->report->rules;
    const char *class_ = eg_rate_card_class(rules->card, rate);
    for (size_t i = 0; i < rules->month_count; i++)
        if (strcmp(rules->months[i].class_, class_) == 0)
            return rules->months[i].gb;
    return rate->tier_from_gb;
}

static uint64_t clamped(eg_u128 value)
{
    return value > UINT64_MAX ? UINT64_MAX : (uint64_t)value;
}

uint64_t eg_month_bytes(uint64_t bytes, int64_t span)
{
    const eg_u128 month = (eg_u128)EG_MONTH_HOURS * 3600 * 1000000000;
    return clamped((bytes * month + (uint64_t)span / 2) / (uint64_t)span);
}

struct eg_money eg_bill_of_month(const struct eg_bill *bill, int64_t span, uint64_t factor,
                                 bool divide)
{
    struct eg_money sum = {0};
    for (size_t i = 0; i < bill->count; i++) {
        const struct line *line = &bill->lines[i];
        const uint64_t bytes = eg_month_bytes(line->bytes, span);
        const uint64_t scaled =
            clamped(divide ? eg_spread_low(bytes, factor) : eg_spread_high(bytes, factor));
        sum = eg_money_add(sum, eg_rate_card_integrate(bill->report->rules->card, line->rate,
                                                       month_so_far(bill, line->rate), scaled));
    }
    return sum;
}
