/*
 * A capture read in parts, so that threads can share it.
 *
 * Where a record begins in the middle of a capture can only be guessed: a capture may carry another
 * one in its packets. But it can be proven. All that a reader knows is where it is and, of pcapng,
 * its section and interfaces. So when the reader of what lies before has come to the same place and
 * knows the same, the guess was right if that reader was; and the first one begins at the start.
 * When it comes to another place, the guess was wrong, and it can read on through what was guessed
 * at.
 */
#ifndef EG_CAPTURE_PART_H
#define EG_CAPTURE_PART_H

#include "capture/capture.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Where the next record begins, in bytes from the start of the capture. */
uint64_t eg_capture_offset(const struct eg_capture *capture);

/*
 * As eg_capture_next(), but STOPPED at the first record that begins at or behind `limit`. A pcapng
 * block that holds no packet is a record here. Another limit, or none, may follow.
 */
enum eg_capture_result eg_capture_next_before(struct eg_capture *capture, uint64_t limit,
                                              struct eg_frame *frame);

/* The same of eg_capture_next_frames(): none of them begins at or behind the limit. */
enum eg_capture_result eg_capture_next_frames_before(struct eg_capture *capture, uint64_t limit,
                                                     uint64_t most, struct eg_frame *common,
                                                     const struct eg_record **records,
                                                     size_t *count);

/*
 * Looks for the first place in `bytes` where records like those of `like`, which has read a frame,
 * follow on one another: 16 of them, or to the end of the bytes where that is the capture's end.
 * offset: of the bytes in the capture.
 */
struct eg_capture_piece {
    const uint8_t *bytes;
    size_t size;
    uint64_t offset;
    bool to_the_end;
};

bool eg_capture_guess(const struct eg_capture *like, const struct eg_capture_piece *piece,
                      uint64_t *at);

/* A reader that knows what `like` does and goes on at `offset`, from where `read` gives bytes. */
enum eg_status eg_capture_open_part(const struct eg_capture *like, uint64_t offset,
                                    eg_capture_read *read, void *context,
                                    struct eg_capture **capture);

/* Whether a reader at the place of `capture` that knows what `like` does would read the same. */
bool eg_capture_is_like(const struct eg_capture *capture, const struct eg_capture *like);

/* What was read of names so far is what the reader before has, too: it is forgotten here. */
void eg_capture_begin_part(struct eg_capture *capture);

/*
 * What `before` read of interfaces' statistics, and `capture`, which goes on behind it, did not;
 * and the names that it read.
 */
void eg_capture_inherit(struct eg_capture *capture, const struct eg_capture *before);

#ifdef __cplusplus
}
#endif

#endif
