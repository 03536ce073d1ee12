/*
 * The link layer of a frame, behind the dissectors' back.
 */
#ifndef EGRESS_LINK_H
#define EGRESS_LINK_H

#include <epan/packet_info.h>

/* Once, when all protocols are registered. */
void egress_link_prepare(void);

/*
 * Frames within a frame (Apple's PKTAP, remote capture) are handed to the dissector pcap_pktdata,
 * which overwrites the encapsulation in the record with that of the inner one: puts it right.
 */
void egress_link_restore(packet_info *pinfo);

#endif
