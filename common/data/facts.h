/*
 * The commands of egshark-facts. Each writes to standard output, tells a mistake on standard error,
 * and returns the program's exit status.
 */
#ifndef EG_FACTS_H
#define EG_FACTS_H

#include <stddef.h>

#include "base/error.h"

/* The text of the file at `path` as the C constants eg_builtin_NAME and eg_builtin_NAME_length. */
int facts_embed(const char *name, const char *path);

/* A provider's range file as the text that facts_compile_ranges() reads. */
int facts_reduce(const char *path);

/* Such texts as the C tables of builtin.h. */
int facts_compile_ranges(char *const paths[], size_t count);

/* regions.csv as the C table of builtin.h. */
int facts_compile_regions(const char *path);

/*
 * The rates of a file, those that an answer of Azure's Retail Prices API has as they are there, and
 * said to be of source and date as_of. Other rows and comments stay as they are.
 */
int facts_renew_rates(const char *rates, const char *regions, const char *answer,
                      const char *source, const char *as_of);

/* Tells an error; returns 1. */
int facts_fail(const struct eg_error *error);

/* 0, or 1 and why, if standard output could not be written. */
int facts_finish(void);

/* A string as a C literal, quotes included. */
void facts_put_literal(const char *text, size_t length);

#endif
