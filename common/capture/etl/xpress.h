/*
 * MS-XCA 2.3: plain LZ77, "XPRESS" without Huffman codes, as event tracing compresses buffers.
 */
#ifndef EG_XPRESS_H
#define EG_XPRESS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum eg_xpress_end {
    EG_XPRESS_FULL,    /* all `size` bytes were made */
    EG_XPRESS_STARVED, /* the packed bytes ended before */
    EG_XPRESS_CORRUPT, /* a match reaches before the start, or has a length that cannot be */
};

/*
 * Makes at most `size` bytes and returns how many; they are good whatever *end says. Work grows
 * with the bytes made.
 */
size_t eg_xpress_decode(const void *packed, size_t packed_size, uint8_t *target, size_t size,
                        enum eg_xpress_end *end);

#ifdef __cplusplus
}
#endif

#endif
