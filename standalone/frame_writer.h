/*
 * -w: frames of the captures that are read, as one pcapng file.
 */
#ifndef FRAME_WRITER_H
#define FRAME_WRITER_H

#include <stdbool.h>
#include <stddef.h>

#include "capture_file.h"

struct frame_writer; /* opaque */

/* Makes the file beside path. NULL after telling why it cannot be written. */
struct frame_writer *frame_writer_open(const char *path, const char *const inputs[],
                                       size_t input_count);

/* What was not kept is removed. */
void frame_writer_close(struct frame_writer *writer);

/* Frames from here on are of another capture, and so of other interfaces. */
void frame_writer_begin_input(struct frame_writer *writer);

/* Nothing more comes of this capture, of which so many packets were dropped. */
void frame_writer_end_input(struct frame_writer *writer, const struct eg_input_facts *facts);

/* Writes the last frame of the capture. False once writing has failed: what then comes is lost. */
bool frame_writer_add(struct frame_writer *writer, struct capture_file *file,
                      const struct eg_frame *frame);

/* The same of a frame that the core's reader has read. */
bool frame_writer_add_read(struct frame_writer *writer, const struct eg_capture *capture,
                           const struct eg_frame *frame);

/* Bytes written so far. */
uint64_t frame_writer_bytes(const struct frame_writer *writer);

bool frame_writer_failed(struct frame_writer *writer);
uint64_t frame_writer_frames(const struct frame_writer *writer);

/* Puts the file into its place; false after telling what is missing of it, or why it is not there.
 */
bool frame_writer_keep(struct frame_writer *writer);

/* Tells why the file is left as it was. */
void frame_writer_give_up(const struct frame_writer *writer, const char *why);

#endif
