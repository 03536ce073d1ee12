#include "traffic/direction.h"

#include <stdlib.h>
#include <string.h>

#include "traffic/group.h"
#include "traffic/grouping.h"
#include "traffic/hints.h"
#include "traffic/inference.h"
#include "traffic/scope.h"
#include "traffic/station.h"

/* What settling needs and the settlement does not keep. Arrays are by address number. */
struct settling {
    const struct eg_matrix *matrix;
    const struct eg_direction_options *options;
    struct eg_settlement *result;
    struct eg_grouping *grouping;
    struct eg_hints *hints;
    uint8_t *scope;
    bool *local; /* in the L of the group at work; with --local, named */
    bool *found; /* in the L of any group */
    uint32_t *node_of;
};

/* ---- one cell ------------------------------------------------------------------------------ */

static enum eg_direction by_addresses(bool from_local, bool to_local)
{
    if (from_local)
        return to_local ? EG_LOCAL : EG_EGRESS;
    return to_local ? EG_INGRESS : EG_TRANSIT;
}

/* Rule 3.3, for interfaces that are not internal. */
static enum eg_direction by_hint(enum eg_role role, enum eg_hint hint, bool from_local,
                                 bool to_local)
{
    if (hint == EG_HINT_SENT)
        return to_local ? EG_LOCAL : EG_EGRESS;
    if (!to_local)
        return EG_TRANSIT;
    return role == EG_ROLE_UNTOLD && from_local ? EG_LOCAL : EG_INGRESS;
}

/* Rule 3.4, mirror ports included. Only the VM itself can reach a platform address. */
static enum eg_direction by_inference(const struct settling *settling, const struct eg_cell *cell)
{
    const enum eg_scope from = (enum eg_scope)settling->scope[cell->source];
    const enum eg_scope to = (enum eg_scope)settling->scope[cell->destination];
    if (to == EG_SCOPE_PLATFORM)
        return EG_EGRESS;
    if (from == EG_SCOPE_PLATFORM)
        return EG_INGRESS;
    if (settling->grouping->alone[cell->interface] && !eg_scope_is_public(from) &&
        eg_scope_is_public(to) && !settling->local[cell->destination])
        return EG_EGRESS;
    return by_addresses(settling->local[cell->source], settling->local[cell->destination]);
}

static enum eg_direction direction_of(const struct settling *settling, const struct eg_group *group,
                                      const struct eg_cell *cell, enum eg_local_source method)
{
    const bool from = group->local[cell->source], to = group->local[cell->destination];
    const enum eg_hint hint = (enum eg_hint)cell->hint;
    const enum eg_role role = eg_hints_role(settling->hints, cell->interface);
    if (eg_group_stays_local(group, cell))
        return EG_LOCAL;
    if (role == EG_ROLE_INTERNAL)
        return EG_INTERNAL;
    if (method == EG_LOCAL_INFERRED)
        return by_inference(settling, cell);
    return hint == EG_HINT_UNKNOWN ? by_addresses(from, to) : by_hint(role, hint, from, to);
}

/* ---- one group ----------------------------------------------------------------------------- */

static enum eg_status infer(struct settling *settling, const struct eg_group *group)
{
    const struct eg_station station = eg_station_of(group);
    uint64_t *const undecided = &settling->result->undecided_packets;
    const enum eg_status status =
        eg_inference_run(group, EG_IPV4, &station, settling->node_of, undecided);
    if (status != EG_OK)
        return status;
    return eg_inference_run(group, EG_IPV6, &station, settling->node_of, undecided);
}

static void settle_cell(struct settling *settling, const struct eg_group *group, uint32_t number,
                        enum eg_local_source method)
{
    const struct eg_cell cell = eg_cell_view(settling->matrix, number);
    const enum eg_direction direction = direction_of(settling, group, &cell, method);
    struct eg_settlement *result = settling->result;
    result->direction[number] = (uint8_t)direction;
    result->total_bytes += cell.ip_bytes;
    if (direction == EG_TRANSIT)
        result->transit_bytes += cell.ip_bytes;
}

/* Moves an address of this group's L to the L of the run; returns whether it was in it. */
static bool hand_over(struct settling *settling, uint32_t address)
{
    const bool was = settling->local[address];
    settling->found[address] |= was;
    settling->local[address] = false;
    return was;
}

static void note_source(struct eg_settlement *result, enum eg_local_source source)
{
    if (result->source == EG_LOCAL_NONE)
        result->source = source;
    else if (result->source != source)
        result->source = EG_LOCAL_MIXED;
}

static void clear_local(struct settling *settling, const struct eg_group *group,
                        enum eg_local_source method)
{
    bool any = false;
    for (uint32_t i = 0; i < group->cell_count; i++) {
        const struct eg_cell cell = eg_group_cell(group, i);
        any |= hand_over(settling, cell.source);
        any |= hand_over(settling, cell.destination);
    }
    if (any)
        note_source(settling->result, method);
}

