/*
 * egshark -i: an interface captured and reported.
 */
#ifndef LIVE_H
#define LIVE_H

#include "egress.h"
#include "live_source.h"

struct live_run {
    struct live_wish wish;
    struct eg_session *session;
    const struct eg_rules *rules;
    struct frame_writer *writer; /* -w; NULL: none */
    bool screen;                 /* --live */
    bool quiet;
    bool opened; /* the interface could be captured: there is something to report */
};

/*
 * Captures until one of the wish's limits or the user ends it; signals are watched from then on.
 * An exit status.
 */
int live_capture(struct live_run *run);

#endif
