/*
 * Standard output as a sink that notices when it cannot be written.
 */
#ifndef OUTPUT_H
#define OUTPUT_H

#include <stdbool.h>

#include "egress.h"

/*
 * Makes the descriptors 0 to 2 refer to something, so that no capture is opened as one of them.
 * False when standard output is closed.
 */
bool output_streams_open(void);

struct output {
    int error; /* errno of the first failure; 0: none */
};

struct eg_sink output_sink(struct output *output);

/*
 * Writes what is still buffered. Complains of a failure and returns false; a reader that has gone
 * away (`| head`) is none.
 */
bool output_finish(struct output *output);

#endif
