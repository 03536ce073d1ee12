/*
 * Inside capture/: what the readers of the formats share.
 */
#ifndef EG_READER_H
#define EG_READER_H

#include "capture/capture.h"
#include "capture/feed.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
    EG_RECORD_MAX = 262144, /* bytes of a frame; Wireshark's WTAP_MAX_PACKET_SIZE_STANDARD */
    EG_FAULT_MAX = 96,
    EG_RECORDS = 256, /* of one eg_capture_next_frames() */
};

/* An interface of a pcapng section. */
struct eg_pcapng_interface {
    int32_t link;
    uint32_t snaplen;                  /* 0: no limit */
    uint64_t units;                    /* of time, in a second */
    uint64_t offset;                   /* seconds to add, two's complement */
    char *name, *description, *filter; /* NULL none */
    bool if_drop_known, os_drop_known; /* by the last statistics */
    uint64_t if_drop, os_drop;
    bool has_statistics; /* read by this reader */
};

struct eg_capture {
    struct eg_feed feed;
    enum eg_capture_result (*next)(struct eg_capture *capture, struct eg_frame *frame);
    /*
     * Takes frames that lie ready and share all of *common, into records; returns how many. Stops
     * before whatever is not a plain packet: next() sees to that. NULL: none is taken.
     */
    size_t (*more)(struct eg_capture *capture, const struct eg_frame *common,
                   struct eg_record *records, size_t most);
    enum eg_capture_care care;
    const char *format;
    bool swapped; /* written in the other byte order */
    char fault[EG_FAULT_MAX];
    uint64_t limit; /* of eg_capture_next_before(); UINT64_MAX: none */
    struct eg_record records[EG_RECORDS];

    /* pcap */
    int32_t link;
    uint32_t fraction;      /* ns of a time stamp's smaller unit */
    uint32_t first_seconds; /* of the first record */

    /* pcapng */
    struct eg_names_list names;
    struct eg_pcapng_interface *interfaces; /* of all sections */
    size_t interface_count;
    size_t interface_room;
    size_t section_first; /* of the interfaces: this section's begin here */
    uint32_t section;     /* from 0 */
};

static inline uint16_t eg_swap16(uint16_t value)
{
    return (uint16_t)(value >> 8 | value << 8);
}

/* Spelled out, compilers make one instruction of it. */
static inline uint32_t eg_swap32(uint32_t value)
{
    return value >> 24 | (value >> 8 & 0xff00) | (value << 8 & 0xff0000) | value << 24;
}

/* In the capture's byte order. */
static inline uint16_t eg_capture_u16(const struct eg_capture *capture, const uint8_t *bytes)
{
    uint16_t value;
    memcpy(&value, bytes, sizeof value);
    return capture->swapped ? eg_swap16(value) : value;
}

static inline uint32_t eg_capture_u32(const struct eg_capture *capture, const uint8_t *bytes)
{
    uint32_t value;
    memcpy(&value, bytes, sizeof value);
    return capture->swapped ? eg_swap32(value) : value;
}

/*
 * Link layers whose frames lie in a file as the core decodes them: Wireshark takes no header off
 * and turns no bytes round.
 */
bool eg_capture_link_is_plain(uint32_t link);

/* There are no bytes for another record: END when none are left, CUT when some are. */
enum eg_capture_result eg_capture_ends(struct eg_capture *capture);

/* Notes why the capture is not read on from here. */
enum eg_capture_result eg_capture_is_foreign(struct eg_capture *capture, const char *format, ...)
    EG_PRINTF(2, 3);

/* Puts an interface behind those of the section; false without memory. */
bool eg_pcapng_add_interface(struct eg_capture *capture,
                             const struct eg_pcapng_interface *interface);

/* The file header is ahead. Sets capture->next or says that the capture is FOREIGN. */
enum eg_capture_result eg_pcap_begin(struct eg_capture *capture);
enum eg_capture_result eg_pcapng_begin(struct eg_capture *capture);

/*
 * pcapng_blocks.c: blocks that hold no packet. `body` is what stands between a block's two
 * lengths. False after noting a fault.
 */
bool eg_pcapng_interface_block(struct eg_capture *capture, struct eg_cursor body);
bool eg_pcapng_statistics_block(struct eg_capture *capture, struct eg_cursor body);
void eg_pcapng_interface_clear(struct eg_pcapng_interface *interface);

/*
 * How much at `bytes`, of which there are `left`, looks like a record that can be another's
 * neighbour: its length, or 0. Less than its header is no record.
 */
size_t eg_pcap_record_like(const struct eg_capture *capture, const uint8_t *bytes, size_t left);
size_t eg_pcapng_block_like(const struct eg_capture *capture, const uint8_t *bytes, size_t left);

/* pcapng_names.c */
void eg_pcapng_names_block(struct eg_capture *capture, struct eg_cursor body);

/* One option. */
struct eg_pcapng_option {
    uint16_t code;
    uint16_t length;
    const uint8_t *value;
};

/*
 * Takes the next of the options that fill `options`. False behind the last one, and when something
 * is wrong, after noting a fault: capture->fault tells the two apart.
 */
bool eg_pcapng_option_next(struct eg_capture *capture, struct eg_cursor *options,
                           struct eg_pcapng_option *option);

#ifdef __cplusplus
}
#endif

#endif
