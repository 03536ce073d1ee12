/*
 * A configuration with its values parsed, and the rules made of it. Inside the core only; faces use
 * egress.h.
 */
#ifndef EG_CONFIG_H
#define EG_CONFIG_H

#include "base/address.h"
#include "base/pseudonym.h"
#include "classify/classify.h"
#include "egress.h"
#include "names/places.h"
#include "price/charges.h"
#include "traffic/copies.h"

#ifdef __cplusplus
extern "C" {
#endif

enum eg_language { EG_ENGLISH, EG_JAPANESE, EG_LANGUAGES };

enum eg_byte_basis { EG_BASIS_IP, EG_BASIS_ETHERNET };

enum eg_redact { EG_REDACT_OFF, EG_REDACT_PRIVATE, EG_REDACT_ALL };

enum eg_region_source {
    EG_REGION_UNKNOWN,
    EG_REGION_OPTION,
    EG_REGION_METADATA,
    EG_REGION_PUBLIC_IP,
};

/* What eg_rules_new() makes of a configuration. */
struct eg_rules {
    const char *provider;            /* static: "azure", "aws", "gcp", "oci" */
    char region[EG_REGION_NAME_MAX]; /* "" unless --region */
    bool has_public_ip;
    struct eg_address public_ip;
    struct eg_prefix *local;
    size_t local_count;
    bool local_per_input;
    enum eg_routing routing;
    bool routing_given;
    struct eg_month months[EG_MONTHS_MAX];
    size_t month_count;
    enum eg_byte_basis basis;
    bool basis_given;
    uint32_t mtu;
    bool segment; /* rule 5.2 */
    enum eg_dedup dedup;
    int64_t dedup_window; /* ns */
    enum eg_redact redact;
    struct eg_pseudonym_key redact_key; /* unless redact is off */
    struct eg_view view;
    uint64_t top;
    bool top_given;
    int64_t interval; /* ns; 0: about 100 buckets */
    bool times;       /* are kept: interval, project or budget is given */
    bool project;     /* the month, in text too */
    bool budget_given;
    uint64_t budget;           /* of a month, in nano-units of the currency */
    uint32_t cells_max;        /* 0: the matrix's default */
    enum eg_language language; /* of the HTML report */
    struct eg_ranges *ranges;
    struct eg_sites *sites; /* NULL: none */
    struct eg_rate_card *card;
    bool names;               /* false: nothing of names is looked for */
    bool resent;              /* what is sent again is looked for */
    struct eg_places *places; /* NULL when names are off; without a database where none is there */
};

/* Frees what apply functions and eg_rules_new() allocated, not rules itself. */
void eg_rules_clear(struct eg_rules *rules);

/* The initial rules of an empty configuration, before any apply. */
void eg_rules_init(struct eg_rules *rules);

/* Bytes that the basis adds to a packet's IP length: 14 or 0, rule 5.1. */
unsigned eg_rules_link_bytes(const struct eg_rules *rules);

#ifdef __cplusplus
}
#endif

#endif
