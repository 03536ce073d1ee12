/*
 * The terminal as a screen that is redrawn, and keys of it without Enter.
 *
 * Plain escapes of ECMA-48 and termios, which every terminal of today knows: what is needed of
 * them is a dozen sequences, no terminal database and no library to load. There is one terminal,
 * so this module keeps its state itself: signal handlers have no other way to it.
 */
#ifndef TERMINAL_H
#define TERMINAL_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Takes the controlling terminal; standard input and output may be anything else. Whatever ends
 * the program but SIGKILL, the terminal gets back what it showed and how it was set; Ctrl-Z
 * too gives it back until the program goes on. False after telling why.
 */
bool terminal_open(void);
void terminal_close(void); /* harmless when it is not open */

/* Only calls that a signal handler may make. */
void terminal_restore(void);

int terminal_fd(void); /* readable when a key waits */

/* The next key of those that wait; 0: none. Keys that send several bytes give none. */
char terminal_key(void);

/* Columns and rows as they are now. */
void terminal_size(unsigned *columns, unsigned *rows);

/* Whether the size or what is shown may have changed since it was last asked. */
bool terminal_is_changed(void);

/* Shows the lines of `text`, each ending in a newline, from the top; wipes the rest. */
void terminal_show(const char *text, size_t length);

#endif
