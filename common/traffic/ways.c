#include "traffic/ways.h"

const struct eg_way eg_way_unknown = {.kind = EG_WAY_NO_CELL};

/* Of no frame: nothing is of that link type. */
static const struct eg_way_context none = {.link = INT32_MIN};

static void begin_table(struct eg_way_table *table, const struct eg_way_context *context)
{
    table->context = *context;
    for (size_t place = 0; place < 1 << EG_WAY_BITS; place++)
        for (size_t way = 0; way < 4; way++)
            table->places[way / 2][place][way % 2] = eg_way_unknown;
}

void eg_ways_init(struct eg_ways *ways)
{
    for (size_t i = 0; i < EG_WAY_TABLES; i++)
        ways->tables[i].context = none;
}

static size_t table_of(const struct eg_way_context *context)
{
    /* Link types of one capture differ by more than two, where there are several. */
    return (size_t)(context->interface * 4 + (uint64_t)context->hint +
                    (uint64_t)context->link / 4) %
           EG_WAY_TABLES;
}

static bool is_of(const struct eg_way_table *table, const struct eg_way_context *context)
{
    return table->context.interface == context->interface &&
           table->context.input == context->input && table->context.link == context->link &&
           table->context.hint == context->hint;
}

const struct eg_way_table *eg_ways_find(const struct eg_ways *ways,
                                        const struct eg_way_context *context)
{
    const struct eg_way_table *table = &ways->tables[table_of(context)];
    return is_of(table, context) ? table : NULL;
}

void eg_ways_learn(struct eg_ways *ways, const struct eg_way_context *context,
                   const struct eg_plain *plain, const struct eg_way *facts)
{
    struct eg_way_table *table = &ways->tables[table_of(context)];
    if (!is_of(table, context))
        begin_table(table, context);
    struct eg_way *places = table->places[plain->tagged][eg_way_place(plain)];
    struct eg_way *place =
        eg_way_is_of(context->link, &places[1], plain) && places[1].flags ? &places[1] : &places[0];
    const bool known = place->flags && eg_way_is_of(context->link, place, plain);
    if (known && facts->kind == EG_WAY_NO_CELL)
        return;
    if (!known)
        places[1] = places[0];
    *place = *facts;
    place->first = plain->first;
    place->last = plain->last;
    place->rest = plain->rest;
    place->flags |= EG_WAY_USED;
}
