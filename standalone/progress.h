/*
 * One line on standard error that tells how far the reading is, redrawn in place.
 */
#ifndef PROGRESS_H
#define PROGRESS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct progress {
    bool on;
    const char *path; /* being read */
    uint64_t total;   /* bytes of all inputs; 0: not known */
    uint64_t before;  /* of the inputs that are done */
    uint64_t seen;    /* of this one, when the clock was last looked at */
    int64_t start;    /* ns of the monotonic clock */
    int64_t drawn;    /* when the line was last drawn */
    bool visible;
    atomic_uint_fast64_t *sum; /* draws nothing, and adds up here what was read; NULL: draws */
};

void progress_begin(struct progress *progress, bool on, uint64_t total);
void progress_begin_input(struct progress *progress, const char *path);

/* `read` bytes of this input so far. Draws at most five times a second; else costs a comparison. */
void progress_update(struct progress *progress, uint64_t read);

void progress_end_input(struct progress *progress);

/* Before anything else is written to the terminal. */
void progress_erase(struct progress *progress);

#endif
