/*
 * Why a frame is counted as it is, in a sentence.
 */
#include "report/report.h"

#include <stdio.h>
#include <string.h>

#include "report/units.h"

static const char *bucket_reason(enum eg_bucket bucket)
{
    static const char *const reasons[EG_BUCKETS] = {
        [EG_BUCKET_UNSUPPORTED_LINK] = "link layer not decoded: not counted",
        [EG_BUCKET_NOT_IP] = "not an IP packet: not billed",
        [EG_BUCKET_TRUNCATED] = "too little of the IP header captured: not counted",
        [EG_BUCKET_MALFORMED] = "malformed IP header: not counted",
        [EG_BUCKET_FILTERED] = "excluded by the filter",
        [EG_BUCKET_DUPLICATE] = "copy of a packet captured before, which is billed once",
        [EG_BUCKET_EGRESS] = "egress",
        [EG_BUCKET_INGRESS] = "ingress",
        [EG_BUCKET_LOCAL] = "local: does not leave as egress",
        [EG_BUCKET_INTERNAL] = "internal: seen inside the host, billed where it leaves",
        [EG_BUCKET_TRANSIT] = "transit: neither from nor to the VM's addresses",
    };
    return reasons[bucket];
}

/* What makes the far end of its class. */
static void describe_place(const struct eg_report *report, const struct eg_destination *destination,
                           char *buffer, size_t size)
{
    const char *region = destination->label.region;
    const char *provider = eg_provider_text(report->rules->provider);
    if (destination->site && destination->site->class_ != EG_CLASS_AUTO) {
        snprintf(buffer, size, "line %u of the sites file", destination->site->line);
        return;
    }
    switch (destination->class_) {
    case EG_CLASS_PLATFORM:
        snprintf(buffer, size, "an address of the platform itself");
        break;
    case EG_CLASS_PRIVATE:
        snprintf(buffer, size, "a private address that no sites file names");
        break;
    case EG_CLASS_CDN_ORIGIN:
        snprintf(buffer, size, "the back end of the provider's own CDN");
        break;
    case EG_CLASS_SAME_REGION:
        snprintf(buffer, size, "in %s, the VM's region", region);
        break;
    case EG_CLASS_INTER_REGION:
        snprintf(buffer, size, "in %s, another region of this continent", region);
        break;
    case EG_CLASS_INTER_CONTINENT:
        snprintf(buffer, size, "in %s, on another continent", region);
        break;
    case EG_CLASS_REGIONAL:
        snprintf(buffer, size, "in %s, and %s", region,
                 report->region[0] ? "nothing tells how that lies to the VM's region"
                                   : "the VM's region is unknown");
        break;
    case EG_CLASS_PROVIDER_GLOBAL:
        snprintf(buffer, size, "an address of %s without a region", provider);
        break;
    default:
        snprintf(buffer, size, "in no address range of %s", provider);
        break;
    }
}

static void describe_price(const struct eg_report *report, const struct eg_frame_facts *facts,
                           char *buffer, size_t size)
{
    char rate[EG_MONEY_TEXT_MAX], cost[EG_MONEY_TEXT_MAX];
    const char *currency = eg_rate_card_currency(report->rules->card);
    if (!facts->priced)
        snprintf(buffer, size, "no price");
    else if (facts->nano_per_gb == 0)
        snprintf(buffer, size, "free");
    else
        snprintf(
            buffer, size, "at %s %s per GB%s%s = %s", eg_rate_shown(facts->nano_per_gb, rate),
            currency, facts->marks & EG_PRICE_UPPER_BOUND ? ", an upper bound" : "",
            facts->marks & EG_PRICE_ZONE_ASSUMED ? " assumed" : "",
            eg_cost_shown(eg_money_of(facts->billable_bytes, facts->nano_per_gb), currency, cost));
}

enum { WHO_MAX = 64 };

/* " to www.example.com", " from CLOUDFLARENET"; "" when neither is known. */
static const char *describe_who(const struct eg_frame_facts *facts, char buffer[WHO_MAX])
{
    char shown[EG_HOST_SHOWN_MAX];
    const char *who = facts->host[0] ? facts->host : facts->org;
    buffer[0] = '\0';
    if (who[0])
        snprintf(buffer, WHO_MAX, " %s %s", facts->bucket == EG_BUCKET_EGRESS ? "to" : "from",
                 eg_host_shown(who, shown));
    return buffer;
}

const char *eg_report_why(const struct eg_report *report, const struct eg_verdict *verdict,
                          char buffer[EG_WHY_MAX])
{
    struct eg_frame_facts facts;
    eg_report_frame(report, verdict, &facts);
    const char *reason = bucket_reason(facts.bucket);
    if (verdict->cell >= report->settlement->cells ||
        report->cells[verdict->cell].tariff == EG_NO_TARIFF) {
        snprintf(buffer, EG_WHY_MAX, "%s", reason);
        return buffer;
    }
    char who[WHO_MAX], place[128], price[128], bytes[EG_COUNT_TEXT_MAX];
    const struct eg_tariff *tariff =
        eg_tariffs_at(report->tariffs, report->cells[verdict->cell].tariff);
    describe_place(report, &tariff->destination, place, sizeof place);
    describe_price(report, &facts, price, sizeof price);
    snprintf(buffer, EG_WHY_MAX, "%s%s, %s (%s): %s billable bytes, %s", reason,
             describe_who(&facts, who), facts.class_, place,
             eg_count_text(facts.billable_bytes, bytes), price);
    return buffer;
}
