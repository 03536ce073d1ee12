/*
 * Which region the VM is in, rule 4.4, and the pricing that follows from it.
 */
#include "report/report.h"

#include <string.h>

static void set_region(struct eg_report *report, const char *region, enum eg_region_source source)
{
    const size_t length = strlen(region);
    if (length == 0 || length >= sizeof report->region)
        return;
    memcpy(report->region, region, length + 1);
    report->region_source = source;
}

/* The region a public address of the VM is in, by the ranges of the VM's own provider. */
static void region_of_public_ip(struct eg_report *report)
{
    const struct eg_rules *rules = report->rules;
    struct eg_label label;
    if (rules->has_public_ip && eg_ranges_find(rules->ranges, &rules->public_ip, &label) &&
        strcmp(label.provider, rules->provider) == 0)
        set_region(report, label.region, EG_REGION_PUBLIC_IP);
}

/* A metadata answer is believed when it names one region, and a known one. */
static bool is_known(const struct eg_rules *rules, const char *region)
{
    return eg_region_find(rules->provider, region) != NULL ||
           eg_ranges_has_region(rules->ranges, rules->provider, region);
}

/* Rule 6.2: what a month has free before internet traffic costs, for the report to say. */
static uint64_t find_free_gb(const struct eg_pricing *pricing)
{
    uint64_t free_gb = 0;
    const struct eg_rate *rate = eg_charges_internet(pricing, &free_gb);
    return rate && free_gb != UINT64_MAX ? free_gb : 0;
}

void eg_report_find_region(struct eg_report *report, const struct eg_session *session)
{
    const struct eg_rules *rules = report->rules;
    if (session->region_count == 1 && is_known(rules, session->regions[0]))
        memcpy(report->metadata_region, session->regions[0], sizeof report->metadata_region);
    if (rules->region[0] != '\0')
        set_region(report, rules->region, EG_REGION_OPTION);
    else if (report->metadata_region[0] != '\0')
        set_region(report, report->metadata_region, EG_REGION_METADATA);
    else
        region_of_public_ip(report);
    report->metadata_regions = session->region_count;
    report->pricing = (struct eg_pricing){
        .card = rules->card,
        .provider = rules->provider,
        .region = report->region[0] ? eg_region_find(rules->provider, report->region) : NULL,
        .region_name = report->region,
        .routing = rules->routing,
        .months = rules->months,
        .month_count = rules->month_count,
    };
    report->free_gb = find_free_gb(&report->pricing);
}
