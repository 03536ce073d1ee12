/*
 * Captures that the core reads itself: pcap and pcapng, from a file or from standard input.
 */
#ifndef OWN_READER_H
#define OWN_READER_H

#include <stdbool.h>
#include <stdint.h>

#include "egress.h"

struct own_reader; /* opaque */

/*
 * NULL when the capture is to be left to libwiretap, none of whose bytes are then taken: it is of
 * another format, compressed, or odd from the start. path "-" is standard input.
 */
struct own_reader *own_reader_open(const char *path);
void own_reader_close(struct own_reader *reader);

/* Whether libwiretap can begin again where this reader gave up. */
bool own_reader_is_seekable(const struct own_reader *reader);

struct eg_capture *own_reader_capture(const struct own_reader *reader);

/* The errno of a read that failed, which looks like the end of the capture; 0: none did. */
int own_reader_failure(const struct own_reader *reader);

uint64_t own_reader_bytes_read(const struct own_reader *reader);

/* ---- parts of a file, of a reader that is seekable ---- */

uint64_t own_reader_size(const struct own_reader *reader); /* 0 unknown */

/* How many of the bytes at `offset` could be read. Any thread may. */
size_t own_reader_peek(const struct own_reader *reader, uint64_t offset, void *bytes, size_t size);

/*
 * Another reader of the same file, which must not be closed before it. It knows what `like` does,
 * and begins at `offset`. NULL without memory.
 */
struct own_reader *own_reader_part(const struct own_reader *reader, const struct eg_capture *like,
                                   uint64_t offset);

/* Closes *reader; its part is in its place from now on. */
void own_reader_replace(struct own_reader **reader, struct own_reader *part);

#endif
