/*
 * SIGINT and SIGTERM end the reading, not the program: what was read until then is reported.
 */
#ifndef INTERRUPT_H
#define INTERRUPT_H

#include <stdbool.h>

/*
 * From here on. A second signal of the kind has its usual effect. SIGPIPE becomes EPIPE, and
 * SIGXFSZ EFBIG.
 */
void interrupt_watch(void);

/* What a second signal of the kind calls before it has its usual effect; NULL: nothing. */
void interrupt_restore_with(void (*restore)(void));

/*
 * The next input is read from now on. The writer of a pipe (`tcpdump -w - | egshark -`) gets the
 * same Ctrl-C, so what it still writes within a second is read before the reading is over.
 */
void interrupt_begin_input(bool pipe);

/* All are read: the second is not waited for any more. */
void interrupt_end_inputs(void);

/* Whether a signal came; what a pipe still holds may be read on. */
bool interrupt_is_asked(void);

/* The signal that ended the reading; 0: none did. */
int interrupt_signal(void);

/* The reading is over; signals have their usual effect again. */
void interrupt_release(void);

#endif
