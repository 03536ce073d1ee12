/*
 * The same traffic billed in another way. Each way is asked only of what it can apply to; where
 * either price is unknown there is nothing to compare.
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/projection.h"
#include "report/report.h"

/* A tariff as it would be: what eg_charges_of() is asked of. */
struct other {
    const struct eg_report *report;
    struct eg_pricing pricing;
    struct eg_destination destination;
    struct eg_site site; /* for destination.site to point to */
};

struct way {
    const char *id;
    const char *text;
    /* False where it does not apply. */
    bool (*alter)(struct other *other);
};

static bool is_public(enum eg_class class_)
{
    return class_ == EG_CLASS_INTERNET || class_ == EG_CLASS_PROVIDER_GLOBAL ||
           class_ == EG_CLASS_SAME_REGION || class_ == EG_CLASS_INTER_REGION ||
           class_ == EG_CLASS_INTER_CONTINENT || class_ == EG_CLASS_CDN_ORIGIN;
}

static bool has_isp_routing(struct other *other)
{
    const enum eg_class class_ = other->destination.class_;
    other->pricing.routing = EG_ROUTING_INTERNET;
    return strcmp(other->pricing.provider, "azure") == 0 &&
           other->report->rules->routing == EG_ROUTING_MICROSOFT &&
           (class_ == EG_CLASS_INTERNET || class_ == EG_CLASS_PROVIDER_GLOBAL);
}

/* A copy of the destination's site, which may be changed. */
static struct eg_site *own_site(struct other *other)
{
    other->site = other->destination.site
                      ? *other->destination.site
                      : (struct eg_site){.class_ = EG_CLASS_AUTO, .region = "", .label = ""};
    other->destination.site = &other->site;
    return &other->site;
}

static size_t find_nat(const struct eg_site *site)
{
    size_t i = 0;
    while (i < site->via_count && site->via[i].kind != EG_VIA_NAT_GATEWAY)
        i++;
    return i;
}

static bool has_nat_gateway(struct other *other)
{
    struct eg_site *site = own_site(other);
    if (!is_public(other->destination.class_) || find_nat(site) < site->via_count ||
        site->via_count == EG_VIAS_MAX)
        return false;
    site->via[site->via_count++] = (struct eg_via){.kind = EG_VIA_NAT_GATEWAY};
    return true;
}

static bool has_no_nat_gateway(struct other *other)
{
    struct eg_site *site = own_site(other);
    const size_t at = find_nat(site);
    if (at == site->via_count)
        return false;
    site->via[at] = site->via[--site->via_count];
    return true;
}

static bool is_in_own_region(struct other *other)
{
    struct eg_destination *destination = &other->destination;
    if (!other->report->region[0])
        return false;
    if (destination->class_ == EG_CLASS_GLOBAL_PEERING) {
        own_site(other)->region = other->report->region;
        destination->class_ = EG_CLASS_PEERING;
    } else if (destination->class_ == EG_CLASS_INTER_REGION ||
               destination->class_ == EG_CLASS_INTER_CONTINENT) {
        destination->class_ = EG_CLASS_SAME_REGION;
    } else {
        return false;
    }
    destination->label.region = other->report->region;
    destination->region = other->pricing.region;
    return true;
}

/* The ways to the service's public address are not those to its endpoint. */
static bool has_private_endpoint(struct other *other)
{
    struct eg_destination *destination = &other->destination;
    const bool is_service = destination->class_ == EG_CLASS_SAME_REGION &&
                            destination->label.service[0] &&
                            strcmp(destination->label.provider, other->pricing.provider) == 0;
    destination->class_ = EG_CLASS_PRIVATE_ENDPOINT;
    destination->site = NULL;
    return is_service;
}

static const struct way ways[] = {
    {"isp-routing", "internet traffic by ISP routing (--routing internet)", has_isp_routing},
    {"nat-gateway", "public traffic through a NAT gateway", has_nat_gateway},
    {"no-nat-gateway", "what crosses the NAT gateway on a way without it", has_no_nat_gateway},
    {"same-region", "far ends of other regions in the VM's own region", is_in_own_region},
    {"private-endpoint", "services of the VM's region by private endpoints", has_private_endpoint},
};

