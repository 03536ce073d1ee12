/*
 * The names that a file which libwiretap reads gives to addresses: the name resolution records of
 * pcapng. Libwiretap hands them to functions that are not told which file they are of.
 */
#ifndef WIRETAP_NAMES_H
#define WIRETAP_NAMES_H

#include "egress.h"

struct wtap;

/* Zeroed to begin with; its place must not change while the file is open. */
struct wiretap_names {
    struct eg_names_list list;
    bool without_memory; /* for one of them */
};

/* Behind opening; and before each record that is read, as a thread may have several files open. */
void wiretap_names_listen(struct wiretap_names *names, struct wtap *wth);
void wiretap_names_expect(struct wiretap_names *names);

void wiretap_names_clear(struct wiretap_names *names);

#endif
