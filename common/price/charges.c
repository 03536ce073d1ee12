#include "price/charges.h"

#include <stdio.h>
#include <string.h>

enum {
    NONE_MARKS = EG_PRICE_NONE_PRIVATE | EG_PRICE_NONE_REGION | EG_PRICE_NONE_RATE,
};

/* What the price of an unknown region is assumed to be, rule 4.4: the cheapest zone. */
static const char assumed_zone[] = "zone1";

struct bill {
    const struct eg_pricing *pricing;
    const struct eg_destination *destination;
    struct eg_charges *charges;
};

/* One end of the traffic, or a zone that stands for it; name "" when unknown. */
struct end {
    const char *name;
    const struct eg_region *region; /* NULL when no table knows the name */
};

/* A meter read at the end `here`, of traffic with the end `there`. */
struct meter {
    const char *class_; /* or way */
    const char *routing;
    struct end here;
    struct end there;
    bool peering_zones; /* the zones of virtual network peering, which can differ */
    bool at_far_end;    /* what goes out there is what comes in here */
};

static const struct end nowhere = {"", NULL};

static struct end end_of(const char *name, const struct eg_region *region)
{
    return (struct end){region ? region->name : name, region};
}

static struct end own_end(const struct eg_pricing *pricing)
{
    return end_of(pricing->region_name, pricing->region);
}

static struct end far_end(const struct bill *bill)
{
    return end_of(bill->destination->label.region, bill->destination->region);
}

/* What the sites file says is behind the prefix; what a range file says does not matter there. */
static struct end site_end(const struct bill *bill)
{
    const struct eg_site *site = bill->destination->site;
    return site ? end_of(site->region, eg_region_find(bill->pricing->provider, site->region))
                : nowhere;
}

static bool is_known(struct end end)
{
    return end.name[0] != '\0';
}

static bool in_one_region(struct end a, struct end b)
{
    return is_known(a) && strcmp(a.name, b.name) == 0;
}

const char *eg_routing_name(enum eg_routing routing)
{
    return routing == EG_ROUTING_INTERNET ? "internet" : "microsoft";
}

static void leave_unpriced(struct bill *bill, enum eg_price_mark mark, const char *missing)
{
    struct eg_charges *charges = bill->charges;
    charges->marks |= mark;
    if (charges->priced && missing)
        snprintf(charges->missing, sizeof charges->missing, "%s", missing);
    charges->priced = false;
}

/* ---- one meter ------------------------------------------------------------------------------- */

/*
 * Region, zone, continent: the most specific first. A cloud of its own has regions only, as its
 * rates are not those of the continent around it, rule 4.4.
 */
static void list_scopes(struct end end, bool peering_zones, const char *scopes[EG_SCOPES_MAX])
{
    size_t count = 0;
    const char *names[] = {end.name, "", ""};
    if (end.region && !end.region->closed) {
        names[1] = peering_zones ? end.region->peering_zone : end.region->zone;
        names[2] = end.region->continent;
    }
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (names[i][0] != '\0')
            scopes[count++] = names[i];
    scopes[count] = NULL;
}

static void set_month(const struct eg_pricing *pricing, struct eg_rate_query *query)
{
    for (size_t i = 0; i < pricing->month_count; i++) {
        if (strcmp(pricing->months[i].class_, query->class_) == 0) {
            query->month_given = true;
            query->month_gb = pricing->months[i].gb;
        }
    }
}

static const struct eg_rate *find_rate(const struct eg_pricing *pricing, const struct meter *meter,
                                       enum eg_charge_direction direction, uint64_t *free_gb)
{
    struct eg_rate_query query = {
        .class_ = meter->class_, .routing = meter->routing, .direction = direction};
    list_scopes(meter->here, meter->peering_zones, query.scope);
    list_scopes(meter->there, meter->peering_zones, query.dest_scope);
    set_month(pricing, &query);
    return eg_rate_card_find(pricing->card, &query, free_gb);
}

/* Whether the rate was found by what the region table says of the region, not by its name. */
static bool hangs_on_zone(const struct eg_rate *rate, struct end end)
{
    return strcmp(rate->scope, "*") != 0 && strcmp(rate->scope, end.name) != 0;
}

static void add_charge(struct bill *bill, const struct meter *meter, const struct eg_rate *rate,
                       enum eg_charge_direction direction)
{
    struct eg_charges *charges = bill->charges;
    if (rate->uncertain)
        charges->marks |= EG_PRICE_UNCERTAIN;
    if (meter->here.region && meter->here.region->uncertain && hangs_on_zone(rate, meter->here))
        charges->marks |= EG_PRICE_REGION_ASSUMED;
    charges->charge[charges->count++] = (struct eg_charge){rate, direction};
}

