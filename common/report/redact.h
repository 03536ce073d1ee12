/*
 * What a report may tell of the house: --redact. All texts of addresses in a report come from here;
 * names, paths and filters are replaced while the report is built, so no writer can forget to.
 */
#ifndef EG_REDACT_H
#define EG_REDACT_H

#include "report/report.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The address, or its pseudonym. Returns buffer. */
const char *eg_report_address(const struct eg_report *report, const struct eg_address *address,
                              char buffer[EG_ADDRESS_TEXT_MAX]);

/* Whether the report hides it. Needs the settlement: the VM's own addresses are hidden. */
bool eg_report_hides(const struct eg_report *report, const struct eg_address *address);

/* Replaces the path, and what else an input tells of the machine. EG_ERR_NO_MEMORY. */
enum eg_status eg_redact_input(const struct eg_rules *rules, struct eg_input *input);

/* Replaces names of hidden addresses in the report's far ends. EG_ERR_NO_MEMORY. */
enum eg_status eg_report_redact_names(struct eg_report *report);

#ifdef __cplusplus
}
#endif

#endif
