/*
 * The short way of frames through a session: plain ones into cells that are there, a run at a time.
 * Inside the core only.
 */
#ifndef EG_SHORT_WAY_H
#define EG_SHORT_WAY_H

#include "egress.h"
#include "session.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What the frame that ended a run had come to by then. */
struct eg_passage {
    bool looked; /* for copies, with this result */
    enum eg_copy_verdict copy;
};

/*
 * Adds the first frames, up to one that has to go the long way, and returns how many. verdicts:
 * NULL, or one for each. *passage is set for the frame behind the last one.
 */
size_t eg_short_way(struct eg_session *session, const struct eg_frame *common,
                    const struct eg_record *records, size_t count, struct eg_verdict *verdicts,
                    struct eg_passage *passage);

/* Whether the short way may be taken by frames like this one, once it was learned. */
bool eg_short_way_takes(const struct eg_session *session, const struct eg_frame *frame,
                        const struct eg_plain *plain);

#ifdef __cplusplus
}
#endif

#endif
