/*
 * Several captures read at once, each by one thread.
 */
#ifndef BATCH_H
#define BATCH_H

#include "input.h"

/*
 * Reads captures, which are files, as input_read_one() would one after another: the same frames,
 * faults in the same order. Sessions wait for their turn to be merged, but only a few a thread.
 */
void batch_read(struct input_run *run, const char *const paths[], size_t count);

#endif
