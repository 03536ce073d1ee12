/*
 * The table of the text report.
 */
#ifndef EG_TABLE_TEXT_H
#define EG_TABLE_TEXT_H

#include "report/report.h"

#ifdef __cplusplus
extern "C" {
#endif

struct eg_text {
    const struct eg_report *report;
    const struct eg_style *style;
    struct eg_sink *sink;
};

enum eg_text_color { EG_TEXT_HEAD, EG_TEXT_WARN, EG_TEXT_BILLED, EG_TEXT_FREE };

/* Columns to fill where there is no terminal to ask. */
enum { EG_TEXT_WIDTH = 100 };

/* ANSI escapes, or "" without color. */
const char *eg_text_on(const struct eg_text *text, enum eg_text_color color);
const char *eg_text_off(const struct eg_text *text);

/* Writes text of unknown origin, a file name or a label: control characters become '?'. */
void eg_text_put(const struct eg_text *text, const char *from, size_t length);

/* The word that begins a line, and a blank. */
void eg_text_head(const struct eg_text *text, const char *head);

/* A sentence behind a head, broken at blanks; what follows is indented under its beginning. */
void eg_text_wrapped(const struct eg_text *text, const char *sentence);

/* The month and what it would cost otherwise, where the settings ask for it. */
void eg_text_outlook(const struct eg_text *text);

/* Findings that no warning tells of. */
void eg_text_findings(const struct eg_text *text);

/* As wide as its widest cells; right-aligned numbers; a last row for what --top leaves out. */
void eg_table_write(const struct eg_text *text);

#ifdef __cplusplus
}
#endif

#endif
