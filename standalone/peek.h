/*
 * The first bytes of an input, which stay where they are.
 */
#ifndef PEEK_H
#define PEEK_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Copies up to `size` bytes from the start of a regular file, or of what waits in a pipe, and
 * returns how many; 0 where that cannot be done. Waits for the first bytes of a pipe.
 */
size_t peek_bytes(int fd, bool regular, void *bytes, size_t size);

#endif
