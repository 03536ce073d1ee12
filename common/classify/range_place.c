#include "classify/range_place.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum eg_status eg_range_place_fail(const struct eg_range_place *place, enum eg_status status,
                                   const char *member, const char *format, ...)
{
    char path[128];
    char inner[64] = "";
    if (place->inner != NULL)
        snprintf(inner, sizeof inner, ".%s[%zu]", place->inner, place->j);
    snprintf(path, sizeof path, "%s[%zu]%s%s%s", place->outer, place->i, inner,
             member == NULL ? "" : ".", member == NULL ? "" : member);
    char message[EG_ERROR_MESSAGE_MAX];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    return eg_fail_at(place->error, status, place->file, 0, 0, "%s: %s", path, message);
}

enum eg_status eg_range_place_string(const struct eg_range_place *place,
                                     const struct eg_json_value *object, const char *member,
                                     const char **text)
{
    const char *found = eg_json_string(eg_json_member(object, member));
    if (found == NULL)
        return eg_range_place_fail(place, EG_ERR_SYNTAX, member, "is not a string");
    *text = found;
    return EG_OK;
}

enum eg_status eg_range_place_claim(const struct eg_range_place *place, const char *member,
                                    const char *text, const char *region, const char *service,
                                    struct eg_range_list *list)
{
    struct eg_prefix prefix;
    if (text == NULL)
        return eg_range_place_fail(place, EG_ERR_SYNTAX, member, "is not a string");
    if (!eg_prefix_parse(text, strlen(text), &prefix))
        return eg_range_place_fail(place, EG_ERR_VALUE, member, "'%.64s' %s", text,
                                   eg_prefix_fault(text, strlen(text)));
    const enum eg_status status = eg_range_list_claim(list, &prefix, region, service);
    if (status == EG_ERR_LIMIT)
        return eg_range_place_fail(place, status, member, "too many prefixes or names");
    return status == EG_OK ? EG_OK : eg_fail_no_memory(place->error);
}

enum eg_status eg_range_root_date(const struct eg_json_value *root, const char *member,
                                  const char *file, struct eg_range_list *list,
                                  struct eg_error *error)
{
    const struct eg_json_value *value = eg_json_member(root, member);
    const char *text = eg_json_string(value);
    if (value == NULL)
        return EG_OK;
    if (text == NULL)
        return eg_fail_at(error, EG_ERR_SYNTAX, file, 0, 0, "%s: is not a string", member);
    if (!eg_range_list_set_date(list, text))
        return eg_fail_at(error, EG_ERR_VALUE, file, 0, 0, "%s: '%.64s' is not a date", member,
                          text);
    return EG_OK;
}
