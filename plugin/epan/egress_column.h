/*
 * The "Egress cost" column, which comes by itself at the first start with the plugin.
 */
#ifndef EGRESS_COLUMN_H
#define EGRESS_COLUMN_H

#include <epan/prefs.h>

/* The preference that turns it on and off. */
void egress_column_register(module_t *module);

/* Handoff: makes Wireshark call the preferences' apply callback before it builds its columns. */
void egress_column_prepare(void);

/* Preferences are read: adds the column, once, in the GUI. */
void egress_column_apply(void);

#endif
