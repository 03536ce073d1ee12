/*
 * Any bytes as a capture that is read in two parts: looking for a record reads nothing but the
 * bytes it is given, and where both readers know the same, what is behind is read alike by both.
 *
 * The input is whether the second part goes to the end (1 byte), how many 256ths of the capture the
 * first part is (1 byte), and the capture.
 */
#include "fuzz_capture.h"

#include "capture/capture_part.h"

/* The rest of the frames. */
static struct outcome read_rest(struct eg_capture *capture)
{
    struct outcome outcome = {0};
    struct eg_frame frame;
    while ((outcome.result = eg_capture_next(capture, &frame)) == EG_CAPTURE_FRAME)
        note(&outcome, &frame);
    return outcome;
}

/* Whether the reader came to just this place. */
static bool read_up_to(struct eg_capture *capture, uint64_t limit)
{
    struct eg_frame frame;
    enum eg_capture_result result;
    do
        result = eg_capture_next_before(capture, limit, &frame);
    while (result == EG_CAPTURE_FRAME);
    return result == EG_CAPTURE_STOPPED && eg_capture_offset(capture) == limit;
}

/* In memory of its own, so that a byte read beyond it is noticed. */
static bool guess(const struct eg_capture *like, const struct pieces *whole, size_t from,
                  bool to_the_end, uint64_t *at)
{
    const size_t left = whole->left - from, size = to_the_end ? left : left / 2;
    uint8_t *bytes = malloc(size + !size);
    EG_FUZZ_CHECK(bytes);
    memcpy(bytes, whole->at + from, size);
    const struct eg_capture_piece piece = {bytes, size, from, to_the_end};
    const bool found = eg_capture_guess(like, &piece, at);
    EG_FUZZ_CHECK(!found || (*at >= from && *at - from < size));
    free(bytes);
    return found;
}

static void read_on(struct eg_capture *first, const struct pieces *whole, uint64_t at)
{
    struct pieces rest = {whole->at + at, whole->left - at, whole->piece};
    struct eg_capture *second;
    EG_FUZZ_CHECK(eg_capture_open_part(first, at, read_piece, &rest, &second) == EG_OK);
    if (read_up_to(first, at) && eg_capture_is_like(first, second)) {
        const struct outcome one = read_rest(first), other = read_rest(second);
        EG_FUZZ_CHECK(one.frames == other.frames && one.hash == other.hash);
        EG_FUZZ_CHECK(one.result == other.result);
    }
    eg_capture_close(second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct eg_capture *capture;
    struct eg_frame frame;
    if (size < 2)
        return 0;
    const struct pieces whole = {data + 2, size - 2, size};
    struct pieces read = whole;
    EG_FUZZ_CHECK(eg_capture_open(read_piece, &read, EG_CAPTURE_IF_SURE, &capture) == EG_OK);
    uint64_t at = 0;
    if (eg_capture_next(capture, &frame) == EG_CAPTURE_FRAME &&
        guess(capture, &whole, whole.left * data[1] / 256, data[0] & 1, &at))
        read_on(capture, &whole, at);
    eg_capture_close(capture);
    return 0;
}