static enum eg_status settle_group(struct settling *settling, const struct eg_group *group)
{
    bool no_uplink;
    const bool hints = eg_hints_judge(settling->hints, group, &no_uplink);
    settling->result->no_uplink |= no_uplink;
    const enum eg_local_source method = settling->options->local ? EG_LOCAL_OPTION
                                        : hints                  ? EG_LOCAL_HINTS
                                                                 : EG_LOCAL_INFERRED;
    enum eg_status status = EG_OK;
    if (method == EG_LOCAL_HINTS)
        eg_hints_learn(settling->hints, group);
    else if (method == EG_LOCAL_INFERRED)
        status = infer(settling, group);
    if (status != EG_OK)
        return status;
    for (uint32_t i = 0; i < group->cell_count; i++)
        settle_cell(settling, group, group->cells[i], method);
    if (method != EG_LOCAL_OPTION)
        clear_local(settling, group, method);
    return EG_OK;
}

static enum eg_status settle_groups(struct settling *settling)
{
    const struct eg_grouping *grouping = settling->grouping;
    enum eg_status status = EG_OK;
    for (uint32_t g = 0; g < grouping->count && status == EG_OK; g++) {
        const uint32_t cell = grouping->first_cell[g], interface = grouping->first_interface[g];
        const struct eg_group group = {
            .matrix = settling->matrix,
            .scope = settling->scope,
            .cells = grouping->cells + cell,
            .cell_count = grouping->first_cell[g + 1] - cell,
            .interfaces = grouping->interfaces + interface,
            .interface_count = grouping->first_interface[g + 1] - interface,
            .local = settling->local,
        };
        status = settle_group(settling, &group);
    }
    return status;
}

/* ---- the run ------------------------------------------------------------------------------- */

static bool is_named(const struct eg_direction_options *options, const struct eg_address *address)
{
    for (size_t i = 0; i < options->local_count; i++)
        if (eg_prefix_contains(&options->local[i], address))
            return true;
    return false;
}

static void read_addresses(struct settling *settling)
{
    const bool named = settling->options->local != NULL;
    for (uint32_t i = 0; i < eg_matrix_addresses(settling->matrix); i++) {
        const struct eg_address address = eg_matrix_address(settling->matrix, i);
        settling->scope[i] = (uint8_t)eg_scope_of(&address);
        settling->node_of[i] = EG_NO_NODE;
        settling->local[i] = settling->found[i] = named && is_named(settling->options, &address);
    }
    if (named)
        settling->result->source = EG_LOCAL_OPTION;
}

static int compare_addresses(const void *a, const void *b)
{
    return eg_address_compare(a, b);
}

static enum eg_status list_local(const struct settling *settling)
{
    struct eg_settlement *result = settling->result;
    const uint32_t addresses = eg_matrix_addresses(settling->matrix);
    size_t count = 0;
    for (uint32_t i = 0; i < addresses; i++)
        count += settling->found[i];
    result->local = malloc((count + 1) * sizeof *result->local);
    if (!result->local)
        return EG_ERR_NO_MEMORY;
    for (uint32_t i = 0; i < addresses; i++)
        if (settling->found[i])
            result->local[result->local_count++] = eg_matrix_address(settling->matrix, i);
    qsort(result->local, result->local_count, sizeof *result->local, compare_addresses);
    return EG_OK;
}

static enum eg_status settling_begin(struct settling *settling)
{
    const size_t addresses = (size_t)eg_matrix_addresses(settling->matrix) + 1;
    const uint32_t cells = eg_matrix_cells(settling->matrix);
    settling->scope = malloc(addresses * sizeof *settling->scope);
    settling->local = malloc(addresses * sizeof *settling->local);
    settling->found = malloc(addresses * sizeof *settling->found);
    settling->node_of = malloc(addresses * sizeof *settling->node_of);
    settling->result = calloc(1, sizeof *settling->result);
    if (!settling->scope || !settling->local || !settling->found || !settling->node_of ||
        !settling->result)
        return EG_ERR_NO_MEMORY;
    settling->result->cells = cells;
    settling->result->direction = calloc((size_t)cells + 1, 1);
    if (!settling->result->direction)
        return EG_ERR_NO_MEMORY;
    read_addresses(settling);
    const enum eg_status status = eg_hints_new(settling->matrix, &settling->hints);
    if (status != EG_OK)
        return status;
    return eg_grouping_new(settling->matrix, settling->options->local_per_input,
                           &settling->grouping);
}

static void settling_end(struct settling *settling)
{
    free(settling->scope);
    free(settling->local);
    free(settling->found);
    free(settling->node_of);
    eg_hints_free(settling->hints);
    eg_grouping_free(settling->grouping);
    eg_settlement_free(settling->result);
}

enum eg_status eg_direction_settle(const struct eg_matrix *matrix,
                                   const struct eg_direction_options *options,
                                   struct eg_settlement **settlement)
{
    struct settling settling = {.matrix = matrix, .options = options};
    enum eg_status status = settling_begin(&settling);
    if (status == EG_OK)
        status = settle_groups(&settling);
    if (status == EG_OK)
        status = list_local(&settling);
    if (status == EG_OK) {
        *settlement = settling.result;
        settling.result = NULL;
    }
    settling_end(&settling);
    return status;
}

void eg_settlement_free(struct eg_settlement *settlement)
{
    if (!settlement)
        return;
    free(settlement->direction);
    free(settlement->local);
    free(settlement);
}
