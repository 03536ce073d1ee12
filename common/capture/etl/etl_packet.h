/*
 * What one event says of a packet, or of a part of one, whichever provider logged it.
 */
#ifndef EG_ETL_PACKET_H
#define EG_ETL_PACKET_H

#include "capture/etl/etl_record.h"
#include "packet/frame.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Who saw it. */
enum eg_etl_tap {
    EG_ETL_TAP_NDIS,           /* netsh trace: a network card, or a layer above it */
    EG_ETL_TAP_SWITCH,         /* netsh trace: a port of a virtual switch */
    EG_ETL_TAP_RAS,            /* a VPN server's tunnels, inside */
    EG_ETL_TAP_PKTMON,         /* pktmon: a component */
    EG_ETL_TAP_PKTMON_FURTHER, /* the same by its event 240 */
    EG_ETL_TAP_PKTMON_DROP,    /* one more copy of a packet that a component dropped */
};

/* Where it was seen; each different one is an interface. */
struct eg_etl_port {
    enum eg_etl_tap tap;
    int32_t link;   /* LINKTYPE_ number */
    uint32_t where; /* NDIS: MiniportIfIndex; switch: SourcePortId; pktmon: ComponentId */
    uint32_t layer; /* NDIS: LowerIfIndex; switch: VLAN; pktmon: EdgeId */
};

struct eg_etl_packet {
    struct eg_etl_port port;
    enum eg_hint hint; /* unknown, sent or received */
    struct eg_cursor bytes;
    uint32_t wire;     /* 0: not logged */
    bool starts, ends; /* parts of a packet; both: a whole one */
    bool grouped;      /* group and number tell the appearances of one packet */
    uint64_t group;
    uint16_t number;
};

enum eg_etl_parse {
    EG_ETL_PACKET,
    EG_ETL_NO_FRAME,   /* bytes of a packet, without a link layer that has a number */
    EG_ETL_BAD_PACKET, /* its fields contradict its length */
};

#ifdef __cplusplus
}
#endif

#endif
