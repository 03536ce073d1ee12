/*
 * The preferences: the core's settings under the names that egshark -o has.
 */
#ifndef EGRESS_PREFS_H
#define EGRESS_PREFS_H

/* proto: the protocol's number. Registers the preferences and makes rules of their defaults. */
void egress_prefs_register(int proto);

#endif
