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
 * Link layers are named by their LINKTYPE_ number (https://www.tcpdump.org/linktypes.html). A
 * reader that has a link layer without a number says EG_LINK_OTHER and its name.
 */
enum { EG_LINK_OTHER = -1 };

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

#ifdef __cplusplus
}
#endif

#endif
