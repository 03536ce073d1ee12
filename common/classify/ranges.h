/*
 * Whose address it is: the providers' published ranges, rules 4.2 and 4.3.
 */
#ifndef EG_RANGES_H
#define EG_RANGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/address.h"
#include "base/error.h"

#ifdef __cplusplus
extern "C" {
#endif

struct eg_ranges; /* opaque; one table a provider */

enum {
    /* On the prefix or one around it: AzureFrontDoor.Backend, AWS's CLOUDFRONT_ORIGIN_FACING. */
    EG_LABEL_CDN_ORIGIN = 1,
};

/* Strings belong to the ranges and are never NULL. */
struct eg_label {
    const char *provider; /* "azure", "aws", "gcp", "oci", or what a CSV file says; "" none */
    const char *region;   /* ARM name, AWS region, ...; "" none: global */
    const char *service;  /* as the file says, without the region's suffix; "" none, or only one
                             that names the whole cloud (AzureCloud, AMAZON, Google Cloud, OCI) */
    unsigned flags;       /* EG_LABEL_... */
};

/* Of one provider's table. */
struct eg_ranges_source {
    const char *provider;
    const char *as_of;  /* "2026-06-26"; "" when the file does not say */
    size_t prefixes;    /* different ones in the provider's file */
    size_t prefixes_v6; /* of them */
};

/* Starts with the compiled-in tables. */
enum eg_status eg_ranges_new(struct eg_ranges **ranges);
void eg_ranges_free(struct eg_ranges *ranges);

/*
 * Reads a file of any form that rule 4.2 names, told by its content, and replaces the tables of
 * the providers it holds. On an error (file, line and column where the form has them) nothing is
 * changed. Files with no date of their own (Azure's) have as_of "" unless the name holds one.
 */
enum eg_status eg_ranges_load(struct eg_ranges *ranges, const char *path, struct eg_error *error);

/* The same from memory; `file` is used in messages and as the name. For tests and fuzzing. */
enum eg_status eg_ranges_load_text(struct eg_ranges *ranges, const char *text, size_t length,
                                   const char *file, struct eg_error *error);

/* False, and *label all "", when no provider publishes the address. Longest prefix of all tables.
 */
bool eg_ranges_find(const struct eg_ranges *ranges, const struct eg_address *address,
                    struct eg_label *label);

size_t eg_ranges_sources(const struct eg_ranges *ranges);
struct eg_ranges_source eg_ranges_source_at(const struct eg_ranges *ranges, size_t number);

/* Whether any table of provider names region. */
bool eg_ranges_has_region(const struct eg_ranges *ranges, const char *provider, const char *region);

#ifdef __cplusplus
}
#endif

#endif
