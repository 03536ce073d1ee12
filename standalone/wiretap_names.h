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
    uint8_t *bytes; /* as many names as there are, at most 4 MiB */
    size_t size, room;
    bool without_memory;
};

/* Behind opening; and before each record that is read, as a thread may have several files open. */
void wiretap_names_listen(struct wiretap_names *names, struct wtap *wth);
void wiretap_names_expect(struct wiretap_names *names);

/* Gives the session all that came so far. EG_ERR_NO_MEMORY: then, or before. */
enum eg_status wiretap_names_give(const struct wiretap_names *names, struct eg_session *session);

void wiretap_names_clear(struct wiretap_names *names);

#endif
