/*
 * A part of a capture that several threads read: where it begins, and its frames in a session of
 * its own. It stands in a list in the order of the file; who may touch what of it is told in
 * split.c.
 */
#ifndef PART_H
#define PART_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "egress.h"
#include "own_reader.h"

/* In bytes of the file. */
struct split_sizes {
    uint64_t least;  /* a smaller capture is not worth a second thread */
    uint64_t part;   /* no part is planned smaller */
    uint64_t before; /* looked at in front of a part, for copies; more where it is too little */
};

/* The same for all parts of a capture. */
struct part_plan {
    const struct eg_session *session; /* those of parts are alike */
    const char *path;
    struct split_sizes sizes;
    const struct own_reader *whole;
    const struct eg_capture *like; /* as it is behind the first frame */
    uint64_t cells_max;            /* of one part */
    atomic_bool stopped;           /* every part is to end where it is */
};

enum part_state { PART_PLANNED, PART_OPENING, PART_READING, PART_ENDED, PART_DROPPED };

struct part {
    struct part *next; /* in the file */
    uint64_t planned;  /* it begins at the first record from here on */
    enum part_state state;
    struct own_reader *reader;
    struct eg_session *session;
    uint64_t begin; /* once it is open */
    uint64_t frames;
    enum eg_capture_result result; /* why it ended; FRAME: it was told to */
    atomic_uint_fast64_t limit;    /* where the next part begins, or is planned to */
    atomic_uint_fast64_t place;    /* how far it is */
    atomic_bool dropped;           /* its frames are another part's */
};

/* The session of a part, at the beginning of its input; NULL without memory. */
struct eg_session *part_session(const struct part_plan *plan);

/* Finds where the part begins and looks at what is before it. False: it cannot be begun here. */
bool part_open(struct part *part, const struct part_plan *plan);

/* Reads until its limit, its end, or until it is told to stop. */
enum eg_capture_result part_read(struct part *part, struct part_plan *plan);

/* Frees what it holds, but not itself. */
void part_clear(struct part *part);

#endif
