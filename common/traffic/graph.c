#include "traffic/graph.h"

#include <stdlib.h>

/* Packets between two nodes: at first of a cell, in the end all of them. */
struct pair {
    uint32_t low, high;
    uint64_t packets;
};

/* What building needs and the graph does not keep. */
struct build {
    const struct eg_group *group;
    const struct eg_station *station;
    struct eg_graph *graph;
    uint32_t *node_of;
    uint8_t family;
    struct pair *pairs;
    struct pair *sorted;
    uint32_t *places; /* one for each node, and one more */
    uint32_t pair_count;
};

static bool is_counted(const struct build *build, const struct eg_cell *cell)
{
    return eg_group_family(build->group, cell) == build->family &&
           eg_group_is_unicast(build->group, cell);
}

static enum eg_scope scope_of(const struct build *build, uint32_t node)
{
    return eg_group_scope(build->group, build->graph->nodes[node].address);
}

static void number_node(struct build *build, uint32_t address)
{
    if (build->node_of[address] == EG_NO_NODE)
        build->node_of[address] = build->graph->node_count++;
}

static void number_nodes(struct build *build)
{
    for (uint32_t i = 0; i < build->group->cell_count; i++) {
        const struct eg_cell cell = eg_group_cell(build->group, i);
        if (!is_counted(build, &cell))
            continue;
        number_node(build, cell.source);
        number_node(build, cell.destination);
        build->graph->packets += cell.packets;
        build->pair_count += cell.source != cell.destination;
    }
}

static void forget_nodes(const struct build *build)
{
    for (uint32_t i = 0; i < build->group->cell_count; i++) {
        const struct eg_cell cell = eg_group_cell(build->group, i);
        build->node_of[cell.source] = build->node_of[cell.destination] = EG_NO_NODE;
    }
}

/* Fills in the nodes, and lists the packets between two of them. */
static void list_pairs(struct build *build)
{
    struct eg_node *nodes = build->graph->nodes;
    uint32_t count = 0;
    for (uint32_t i = 0; i < build->group->cell_count; i++) {
        const struct eg_cell cell = eg_group_cell(build->group, i);
        if (!is_counted(build, &cell))
            continue;
        const uint32_t from = build->node_of[cell.source], to = build->node_of[cell.destination];
        nodes[from].address = cell.source;
        nodes[to].address = cell.destination;
        nodes[from].sends |=
            eg_station_sends(build->station, eg_matrix_link(build->group->matrix, cell.link));
        if (from == to)
            nodes[from].uncovered += cell.packets;
        else
            build->pairs[count++] =
                (struct pair){from < to ? from : to, from < to ? to : from, cell.packets};
    }
}

/* places[n] was the count of n: now it is the sum of the counts before n. */
static void sum_places(uint32_t *places, uint32_t count)
{
    uint32_t sum = 0;
    for (uint32_t n = 0; n <= count; n++) {
        const uint32_t here = n < count ? places[n] : 0;
        places[n] = sum;
        sum += here;
    }
}

/* A stable counting sort; by high and then by low it orders the pairs. */
static void sort_pairs(struct build *build, bool low)
{
    uint32_t *const places = build->places;
    for (uint32_t n = 0; n < build->graph->node_count; n++)
        places[n] = 0;
    for (uint32_t i = 0; i < build->pair_count; i++)
        places[low ? build->pairs[i].low : build->pairs[i].high]++;
    sum_places(places, build->graph->node_count);
    for (uint32_t i = 0; i < build->pair_count; i++) {
        const struct pair *pair = &build->pairs[i];
        build->sorted[places[low ? pair->low : pair->high]++] = *pair;
    }
    struct pair *const unsorted = build->pairs;
    build->pairs = build->sorted;
    build->sorted = unsorted;
}

/* Makes one of the sorted pairs that are of the same two nodes. */
static void join_pairs(struct build *build)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < build->pair_count; i++) {
        const struct pair *pair = &build->pairs[i];
        struct pair *last = count > 0 ? &build->pairs[count - 1] : NULL;
        if (last && last->low == pair->low && last->high == pair->high)
            last->packets += pair->packets;
        else
            build->pairs[count++] = *pair;
    }
    build->pair_count = count;
}

/* Public addresses are candidates only for packets between two of them. */
static void count_end(const struct build *build, uint32_t node, uint32_t other, uint64_t packets)
{
    struct eg_node *counted = &build->graph->nodes[node];
    counted->peers++;
    if (scope_of(build, node) == EG_SCOPE_PRIVATE || scope_of(build, other) == EG_SCOPE_PUBLIC)
        counted->uncovered += packets;
}

