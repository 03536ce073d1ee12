/*
 * The rate card: price ladders by class, scope, destination scope, routing and direction (A6.1).
 *
 * CSV `class,scope,dest_scope,routing,direction,tier_from_gb,price,per_gb,currency` and,
 * optionally, `meter_id,meter,source,as_of`, `certainty` ("certain", "sourced", "uncertain"; empty:
 * certain) and `note`. `class` is a traffic class or a way crossed: nat-gateway, firewall, lb,
 * er-metered. `scope` and `dest_scope` are a region, a zone ("zone1"), a continent or "*";
 * `routing` is "microsoft", "internet" or "*"; `direction` is egress, ingress or both. A ladder is
 * all rows that share the first five columns; it starts at tier 0 and its edges ascend. A card has
 * one currency.
 */
#ifndef EG_RATE_CARD_H
#define EG_RATE_CARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "price/money.h"

#ifdef __cplusplus
extern "C" {
#endif

struct eg_ranges;
struct eg_rate_card; /* opaque */

enum eg_charge_direction { EG_CHARGE_EGRESS = 1, EG_CHARGE_INGRESS = 2, EG_CHARGE_BOTH = 3 };

/* One step of a ladder; strings belong to the card, never NULL. */
struct eg_rate {
    uint64_t nano_per_gb; /* nano-units of the currency per 2^30 bytes */
    uint64_t tier_from_gb;
    enum eg_charge_direction direction;
    const char *meter_id;
    const char *meter; /* the class where the file names none */
    const char *scope;
    const char *source;
    const char *as_of;
    const char *note; /* what is uncertain */
    bool uncertain;
};

/* Scopes of one end, most specific first; NULL-terminated: {"eastus", "zone1", "North America",
 * NULL}. */
enum { EG_SCOPES_MAX = 4 };

struct eg_rate_query {
    const char *class_;
    const char *scope[EG_SCOPES_MAX];
    const char *dest_scope[EG_SCOPES_MAX];
    const char *routing;                /* "microsoft", "internet" */
    enum eg_charge_direction direction; /* a ladder for `both` answers each of the other two */
    bool month_given;                   /* else: just above the free tiers, rule 6.2 */
    uint64_t month_gb;
};

/* The provider's compiled-in list (only "azure" has one; others start empty), currency "USD".
 * EG_ERR_NO_MEMORY. */
enum eg_status eg_rate_card_new(const char *provider, struct eg_rate_card **card);
void eg_rate_card_free(struct eg_rate_card *card);

/*
 * Overlays whole ladders, rule 6.1: a ladder of the file replaces every one it covers, which is one
 * with the same names, and under '*' one with any name. A file in another currency than the
 * built-in list's leaves of that only what is free; one in another currency than a file before it
 * is refused. On an error nothing is changed. ranges (may be NULL): regions it may name.
 */
enum eg_status eg_rate_card_load(struct eg_rate_card *card, const char *path,
                                 const struct eg_ranges *ranges, struct eg_error *error);
enum eg_status eg_rate_card_load_text(struct eg_rate_card *card, const char *text, size_t length,
                                      const char *file, const struct eg_ranges *ranges,
                                      struct eg_error *error);

/*
 * The rate in force: the most specific ladder (scope decides before dest_scope), its tier [from,
 * to) that holds the month so far. NULL when the card has none. *free_gb (may be NULL) is where the
 * first paid tier starts, UINT64_MAX when none does.
 */
const struct eg_rate *eg_rate_card_find(const struct eg_rate_card *card,
                                        const struct eg_rate_query *query, uint64_t *free_gb);

/* The class or way whose ladder has a rate of the card, and whether two are steps of one ladder. */
const char *eg_rate_card_class(const struct eg_rate_card *card, const struct eg_rate *rate);
bool eg_rate_card_is_one_ladder(const struct eg_rate_card *card, const struct eg_rate *a,
                                const struct eg_rate *b);

/* What `bytes` cost that follow the first from_gb GB of a month, through the tiers of the ladder.
 */
struct eg_money eg_rate_card_integrate(const struct eg_rate_card *card, const struct eg_rate *rate,
                                       uint64_t from_gb, uint64_t bytes);

/*
 * The lowest and highest rate in force of a class over all scopes, "0.087-0.181", rule 4.4: of the
 * query's class, routing and month. False when no ladder of them has a rate above 0.
 */
bool eg_rate_card_span(const struct eg_rate_card *card, const struct eg_rate_query *query,
                       uint64_t *lowest, uint64_t *highest);

/* Whether a card can have rates by that name: a class or a way, but those that never are looked up.
 */
bool eg_rate_class_known(const char *name, size_t length);

const char *eg_rate_card_currency(const struct eg_rate_card *card); /* "USD" */

/*
 * The newest date of its internet rows, on which a bill hangs most: one of a row nobody uses would
 * make the list look newer than it is. Without one the newest of all; "" when there is none.
 */
const char *eg_rate_card_as_of(const struct eg_rate_card *card);
bool eg_rate_card_is_builtin(const struct eg_rate_card *card); /* no file was overlaid */

#ifdef __cplusplus
}
#endif

#endif
