#include "price/rate_card.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "classify/traffic_class.h"
#include "data/builtin.h"
#include "price/rate_rows.h"

enum { PROVIDER_MAX = 16, FILE_MAX_BYTES = 16 << 20 };

struct eg_rate_card {
    char provider[PROVIDER_MAX];
    struct eg_rate_rows rows;
    bool builtin;
};

/* ---- overlay --------------------------------------------------------------------------------- */

static bool covers_name(const char *name, const char *other)
{
    return strcmp(name, "*") == 0 || strcmp(name, other) == 0;
}

/*
 * Rule 6.1, whole ladders at a time: a ladder of the file takes the place of the one with its
 * names, and with '*' of those of any name. Else a flat rate for '*' would lose to the built-in
 * ladders of the zones, which nobody who writes one expects.
 */
static bool covers(const struct eg_rate_row *ladder, const struct eg_rate_row *other)
{
    return strcmp(ladder->class_, other->class_) == 0 && covers_name(ladder->scope, other->scope) &&
           covers_name(ladder->dest_scope, other->dest_scope) &&
           covers_name(ladder->routing, other->routing) &&
           (ladder->rate.direction & other->rate.direction) == other->rate.direction;
}

static bool is_covered(const struct eg_rate_row *ladder, const struct eg_rate_rows *by)
{
    for (size_t i = 0; i < by->count; i += by->row[i]->steps)
        if (covers(by->row[i], ladder))
            return true;
    return false;
}

/* Which of a ladder's steps is the first that costs; `steps` when none does. */
static size_t first_paid(struct eg_rate_row *const *ladder)
{
    size_t i = 0;
    while (i < ladder[0]->steps && ladder[i]->rate.nano_per_gb == 0)
        i++;
    return i;
}

/* Currencies are never mixed; what is free is so in all of them. */
static bool is_kept(const struct eg_rate_card *card, struct eg_rate_row *const *ladder,
                    const struct eg_rate_rows *added)
{
    if (strcmp(card->rows.currency, added->currency) != 0 && first_paid(ladder) < ladder[0]->steps)
        return false;
    return !is_covered(ladder[0], added);
}

/* Moves the card's rows that stay to `kept`, and frees the others. */
static size_t move_kept(struct eg_rate_card *card, const struct eg_rate_rows *added,
                        struct eg_rate_row **kept)
{
    size_t count = 0;
    size_t steps = 0;
    for (size_t i = 0; i < card->rows.count; i += steps) {
        struct eg_rate_row *const *ladder = card->rows.row + i;
        steps = ladder[0]->steps;
        const bool keep = is_kept(card, ladder, added);
        for (size_t k = 0; k < steps; k++) {
            if (keep)
                kept[count++] = ladder[k];
            else
                free(ladder[k]);
        }
    }
    return count;
}

/* Takes the rows of `added`, unless there is no memory. */
static enum eg_status overlay(struct eg_rate_card *card, struct eg_rate_rows *added)
{
    struct eg_rate_rows merged = *added;
    merged.row = malloc((card->rows.count + added->count) * sizeof merged.row[0]);
    if (!merged.row)
        return EG_ERR_NO_MEMORY;
    const size_t kept = move_kept(card, added, merged.row);
    memcpy(merged.row + kept, added->row, added->count * sizeof added->row[0]);
    merged.count = kept + added->count;
    eg_rate_rows_sort(&merged);
    free(added->row);
    free(card->rows.row);
    card->rows = merged;
    return EG_OK;
}

enum eg_status eg_rate_card_load_text(struct eg_rate_card *card, const char *text, size_t length,
                                      const char *file, const struct eg_ranges *ranges,
                                      struct eg_error *error)
{
    struct eg_rate_rows added = {0};
    enum eg_status status =
        eg_rate_rows_read(text, length, file, card->provider, ranges, &added, error);
    if (status != EG_OK)
        return status;
    if (!card->builtin && strcmp(card->rows.currency, added.currency) != 0)
        status = eg_fail_at(error, EG_ERR_VALUE, file, added.currency_line, added.currency_column,
                            "'currency' is not that of the rates read before it, %s: '%s'",
                            card->rows.currency, added.currency);
    else if (overlay(card, &added) != EG_OK)
        status = eg_fail_no_memory(error);
    if (status != EG_OK) {
        eg_rate_rows_clear(&added);
        return status;
    }
    card->builtin = false;
    return EG_OK;
}

