/*
 * Where a reader is in a JSON range file, for its messages, and the getters that use it.
 */
#ifndef EG_RANGE_PLACE_H
#define EG_RANGE_PLACE_H

#include <stddef.h>

#include "base/error.h"
#include "base/json.h"
#include "classify/range_list.h"

#ifdef __cplusplus
extern "C" {
#endif

/* outer[i], or outer[i].inner[j] where inner is not NULL: "values[12].properties.prefixes[3]". */
struct eg_range_place {
    const char *file;
    struct eg_error *error;
    const char *outer;
    size_t i;
    const char *inner;
    size_t j;
};

/* "'f.json': values[12].name: message"; member may be NULL. */
enum eg_status eg_range_place_fail(const struct eg_range_place *place, enum eg_status status,
                                   const char *member, const char *format, ...) EG_PRINTF(4, 5);

/* A member of the object at this place that must be a string. */
enum eg_status eg_range_place_string(const struct eg_range_place *place,
                                     const struct eg_json_value *object, const char *member,
                                     const char **text);

/*
 * Claims the prefix written in `text`, which stands in `member` of the object at this place, or is
 * the value there itself (NULL). text may be NULL: not a string.
 */
enum eg_status eg_range_place_claim(const struct eg_range_place *place, const char *member,
                                    const char *text, const char *region, const char *service,
                                    struct eg_range_list *list);

/* The list's date from a member of the file's root, which may be absent. */
enum eg_status eg_range_root_date(const struct eg_json_value *root, const char *member,
                                  const char *file, struct eg_range_list *list,
                                  struct eg_error *error);

#ifdef __cplusplus
}
#endif

#endif
