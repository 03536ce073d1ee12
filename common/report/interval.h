/*
 * When: the report's sums in buckets of time, of all its rows, by class, and of its first rows.
 *
 * Buckets begin at whole multiples of their width since 1970. Sums over the buckets of a line, and
 * what has no time, are exactly the totals of what the line is of.
 */
#ifndef EG_INTERVAL_H
#define EG_INTERVAL_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "classify/traffic_class.h"
#include "price/money.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { EG_INTERVAL_ROWS = 20 };

/* Of the view's direction; the cost is that of its rows, so of both directions where both bear. */
struct eg_interval_sum {
    uint64_t packets;
    uint64_t ip_bytes;
    uint64_t billable_bytes;
    struct eg_money cost;
};

struct eg_interval_line {
    struct eg_interval_sum *sums; /* one a bucket; NULL: the class has no row */
    struct eg_interval_sum untimed;
};

struct eg_interval {
    int64_t width;      /* ns; 0: there are no buckets, */
    const char *reason; /* and this is why; static */
    int64_t first;      /* number of the first bucket, which begins at first x width */
    size_t buckets;
    struct eg_interval_line total;
    struct eg_interval_line classes[EG_CLASSES];
    struct eg_interval_line rows[EG_INTERVAL_ROWS]; /* of the report's first rows, by destination */
    size_t row_count;
    struct eg_interval_sum *all; /* the sums of all lines */
};

struct eg_report;
struct eg_matrix;
struct eg_series;

/*
 * Fills report->interval, as wide as --interval wants it, and report->rhythm: the totals alone, as
 * wide as without it. Needs rows. series: settled; NULL: no packet has a time.
 */
enum eg_status eg_report_make_intervals(struct eg_report *report, const struct eg_matrix *matrix,
                                        const struct eg_series *series);

/*
 * The same in at most `most` buckets, each the sum of as many neighbours; to be cleared.
 * EG_ERR_NO_MEMORY.
 */
enum eg_status eg_interval_join(const struct eg_interval *interval, size_t most,
                                struct eg_interval *joined);

void eg_interval_clear(struct eg_interval *interval);

/* Where a bucket begins, ns since 1970. */
int64_t eg_interval_time(const struct eg_interval *interval, size_t bucket);

#ifdef __cplusplus
}
#endif

#endif
