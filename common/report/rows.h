/*
 * Building the rows of a report: growing arrays, and grouping by the keys of --by.
 */
#ifndef EG_ROWS_H
#define EG_ROWS_H

#include "report/report.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The report's arrays while they grow. */
struct eg_rows {
    struct eg_report *report;
    size_t row_capacity;
    size_t charge_capacity;
    size_t port_capacity;
};

/* Each appends a copy; EG_ERR_NO_MEMORY leaves what was there. */
enum eg_status eg_rows_add(struct eg_rows *rows, const struct eg_row *row);
enum eg_status eg_rows_add_charge(struct eg_rows *rows, const struct eg_row_charge *charge);
enum eg_status eg_rows_add_port(struct eg_rows *rows, const struct eg_row_port *port);

/* 0 when charges are alike, which they are when their meter, rate and direction are. */
int eg_row_charge_compare(const void *a, const void *b);

/* Most bytes first, then protocol and port. */
void eg_rows_sort_ports(struct eg_row_port *ports, size_t count);

/* Replaces rows by destination (and port) with rows by the view's key. */
enum eg_status eg_rows_group(struct eg_rows *rows);

#ifdef __cplusplus
}
#endif

#endif
