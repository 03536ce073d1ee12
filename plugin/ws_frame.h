/*
 * The one place where a Wireshark record becomes a frame of the core; the plugin and the command
 * line share it, so that they cannot differ.
 */
#ifndef WS_FRAME_H
#define WS_FRAME_H

#include <stdbool.h>
#include <stdint.h>

#include <wireshark.h>

#include <wiretap/wtap.h>

#include "packet/frame.h"

/*
 * Fills *frame from a packet record and its caplen bytes, which it borrows. False when the record
 * is not a packet (an event, a statistic) and so not a frame, rule 1.1. `filtered` is left false.
 */
bool ws_frame_of_record(const wtap_rec *rec, const uint8_t *bytes, struct eg_frame *frame);

#endif
