/*
 * Windows event traces (.etl) of netsh and pktmon, read into frames.
 *
 *     eg_etl_detect                whether it is one, from its first bytes
 *     eg_etl_reader_new            reads all of it once: what it holds, who logged it, where
 *       eg_etl_reader_next ...     reads what has packets again, frames in the order of time
 *       eg_etl_reader_again ...    any of these frames once more
 *     eg_etl_reader_facts          what the trace says of itself, and what is wrong with it
 *
 * Windows logs a packet at every layer it passes; a reader gives each packet once unless told
 * otherwise. Memory is that of one decoded buffer a CPU, and a directory of 56 bytes a buffer.
 */
#ifndef EG_ETL_READER_H
#define EG_ETL_READER_H

#include "base/error.h"
#include "capture/etl/etl_file.h"
#include "capture/etl/etl_interfaces.h"
#include "capture/etl/etl_providers.h"
#include "packet/frame.h"

#ifdef __cplusplus
extern "C" {
#endif

struct eg_etl_options {
    bool all_components;   /* a frame for every time that a packet was logged */
    size_t memory_max;     /* of decoded buffers, bytes; 0: 512 MiB. Beyond, order suffers */
    uint64_t unpacked_max; /* bytes to decompress in one pass; 0: 256 MiB and 2048 times the file */
};

/* Where a number is of events or buffers, the whole trace is meant. */
struct eg_etl_facts {
    uint8_t windows_major, windows_minor;
    uint32_t windows_build;
    bool closed;                        /* the trace was stopped, not interrupted */
    uint64_t events_lost, buffers_lost; /* as the trace says: what Windows could not log */
    uint64_t lossy_buffers;             /* before which events or buffers were lost */
    uint64_t buffers, records;
    uint64_t packet_events;

    bool cut;             /* the file ends before the trace does */
    uint64_t bad_buffers; /* not read, or not to their end */
    uint64_t bad_packets; /* events of packets whose fields contradict each other */
    uint64_t no_frames;   /* events with bytes of packets that are no frames */

    bool guessed; /* pktmon: which events log a packet once more could only be guessed */

    /* Complete behind the last frame. */
    uint64_t copies;     /* events that logged a packet once more */
    uint64_t unfinished; /* packets not completed, and parts without a beginning */
    uint64_t disordered; /* buffers whose frames came late, for want of memory */

    const struct eg_etl_interface *interfaces; /* by eg_frame.interface */
    size_t interface_count;
    const struct eg_etl_provider *providers; /* most events first */
    size_t provider_count;
};

/* Who was running when a packet passed, which is often not the one whose packet it is. */
struct eg_etl_origin {
    uint32_t process;
    uint32_t thread;
};

struct eg_etl_reader; /* opaque */

/*
 * source is copied; its context must outlive the reader. options NULL: the usual ones.
 * EG_ERR_SYNTAX when it is no trace; EG_ERR_IO, EG_ERR_NO_MEMORY.
 */
enum eg_status eg_etl_reader_new(const struct eg_etl_source *source,
                                 const struct eg_etl_options *options,
                                 struct eg_etl_reader **reader, struct eg_error *error);
void eg_etl_reader_free(struct eg_etl_reader *reader);

/*
 * The next frame; its bytes are valid until the next call. *more is false at the end. What is
 * damaged is stepped over and told by the facts: EG_ERR_IO, EG_ERR_NO_MEMORY only.
 */
enum eg_status eg_etl_reader_next(struct eg_etl_reader *reader, struct eg_frame *frame, bool *more,
                                  struct eg_error *error);

/* Where the last frame begins; below 2^63. */
uint64_t eg_etl_reader_place(const struct eg_etl_reader *reader);

/*
 * The frame of a place once more, whether or not all were read. Its bytes, and those of the last
 * frame, are valid until the next call of either function; what eg_etl_reader_next() gives next
 * does not change. EG_ERR_SYNTAX when the file is not what it was; EG_ERR_IO, EG_ERR_NO_MEMORY.
 */
enum eg_status eg_etl_reader_again(struct eg_etl_reader *reader, uint64_t place,
                                   struct eg_frame *frame, struct eg_error *error);

/* Of the last frame, read in whichever way. */
struct eg_etl_origin eg_etl_reader_origin(const struct eg_etl_reader *reader);

/* Strings and tables belong to the reader. */
struct eg_etl_facts eg_etl_reader_facts(const struct eg_etl_reader *reader);

/* Bytes of buffers that are done, of those that have packets. */
uint64_t eg_etl_reader_bytes(const struct eg_etl_reader *reader);

#ifdef __cplusplus
}
#endif

#endif
