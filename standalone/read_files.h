/*
 * The files that a run reads, none of which may be written over: captures, and those of settings.
 */
#ifndef READ_FILES_H
#define READ_FILES_H

#include <stddef.h>

#include "options.h"

/*
 * Their paths, which belong to the options, and how many they are; "-" is standard input. The
 * caller frees the array, which is NULL without memory.
 */
const char **read_files_list(const struct options *options, size_t *count);

#endif
