/*
 * What classes and places are called, and the colours of classes.
 */
#include "report/html/html.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "report/units.h"

static const struct {
    enum eg_say name;
    const char *color; /* of report.css: classes with one kind of price share it */
} classes[EG_CLASSES + 1] = {
    [EG_CLASS_PLATFORM] = {EG_SAY_CLASS_PLATFORM, "c-platform"},
    [EG_CLASS_PRIVATE] = {EG_SAY_CLASS_PRIVATE, "c-open"},
    [EG_CLASS_CDN_ORIGIN] = {EG_SAY_CLASS_CDN_ORIGIN, "c-free"},
    [EG_CLASS_SAME_REGION] = {EG_SAY_CLASS_SAME_REGION, "c-free"},
    [EG_CLASS_INTER_REGION] = {EG_SAY_CLASS_INTER_REGION, "c-region"},
    [EG_CLASS_INTER_CONTINENT] = {EG_SAY_CLASS_INTER_CONTINENT, "c-continent"},
    [EG_CLASS_REGIONAL] = {EG_SAY_CLASS_REGIONAL, "c-open"},
    [EG_CLASS_PROVIDER_GLOBAL] = {EG_SAY_CLASS_PROVIDER_GLOBAL, "c-global"},
    [EG_CLASS_INTERNET] = {EG_SAY_CLASS_INTERNET, "c-internet"},
    [EG_CLASS_VNET] = {EG_SAY_CLASS_VNET, "c-vnet"},
    [EG_CLASS_PEERING] = {EG_SAY_CLASS_PEERING, "c-peering"},
    [EG_CLASS_GLOBAL_PEERING] = {EG_SAY_CLASS_GLOBAL_PEERING, "c-peering"},
    [EG_CLASS_PRIVATE_ENDPOINT] = {EG_SAY_CLASS_PRIVATE_ENDPOINT, "c-peering"},
    [EG_CLASS_EXPRESSROUTE] = {EG_SAY_CLASS_EXPRESSROUTE, "c-peering"},
    [EG_CLASS_VPN] = {EG_SAY_CLASS_VPN, "c-peering"},
    [EG_CLASS_FREE] = {EG_SAY_CLASS_FREE, "c-vnet"},
    [EG_CLASSES] = {EG_SAY_CLASS_SEVERAL, "c-platform"},
};

enum eg_say eg_html_class_text(enum eg_class class_)
{
    return classes[class_].name;
}

const char *eg_html_class(const struct eg_html *html, enum eg_class class_)
{
    return eg_html_words(html, classes[class_].name);
}

const char *eg_html_color(enum eg_class class_)
{
    return classes[class_].color;
}

const char *eg_html_place(const struct eg_html *html, const struct eg_row *row, char *buffer,
                          size_t size)
{
    if (!row->tariff)
        return "";
    const struct eg_destination *destination = &row->tariff->destination;
    const struct eg_label *label = &destination->label;
    const struct eg_site *site = destination->site;
    /* The label of an `auto` row is of the way there, and not of the place. */
    if (site && site->class_ != EG_CLASS_AUTO && site->label[0])
        return site->label;
    if (!label->provider[0])
        return "";
    const char *provider = html->report->rules->provider;
    const bool foreign = strcmp(label->provider, provider) != 0;
    const bool plain = !label->service[0];
    snprintf(buffer, size, "%s%s%s%s%s", foreign || plain ? eg_provider_text(label->provider) : "",
             foreign && !plain ? " " : "", label->service, label->region[0] ? ", " : "",
             label->region);
    return buffer;
}

const char *eg_html_ranges(const struct eg_html *html, char *buffer, size_t size)
{
    const struct eg_ranges *ranges = html->report->rules->ranges;
    buffer[0] = '\0';
    for (size_t i = 0; i < eg_ranges_sources(ranges); i++) {
        const struct eg_ranges_source source = eg_ranges_source_at(ranges, i);
        eg_text_append(buffer, size, "%s%s %s", i ? ", " : "", eg_provider_text(source.provider),
                       source.as_of[0] ? source.as_of : eg_html_words(html, EG_SAY_UNDATED));
    }
    return buffer;
}

const char *eg_html_rates(const struct eg_html *html, char *buffer, size_t size)
{
    const struct eg_rules *rules = html->report->rules;
    const char *as_of = eg_rate_card_as_of(rules->card);
    const bool builtin = eg_rate_card_is_builtin(rules->card);
    snprintf(buffer, size, "%s %s%s%s", eg_provider_text(rules->provider),
             as_of[0] ? as_of : eg_html_words(html, EG_SAY_NO_RATES), builtin ? "" : " ",
             builtin ? "" : eg_html_words(html, EG_SAY_YOUR_RATES));
    return buffer;
}

const char *eg_html_row_name(const struct eg_html *html, const struct eg_row *row,
                             char buffer[EG_ROW_KEY_MAX])
{
    return row->host[0] ? row->host : eg_row_key(html->report, row, buffer);
}

const char *eg_html_holder(const struct eg_html *html, const struct eg_row *row, char *buffer,
                           size_t size)
{
    const struct eg_place place = eg_row_place(html->report, row);
    const bool both = place.org[0] && place.country[0];
    snprintf(buffer, size, "%s%s%s", place.org, both ? ", " : "", place.country);
    return buffer;
}

const char *eg_html_who(const struct eg_html *html, const struct eg_row *row, char *buffer,
                        size_t size)
{
    const char *place = eg_html_place(html, row, buffer, size);
    return place[0] ? place : eg_html_holder(html, row, buffer, size);
}
