#include "part.h"

#include <stdlib.h>

#include "interrupt.h"

void part_clear(struct part *part)
{
    eg_session_free(part->session);
    own_reader_close(part->reader);
    part->session = NULL;
    part->reader = NULL;
}

struct eg_session *part_session(const struct part_plan *plan)
{
    struct eg_session *session = NULL;
    if (eg_session_new_like(plan->session, &session) != EG_OK)
        return NULL;
    if (eg_session_begin_input(session, plan->path) == EG_OK)
        return session;
    eg_session_free(session);
    return NULL;
}

/* ---- where it begins ---- */

/* The first record at or behind `offset`, most likely. */
static bool guess(const struct part_plan *plan, uint64_t offset, uint64_t *at)
{
    enum { PIECE = 2 * 1024 * 1024 }; /* the largest record, and 16 as large as offloading makes */
    uint8_t *bytes = malloc(PIECE);
    if (!bytes)
        return false;
    const size_t size = own_reader_peek(plan->whole, offset, bytes, PIECE);
    const struct eg_capture_piece piece = {bytes, size, offset, size < PIECE};
    const bool found = eg_capture_guess(plan->like, &piece, at);
    free(bytes);
    return found;
}

static bool look_at_frames(struct part *part)
{
    struct eg_capture *capture = own_reader_capture(part->reader);
    struct eg_frame frame;
    enum eg_capture_result result;
    while ((result = eg_capture_next_before(capture, part->planned, &frame)) == EG_CAPTURE_FRAME)
        if (eg_session_look_at(part->session, &frame) != EG_OK)
            return false;
    return result == EG_CAPTURE_STOPPED;
}

/* Begins `back` bytes before the part. */
static bool open_from(struct part *part, const struct part_plan *plan, uint64_t back)
{
    const uint64_t known = eg_capture_offset(plan->like); /* here is a record for sure */
    uint64_t from = known;
    part_clear(part);
    if (part->planned > known && part->planned - known > back &&
        !guess(plan, part->planned - back, &from))
        return false;
    part->reader = own_reader_part(plan->whole, plan->like, from);
    part->session = part_session(plan);
    return part->reader && part->session && look_at_frames(part);
}

bool part_open(struct part *part, const struct part_plan *plan)
{
    enum { STEP = 8, BACK_MAX = 64 }; /* each look goes so many times as far; in all, so far */
    const uint64_t most = plan->sizes.before * BACK_MAX;
    uint64_t back = plan->sizes.before;
    if (!open_from(part, plan, 0))
        return false;
    if (eg_session_looks_back(part->session))
        do {
            if (!open_from(part, plan, back))
                return false;
            back *= STEP;
        } while (back <= most && back <= part->planned &&
                 !eg_session_has_seen_enough(part->session));
    struct eg_capture *capture = own_reader_capture(part->reader);
    part->begin = eg_capture_offset(capture);
    eg_capture_begin_part(capture);
    return eg_capture_is_like(capture, plan->like) && eg_session_begin_part(part->session) == EG_OK;
}

/* ---- its frames ---- */

static bool is_to_stop(const struct part *part, const struct part_plan *plan)
{
    return atomic_load_explicit(&plan->stopped, memory_order_relaxed) ||
           atomic_load_explicit(&part->dropped, memory_order_relaxed) || interrupt_signal();
}

/* What is so much that the sum might not fit: one thread has to read it all. */
static bool is_too_much(const struct part *part, const struct part_plan *plan)
{
    return eg_session_cells(part->session) > plan->cells_max;
}

/* Some frames; FRAME: and more follow. */
static enum eg_capture_result read_some(struct part *part, struct part_plan *plan)
{
    enum { FRAMES = 512 };
    struct eg_capture *capture = own_reader_capture(part->reader);
    const uint64_t limit = atomic_load_explicit(&part->limit, memory_order_relaxed);
    enum eg_capture_result result = EG_CAPTURE_FRAME;
    struct eg_frame common;
    const struct eg_record *records;
    size_t count;
    for (size_t done = 0; done < FRAMES; done += count) {
        result =
            eg_capture_next_frames_before(capture, limit, FRAMES - done, &common, &records, &count);
        if (result != EG_CAPTURE_FRAME)
            break;
        if (eg_session_add_frames(part->session, &common, records, count, NULL) != EG_OK) {
            atomic_store(&plan->stopped, true);
            break;
        }
        part->frames += count;
    }
    atomic_store_explicit(&part->place, eg_capture_offset(capture), memory_order_relaxed);
    return result;
}

enum eg_capture_result part_read(struct part *part, struct part_plan *plan)
{
    while (!is_to_stop(part, plan)) {
        const enum eg_capture_result result = read_some(part, plan);
        if (is_too_much(part, plan))
            atomic_store(&plan->stopped, true);
        if (result != EG_CAPTURE_FRAME)
            return result;
    }
    return EG_CAPTURE_FRAME;
}