/* What leaves always has a rate, be it 0; what enters is charged where the card says so. */
static void charge(struct bill *bill, const struct meter *meter)
{
    const struct eg_rate *out = find_rate(bill->pricing, meter, EG_CHARGE_EGRESS, NULL);
    const struct eg_rate *in = find_rate(bill->pricing, meter, EG_CHARGE_INGRESS, NULL);
    if (!out) {
        leave_unpriced(bill, EG_PRICE_NONE_RATE, meter->class_);
        return;
    }
    if (out == in) {
        add_charge(bill, meter, out, EG_CHARGE_BOTH);
        return;
    }
    add_charge(bill, meter, out, meter->at_far_end ? EG_CHARGE_INGRESS : EG_CHARGE_EGRESS);
    if (in)
        add_charge(bill, meter, in, meter->at_far_end ? EG_CHARGE_EGRESS : EG_CHARGE_INGRESS);
}

/* ---- classes --------------------------------------------------------------------------------- */

static void charge_here(struct bill *bill, const char *class_)
{
    const struct meter meter = {
        .class_ = class_,
        .routing = eg_routing_name(bill->pricing->routing),
        .here = own_end(bill->pricing),
        .there = far_end(bill),
    };
    charge(bill, &meter);
}

/* Rule 4.4: without a region, zone 1 is assumed. */
static struct meter internet_meter(const struct eg_pricing *pricing, enum eg_routing routing)
{
    struct meter meter = {
        .class_ = eg_class_name(EG_CLASS_INTERNET),
        .routing = eg_routing_name(routing),
        .here = own_end(pricing),
        .there = nowhere,
    };
    if (!is_known(meter.here))
        meter.here.name = assumed_zone;
    return meter;
}

const struct eg_rate *eg_charges_internet(const struct eg_pricing *pricing, uint64_t *free_gb)
{
    const struct meter meter = internet_meter(pricing, pricing->routing);
    return find_rate(pricing, &meter, EG_CHARGE_EGRESS, free_gb);
}

static bool internet_span(const struct eg_pricing *pricing, enum eg_routing routing,
                          uint64_t *lowest, uint64_t *highest)
{
    struct eg_rate_query query = {.class_ = eg_class_name(EG_CLASS_INTERNET),
                                  .routing = eg_routing_name(routing),
                                  .direction = EG_CHARGE_EGRESS};
    set_month(pricing, &query);
    return eg_rate_card_span(pricing->card, &query, lowest, highest);
}

bool eg_charges_internet_span(const struct eg_pricing *pricing, uint64_t *lowest, uint64_t *highest)
{
    return internet_span(pricing, pricing->routing, lowest, highest);
}

/* The assumed zone is said, unless the card has one rate for everywhere. */
static void charge_internet(struct bill *bill, enum eg_routing routing)
{
    const struct meter meter = internet_meter(bill->pricing, routing);
    if (is_known(own_end(bill->pricing))) {
        charge(bill, &meter);
        return;
    }
    const struct eg_rate *rate = find_rate(bill->pricing, &meter, EG_CHARGE_EGRESS, NULL);
    if (rate && strcmp(rate->scope, assumed_zone) == 0)
        bill->charges->marks |= EG_PRICE_ZONE_ASSUMED;
    uint64_t lowest;
    uint64_t highest;
    if (!rate && internet_span(bill->pricing, routing, &lowest, &highest))
        leave_unpriced(bill, EG_PRICE_NONE_REGION, NULL); /* a card by region, as AWS's are */
    else
        charge(bill, &meter);
}

static void charge_between_regions(struct bill *bill, const char *class_)
{
    if (is_known(own_end(bill->pricing)))
        charge_here(bill, class_);
    else
        leave_unpriced(bill, EG_PRICE_NONE_REGION, NULL);
}

/*
 * Each end pays what leaves its network and what enters it; `both` says that the user pays both.
 * Between regions the end's own peering zone gives the rate, out at the source's and in at the
 * destination's. Which of the two peerings it is follows from the regions where both are known.
 */
static void charge_peering(struct bill *bill, bool global)
{
    struct meter meter = {
        .routing = eg_routing_name(bill->pricing->routing),
        .here = own_end(bill->pricing),
        .there = site_end(bill),
        .peering_zones = true,
    };
    if (is_known(meter.here) && is_known(meter.there))
        global = !in_one_region(meter.here, meter.there);
    if (global && !(is_known(meter.here) && is_known(meter.there))) {
        leave_unpriced(bill, EG_PRICE_NONE_REGION, NULL);
        return;
    }
    meter.class_ = eg_class_name(global ? EG_CLASS_GLOBAL_PEERING : EG_CLASS_PEERING);
    charge(bill, &meter);
    if (!bill->destination->site || bill->destination->site->payer != EG_PAYER_BOTH)
        return;
    const struct end here = meter.here;
    meter.here = meter.there;
    meter.there = here;
    meter.at_far_end = true;
    charge(bill, &meter);
}

