/*
 * Tariffs: each distinct kind of destination is classified into charges once, however many
 * addresses are of that kind (law 4).
 */
#include "report/report.h"

#include <stdlib.h>
#include <string.h>

/* An index over tariffs by what tells them apart; a power of two, never more than half full. */
struct eg_tariffs {
    const struct eg_pricing *pricing;
    struct eg_vantage vantage;
    const struct eg_matrix *matrix;
    uint32_t *of_address;    /* tariff of each address, EG_NO_TARIFF until it is asked for */
    struct eg_tariff **made; /* pointers stay valid as the array grows */
    uint32_t count;
    uint32_t *slots;
    size_t slot_count;
};

enum { FIRST_SLOTS = 64 };

static uint32_t *new_slots(size_t count)
{
    uint32_t *slots = malloc(count * sizeof *slots);
    if (slots)
        memset(slots, 0xff, count * sizeof *slots);
    return slots;
}

enum eg_status eg_tariffs_new(const struct eg_report *report, const struct eg_matrix *matrix,
                              struct eg_tariffs **tariffs)
{
    struct eg_tariffs *made = calloc(1, sizeof *made);
    if (!made)
        return EG_ERR_NO_MEMORY;
    made->pricing = &report->pricing;
    made->vantage = (struct eg_vantage){
        .provider = report->rules->provider,
        .region = report->region,
        .ranges = report->rules->ranges,
        .sites = report->rules->sites,
    };
    made->matrix = matrix;
    made->of_address = new_slots((size_t)eg_matrix_addresses(matrix) + 1);
    made->slots = new_slots(FIRST_SLOTS);
    made->slot_count = FIRST_SLOTS;
    if (!made->of_address || !made->slots) {
        eg_tariffs_free(made);
        return EG_ERR_NO_MEMORY;
    }
    *tariffs = made;
    return EG_OK;
}

void eg_tariffs_free(struct eg_tariffs *tariffs)
{
    if (!tariffs)
        return;
    for (uint32_t i = 0; i < tariffs->count; i++)
        free(tariffs->made[i]);
    free(tariffs->made);
    free(tariffs->of_address);
    free(tariffs->slots);
    free(tariffs);
}

/* Labels and sites are compared by identity: their strings live in the ranges, each once. */
static size_t slot_of(const struct eg_destination *d, size_t slot_count)
{
    static const struct eg_hash_key no_key = {0, 0}; /* the user's own files are not hostile */
    const uint64_t hash =
        eg_hash_words(&no_key, (uint64_t)(uintptr_t)d->label.region ^ (uint64_t)d->class_ << 56,
                      (uint64_t)(uintptr_t)d->label.service ^ (uint64_t)(uintptr_t)d->site << 8);
    return (size_t)hash & (slot_count - 1);
}

static bool same_kind(const struct eg_destination *a, const struct eg_destination *b)
{
    return a->class_ == b->class_ && a->site == b->site && a->region == b->region &&
           a->label.provider == b->label.provider && a->label.region == b->label.region &&
           a->label.service == b->label.service && a->label.flags == b->label.flags;
}

static size_t find_slot(const struct eg_tariffs *tariffs, const struct eg_destination *destination)
{
    size_t slot = slot_of(destination, tariffs->slot_count);
    while (tariffs->slots[slot] != EG_NO_TARIFF &&
           !same_kind(&tariffs->made[tariffs->slots[slot]]->destination, destination))
        slot = (slot + 1) & (tariffs->slot_count - 1);
    return slot;
}

static enum eg_status grow(struct eg_tariffs *tariffs)
{
    struct eg_tariff **made = realloc(tariffs->made, tariffs->slot_count * sizeof *tariffs->made);
    if (!made)
        return EG_ERR_NO_MEMORY;
    tariffs->made = made;
    uint32_t *slots = new_slots(tariffs->slot_count * 2);
    if (!slots)
        return EG_ERR_NO_MEMORY;
    free(tariffs->slots);
    tariffs->slots = slots;
    tariffs->slot_count *= 2;
    for (uint32_t i = 0; i < tariffs->count; i++)
        tariffs->slots[find_slot(tariffs, &tariffs->made[i]->destination)] = i;
    return EG_OK;
}

enum eg_status eg_tariffs_of(struct eg_tariffs *tariffs, uint32_t address, uint32_t *number)
{
    if (tariffs->of_address[address] != EG_NO_TARIFF) {
        *number = tariffs->of_address[address];
        return EG_OK;
    }
    struct eg_destination destination;
    const struct eg_address classified = eg_matrix_address(tariffs->matrix, address);
    eg_classify(&tariffs->vantage, &classified, &destination);
    if ((!tariffs->made || tariffs->count * 2 >= tariffs->slot_count) && grow(tariffs) != EG_OK)
        return EG_ERR_NO_MEMORY;
    const size_t slot = find_slot(tariffs, &destination);
    if (tariffs->slots[slot] == EG_NO_TARIFF) {
        struct eg_tariff *tariff = malloc(sizeof *tariff);
        if (!tariff)
            return EG_ERR_NO_MEMORY;
        tariff->destination = destination;
        eg_charges_of(tariffs->pricing, &destination, &tariff->charges);
        tariffs->made[tariffs->count] = tariff;
        tariffs->slots[slot] = tariffs->count++;
    }
    tariffs->of_address[address] = tariffs->slots[slot];
    *number = tariffs->slots[slot];
    return EG_OK;
}

uint32_t eg_tariffs_count(const struct eg_tariffs *tariffs)
{
    return tariffs->count;
}

const struct eg_tariff *eg_tariffs_at(const struct eg_tariffs *tariffs, uint32_t number)
{
    return tariffs->made[number];
}