static_assert(sizeof ways / sizeof ways[0] <= EG_WHAT_IFS_MAX, "each has its place");

/* Asks one way of one tariff; *charges are those it has then, or has anyway. */
static bool ask(const struct eg_report *report, const struct way *way,
                const struct eg_tariff *tariff, struct eg_charges *charges)
{
    struct other other = {
        .report = report, .pricing = report->pricing, .destination = tariff->destination};
    const bool applies = tariff->charges.priced && way->alter(&other);
    if (applies)
        eg_charges_of(&other.pricing, &other.destination, charges);
    if (applies && charges->priced)
        return true;
    *charges = tariff->charges;
    return false;
}

/* What the traffic that a way applies to costs, and would. */
struct bills {
    struct eg_bill *now, *then; /* of that traffic */
    struct eg_bill *all_then;   /* of all traffic, as it would be */
    struct eg_bill *all_now;
};

static enum eg_status fill_bills(const struct eg_report *report, const struct way *way,
                                 const struct bills *bills, struct eg_what_if *what_if)
{
    enum {
        DOUBTFUL = EG_PRICE_UNCERTAIN | EG_PRICE_ZONE_ASSUMED | EG_PRICE_UPPER_BOUND |
                   EG_PRICE_REGION_ASSUMED
    };
    const struct eg_volume *volumes = report->volumes;
    enum eg_status status = EG_OK;
    for (uint32_t i = 0; i < eg_tariffs_count(report->tariffs) && status == EG_OK; i++) {
        const struct eg_tariff *tariff = eg_tariffs_at(report->tariffs, i);
        struct eg_charges then;
        const bool applies = ask(report, way, tariff, &then);
        status = eg_bill_add(bills->all_then, &then, &volumes[i]);
        if (status == EG_OK)
            status = eg_bill_add(bills->all_now, &tariff->charges, &volumes[i]);
        if (!applies || status != EG_OK)
            continue;
        what_if->egress_bytes += volumes[i].egress;
        what_if->ingress_bytes += volumes[i].ingress;
        if (volumes[i].egress + volumes[i].ingress > 0)
            what_if->uncertain |= ((tariff->charges.marks | then.marks) & DOUBTFUL) != 0;
        status = eg_bill_add(bills->now, &tariff->charges, &volumes[i]);
        if (status == EG_OK)
            status = eg_bill_add(bills->then, &then, &volumes[i]);
    }
    return status;
}

static void price(const struct eg_report *report, const struct bills *bills,
                  struct eg_what_if *what_if)
{
    const int64_t span = report->projection.span;
    what_if->now = eg_bill_at_margin(bills->now);
    what_if->then = eg_bill_at_margin(bills->then);
    if (report->projection.reason)
        return;
    what_if->month_now = eg_bill_of_month(bills->all_now, span, EG_MILLION, false);
    what_if->month_then = eg_bill_of_month(bills->all_then, span, EG_MILLION, false);
}

/* Kept where there is traffic that it would cost another price. */
static enum eg_status ask_way(struct eg_report *report, const struct way *way,
                              const struct bills *bills)
{
    struct eg_what_if what_if = {.id = way->id};
    snprintf(what_if.text, sizeof what_if.text, "%s", way->text);
    const enum eg_status status = fill_bills(report, way, bills, &what_if);
    if (status != EG_OK)
        return status;
    price(report, bills, &what_if);
    if (eg_money_compare(what_if.now, what_if.then) != 0)
        report->what_ifs[report->what_if_count++] = what_if;
    return EG_OK;
}

enum eg_status eg_report_ask_what_if(struct eg_report *report)
{
    enum eg_status status = EG_OK;
    for (size_t i = 0; i < sizeof ways / sizeof ways[0] && status == EG_OK; i++) {
        struct bills bills = {NULL, NULL, NULL, NULL};
        struct eg_bill **each[] = {&bills.now, &bills.then, &bills.all_then, &bills.all_now};
        for (size_t k = 0; k < sizeof each / sizeof each[0] && status == EG_OK; k++)
            status = eg_bill_new(report, each[k]);
        if (status == EG_OK)
            status = ask_way(report, &ways[i], &bills);
        for (size_t k = 0; k < sizeof each / sizeof each[0]; k++)
            eg_bill_free(*each[k]);
    }
    return status;
}
