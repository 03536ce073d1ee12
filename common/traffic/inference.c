#include "traffic/inference.h"

#include <stdlib.h>
#include <string.h>

#include "traffic/graph.h"

enum { LOCAL_MAX = 64, COVERED_PERCENT = 99 };

/* A node's rank when it was put into the heap; its uncovered packets may be fewer by now. */
struct candidate {
    uint64_t uncovered;
    uint32_t peers;
    uint32_t node;
};

struct choice {
    const struct eg_group *group;
    struct eg_graph *graph;
    struct candidate *heap;
    uint32_t heap_count;
    uint32_t *tied; /* the nodes of the highest rank, out of the heap */
    uint32_t tied_count;
    bool *is_tied; /* by node */
    uint64_t covered;
    unsigned taken;
};

static bool is_settled(const struct choice *choice)
{
    return choice->taken == LOCAL_MAX ||
           choice->covered * 100 >= choice->graph->packets * COVERED_PERCENT;
}

/* ---- the heap ------------------------------------------------------------------------------ */

static bool is_above(const struct candidate *a, const struct candidate *b)
{
    return a->uncovered != b->uncovered ? a->uncovered > b->uncovered : a->peers > b->peers;
}

static void sink(struct choice *choice, uint32_t at)
{
    const struct candidate moved = choice->heap[at];
    for (;;) {
        uint32_t child = 2 * at + 1;
        if (child >= choice->heap_count)
            break;
        if (child + 1 < choice->heap_count &&
            is_above(&choice->heap[child + 1], &choice->heap[child]))
            child++;
        if (!is_above(&choice->heap[child], &moved))
            break;
        choice->heap[at] = choice->heap[child];
        at = child;
    }
    choice->heap[at] = moved;
}

static void push(struct choice *choice, uint32_t node)
{
    const struct eg_node *pushed = &choice->graph->nodes[node];
    const struct candidate moved = {pushed->uncovered, pushed->peers, node};
    uint32_t at = choice->heap_count++;
    for (; at > 0 && is_above(&moved, &choice->heap[(at - 1) / 2]); at = (at - 1) / 2)
        choice->heap[at] = choice->heap[(at - 1) / 2];
    choice->heap[at] = moved;
}

static void pop(struct choice *choice)
{
    choice->heap[0] = choice->heap[--choice->heap_count];
    if (choice->heap_count > 0)
        sink(choice, 0);
}

/* Ranks only ever fall, so the first whose rank still holds is the highest. */
static bool refresh_top(struct choice *choice)
{
    while (choice->heap_count > 0) {
        struct candidate *top = &choice->heap[0];
        const uint64_t now = choice->graph->nodes[top->node].uncovered;
        if (now == top->uncovered)
            return true;
        top->uncovered = now;
        if (now == 0)
            pop(choice);
        else
            sink(choice, 0);
    }
    return false;
}

static void fill_heap(struct choice *choice, enum eg_scope scope, bool sends)
{
    choice->heap_count = 0;
    for (uint32_t n = 0; n < choice->graph->node_count; n++) {
        const struct eg_node *node = &choice->graph->nodes[n];
        if (node->uncovered > 0 && node->sends == sends &&
            eg_group_scope(choice->group, node->address) == scope)
            choice->heap[choice->heap_count++] =
                (struct candidate){node->uncovered, node->peers, n};
    }
    for (uint32_t at = choice->heap_count / 2; at-- > 0;)
        sink(choice, at);
}

/* ---- ties ---------------------------------------------------------------------------------- */

/* Takes all nodes of the highest rank out of the heap; false when none is left. */
static bool pop_tied(struct choice *choice)
{
    choice->tied_count = 0;
    if (!refresh_top(choice))
        return false;
    const struct candidate highest = choice->heap[0];
    do {
        choice->tied[choice->tied_count++] = choice->heap[0].node;
        pop(choice);
    } while (refresh_top(choice) && !is_above(&highest, &choice->heap[0]));
    return true;
}

static bool set_undecided(struct choice *choice, struct eg_edge *edge)
{
    if (!edge || edge->state != EG_EDGE_OPEN)
        return false;
    edge->state = EG_EDGE_UNDECIDED;
    choice->graph->nodes[edge->low].uncovered -= edge->packets;
    choice->graph->nodes[edge->high].uncovered -= edge->packets;
    return true;
}

/* Few tied nodes with many edges each: look for the pairs. */
static bool set_pairs_aside(struct choice *choice, uint32_t i)
{
    bool any = false;
    for (uint32_t j = i + 1; j < choice->tied_count; j++)
        any |=
            set_undecided(choice, eg_graph_edge(choice->graph, choice->tied[i], choice->tied[j]));
    return any;
}

/* Many tied nodes: look through the edges. */
static bool set_edges_aside(struct choice *choice, uint32_t i)
{
    const struct eg_graph *graph = choice->graph;
    const uint32_t node = choice->tied[i];
    bool any = false;
    for (uint32_t e = graph->first[node]; e < graph->first[node + 1]; e++) {
        struct eg_edge *edge = &graph->edges[graph->incident[e]];
        if (choice->is_tied[eg_edge_other(edge, node)])
            any |= set_undecided(choice, edge);
    }
    return any;
}

