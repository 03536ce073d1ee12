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
#include "split.h"

/* What was wrong with an input, to be told later. */
struct input_fault {
    const char *path;
    struct eg_error error;
};

struct input_run {
    unsigned threads;         /* 1: none but this one */
    struct split_sizes sizes; /* of captures, for more than one */
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
    uint64_t parts;       /* of captures, read by several threads, beside the first of each */
    bool keeps_faults;    /* in place of telling them */
    struct input_fault *faults;
    size_t fault_count;
};

/* What a capture must be worth to be split: below this, a thread costs more than it brings. */
struct split_sizes input_split_sizes(void);

/* Bytes of all inputs together; 0 when one of them is not a regular file. */
uint64_t input_total_bytes(const char *const paths[], size_t count);

/* Whether inputs can be read twice; false after telling that `what` cannot, of the first that it
 * cannot of. */
bool input_passes_possible(const char *what, const char *const paths[], size_t count);

/* Reads one. What is wrong with it is told on standard error, or kept. */
void input_read_one(struct input_run *run, const char *path);

/* The session is of no use any more, for want of memory: nothing is reported. */
void input_give_up(struct input_run *run, const char *path);

/* What was wrong with inputs of `from`, which kept it. */
void input_take_faults(struct input_run *run, const struct input_run *from);

/*
 * Reads all, by as many threads as there may be; the outcome is that of one thread that reads them
 * one after another. What cannot be read is told on standard error and the others
 * continue; a signal ends the reading.
 */
void input_read_all(struct input_run *run, const char *const paths[], size_t count);

#endif
