/*
 * The JSON report: what its writers share. Inside report/ only.
 */
#ifndef EG_JSON_PARTS_H
#define EG_JSON_PARTS_H

#include "base/json.h"
#include "report/report.h"

#ifdef __cplusplus
extern "C" {
#endif

struct json_names {
    char cost[32], rate[32]; /* cost_usd, usd_per_gb */
    size_t items;            /* at most, of the lists within; 0: all */
};

static inline struct json_names names_of(const struct eg_report *report)
{
    struct json_names names;
    names.items = 0;
    const char *currency = eg_rate_card_currency(report->rules->card);
    eg_currency_name(currency, "cost_", "", names.cost);
    eg_currency_name(currency, "", "_per_gb", names.rate);
    return names;
}

static inline void put_text(struct eg_json_writer *json, const char *name, const char *text)
{
    if (text && text[0])
        eg_json_put_string(json, name, text);
    else
        eg_json_put_null(json, name);
}

static inline void put_time(struct eg_json_writer *json, const char *name, int64_t time)
{
    char buffer[EG_TIME_TEXT_MAX];
    put_text(json, name, eg_time_text(time, buffer));
}

static inline void put_cost(struct eg_json_writer *json, const char *name, bool known,
                            struct eg_money cost)
{
    char buffer[EG_MONEY_TEXT_MAX];
    if (known)
        eg_json_put_number(json, name, eg_money_number(cost, buffer));
    else
        eg_json_put_null(json, name);
}

static inline void put_rate(struct eg_json_writer *json, const char *name, bool known,
                            uint64_t nano)
{
    char buffer[EG_MONEY_TEXT_MAX];
    if (known)
        eg_json_put_number(json, name, eg_rate_number(nano, buffer));
    else
        eg_json_put_null(json, name);
}

/* "findings": what to do. */
void eg_json_put_findings(struct eg_json_writer *json, const struct eg_report *report);

/* "projection": the month; "what_if": the same traffic otherwise. */
void eg_json_put_projection(struct eg_json_writer *json, const struct eg_report *report);
void eg_json_put_what_if(struct eg_json_writer *json, const struct eg_report *report);

/* "interval": when, as the report's or one joined of it has it. */
void eg_json_put_interval(struct eg_json_writer *json, const struct eg_report *report,
                          const struct eg_interval *interval);

#ifdef __cplusplus
}
#endif

#endif
