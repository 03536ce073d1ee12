/*
 * pcapng, written to a sink block by block: one section, interfaces where they are first needed,
 * packets. Numbers are little-endian, times in nanoseconds, whatever the machine.
 *
 * Nothing here fails but the sink, whose status tells.
 */
#ifndef EG_PCAPNG_WRITER_H
#define EG_PCAPNG_WRITER_H

#include "base/sink.h"
#include "capture/capture.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Once, before everything else. application: "egshark 0.1.0". */
void eg_pcapng_put_section(struct eg_sink *sink, const char *application);

/*
 * The next interface; they are numbered from 0. What is NULL or "" of it is left out, and so are
 * its drops.
 */
void eg_pcapng_put_interface(struct eg_sink *sink, const struct eg_capture_interface *interface);

/*
 * What became of the frames of that interface, from its start to `time`. A later one replaces it.
 */
struct eg_pcapng_counts {
    int64_t time;
    uint64_t received;
    uint64_t dropped_at_card; /* these two are the drops of struct eg_capture_interface */
    uint64_t dropped;
};

void eg_pcapng_put_counts(struct eg_sink *sink, uint32_t interface,
                          const struct eg_pcapng_counts *counts);

/*
 * A frame of that interface, which has its link layer. Its lengths are written as they are; a time
 * that is none, or before 1970, is written as 0. comment NULL: none.
 */
void eg_pcapng_put_packet(struct eg_sink *sink, uint32_t interface, const struct eg_frame *frame,
                          const char *comment);

/* That so many packets of an interface were dropped until this time. */
void eg_pcapng_put_drops(struct eg_sink *sink, uint32_t interface, int64_t time, uint64_t drops);

#ifdef __cplusplus
}
#endif

#endif
