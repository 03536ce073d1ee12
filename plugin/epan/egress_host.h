/*
 * What program the plugin is in.
 */
#ifndef EGRESS_HOST_H
#define EGRESS_HOST_H

#include <stdbool.h>

/* Wireshark, not tshark or another program without windows. */
bool egress_in_gui(void);

/* In the GUI: frames still come in, from a file or a live capture. */
bool egress_is_reading(void);

/* In the GUI: the path of the open capture, valid until the next call; NULL: there is none. */
const char *egress_capture_path(void);

#endif
