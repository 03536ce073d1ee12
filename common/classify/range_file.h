/*
 * Reading a range file of any form that rule 4.2 names. Free of built-in tables, so that the
 * program that makes those can use it.
 */
#ifndef EG_RANGE_FILE_H
#define EG_RANGE_FILE_H

#include <stddef.h>

#include "base/error.h"
#include "base/json.h"
#include "classify/range_list.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { EG_RANGE_FILE_MAX = 256 << 20 };

/*
 * Fills *lists (which the caller clears, also after a failure) with the settled lists of every
 * provider that the text holds. The form is told by the content; `file` is used in messages, and
 * for the date where the content has none.
 */
enum eg_status eg_range_file_read(const char *text, size_t length, const char *file,
                                  struct eg_range_lists *lists, struct eg_error *error);

/* One reader a form. A mistake names the file and the path of the value in it. */
enum eg_status eg_azure_ranges_read(const struct eg_json_value *root, const char *file,
                                    struct eg_range_lists *lists, struct eg_error *error);
enum eg_status eg_aws_ranges_read(const struct eg_json_value *root, const char *file,
                                  struct eg_range_lists *lists, struct eg_error *error);
enum eg_status eg_gcp_ranges_read(const struct eg_json_value *root, const char *file,
                                  struct eg_range_lists *lists, struct eg_error *error);
enum eg_status eg_oci_ranges_read(const struct eg_json_value *root, const char *file,
                                  struct eg_range_lists *lists, struct eg_error *error);
enum eg_status eg_csv_ranges_read(const char *text, size_t length, const char *file,
                                  struct eg_range_lists *lists, struct eg_error *error);

#ifdef __cplusplus
}
#endif

#endif
