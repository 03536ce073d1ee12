/*
 * Who talks to whom in one address family: the graph that rule 3.4 chooses local addresses from.
 *
 * Nodes are the addresses with unicast packets, in no particular order. Edges are pairs of nodes,
 * each once; kept are only those that a choice can depend on: between two private nodes, between
 * two public ones, and between a public node and the platform. What else a node's packets go to is
 * in its sum. Building takes time linear in cells and nodes.
 */
#ifndef EG_GRAPH_H
#define EG_GRAPH_H

#include "base/error.h"
#include "traffic/group.h"
#include "traffic/station.h"

enum eg_edge_state {
    EG_EDGE_OPEN,      /* uncovered: counts for both ends */
    EG_EDGE_ASIDE,     /* drives no choice: its other end is the platform */
    EG_EDGE_UNDECIDED, /* drives no choice: nothing tells its ends apart */
    EG_EDGE_COVERED,   /* an end is in L */
};

struct eg_edge {
    uint32_t low, high; /* nodes; low < high */
    uint64_t packets;
    uint8_t state; /* enum eg_edge_state */
};

struct eg_node {
    uint32_t address;
    uint32_t peers;     /* distinct other ends of its unicast packets */
    uint64_t uncovered; /* packets without an end in L that it is a candidate for */
    bool sends;         /* from the station */
};

struct eg_graph {
    struct eg_node *nodes;
    uint32_t node_count;
    struct eg_edge *edges; /* by low, then high */
    uint32_t edge_count;
    uint32_t *first;    /* node n's edges are incident[first[n]] .. incident[first[n + 1] - 1], */
    uint32_t *incident; /* by the number of the node at their other end */
    uint64_t packets;   /* all unicast packets of the family */
};

#define EG_NO_NODE UINT32_MAX

/* node_of: scratch, one number for each address of the matrix; all EG_NO_NODE, and left so. */
enum eg_status eg_graph_new(const struct eg_group *group, uint8_t family,
                            const struct eg_station *station, uint32_t *node_of,
                            struct eg_graph **graph);
void eg_graph_free(struct eg_graph *graph);

static inline uint32_t eg_edge_other(const struct eg_edge *edge, uint32_t node)
{
    return edge->low == node ? edge->high : edge->low;
}

/* The edge between two nodes, or NULL. Logarithmic in the edges of a. */
struct eg_edge *eg_graph_edge(const struct eg_graph *graph, uint32_t a, uint32_t b);

#endif
