/*
 * Any bytes as a compressed stream: what is made of it is what the plainest decoder makes, however
 * much of it is asked for.
 *
 * The input is the size to make (2 bytes, little-endian) and the stream.
 */
#include "fuzz.h"

#include <stdbool.h>
#include <string.h>

#include "capture/etl/xpress.h"

/* MS-XCA 2.4.4, as it is written there: one byte at a time, without a thought of speed. */
struct plain {
    const uint8_t *in;
    size_t in_size, in_at;
    uint8_t *out;
    size_t size, at;
    size_t nibble_at; /* of a byte with a nibble to come; 0: none */
};

static bool take(struct plain *p, unsigned count, uint32_t *value)
{
    *value = 0;
    if (p->in_size - p->in_at < count)
        return false;
    for (unsigned i = 0; i < count; i++)
        *value |= (uint32_t)p->in[p->in_at++] << 8 * i;
    return true;
}

static bool take_length(struct plain *p, uint32_t match, uint64_t *length)
{
    uint32_t value;
    *length = match % 8;
    if (*length == 7) {
        if (p->nibble_at == 0) {
            p->nibble_at = p->in_at;
            if (!take(p, 1, &value))
                return false;
            value %= 16;
        } else {
            value = p->in[p->nibble_at] / 16;
            p->nibble_at = 0;
        }
        *length = value;
        if (value == 15) {
            if (!take(p, 1, &value))
                return false;
            *length = value;
            if (value == 255) {
                if (!take(p, 2, &value) || (value == 0 && !take(p, 4, &value)) || value < 15 + 7)
                    return false;
                *length = value - (15 + 7);
            }
            *length += 15;
        }
        *length += 7;
    }
    *length += 3;
    return true;
}

static void decode(struct plain *p)
{
    uint32_t flags = 0, value;
    for (unsigned left = 0; p->at < p->size; left--) {
        if (left == 0) {
            if (!take(p, 4, &flags))
                return;
            left = 32;
        }
        uint64_t length = 1;
        if ((flags >> (left - 1) & 1) == 0) {
            if (!take(p, 1, &value))
                return;
            p->out[p->at++] = (uint8_t)value;
            continue;
        }
        if (!take(p, 2, &value) || !take_length(p, value, &length))
            return;
        const size_t offset = value / 8 + 1;
        if (offset > p->at)
            return;
        for (; length > 0 && p->at < p->size; length--, p->at++)
            p->out[p->at] = p->out[p->at - offset];
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    const size_t wanted = (size_t)data[0] | (size_t)data[1] << 8;
    uint8_t *made = malloc(wanted + 1), *expected = malloc(wanted + 1);
    EG_FUZZ_CHECK(made && expected);
    struct plain plain = {
        .in = data + 2, .in_size = size - 2, .out = expected, .size = wanted, .nibble_at = 0};
    decode(&plain);

    enum eg_xpress_end end, end_of_half;
    const size_t count = eg_xpress_decode(data + 2, size - 2, made, wanted, &end);
    EG_FUZZ_CHECK(count == plain.at && memcmp(made, expected, count) == 0);
    EG_FUZZ_CHECK((end == EG_XPRESS_FULL) == (count == wanted));

    const size_t half = eg_xpress_decode(data + 2, size - 2, made, wanted / 2, &end_of_half);
    EG_FUZZ_CHECK(half == (count < wanted / 2 ? count : wanted / 2));
    EG_FUZZ_CHECK(memcmp(made, expected, half) == 0);
    free(made);
    free(expected);
    return 0;
}
