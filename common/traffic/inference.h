/*
 * Who is local when the capture does not tell: rule 3.4.
 */
#ifndef EG_INFERENCE_H
#define EG_INFERENCE_H

#include "base/error.h"
#include "traffic/graph.h"
#include "traffic/group.h"
#include "traffic/station.h"

/*
 * Marks in group->local what is chosen for one family. node_of: scratch, as eg_graph_new() takes
 * it. *undecided grows by the packets between candidates that nothing tells apart.
 */
enum eg_status eg_inference_run(const struct eg_group *group, uint8_t family,
                                const struct eg_station *station, uint32_t *node_of,
                                uint64_t *undecided);

#endif
