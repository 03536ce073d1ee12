/*
 * The files that a run reads, none of which may be written over: captures, and those of settings.
 */
#ifndef READ_FILES_H
#define READ_FILES_H

#include <stddef.h>

#include "options.h"

struct read_files {
    const char **paths; /* "-" is standard input */
    size_t count;
    char *texts; /* of settings, one behind the other */
};

/* The options outlive the files. Clear them also after a failure, which is EG_ERR_NO_MEMORY. */
enum eg_status read_files_list(const struct options *options, struct read_files *files);
void read_files_clear(struct read_files *files);

#endif
