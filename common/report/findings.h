/*
 * What to do: findings, each by a rule of docs/findings.md, with what it rests on.
 */
#ifndef EG_FINDINGS_H
#define EG_FINDINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "price/money.h"

#ifdef __cplusplus
extern "C" {
#endif

enum eg_severity { EG_SEVERITY_INFO, EG_SEVERITY_WARNING };

enum eg_evidence_kind {
    EG_EVIDENCE_NUMBER,
    EG_EVIDENCE_SHARE, /* of one, in millionths */
    EG_EVIDENCE_MONEY, /* name is what stands before the currency: "cost_" */
    EG_EVIDENCE_TEXT,
};

enum {
    EG_EVIDENCE_TEXT_MAX = 96,
    EG_EVIDENCE_MAX = 8,
    EG_FINDING_TEXT_MAX = 320,
    EG_FINDING_SHOWN_MAX = 640,
};

struct eg_evidence {
    enum eg_evidence_kind kind;
    const char *name; /* static, snake_case */
    uint64_t number;
    struct eg_money money;
    char text[EG_EVIDENCE_TEXT_MAX];
};

struct eg_finding {
    const char *id; /* static: "copies" */
    enum eg_severity severity;
    bool told; /* a warning of the report says so too: text leaves it out */
    char text[EG_FINDING_TEXT_MAX];
    char shown[EG_FINDING_SHOWN_MAX]; /* the same in the language of the HTML report */
    struct eg_evidence evidence[EG_EVIDENCE_MAX];
    size_t evidence_count;
};

enum { EG_FINDINGS_MAX = 16 };

const char *eg_severity_name(enum eg_severity severity); /* "info", "warning" */

struct eg_report;
struct eg_matrix;
struct eg_cell_parts;

/* Fills report->findings. Needs rows, volumes and the projection's span. */
void eg_report_find(struct eg_report *report, const struct eg_matrix *matrix,
                    const struct eg_cell_parts *parts);

#ifdef __cplusplus
}
#endif

#endif
