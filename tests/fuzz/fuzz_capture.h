/*
 * A capture in memory, and what reading it comes to.
 */
#ifndef EG_FUZZ_CAPTURE_H
#define EG_FUZZ_CAPTURE_H

#include "fuzz.h"

#include <string.h>

#include "base/hash.h"
#include "capture/capture.h"

/* What is read of, in pieces. */
struct pieces {
    const uint8_t *at;
    size_t left;
    size_t piece;
};

static inline size_t read_piece(void *context, void *buffer, size_t size)
{
    struct pieces *pieces = context;
    size_t count = size < pieces->piece ? size : pieces->piece;
    count = count < pieces->left ? count : pieces->left;
    if (count)
        memcpy(buffer, pieces->at, count);
    pieces->at += count;
    pieces->left -= count;
    return count;
}

/* What a reading came to. */
struct outcome {
    uint64_t frames;
    uint64_t hash;
    enum eg_capture_result result;
};

static inline void note(struct outcome *outcome, const struct eg_frame *frame)
{
    static const struct eg_hash_key key = {1, 2};
    const uint64_t facts[] = {
        outcome->hash,    (uint64_t)frame->time, (uint64_t)frame->link << 32 | frame->wire,
        frame->interface, (uint64_t)frame->hint, eg_hash(&key, frame->data, frame->captured)};
    outcome->hash = eg_hash(&key, facts, sizeof facts);
    outcome->frames++;
}

#endif
