/*
 * Any bytes as a capture: every frame lies within memory that can be read, and neither the size of
 * the pieces the bytes come in nor another reader behind changes the frames.
 *
 * The input is the size of the pieces (1 byte) and the capture.
 */
#include "fuzz_capture.h"

/* One by one (most is 1), or up to so many at a time. */
static struct outcome read_all(struct pieces pieces, enum eg_capture_care care, uint64_t most)
{
    struct outcome outcome = {0};
    struct eg_capture *capture;
    struct eg_frame frame;
    const struct eg_record *records;
    size_t count;
    EG_FUZZ_CHECK(eg_capture_open(read_piece, &pieces, care, &capture) == EG_OK);
    while (most > 1 && (outcome.result = eg_capture_next_frames(capture, most, &frame, &records,
                                                                &count)) == EG_CAPTURE_FRAME) {
        EG_FUZZ_CHECK(count >= 1 && count <= most);
        for (size_t i = 0; i < count; i++) {
            const struct eg_frame one = eg_frame_of(&frame, &records[i]);
            note(&outcome, &one);
        }
    }
    while (most == 1 && (outcome.result = eg_capture_next(capture, &frame)) == EG_CAPTURE_FRAME)
        note(&outcome, &frame);
    EG_FUZZ_CHECK(eg_capture_next(capture, &frame) == outcome.result);
    EG_FUZZ_CHECK((outcome.result == EG_CAPTURE_FOREIGN) == (eg_capture_fault(capture)[0] != 0));
    for (size_t i = 0; i < eg_capture_interfaces(capture); i++)
        outcome.hash ^= eg_capture_interface_at(capture, i).drops;
    eg_capture_close(capture);
    return outcome;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    const struct pieces whole = {data + 1, size - 1, size};
    const struct pieces small = {data + 1, size - 1, data[0] + 1u};
    const struct outcome sure = read_all(whole, EG_CAPTURE_IF_SURE, 1);
    const struct outcome again = read_all(small, EG_CAPTURE_IF_SURE, 1);
    const struct outcome together = read_all(whole, EG_CAPTURE_IF_SURE, 1000);
    const struct outcome some = read_all(small, EG_CAPTURE_IF_SURE, 3);
    const struct outcome anyhow = read_all(whole, EG_CAPTURE_ANYHOW, 1);
    EG_FUZZ_CHECK(sure.frames == together.frames && sure.hash == together.hash);
    EG_FUZZ_CHECK(sure.frames == some.frames && sure.hash == some.hash);
    EG_FUZZ_CHECK(sure.result == together.result && sure.result == some.result);
    EG_FUZZ_CHECK(sure.frames == again.frames && sure.hash == again.hash);
    EG_FUZZ_CHECK(sure.result == again.result);
    EG_FUZZ_CHECK(anyhow.frames >= sure.frames);
    if (sure.result != EG_CAPTURE_FOREIGN)
        EG_FUZZ_CHECK(anyhow.result == sure.result && anyhow.hash == sure.hash);
    return 0;
}
