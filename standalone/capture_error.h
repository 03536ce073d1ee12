/*
 * The errors of libwiretap in the program's words.
 */
#ifndef CAPTURE_ERROR_H
#define CAPTURE_ERROR_H

#include <stdint.h>

#include "base/error.h"

/*
 * Of a file that is no capture: what it is by its first bytes, where they tell, and what helps;
 * else `kind` (NULL: unknown), Wireshark's name for it. Fills *error and returns its status.
 */
enum eg_status capture_fail_foreign(const char *path, const char *kind, struct eg_error *error);

/*
 * err and info as libwiretap gives them; info (NULL: none) is freed. Fills *error and returns its
 * status.
 */
enum eg_status capture_fail_open(int err, char *info, struct eg_error *error);

/* records: how many were read before. */
enum eg_status capture_fail_read(int err, char *info, uint64_t records, struct eg_error *error);

#endif
