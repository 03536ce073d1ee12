/*
 * The screen of a running capture: who gets how much now, in all, and for how much an hour.
 */
#ifndef LIVE_VIEW_H
#define LIVE_VIEW_H

#include <stdbool.h>
#include <stdint.h>

#include "egress.h"

struct live_view; /* opaque */

/* The session is reported on while it grows; title names what is captured. NULL: no memory. */
struct live_view *live_view_new(const struct eg_session *session, const struct eg_rules *rules,
                                const char *title);
void live_view_free(struct live_view *view);

/*
 * Does what is due: keys, a new report, the screen. A report costs with the conversations seen, so
 * the next one waits until this one has cost but a small share of the time. False once the user
 * wants no more.
 */
bool live_view_tick(struct live_view *view, uint64_t drops);

/* Until the next report is due, in ms. */
int live_view_wait(const struct live_view *view);

#endif
