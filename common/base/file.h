/*
 * Reading a whole configuration file.
 */
#ifndef EG_FILE_H
#define EG_FILE_H

#include <stddef.h>

#include "base/error.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Reads a regular file (or a pipe) of at most `maximum` bytes. *text is terminated and owned by
 * the caller, who frees it with free(). EG_ERR_IO with file and reason, EG_ERR_LIMIT if larger.
 */
enum eg_status eg_file_read(const char *path, size_t maximum, char **text, size_t *length,
                            struct eg_error *error);

#ifdef __cplusplus
}
#endif

#endif
