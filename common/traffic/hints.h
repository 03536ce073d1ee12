/*
 * Directions that the capture tells itself: rule 3.3.
 */
#ifndef EG_HINTS_H
#define EG_HINTS_H

#include "base/error.h"
#include "traffic/group.h"

enum eg_role {
    EG_ROLE_UNTOLD, /* no hints there, or cooked v1, which does not tell where it received */
    EG_ROLE_UPLINK,
    EG_ROLE_INTERNAL, /* inside the host */
};

struct eg_hints; /* opaque: the role of every interface of a matrix */

enum eg_status eg_hints_new(const struct eg_matrix *matrix, struct eg_hints **hints);
void eg_hints_free(struct eg_hints *hints);

/*
 * Gives the group's interfaces their roles. False when no frame says that it was sent or received.
 * *no_uplink: every interface looked internal, and so all are uplinks.
 */
bool eg_hints_judge(struct eg_hints *hints, const struct eg_group *group, bool *no_uplink);

enum eg_role eg_hints_role(const struct eg_hints *hints, uint16_t interface);

/* Marks in group->local what the frames on its uplinks teach. */
void eg_hints_learn(const struct eg_hints *hints, const struct eg_group *group);

#endif
