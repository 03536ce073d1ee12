/*
 * A trace as Wireshark reads it: the core's reader over a file of libwiretap's.
 */
#ifndef ETL_TRACE_H
#define ETL_TRACE_H

#include <stdbool.h>
#include <stdint.h>

#include <wireshark.h>

#include <wiretap/wtap.h>

#include "egress.h"

struct etl_trace; /* opaque */

/* Whether the file, which is at its start, begins as a trace does, and is not compressed. */
bool etl_trace_detect(FILE_T file);

/* Reads all of it once. False with what Wireshark is to tell. */
bool etl_trace_new(FILE_T file, uint64_t size, struct etl_trace **trace, int *err, char **err_info);
void etl_trace_free(struct etl_trace *trace);

/* From here on this file is read; it has the same bytes. */
void etl_trace_use(struct etl_trace *trace, FILE_T file);

/* As wtap_read() and wtap_seek_read(); damage is told behind the last frame. */
bool etl_trace_next(struct etl_trace *trace, struct eg_frame *frame, int *err, char **err_info);
bool etl_trace_again(struct etl_trace *trace, int64_t place, struct eg_frame *frame, int *err,
                     char **err_info);

/* Of the last frame. */
int64_t etl_trace_place(const struct etl_trace *trace);
void etl_trace_record(const struct etl_trace *trace, const struct eg_frame *frame, wtap_rec *rec);

/* What is known of the capture: adds to the section, and to the array the interfaces. */
void etl_trace_describe(struct etl_trace *trace, wtap_block_t section, GArray *interfaces);

/* Of all frames, or WTAP_ENCAP_PER_PACKET. */
int etl_trace_encapsulation(const struct etl_trace *trace);

#endif