enum eg_status eg_rate_card_load(struct eg_rate_card *card, const char *path,
                                 const struct eg_ranges *ranges, struct eg_error *error)
{
    char *text = NULL;
    size_t length = 0;
    enum eg_status status = eg_file_read(path, FILE_MAX_BYTES, &text, &length, error);
    if (status != EG_OK)
        return status;
    status = eg_rate_card_load_text(card, text, length, path, ranges, error);
    free(text);
    return status;
}

enum eg_status eg_rate_card_new(const char *provider, struct eg_rate_card **card)
{
    struct eg_rate_card *made = calloc(1, sizeof *made);
    if (!made)
        return EG_ERR_NO_MEMORY;
    snprintf(made->provider, sizeof made->provider, "%s", provider);
    snprintf(made->rows.currency, sizeof made->rows.currency, "USD");
    made->builtin = true;
    enum eg_status status = EG_OK;
    if (strcmp(provider, "azure") == 0)
        status = eg_rate_card_load_text(made, eg_builtin_rates_azure, eg_builtin_rates_azure_length,
                                        "rates-azure.csv", NULL, NULL);
    if (status != EG_OK) {
        eg_rate_card_free(made);
        return status;
    }
    made->builtin = true;
    *card = made;
    return EG_OK;
}

void eg_rate_card_free(struct eg_rate_card *card)
{
    if (!card)
        return;
    eg_rate_rows_clear(&card->rows);
    free(card);
}

/* ---- lookup ---------------------------------------------------------------------------------- */

enum { ANY = EG_SCOPES_MAX, NO_MATCH = INT_MAX };

/* How far down the list of scopes a ladder's is; ANY for '*'. */
static int scope_rank(const char *const scopes[EG_SCOPES_MAX], const char *scope)
{
    if (strcmp(scope, "*") == 0)
        return ANY;
    for (int i = 0; i < EG_SCOPES_MAX && scopes[i]; i++)
        if (strcmp(scopes[i], scope) == 0)
            return i;
    return NO_MATCH;
}

static int routing_rank(const char *routing, const char *ladder)
{
    if (strcmp(ladder, "*") == 0)
        return 1;
    return strcmp(ladder, routing) == 0 ? 0 : NO_MATCH;
}

static int direction_rank(enum eg_charge_direction direction, enum eg_charge_direction ladder)
{
    if (ladder == direction)
        return 0;
    return ladder == EG_CHARGE_BOTH ? 1 : NO_MATCH;
}

/* 0 is the most specific; scope decides before dest_scope, then routing, then direction. */
static int ladder_rank(const struct eg_rate_query *query, const struct eg_rate_row *ladder)
{
    if (strcmp(query->class_, ladder->class_) != 0)
        return NO_MATCH;
    const int scope = scope_rank(query->scope, ladder->scope);
    const int dest_scope = scope_rank(query->dest_scope, ladder->dest_scope);
    const int routing = routing_rank(query->routing, ladder->routing);
    const int direction = direction_rank(query->direction, ladder->rate.direction);
    if (scope == NO_MATCH || dest_scope == NO_MATCH || routing == NO_MATCH || direction == NO_MATCH)
        return NO_MATCH;
    return ((scope * (ANY + 1) + dest_scope) * 2 + routing) * 2 + direction;
}

/* Rule 6.2: the step [from, to) that holds the month so far, or the first that costs. */
static size_t step_in_force(struct eg_rate_row *const *ladder, const struct eg_rate_query *query)
{
    const size_t steps = ladder[0]->steps;
    if (!query->month_given) {
        const size_t paid = first_paid(ladder);
        return paid < steps ? paid : 0;
    }
    size_t step = 0;
    while (step + 1 < steps && ladder[step + 1]->rate.tier_from_gb <= query->month_gb)
        step++;
    return step;
}

