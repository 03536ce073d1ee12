/*
 * A file that is written beside the one it is to become, and takes its place only when it is
 * complete: until then, and whatever goes wrong, the old one stays as it is.
 */
#ifndef TARGET_FILE_H
#define TARGET_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "egress.h"

struct target_file; /* opaque */

/*
 * path must be free or a regular file that may be written, and none of the inputs. EG_ERR_VALUE
 * when it is not, or when nothing can be written beside it; the message is without the path.
 */
enum eg_status target_file_open(const char *path, const char *const inputs[], size_t input_count,
                                struct target_file **file, struct eg_error *error);

/* Whether path, of a file that may not be there yet, names the place that the file will have. */
bool target_file_is_place(const struct target_file *file, const char *path);

/* Removes what was written, unless it was kept. */
void target_file_close(struct target_file *file);

/* Valid until the file is closed. A failure shows in its status, and in target_file_keep(). */
struct eg_sink *target_file_sink(struct target_file *file);

/* Bytes that came to it so far. */
uint64_t target_file_bytes(const struct target_file *file);

/* Puts it into its place. EG_ERR_IO when this, or any writing before, has failed. */
enum eg_status target_file_keep(struct target_file *file, struct eg_error *error);

#endif
