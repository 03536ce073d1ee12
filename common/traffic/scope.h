/*
 * What kind of address it is, by IANA's registries (rules 3.1, 3.6) and the clouds' platform
 * addresses (rule 4).
 */
#ifndef EG_SCOPE_H
#define EG_SCOPE_H

#include <stdbool.h>

#include "base/address.h"

#ifdef __cplusplus
extern "C" {
#endif

enum eg_scope {
    EG_SCOPE_PUBLIC,   /* globally reachable */
    EG_SCOPE_PRIVATE,  /* everything that is none of the others */
    EG_SCOPE_PLATFORM, /* 168.63.129.16, metadata services: class `platform` */
    EG_SCOPE_LOOPBACK,
    EG_SCOPE_LINK_LOCAL,
    EG_SCOPE_MULTICAST,
    EG_SCOPE_BROADCAST,  /* 255.255.255.255 */
    EG_SCOPE_UNSPECIFIED /* 0.0.0.0/8, :: */
};

enum eg_scope eg_scope_of(const struct eg_address *address);

/* "Public" in the sense of rule 3.1; everything else counts as private there. */
bool eg_scope_is_public(enum eg_scope scope);

/* A packet toward this scope never leaves as egress, rule 3.6. */
bool eg_scope_stays_local(enum eg_scope scope);

#ifdef __cplusplus
}
#endif

#endif
