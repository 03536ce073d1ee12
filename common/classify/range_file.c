#include "classify/range_file.h"

#include <stdio.h>
#include <string.h>

typedef enum eg_status (*json_reader)(const struct eg_json_value *root, const char *file,
                                      struct eg_range_lists *lists, struct eg_error *error);

/* What only the files of one provider hold; GCP's comes last, AWS has "prefixes" too. */
static json_reader reader_of(const struct eg_json_value *root)
{
    if (eg_json_is_array(eg_json_member(root, "values")))
        return eg_azure_ranges_read;
    if (eg_json_is_array(eg_json_member(root, "regions")))
        return eg_oci_ranges_read;
    if (eg_json_member(root, "createDate") != NULL || eg_json_member(root, "ipv6_prefixes") != NULL)
        return eg_aws_ranges_read;
    if (eg_json_is_array(eg_json_member(root, "prefixes")))
        return eg_gcp_ranges_read;
    return NULL;
}

static enum eg_status read_json(const char *text, size_t length, const char *file,
                                struct eg_range_lists *lists, struct eg_error *error)
{
    struct eg_json *json;
    enum eg_status status = eg_json_parse(text, length, file, &json, error);
    if (status != EG_OK)
        return status;
    const json_reader read = reader_of(eg_json_root(json));
    if (read == NULL)
        status = eg_fail_at(error, EG_ERR_SYNTAX, file, 0, 0,
                            "not address ranges: expected Azure service tags, AWS "
                            "ip-ranges.json, GCP cloud.json, OCI public_ip_ranges.json or CSV "
                            "prefix,provider,region,service");
    else
        status = read(eg_json_root(json), file, lists, error);
    eg_json_free(json);
    return status;
}

static bool is_json(const char *text, size_t length)
{
    size_t i = length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    while (i < length && strchr(" \t\r\n", text[i]) != NULL && text[i] != '\0')
        i++;
    return i < length && (text[i] == '{' || text[i] == '[');
}

/* Eight digits that can be a date: "ServiceTags_Public_20260626.json". */
static void set_date_by_name(struct eg_range_list *list, const char *file)
{
    static const char digits[] = "0123456789";
    const char *slash = strrchr(file, '/');
    const char *at = slash == NULL ? file : slash + 1;
    for (at += strcspn(at, digits); *at != '\0'; at += strcspn(at, digits)) {
        const size_t count = strspn(at, digits);
        if (count == 8 && strncmp(at, "20", 2) == 0) {
            char date[EG_DATE_MAX];
            snprintf(date, sizeof date, "%.4s-%.2s-%.2s", at, at + 4, at + 6);
            eg_range_list_set_date(list, date);
        }
        at += count;
    }
}

static enum eg_status settle(struct eg_range_lists *lists, const char *file, struct eg_error *error)
{
    size_t claims = 0;
    for (size_t i = 0; i < lists->count; i++) {
        struct eg_range_list *list = lists->items[i];
        claims += list->claim_count;
        if (list->as_of[0] == '\0')
            set_date_by_name(list, file);
        const enum eg_status status = eg_range_list_settle(list);
        if (status == EG_ERR_LIMIT)
            return eg_fail_at(error, status, file, 0, 0, "too many regions and services");
        if (status != EG_OK)
            return eg_fail_no_memory(error);
    }
    /* Taken as it is, it would make internet of a whole cloud. */
    if (claims == 0)
        return eg_fail_at(error, EG_ERR_VALUE, file, 0, 0, "holds no prefixes");
    return EG_OK;
}

enum eg_status eg_range_file_read(const char *text, size_t length, const char *file,
                                  struct eg_range_lists *lists, struct eg_error *error)
{
    const enum eg_status status = is_json(text, length)
                                      ? read_json(text, length, file, lists, error)
                                      : eg_csv_ranges_read(text, length, file, lists, error);
    return status == EG_OK ? settle(lists, file, error) : status;
}
