/*
 * Ranges of any provider: prefix,provider,region,service, the last two empty where there is none.
 */
#include <string.h>

#include "base/csv.h"
#include "classify/range_file.h"

enum { PREFIX, PROVIDER, REGION, SERVICE, COLUMNS };

static const char *const columns[COLUMNS] = {"prefix", "provider", "region", "service"};

/* A name as the built-in providers have it, so that "Azure" is not taken for another one. */
static bool is_provider_name(const struct eg_csv_field *field)
{
    const size_t used = strspn(field->text, "abcdefghijklmnopqrstuvwxyz0123456789-");
    return field->length > 0 && used == field->length && field->length < EG_PROVIDER_MAX;
}

/* A provider's own file may be ahead of every table; a person's slip of the pen is not, rule 4.5.
 */
static enum eg_status check_region(const struct eg_csv *csv, const struct eg_csv_field *fields,
                                   const struct eg_range_lists *lists, struct eg_error *error)
{
    char near[128] = "";
    if (fields[REGION].length == 0 || lists->is_region == NULL ||
        lists->is_region(lists->ranges, fields[PROVIDER].text, fields[REGION].text, near,
                         sizeof near))
        return EG_OK;
    return eg_csv_fail(csv, &fields[REGION], EG_ERR_VALUE, error,
                       "'region' is not a region of %s: '%.64s'%s%s%s", fields[PROVIDER].text,
                       fields[REGION].text, near[0] == '\0' ? "" : " (nearest: ", near,
                       near[0] == '\0' ? "" : ")");
}

static enum eg_status claim_row(const struct eg_csv *csv, const struct eg_csv_field *fields,
                                struct eg_range_lists *lists, struct eg_error *error)
{
    struct eg_prefix prefix;
    if (!eg_prefix_parse(fields[PREFIX].text, fields[PREFIX].length, &prefix))
        return eg_csv_fail(csv, &fields[PREFIX], EG_ERR_VALUE, error, "'prefix' %s: '%.64s'",
                           eg_prefix_fault(fields[PREFIX].text, fields[PREFIX].length),
                           fields[PREFIX].text);
    if (!is_provider_name(&fields[PROVIDER]))
        return eg_csv_fail(csv, &fields[PROVIDER], EG_ERR_VALUE, error,
                           "'provider' is not a name of up to %d of a-z, 0-9 and '-': '%.64s'",
                           EG_PROVIDER_MAX - 1, fields[PROVIDER].text);
    enum eg_status status = check_region(csv, fields, lists, error);
    if (status != EG_OK)
        return status;
    struct eg_range_list *list;
    status = eg_range_lists_of(lists, fields[PROVIDER].text, &list);
    if (status == EG_ERR_LIMIT)
        return eg_csv_fail(csv, &fields[PROVIDER], status, error, "more than %d providers",
                           EG_RANGE_PROVIDERS_MAX);
    if (status == EG_OK)
        status = eg_range_list_claim(list, &prefix, fields[REGION].text, fields[SERVICE].text);
    if (status == EG_ERR_LIMIT)
        return eg_csv_fail(csv, &fields[PREFIX], status, error, "too many prefixes or names");
    return status == EG_OK ? EG_OK : eg_fail_no_memory(error);
}

enum eg_status eg_csv_ranges_read(const char *text, size_t length, const char *file,
                                  struct eg_range_lists *lists, struct eg_error *error)
{
    struct eg_csv *csv;
    enum eg_status status = eg_csv_new(text, length, file, columns, COLUMNS, &csv, error);
    if (status != EG_OK)
        return status;
    struct eg_csv_field fields[COLUMNS];
    bool more;
    do {
        status = eg_csv_next(csv, fields, &more, error);
        if (status == EG_OK && more)
            status = claim_row(csv, fields, lists, error);
    } while (status == EG_OK && more);
    eg_csv_free(csv);
    return status;
}
