/*
 * Facts compiled into the program from the texts of common/data by egshark-facts: only ranges.c,
 * regions.c and rate_card.c look here, so that everything else can be built and tested without.
 */
#ifndef EG_BUILTIN_H
#define EG_BUILTIN_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* rates-azure.csv, whole and terminated. */
extern const char eg_builtin_rates_azure[];
extern const size_t eg_builtin_rates_azure_length;

#ifdef __cplusplus
}
#endif

#endif