const struct eg_rate *eg_rate_card_find(const struct eg_rate_card *card,
                                        const struct eg_rate_query *query, uint64_t *free_gb)
{
    struct eg_rate_row *const *best = NULL;
    int best_rank = NO_MATCH;
    for (size_t i = 0; i < card->rows.count; i += card->rows.row[i]->steps) {
        const int rank = ladder_rank(query, card->rows.row[i]);
        if (rank < best_rank) {
            best_rank = rank;
            best = card->rows.row + i;
        }
    }
    if (!best)
        return NULL;
    const size_t paid = first_paid(best);
    if (free_gb)
        *free_gb = paid < best[0]->steps ? best[paid]->rate.tier_from_gb : UINT64_MAX;
    return &best[step_in_force(best, query)]->rate;
}

/* The first row of the ladder that a rate of the card is a step of. */
static size_t ladder_of(const struct eg_rate_card *card, const struct eg_rate *rate)
{
    size_t ladder = 0;
    for (size_t i = 0; i < card->rows.count && &card->rows.row[i]->rate != rate; i++)
        if (i + 1 == ladder + card->rows.row[ladder]->steps)
            ladder = i + 1;
    return ladder;
}

const char *eg_rate_card_class(const struct eg_rate_card *card, const struct eg_rate *rate)
{
    return card->rows.row[ladder_of(card, rate)]->class_;
}

bool eg_rate_card_is_one_ladder(const struct eg_rate_card *card, const struct eg_rate *a,
                                const struct eg_rate *b)
{
    return a == b || ladder_of(card, a) == ladder_of(card, b);
}

struct eg_money eg_rate_card_integrate(const struct eg_rate_card *card, const struct eg_rate *rate,
                                       uint64_t from_gb, uint64_t bytes)
{
    struct eg_rate_row *const *ladder = card->rows.row + ladder_of(card, rate);
    const eg_u128 begin = (eg_u128)from_gb << 30, end = begin + bytes;
    struct eg_money sum = {0};
    for (size_t i = 0; i < ladder[0]->steps; i++) {
        const eg_u128 from = (eg_u128)ladder[i]->rate.tier_from_gb << 30;
        const bool is_last = i + 1 == ladder[0]->steps;
        const eg_u128 to = is_last ? end : (eg_u128)ladder[i + 1]->rate.tier_from_gb << 30;
        const eg_u128 low = from > begin ? from : begin, high = to < end ? to : end;
        if (low < high)
            sum =
                eg_money_add(sum, eg_money_of((uint64_t)(high - low), ladder[i]->rate.nano_per_gb));
    }
    return sum;
}

bool eg_rate_card_span(const struct eg_rate_card *card, const struct eg_rate_query *query,
                       uint64_t *lowest, uint64_t *highest)
{
    uint64_t low = UINT64_MAX;
    uint64_t high = 0;
    for (size_t i = 0; i < card->rows.count; i += card->rows.row[i]->steps) {
        struct eg_rate_row *const *ladder = card->rows.row + i;
        if (first_paid(ladder) == ladder[0]->steps ||
            strcmp(ladder[0]->class_, query->class_) != 0 ||
            routing_rank(query->routing, ladder[0]->routing) == NO_MATCH)
            continue;
        const uint64_t rate = ladder[step_in_force(ladder, query)]->rate.nano_per_gb;
        low = rate < low ? rate : low;
        high = rate > high ? rate : high;
    }
    if (low > high)
        return false;
    *lowest = low;
    *highest = high;
    return true;
}

/* ---- the card as a whole --------------------------------------------------------------------- */

const char *eg_rate_card_currency(const struct eg_rate_card *card)
{
    return card->rows.currency;
}

static const char *newest(const struct eg_rate_card *card, const char *class_)
{
    const char *found = "";
    for (size_t i = 0; i < card->rows.count; i++) {
        const struct eg_rate_row *row = card->rows.row[i];
        if ((!class_ || strcmp(row->class_, class_) == 0) && strcmp(row->rate.as_of, found) > 0)
            found = row->rate.as_of;
    }
    return found;
}

const char *eg_rate_card_as_of(const struct eg_rate_card *card)
{
    const char *internet = newest(card, eg_class_name(EG_CLASS_INTERNET));
    return internet[0] ? internet : newest(card, NULL);
}

bool eg_rate_card_is_builtin(const struct eg_rate_card *card)
{
    return card->builtin;
}
