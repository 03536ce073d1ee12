/*
 * The HTML report as a file: complete, or as it was.
 */
#ifndef REPORT_FILE_H
#define REPORT_FILE_H

#include "target_file.h"

/* Makes sure that it can be written; NULL after saying why not. */
struct target_file *report_file_open(const char *path, const char *const inputs[],
                                     size_t input_count);

/* Writes the report and puts it into its place; false after saying why not. */
bool report_file_write(struct target_file *file, const char *path, const struct eg_report *report);

#endif
