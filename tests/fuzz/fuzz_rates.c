/*
 * Any text, read as a rate card over the built-in list: refused with its place and without a trace,
 * or taken, and then what it says can be asked for.
 */
#include "fuzz.h"

#include <stdbool.h>
#include <string.h>

#include "price/money.h"
#include "price/rate_card.h"

static const char *const classes[] = {"internet", "inter-region", "peering", "firewall", "vnet"};

static struct eg_rate_query query_of(const char *class_, enum eg_charge_direction direction)
{
    return (struct eg_rate_query){
        .class_ = class_,
        .scope = {"eastus", "zone1", "North America"},
        .dest_scope = {"westeurope", "zone1", "Europe"},
        .routing = "microsoft",
        .direction = direction,
    };
}

static void check_rate(const struct eg_rate *rate)
{
    EG_FUZZ_CHECK(rate->nano_per_gb <= EG_RATE_MAX);
    EG_FUZZ_CHECK(rate->meter[0] != '\0');
    EG_FUZZ_CHECK(strlen(rate->as_of) <= 10);
}

/* Whatever the month, the step in force holds it: rule 6.2. */
static void ask(const struct eg_rate_card *card, uint64_t month_gb)
{
    for (size_t i = 0; i < sizeof classes / sizeof classes[0]; i++) {
        struct eg_rate_query query = query_of(classes[i], EG_CHARGE_EGRESS);
        const struct eg_rate *rate = eg_rate_card_find(card, &query, NULL);
        if (!rate)
            continue;
        check_rate(rate);
        query.month_given = true;
        query.month_gb = month_gb;
        rate = eg_rate_card_find(card, &query, NULL);
        EG_FUZZ_CHECK(rate && rate->tier_from_gb <= month_gb);
        check_rate(rate);
    }
}

static void check_refusal(const struct eg_rate_card *card, const struct eg_error *error)
{
    EG_FUZZ_CHECK(error->status != EG_OK && error->message[0] != '\0');
    EG_FUZZ_CHECK(strcmp(error->file, "fuzz.csv") == 0);
    EG_FUZZ_CHECK(error->line >= 1 && error->column >= 1);
    EG_FUZZ_CHECK(eg_rate_card_is_builtin(card));
    EG_FUZZ_CHECK(strcmp(eg_rate_card_currency(card), "USD") == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct eg_rate_card *card;
    EG_FUZZ_CHECK(eg_rate_card_new("azure", &card) == EG_OK);
    const char *text = (const char *)data;
    struct eg_error error;
    if (eg_rate_card_load_text(card, text, size, "fuzz.csv", NULL, &error) != EG_OK)
        check_refusal(card, &error);
    else
        EG_FUZZ_CHECK(eg_rate_card_load_text(card, text, size, "fuzz.csv", NULL, &error) == EG_OK);
    ask(card, 0);
    ask(card, size);
    ask(card, UINT64_MAX);
    eg_rate_card_free(card);
    return 0;
}
