/* What libwiretap knows of the interfaces of a capture that it reads. */
#ifndef WIRETAP_INTERFACES_H
#define WIRETAP_INTERFACES_H

#include <stddef.h>
#include <stdint.h>

#include <wireshark.h>

#include <wiretap/wtap.h>

#include "egress.h"

/*
 * Of those read so far, by number. Texts are valid until the file is closed, NULL where there are
 * none; link is not told.
 */
size_t wiretap_interfaces(wtap *wth);
struct eg_capture_interface wiretap_interface_at(wtap *wth, size_t number);

/* That of a record; nothing of it is known when the record names none. */
struct eg_capture_interface wiretap_interface_of(wtap *wth, const wtap_rec *rec);

/*
 * The LINKTYPE_ number of wiretap's own; EG_LINK_OTHER when it has none, or when the bytes alone do
 * not make up what the number stands for.
 */
int32_t wiretap_link(int encap);

#endif
