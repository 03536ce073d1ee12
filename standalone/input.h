/*
 * Reading the captures of a run into a session.
 */
#ifndef INPUT_H
#define INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "egress.h"
#include "filter.h"
#include "frame_writer.h"
#include "progress.h"

struct input_run {
    struct eg_session *session;
    struct filter *filter;           /* -Y; NULL: every frame is reported */
    struct frame_writer *writer;     /* -w; NULL: none in this pass */
    const struct eg_report *settled; /* only what is egress in it is written; NULL: every frame */
    bool again;                      /* a second pass: what is wrong with inputs was told */
    struct progress progress;
    bool all_components;  /* of Windows traces: packets as often as they were logged */
    uint64_t frames_left; /* -c */
    size_t opened;        /* captures that could be opened */
    bool complete;        /* every input was read to its end, or as far as -c asks */
};

/* Bytes of all inputs together; 0 when one of them is not a regular file. */
uint64_t input_total_bytes(const char *const paths[], size_t count);

/* Whether inputs can be read twice; false after telling that `what` cannot, of the first that it
 * cannot of. */
bool input_passes_possible(const char *what, const char *const paths[], size_t count);

/*
 * Reads them one after another. What cannot be read is told on standard error and the others
 * continue; a signal ends the reading.
 */
void input_read_all(struct input_run *run, const char *const paths[], size_t count);

#endif
