/*
 * What the plugin holds of the open capture: rules from the preferences, a session of the core that
 * every frame of the first pass goes through, and the report settled from it.
 */
#ifndef EGRESS_STATE_H
#define EGRESS_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "egress.h"

/* The rules for sessions from the next reset on; owned from here on. */
void egress_state_set_rules(struct eg_rules *rules);

/* A capture is opened, or its frames are dissected anew. */
void egress_state_reset(void);
/* The capture is closed: everything but the rules goes. */
void egress_state_clear(void);
/* The program ends. */
void egress_state_free(void);

/*
 * Gives a frame to the session, and keeps its verdict by the frame's number. NULL when there is no
 * session. Valid until the next frame is added.
 */
const struct eg_verdict *egress_state_add(uint32_t number, const struct eg_frame *frame);

/* The verdict that is kept of a frame; NULL: the frame is not of this session. */
const struct eg_verdict *egress_state_recall(uint32_t number);

/* Whether frames were looked at again, when the session had all of them; or there are none. */
bool egress_state_is_revisited(void);

/*
 * The report over the frames so far; NULL when there is none. `now` settles it whenever it is not
 * up to date. Without it, it may lag behind: settling again is paid for by frames that came in
 * since, so that asking for it at every frame costs a constant a frame.
 */
const struct eg_report *egress_state_report(bool now);

/* A report of its own for the caller to free, over a part (NULL: all); NULL when there is none. */
struct eg_report *egress_state_new_report(const struct eg_selection *selection,
                                          const struct eg_view *view);

/* The same by another key than the preferences', in their direction. */
struct eg_report *egress_state_new_report_by(const struct eg_selection *selection,
                                             enum eg_view_by by);

#endif
