/*
 * What every fuzz target has: the entry that libFuzzer calls, and a check it cannot miss.
 */
#ifndef EG_FUZZ_H
#define EG_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

/* Always 0; takes any bytes; leaves nothing behind. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Unlike assert() it is there in every build. */
#define EG_FUZZ_CHECK(condition) ((condition) ? (void)0 : abort())

#endif
