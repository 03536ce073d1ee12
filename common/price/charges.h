/*
 * From a destination to the list of charges its bytes bear: rules 4 (price
 * column), 4.4, 4.6, 6.1, 6.2.
 */
#ifndef EG_CHARGES_H
#define EG_CHARGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "classify/classify.h"
#include "price/rate_card.h"

#ifdef __cplusplus
extern "C" {
#endif

/* At most four meters for the class and for each way: out and in, at either end. */
enum { EG_CHARGES_MAX = 4 * (1 + EG_VIAS_MAX), EG_MONTHS_MAX = 32 };

enum eg_routing { EG_ROUTING_MICROSOFT, EG_ROUTING_INTERNET };

/* "microsoft", "internet": as options and rate cards spell it. */
const char *eg_routing_name(enum eg_routing routing);

/* --month-to-date: GB used so far this month, by class or way ("internet", "nat-gateway"). */
struct eg_month {
    char class_[24];
    uint64_t gb;
};

struct eg_pricing {
    const struct eg_rate_card *card;
    const char *provider;           /* of the VM */
    const struct eg_region *region; /* of the VM; NULL: unknown, or in no table */
    const char *region_name;        /* "" unknown; set also where no table knows the region */
    enum eg_routing routing;
    const struct eg_month *months;
    size_t month_count;
};

struct eg_charge {
    const struct eg_rate *rate;
    enum eg_charge_direction direction; /* which of the row's bytes it is charged on */
};

/* Why a price carries a mark, or why there is none; bits. */
enum eg_price_mark {
    EG_PRICE_UNCERTAIN = 1,         /* a rate of the list is marked uncertain */
    EG_PRICE_ZONE_ASSUMED = 2,      /* the VM's region is unknown: priced at zone 1, rule 4.4 */
    EG_PRICE_UPPER_BOUND = 4,       /* provider-global at the internet rate */
    EG_PRICE_REGION_ASSUMED = 8,    /* the region's zone is an assumption of the region table */
    EG_PRICE_NONE_PRIVATE = 16,     /* unpriced: private, no sites file names it */
    EG_PRICE_NONE_REGION = 32,      /* unpriced: needs --region */
    EG_PRICE_NONE_RATE = 64,        /* unpriced: the card has no rate; see missing */
    EG_PRICE_VPN_AS_INTERNET = 128, /* with UNCERTAIN: vpn to on-premises at the internet rate */
};

struct eg_charges {
    struct eg_charge charge[EG_CHARGES_MAX];
    size_t count;
    bool priced;    /* false: no price can be given; count is then 0. A free class is priced, with 0
                       charges or free ones */
    unsigned marks; /* enum eg_price_mark */
    char missing[32]; /* EG_PRICE_NONE_RATE: the class or way without a rate */
};

/*
 * Never fails: what has no price says so in marks. Ways crossed (via) are added to the class's
 * charges; a class or way without a rate leaves the whole row unpriced. O(ladders of the card).
 */
void eg_charges_of(const struct eg_pricing *pricing, const struct eg_destination *destination,
                   struct eg_charges *charges);

/*
 * The rate of internet egress in force at the VM's region, or at the zone that is assumed without
 * one; NULL when the card has none. free_gb: as eg_rate_card_find() has it.
 */
const struct eg_rate *eg_charges_internet(const struct eg_pricing *pricing, uint64_t *free_gb);

/* Rule 4.4: the lowest and highest that it is anywhere; false when the card has none that costs. */
bool eg_charges_internet_span(const struct eg_pricing *pricing, uint64_t *lowest,
                              uint64_t *highest);

#ifdef __cplusplus
}
#endif

#endif
