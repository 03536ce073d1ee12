/*
 * One run: captures in, report out.
 */
#ifndef RUN_H
#define RUN_H

#include "egress.h"
#include "options.h"

/* Reads what options name and writes the report to standard output. Returns the exit status. */
int run_report(const struct options *options, const struct eg_rules *rules);

#endif