/*
 * Packets between two nodes of the same rank tell nothing: they are set aside, all at once, so that
 * no order of looking at them matters. Returns whether there were any.
 */
static bool set_ties_aside(struct choice *choice)
{
    const struct eg_graph *graph = choice->graph;
    bool any = false;
    for (uint32_t i = 0; i < choice->tied_count; i++)
        choice->is_tied[choice->tied[i]] = true;
    for (uint32_t i = 0; i < choice->tied_count; i++) {
        const uint32_t node = choice->tied[i];
        if (choice->tied_count - i < graph->first[node + 1] - graph->first[node])
            any |= set_pairs_aside(choice, i);
        else
            any |= set_edges_aside(choice, i);
    }
    for (uint32_t i = 0; i < choice->tied_count; i++)
        choice->is_tied[choice->tied[i]] = false;
    return any;
}

/* ---- taking -------------------------------------------------------------------------------- */

static void take(struct choice *choice, uint32_t node)
{
    const struct eg_graph *graph = choice->graph;
    choice->group->local[graph->nodes[node].address] = true;
    choice->taken++;
    choice->covered += graph->nodes[node].uncovered;
    graph->nodes[node].uncovered = 0;
    for (uint32_t e = graph->first[node]; e < graph->first[node + 1]; e++) {
        struct eg_edge *edge = &graph->edges[graph->incident[e]];
        if (edge->state == EG_EDGE_OPEN)
            graph->nodes[eg_edge_other(edge, node)].uncovered -= edge->packets;
        else if (edge->state != EG_EDGE_COVERED)
            choice->covered += edge->packets;
        edge->state = EG_EDGE_COVERED;
    }
}

static bool is_lower(const struct choice *choice, uint32_t a, uint32_t b)
{
    const struct eg_matrix *matrix = choice->group->matrix;
    const struct eg_node *nodes = choice->graph->nodes;
    const struct eg_address one = eg_matrix_address(matrix, nodes[a].address);
    const struct eg_address other = eg_matrix_address(matrix, nodes[b].address);
    return eg_address_compare(&one, &other) < 0;
}

/* No two of the tied share packets: taking one changes nothing for the others. */
static void take_lowest(struct choice *choice)
{
    const unsigned room = LOCAL_MAX - choice->taken;
    uint32_t lowest[LOCAL_MAX];
    unsigned count = 0;
    for (uint32_t i = 0; i < choice->tied_count; i++) {
        const uint32_t node = choice->tied[i];
        if (count == room && !is_lower(choice, node, lowest[count - 1]))
            continue;
        unsigned at = count < room ? count++ : count - 1;
        for (; at > 0 && is_lower(choice, node, lowest[at - 1]); at--)
            lowest[at] = lowest[at - 1];
        lowest[at] = node;
    }
    for (unsigned i = 0; i < count && !is_settled(choice); i++)
        take(choice, lowest[i]);
}

/* Takes from the candidates of one kind, best first, while any covers what is uncovered. */
static void take_best(struct choice *choice, enum eg_scope scope, bool sends)
{
    fill_heap(choice, scope, sends);
    while (!is_settled(choice) && pop_tied(choice)) {
        if (!set_ties_aside(choice)) {
            take_lowest(choice);
            continue;
        }
        for (uint32_t i = 0; i < choice->tied_count; i++)
            if (choice->graph->nodes[choice->tied[i]].uncovered > 0)
                push(choice, choice->tied[i]);
    }
}

static uint64_t undecided_packets(const struct eg_graph *graph)
{
    uint64_t packets = 0;
    for (uint32_t e = 0; e < graph->edge_count; e++)
        if (graph->edges[e].state == EG_EDGE_UNDECIDED)
            packets += graph->edges[e].packets;
    return packets;
}

static bool choose(struct choice *choice)
{
    const size_t nodes = choice->graph->node_count ? choice->graph->node_count : 1;
    choice->heap = malloc(nodes * sizeof *choice->heap);
    choice->tied = malloc(nodes * sizeof *choice->tied);
    choice->is_tied = calloc(nodes, sizeof *choice->is_tied);
    if (!choice->heap || !choice->tied || !choice->is_tied)
        return false;
    take_best(choice, EG_SCOPE_PRIVATE, true);
    take_best(choice, EG_SCOPE_PRIVATE, false);
    take_best(choice, EG_SCOPE_PUBLIC, true);
    take_best(choice, EG_SCOPE_PUBLIC, false);
    return true;
}

enum eg_status eg_inference_run(const struct eg_group *group, uint8_t family,
                                const struct eg_station *station, uint32_t *node_of,
                                uint64_t *undecided)
{
    struct eg_graph *graph;
    const enum eg_status status = eg_graph_new(group, family, station, node_of, &graph);
    if (status != EG_OK)
        return status;
    struct choice choice = {.group = group, .graph = graph};
    const bool chosen = choose(&choice);
    if (chosen)
        *undecided += undecided_packets(graph);
    free(choice.heap);
    free(choice.tied);
    free(choice.is_tied);
    eg_graph_free(graph);
    return chosen ? EG_OK : EG_ERR_NO_MEMORY;
}
