/*
 * What it means: the month that traffic like the capture's would make, what it would cost, and what
 * it would cost otherwise. docs/projection.md has the method.
 */
#ifndef EG_PROJECTION_H
#define EG_PROJECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "egress.h"
#include "price/money.h"
#include "report/spread.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { EG_MONTH_HOURS = 730 }; /* as Azure's price calculator has it: 8,760 / 12 */

struct eg_volume { /* billable bytes of one tariff, each way */
    uint64_t egress;
    uint64_t ingress;
};

struct eg_projection {
    const char *reason; /* why there is none; static; NULL: there is one */
    int64_t span;       /* what was seen, ns */
    bool by_days;       /* samples are whole days, else buckets of the usual width */
    struct eg_spread bytes_spread, cost_spread;
    uint64_t bytes, bytes_low, bytes_high; /* billable bytes of the month, of the view */
    uint64_t unpriced_bytes;               /* of `bytes`: without a price */
    struct eg_money cost, cost_low, cost_high;
    enum eg_budget budget;
};

/* What the same traffic would cost in another way. */
enum { EG_WHAT_IFS_MAX = 8, EG_WHAT_IF_TEXT_MAX = 160 };
struct eg_what_if {
    const char *id; /* static: "isp-routing" */
    char text[EG_WHAT_IF_TEXT_MAX];
    uint64_t egress_bytes, ingress_bytes;  /* billable, that it would be on */
    struct eg_money now, then;             /* what these cost, and would; at the margin */
    struct eg_money month_now, month_then; /* the whole projected month; 0 without a projection */
    bool uncertain;                        /* a rate of it is */
};

struct eg_report;
struct eg_matrix;
struct eg_cell_parts;

/*
 * Fills report->volumes, report->projection and report->what_ifs. Needs rows, intervals and
 * tariffs. parts NULL: all of the matrix.
 */
enum eg_status eg_report_project(struct eg_report *report, const struct eg_matrix *matrix,
                                 const struct eg_cell_parts *parts);

/* ---- inside ---- */

struct eg_charges;
struct eg_bill; /* bytes by ladder of the rate card */

enum eg_status eg_bill_new(const struct eg_report *report, struct eg_bill **bill);
void eg_bill_free(struct eg_bill *bill);
/* Adds what charges are on in the report's view; nothing where there is no price. */
enum eg_status eg_bill_add(struct eg_bill *bill, const struct eg_charges *charges,
                           const struct eg_volume *volume);
/* At the rates in force, exact. */
struct eg_money eg_bill_at_margin(const struct eg_bill *bill);
/* Of a month with `factor` (in millionths) times `month` / `span` of the bytes, through the tiers.
 */
struct eg_money eg_bill_of_month(const struct eg_bill *bill, int64_t span, uint64_t factor,
                                 bool divide);

/* bytes x the month / span, rounded to the nearest. */
uint64_t eg_month_bytes(uint64_t bytes, int64_t span);

enum eg_status eg_report_ask_what_if(struct eg_report *report);

#ifdef __cplusplus
}
#endif

#endif