static bool is_kept(const struct build *build, const struct pair *pair)
{
    const enum eg_scope a = scope_of(build, pair->low), b = scope_of(build, pair->high);
    if (a == b)
        return a != EG_SCOPE_PLATFORM;
    return a != EG_SCOPE_PRIVATE && b != EG_SCOPE_PRIVATE;
}

static void count_pairs(struct build *build)
{
    for (uint32_t i = 0; i < build->pair_count; i++) {
        const struct pair *pair = &build->pairs[i];
        count_end(build, pair->low, pair->high, pair->packets);
        count_end(build, pair->high, pair->low, pair->packets);
        build->graph->edge_count += is_kept(build, pair);
    }
}

static void keep_edges(struct build *build)
{
    struct eg_edge *edge = build->graph->edges;
    for (uint32_t i = 0; i < build->pair_count; i++) {
        const struct pair *pair = &build->pairs[i];
        if (!is_kept(build, pair))
            continue;
        const bool drives = scope_of(build, pair->low) == scope_of(build, pair->high);
        *edge++ = (struct eg_edge){.low = pair->low,
                                   .high = pair->high,
                                   .packets = pair->packets,
                                   .state = drives ? EG_EDGE_OPEN : EG_EDGE_ASIDE};
    }
}

/* In the order of the edges, each node's come in that of the other end. */
static void link_edges(struct build *build)
{
    struct eg_graph *graph = build->graph;
    for (uint32_t n = 0; n <= graph->node_count; n++)
        graph->first[n] = 0;
    for (uint32_t e = 0; e < graph->edge_count; e++) {
        graph->first[graph->edges[e].low]++;
        graph->first[graph->edges[e].high]++;
    }
    sum_places(graph->first, graph->node_count);
    for (uint32_t n = 0; n < graph->node_count; n++)
        build->places[n] = graph->first[n];
    for (uint32_t e = 0; e < graph->edge_count; e++) {
        graph->incident[build->places[graph->edges[e].low]++] = e;
        graph->incident[build->places[graph->edges[e].high]++] = e;
    }
}

/* calloc() that gives memory for nothing too. */
static void *allocate(size_t count, size_t size)
{
    return calloc(count ? count : 1, size);
}

static bool build_graph(struct build *build)
{
    struct eg_graph *graph = build->graph;
    number_nodes(build);
    graph->nodes = allocate(graph->node_count, sizeof *graph->nodes);
    graph->first = allocate((size_t)graph->node_count + 1, sizeof *graph->first);
    build->places = allocate((size_t)graph->node_count + 1, sizeof *build->places);
    build->pairs = allocate(build->pair_count, sizeof *build->pairs);
    build->sorted = allocate(build->pair_count, sizeof *build->sorted);
    if (!graph->nodes || !graph->first || !build->places || !build->pairs || !build->sorted)
        return false;
    list_pairs(build);
    sort_pairs(build, false);
    sort_pairs(build, true);
    join_pairs(build);
    count_pairs(build);
    graph->edges = allocate(graph->edge_count, sizeof *graph->edges);
    graph->incident = allocate(2 * (size_t)graph->edge_count, sizeof *graph->incident);
    if (!graph->edges || !graph->incident)
        return false;
    keep_edges(build);
    link_edges(build);
    return true;
}

enum eg_status eg_graph_new(const struct eg_group *group, uint8_t family,
                            const struct eg_station *station, uint32_t *node_of,
                            struct eg_graph **graph)
{
    struct eg_graph *made = calloc(1, sizeof *made);
    if (!made)
        return EG_ERR_NO_MEMORY;
    struct build build = {
        .group = group, .station = station, .graph = made, .node_of = node_of, .family = family};
    const bool built = build_graph(&build);
    forget_nodes(&build);
    free(build.places);
    free(build.pairs);
    free(build.sorted);
    if (!built) {
        eg_graph_free(made);
        return EG_ERR_NO_MEMORY;
    }
    *graph = made;
    return EG_OK;
}

void eg_graph_free(struct eg_graph *graph)
{
    if (!graph)
        return;
    free(graph->nodes);
    free(graph->edges);
    free(graph->first);
    free(graph->incident);
    free(graph);
}

struct eg_edge *eg_graph_edge(const struct eg_graph *graph, uint32_t a, uint32_t b)
{
    uint32_t begin = graph->first[a], end = graph->first[a + 1];
    while (begin < end) {
        const uint32_t middle = begin + (end - begin) / 2;
        struct eg_edge *edge = &graph->edges[graph->incident[middle]];
        const uint32_t other = eg_edge_other(edge, a);
        if (other == b)
            return edge;
        if (other < b)
            begin = middle + 1;
        else
            end = middle;
    }
    return NULL;
}
