/*
 * A frame as a capture holds it, before anything of it is understood.
 */
#ifndef EG_FRAME_H
#define EG_FRAME_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define EG_NO_TIME      INT64_MIN
#define EG_NO_INTERFACE UINT64_MAX

/*
 * Link layers are named by their LINKTYPE_ number (https://www.tcpdump.org/linktypes.html): these
 * are decoded, any other is an unsupported link. A reader that has a link layer without a number
 * says EG_LINK_OTHER and its name.
 */
enum eg_linktype {
    EG_LINK_OTHER = -1,
    EG_LINKTYPE_NULL = 0,
    EG_LINKTYPE_ETHERNET = 1,
    EG_LINKTYPE_IEEE802_5 = 6,
    EG_LINKTYPE_ARCNET_BSD = 7,
    EG_LINKTYPE_PPP = 9,
    EG_LINKTYPE_FDDI = 10,
    EG_LINKTYPE_PPP_HDLC = 50,
    EG_LINKTYPE_PPP_ETHER = 51,
    EG_LINKTYPE_RAW = 101,
    EG_LINKTYPE_C_HDLC = 104,
    EG_LINKTYPE_IEEE802_11 = 105,
    EG_LINKTYPE_FRELAY = 107,
    EG_LINKTYPE_LOOP = 108,
    EG_LINKTYPE_LINUX_SLL = 113,
    EG_LINKTYPE_IEEE802_11_PRISM = 119,
    EG_LINKTYPE_IEEE802_11_RADIOTAP = 127,
    EG_LINKTYPE_ARCNET_LINUX = 129,
    EG_LINKTYPE_IEEE802_11_AVS = 163,
    EG_LINKTYPE_PPP_PPPD = 166,
    EG_LINKTYPE_PPI = 192,
    EG_LINKTYPE_ERF = 197,
    EG_LINKTYPE_PPP_WITH_DIR = 204,
    EG_LINKTYPE_C_HDLC_WITH_DIR = 205,
    EG_LINKTYPE_FRELAY_WITH_DIR = 206,
    EG_LINKTYPE_IPV4 = 228,
    EG_LINKTYPE_IPV6 = 229,
    EG_LINKTYPE_NFLOG = 239,
    EG_LINKTYPE_IPOIB = 242,
    EG_LINKTYPE_LINUX_SLL2 = 276,
};

/*
 * The LINKTYPE_ number of what an Endace ERF record of this type carries (its top bit is ignored),
 * for readers that have taken the ERF header off; EG_LINK_OTHER when the core does not decode it.
 */
int32_t eg_link_of_erf(uint8_t type);

/* What the capture says about a frame's way, rule 3.1. */
enum eg_hint {
    EG_HINT_UNKNOWN = 0,
    EG_HINT_RECEIVED,
    EG_HINT_SENT,
    EG_HINT_OTHER_HOST, /* cooked packet type 3: seen in promiscuous mode */
};

struct eg_frame {
    const uint8_t *data; /* `captured` bytes, borrowed for the call */
    uint32_t captured;   /* above `wire` it is clamped, rule 1.4 */
    uint32_t wire;       /* length on the wire */
    int32_t link;        /* LINKTYPE_ number or EG_LINK_OTHER */
    enum eg_hint hint;   /* from the record's flags; a cooked header in the data overrides it */
    const char
        *link_name; /* for the report of unsupported links; a string that outlives the session */
    int64_t time;   /* ns since 1970-01-01 UTC, or EG_NO_TIME */
    uint64_t
        interface; /* any number that tells interfaces of one input apart, or EG_NO_INTERFACE */
    bool filtered; /* a display filter excluded it, rule 1.1 */
};

/* What differs between the frames of one interface: the rest is in a struct eg_frame they share. */
struct eg_record {
    const uint8_t *data; /* `captured` bytes, borrowed for the call */
    int64_t time;
    uint32_t captured; /* these two as a pcap has them, one behind the other */
    uint32_t wire;
};

/* The frame that a record is; common: what it shares with others. */
static inline struct eg_frame eg_frame_of(const struct eg_frame *common,
                                          const struct eg_record *record)
{
    struct eg_frame frame = *common;
    frame.data = record->data;
    frame.time = record->time;
    frame.captured = record->captured;
    frame.wire = record->wire;
    return frame;
}

static inline struct eg_record eg_record_of(const struct eg_frame *frame)
{
    const struct eg_record record = {frame->data, frame->time, frame->captured, frame->wire};
    return record;
}

/* Stretches a span of time to one more; both ends are EG_NO_TIME until there was a time. */
static inline void eg_span_add(int64_t time, int64_t *first, int64_t *last)
{
    if (time > *last) { /* EG_NO_TIME is below every time */
        if (*first == EG_NO_TIME)
            *first = time;
        *last = time;
    } else if (time < *first && time != EG_NO_TIME) {
        *first = time;
    }
}

#ifdef __cplusplus
}
#endif

#endif
