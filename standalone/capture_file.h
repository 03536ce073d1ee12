/*
 * A capture in any format that the core or libwiretap reads, from front to back. Libwiretap is
 * known here, in what this is made of, and in the display filter's module; nowhere else.
 */
#ifndef CAPTURE_FILE_H
#define CAPTURE_FILE_H

#include <stdbool.h>
#include <stdint.h>

#include "egress.h"
#include "own_reader.h"

struct capture_file; /* opaque */

/*
 * What is read. The core's readers are several times as fast as libwiretap, which takes what they
 * leave to it. Of pcap and pcapng it alone has the records that capture_record() gives.
 */
enum capture_reader { CAPTURE_FRAMES, CAPTURE_RECORDS };

/*
 * Several threads may have captures open. Libwiretap does not promise to bear that, so whoever
 * needs it waits until no other thread has a capture open that it reads.
 *
 * path, which is kept, "-" for standard input; all_components: of a Windows trace, packets as often
 * as they were logged. EG_ERR_IO when it cannot be opened, EG_ERR_SYNTAX
 * when it is no capture; the message is without the path.
 */
enum eg_status capture_open(const char *path, enum capture_reader reader, bool all_components,
                            struct capture_file **file, struct eg_error *error);
void capture_close(struct capture_file *file);

/*
 * The next frame; its bytes are valid until the next call. *more is false at the end. A file that
 * ends within a record or is damaged is an error with the number of the last good record.
 */
enum eg_status capture_next(struct capture_file *file, struct eg_frame *frame, bool *more,
                            struct eg_error *error);

/* The reader of a capture that the core reads; NULL: it does not. It may be replaced. */
struct own_reader **capture_own_reader(struct capture_file *file);

/* The reader was replaced by one behind this many frames. */
void capture_skip_to(struct capture_file *file, uint64_t frames);

/* Begins again with a capture that the core began to read; it must be closed even on an error. */
enum eg_status capture_rewind(struct capture_file *file, struct eg_error *error);

/*
 * The same, and the frames that lie ready behind it, at most `most`, which is not 0: what they
 * share in *common, what differs in records. *count is 0 at the end.
 */
enum eg_status capture_next_frames(struct capture_file *file, uint64_t most,
                                   struct eg_frame *common, const struct eg_record **records,
                                   size_t *count, struct eg_error *error);

/*
 * The record of the last frame, as the display filter takes it; valid as long as the frame's bytes.
 * Only of a capture that was opened for RECORDS.
 */
struct capture_record {
    struct wtap *wth; /* NULL: a Windows trace, which libwiretap does not read */
    struct ws_record *record;
    uint64_t number; /* as Wireshark numbers frames, from 1 */
    /* Without wth: of the record's interface. */
    const char *interface_name;
    const char *interface_description;
};

struct capture_record capture_record(struct capture_file *file);

/*
 * What another file needs to hold the last frame. link: the LINKTYPE_ number of its bytes,
 * EG_LINK_OTHER when they have none. The interface's texts are valid until the file is closed;
 * comment: "PID=4 TID=8" of a Windows trace, else NULL.
 */
int32_t capture_link(const struct capture_file *file, const struct eg_frame *frame);
struct eg_capture_interface capture_interface(struct capture_file *file,
                                              const struct eg_frame *frame);
enum { CAPTURE_COMMENT_MAX = EG_ETL_ORIGIN_TEXT };
const char *capture_comment(const struct capture_file *file, char buffer[CAPTURE_COMMENT_MAX]);

/* Of the file as it lies on the disk, compressed or not. */
uint64_t capture_bytes_read(const struct capture_file *file);

/* Complete after the last frame; strings are valid until the file is closed. */
void capture_facts(struct capture_file *file, struct eg_input_facts *facts);

/* Gives the session the names that the file itself has for addresses, as far as it was read. */
enum eg_status capture_names(const struct capture_file *file, struct eg_session *session);

#endif
