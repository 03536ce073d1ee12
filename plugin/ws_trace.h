/*
 * The other way round from ws_frame.h: a frame of a Windows trace becomes a record of Wireshark's,
 * for its file reader and for display filters.
 */
#ifndef WS_TRACE_H
#define WS_TRACE_H

#include <wireshark.h>

#include <wiretap/wtap.h>

#include "egress.h"

/*
 * Fills all of a record but its bytes, which are the frame's. The comment, which tells who ran, is
 * the one that egshark -w writes. interface: the number that Wireshark has for it.
 */
void ws_record_of_trace(const struct eg_frame *frame, const struct eg_etl_origin *origin,
                        unsigned interface, wtap_rec *rec);

#endif