/*
 * Between virtual networks of two regions a VPN gateway has rates of its own; within one region it
 * is free ("VNet-to-VNet traffic within the same region is free for both directions", Azure's VPN
 * Gateway FAQ), as all traffic there. A row without a region is on-premises: the gateway sends to
 * the internet. That this bears the internet's rate is from memory, and marked.
 */
static void charge_vpn(struct bill *bill)
{
    const struct end there = site_end(bill);
    if (!is_known(there)) {
        charge_internet(bill, EG_ROUTING_MICROSOFT);
        bill->charges->marks |= EG_PRICE_UNCERTAIN | EG_PRICE_VPN_AS_INTERNET;
    } else if (in_one_region(own_end(bill->pricing), there)) {
        charge_here(bill, eg_class_name(EG_CLASS_SAME_REGION));
    } else {
        charge_between_regions(bill, eg_class_name(EG_CLASS_VPN));
    }
}

static bool crosses(const struct eg_destination *destination, enum eg_via_kind kind)
{
    const struct eg_site *site = destination->site;
    for (size_t i = 0; site && i < site->via_count; i++)
        if (site->via[i].kind == kind)
            return true;
    return false;
}

/* On a metered circuit the way's charge takes the place of the flat fee's nothing. */
static void charge_expressroute(struct bill *bill)
{
    if (!crosses(bill->destination, EG_VIA_ER_METERED))
        charge_here(bill, eg_class_name(EG_CLASS_EXPRESSROUTE));
}

static void charge_class(struct bill *bill)
{
    const enum eg_class class_ = bill->destination->class_;
    switch (class_) {
    case EG_CLASS_PLATFORM: /* ends at the host, on every provider */
    case EG_CLASS_FREE:     /* the user's word */
        break;
    case EG_CLASS_PRIVATE:
        leave_unpriced(bill, EG_PRICE_NONE_PRIVATE, NULL);
        break;
    case EG_CLASS_REGIONAL:
        leave_unpriced(bill, EG_PRICE_NONE_REGION, NULL);
        break;
    case EG_CLASS_PROVIDER_GLOBAL:
        bill->charges->marks |= EG_PRICE_UPPER_BOUND;
        charge_internet(bill, bill->pricing->routing);
        break;
    case EG_CLASS_INTERNET:
        charge_internet(bill, bill->pricing->routing);
        break;
    case EG_CLASS_INTER_REGION:
    case EG_CLASS_INTER_CONTINENT:
        charge_between_regions(bill, eg_class_name(class_));
        break;
    case EG_CLASS_PEERING:
    case EG_CLASS_GLOBAL_PEERING:
        charge_peering(bill, class_ == EG_CLASS_GLOBAL_PEERING);
        break;
    case EG_CLASS_VPN:
        charge_vpn(bill);
        break;
    case EG_CLASS_EXPRESSROUTE:
        charge_expressroute(bill);
        break;
    default:
        charge_here(bill, eg_class_name(class_));
        break;
    }
}

/* ---- ways ------------------------------------------------------------------------------------ */

/* The zones of ExpressRoute are its own: the row names one. */
static void charge_er_metered(struct bill *bill, const struct eg_via *via)
{
    const struct meter meter = {
        .class_ = "er-metered",
        .routing = eg_routing_name(bill->pricing->routing),
        .here = {via->zone, NULL},
        .there = nowhere,
    };
    charge(bill, &meter);
}

static void charge_via(struct bill *bill, const struct eg_via *via)
{
    switch (via->kind) {
    case EG_VIA_NAT_GATEWAY:
        charge_here(bill, "nat-gateway");
        break;
    case EG_VIA_FIREWALL:
        charge_here(bill, "firewall");
        break;
    case EG_VIA_LB:
        charge_here(bill, "lb");
        break;
    case EG_VIA_PEERING:
        charge_peering(bill, false);
        break;
    case EG_VIA_ER_METERED:
        charge_er_metered(bill, via);
        break;
    }
}

void eg_charges_of(const struct eg_pricing *pricing, const struct eg_destination *destination,
                   struct eg_charges *charges)
{
    *charges = (struct eg_charges){.priced = true};
    struct bill bill = {pricing, destination, charges};
    charge_class(&bill);
    const struct eg_site *site =
        destination->class_ == EG_CLASS_PLATFORM ? NULL : destination->site;
    for (size_t i = 0; site && i < site->via_count; i++)
        charge_via(&bill, &site->via[i]);
    if (!charges->priced) {
        charges->count = 0;
        charges->marks &= NONE_MARKS;
    }
}
