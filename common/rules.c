/*
 * From a configuration to rules: what settings name is read and checked against the tables.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "names/packet_names.h"

void eg_rules_free(struct eg_rules *rules)
{
    if (!rules)
        return;
    eg_rules_clear(rules);
    free(rules);
}

static enum eg_status apply_settings(struct eg_rules *rules, const struct eg_config *config,
                                     struct eg_error *error)
{
    size_t count = 0;
    const struct eg_setting *settings = eg_settings(&count);
    for (size_t i = 0; i < count; i++) {
        char *const *items = NULL;
        const size_t items_count = eg_config_items(config, settings[i].name, &items);
        for (size_t k = 0; k < items_count; k++) {
            const enum eg_status status = settings[i].apply(rules, items[k], error);
            if (status != EG_OK)
                return status;
        }
    }
    return EG_OK;
}

static enum eg_status load_ranges(struct eg_rules *rules, const struct eg_config *config,
                                  struct eg_error *error)
{
    enum eg_status status = eg_ranges_new(&rules->ranges);
    if (status != EG_OK)
        return eg_fail_no_memory(error);
    char *const *paths = NULL;
    const size_t count = eg_config_items(config, "ranges", &paths);
    for (size_t i = 0; i < count && status == EG_OK; i++)
        status = eg_ranges_load(rules->ranges, paths[i], error);
    return status;
}

static enum eg_status load_rates(struct eg_rules *rules, const struct eg_config *config,
                                 struct eg_error *error)
{
    enum eg_status status = eg_rate_card_new(rules->provider, &rules->card);
    if (status != EG_OK)
        return eg_fail_no_memory(error);
    char *const *paths = NULL;
    const size_t count = eg_config_items(config, "rates", &paths);
    for (size_t i = 0; i < count && status == EG_OK; i++)
        status = eg_rate_card_load(rules->card, paths[i], rules->ranges, error);
    return status;
}

/* Rule 4.5: an unknown region is a mistake. Rule 4.4: a cloud of its own needs its own facts. */
static enum eg_status check_region(struct eg_rules *rules, const struct eg_config *config,
                                   struct eg_error *error)
{
    if (rules->region[0] == '\0')
        return EG_OK;
    const struct eg_region *region = eg_region_find(rules->provider, rules->region);
    if (!region && !eg_ranges_has_region(rules->ranges, rules->provider, rules->region)) {
        char near[EG_ERROR_MESSAGE_MAX / 2];
        eg_region_suggest(rules->provider, rules->region, near, sizeof near);
        return eg_fail(error, EG_ERR_VALUE, "'region' is no %s region: '%s'%s%s%s", rules->provider,
                       rules->region, near[0] ? " (did you mean " : "", near, near[0] ? "?)" : "");
    }
    char *const *paths = NULL;
    if (region && region->closed &&
        (eg_config_items(config, "ranges", &paths) == 0 ||
         eg_config_items(config, "rates", &paths) == 0))
        return eg_fail(error, EG_ERR_VALUE,
                       "'region' is in a cloud of its own with its own addresses and prices, give "
                       "--ranges and --rates: '%s'",
                       rules->region);
    return EG_OK;
}

static enum eg_status load_sites(struct eg_rules *rules, const struct eg_config *config,
                                 struct eg_error *error)
{
    char *const *paths = NULL;
    if (eg_config_items(config, "sites", &paths) == 0)
        return EG_OK;
    return eg_sites_load(paths[0], rules->provider, rules->ranges, &rules->sites, error);
}

/* Names that are off cost nothing; a system without a database is no mistake. */
static enum eg_status load_places(struct eg_rules *rules, const struct eg_config *config,
                                  struct eg_error *error)
{
    char *const *paths = NULL;
    const size_t count = eg_config_items(config, "geo", &paths);
    if (!rules->names)
        return EG_OK;
    eg_names_prepare();
    if (eg_places_new(&rules->places) != EG_OK)
        return eg_fail_no_memory(error);
    enum eg_status status = EG_OK;
    for (size_t i = 0; i < count && status == EG_OK; i++)
        status = eg_places_add(rules->places, paths[i], error);
    if (count == 0)
        eg_places_add_system(rules->places);
    return status;
}

/* Without a key of the user's the pseudonyms hold for these rules only. */
static enum eg_status prepare_redaction(struct eg_rules *rules, const struct eg_config *config,
                                        struct eg_error *error)
{
    char *const *paths = NULL;
    enum eg_status status = EG_OK;
    if (rules->redact == EG_REDACT_OFF)
        return EG_OK;
    if (eg_config_items(config, "redact_key", &paths) == 0)
        eg_pseudonym_key_draw(&rules->redact_key);
    else
        status = eg_pseudonym_key_load(paths[0], &rules->redact_key, error);
    if (status == EG_OK && eg_sites_redact(rules->sites, &rules->redact_key) != EG_OK)
        status = eg_fail_no_memory(error);
    return status;
}

enum eg_status eg_rules_new(const struct eg_config *config, struct eg_rules **rules,
                            struct eg_error *error)
{
    struct eg_rules *made = malloc(sizeof *made);
    if (!made)
        return eg_fail_no_memory(error);
    eg_rules_init(made);
    enum eg_status status = apply_settings(made, config, error);
    /* Rule 5.1: Azure's bill counts Ethernet headers, the others' does not. */
    if (!made->basis_given)
        made->basis = strcmp(made->provider, "azure") == 0 ? EG_BASIS_ETHERNET : EG_BASIS_IP;
    if (status == EG_OK)
        status = load_ranges(made, config, error);
    if (status == EG_OK)
        status = load_rates(made, config, error);
    if (status == EG_OK)
        status = check_region(made, config, error);
    if (status == EG_OK)
        status = load_sites(made, config, error);
    if (status == EG_OK)
        status = load_places(made, config, error);
    if (status == EG_OK)
        status = prepare_redaction(made, config, error);
    if (status != EG_OK) {
        eg_rules_free(made);
        return status;
    }
    *rules = made;
    return EG_OK;
}

unsigned eg_rules_link_bytes(const struct eg_rules *rules)
{
    return rules->basis == EG_BASIS_ETHERNET ? 14 : 0;
}

const char *eg_rules_ranges_text(const struct eg_rules *rules, char *buffer, size_t size)
{
    buffer[0] = '\0';
    for (size_t i = 0; i < eg_ranges_sources(rules->ranges); i++) {
        const struct eg_ranges_source source = eg_ranges_source_at(rules->ranges, i);
        eg_text_append(buffer, size, "%s%s %s", i ? ", " : "", source.provider,
                       source.as_of[0] ? source.as_of : "undated");
    }
    return buffer;
}

const char *eg_rules_rates_text(const struct eg_rules *rules, char *buffer, size_t size)
{
    const char *as_of = eg_rate_card_as_of(rules->card);
    snprintf(buffer, size, "%s %s%s", rules->provider, as_of[0] ? as_of : "none",
             eg_rate_card_is_builtin(rules->card) ? "" : " with your rates");
    return buffer;
}

const char *eg_rules_places_text(const struct eg_rules *rules, char *buffer, size_t size)
{
    buffer[0] = '\0';
    return rules->places ? eg_places_text(rules->places, buffer, size) : buffer;
}

const char *eg_version(void)
{
    return EG_VERSION;
}
