#include <wireshark.h>

#include "ws_trace.h"

#include <wiretap/pcap-encap.h>

#include "ws_compat.h"

enum { NANOSECONDS = 1000000000 };

static void set_time(wtap_rec *rec, int64_t time)
{
    if (time == EG_NO_TIME)
        return;
    rec->presence_flags |= WTAP_HAS_TS;
    rec->ts.secs = (time_t)(time / NANOSECONDS - (time % NANOSECONDS < 0));
    rec->ts.nsecs = (int)(time - (int64_t)rec->ts.secs * NANOSECONDS);
}

static void set_options(wtap_rec *rec, enum eg_hint hint, const struct eg_etl_origin *origin)
{
    char comment[EG_ETL_ORIGIN_TEXT];
    rec->block = wtap_block_create(WTAP_BLOCK_PACKET);
    wtap_block_add_string_option_format(rec->block, OPT_COMMENT, "%s",
                                        eg_etl_origin_text(origin, comment));
    if (hint == EG_HINT_SENT || hint == EG_HINT_RECEIVED)
        wtap_block_add_uint32_option(rec->block, OPT_PKT_FLAGS,
                                     hint == EG_HINT_SENT ? PACK_FLAGS_DIRECTION_OUTBOUND
                                                          : PACK_FLAGS_DIRECTION_INBOUND);
}

void ws_record_of_trace(const struct eg_frame *frame, const struct eg_etl_origin *origin,
                        unsigned interface, wtap_rec *rec)
{
    wtap_packet_header *packet = &rec->rec_header.packet_header;
    ws_begin_packet(rec, wtap_pcap_encap_to_wtap_encap(frame->link));
    rec->presence_flags = WTAP_HAS_CAP_LEN | WTAP_HAS_INTERFACE_ID;
    rec->tsprec = WTAP_TSPREC_NSEC;
    packet->caplen = frame->captured;
    packet->len = frame->wire;
    packet->interface_id = interface;
    /* All zero: Windows logs no checksum at the end of a frame, and nothing of the radio. */
    memset(&packet->pseudo_header, 0, sizeof packet->pseudo_header);
    set_time(rec, frame->time);
    set_options(rec, frame->hint, origin);
}
