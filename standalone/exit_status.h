/*
 * What the program ends with, rule 8.3.
 */
#ifndef EXIT_STATUS_H
#define EXIT_STATUS_H

enum {
    STATUS_REPORTED = 0,
    STATUS_USAGE = 1,      /* a bad option or configuration */
    STATUS_INCOMPLETE = 2, /* an input not read, or not to its end; or the report not written */
    STATUS_BUDGET = 3,     /* the projected month passes --budget */
    STATUS_SIGNAL = 128,   /* and the number of the signal that ended the reading */
};

#endif
