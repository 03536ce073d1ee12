/*
 * Who is at the far end: the names that the capture has for it, and who holds its address.
 */
#include "report/report.h"

#include <stdlib.h>
#include <string.h>

#include "report/redact.h"
#include "traffic/scope.h"

enum { NAMES_MAX = EG_NAME_SOURCES * EG_NAMES_OF_SOURCE_MAX };

static int compare_names(const void *a, const void *b)
{
    return eg_name_compare(*(const struct eg_name *const *)a, *(const struct eg_name *const *)b);
}

/* The names of a host in one piece, best first; NULL without memory. */
static struct eg_row_hosts *copy_names(const struct eg_host *host)
{
    const struct eg_name *names[NAMES_MAX];
    size_t count = 0, bytes = 0;
    for (const struct eg_name *name = host->first; name && count < NAMES_MAX; name = name->next) {
        names[count++] = name;
        bytes += strlen(name->text) + 1;
    }
    qsort(names, count, sizeof names[0], compare_names);
    struct eg_row_hosts *made = malloc(sizeof *made + count * sizeof made->names[0] + bytes);
    if (!made)
        return NULL;
    made->cut = host->cut;
    made->count = count;
    char *text = (char *)&made->names[count];
    for (size_t i = 0; i < count; i++) {
        const size_t size = strlen(names[i]->text) + 1;
        memcpy(text, names[i]->text, size);
        made->names[i] = (struct eg_row_name){text, (enum eg_name_source)names[i]->source};
        text += size;
    }
    return made;
}

enum eg_status eg_report_name_far_ends(struct eg_report *report, const struct eg_matrix *matrix,
                                       const struct eg_hosts *hosts)
{
    if (!hosts)
        return EG_OK;
    report->names_left_out = eg_hosts_count_left_out(hosts);
    const uint32_t count = eg_matrix_addresses(matrix);
    report->far_ends = calloc((size_t)count + 1, sizeof *report->far_ends);
    if (!report->far_ends)
        return EG_ERR_NO_MEMORY;
    report->far_end_count = count;
    for (uint32_t i = 0; i < count; i++) {
        struct eg_far_end *far = &report->far_ends[i];
        far->address = eg_matrix_address(matrix, i);
        const struct eg_host *host = eg_hosts_find(hosts, &far->address);
        if (host && !(far->hosts = copy_names(host)))
            return EG_ERR_NO_MEMORY;
    }
    return EG_OK;
}

void eg_report_free_far_ends(struct eg_report *report)
{
    for (uint32_t i = 0; i < report->far_end_count; i++)
        free(report->far_ends[i].hosts);
    free(report->far_ends);
}

const struct eg_far_end *eg_report_far_end(const struct eg_report *report, uint32_t address)
{
    static const struct eg_far_end unknown = {.address = {.family = 0}};
    return address < report->far_end_count ? &report->far_ends[address] : &unknown;
}

struct eg_place eg_report_place(const struct eg_report *report, const struct eg_address *address)
{
    if (!report->rules->places || eg_report_hides(report, address) ||
        !eg_scope_is_public(eg_scope_of(address)))
        return (struct eg_place){.org = "", .country = ""};
    return eg_places_find(report->rules->places, address);
}

struct eg_place eg_row_place(const struct eg_report *report, const struct eg_row *row)
{
    return row->address.family ? eg_report_place(report, &row->address) : row->place;
}

/* Rows of a group keep what is true of each of them. */
void eg_row_join_far_end(struct eg_row *group, const struct eg_row *row)
{
    if (strcmp(group->host, row->host) != 0)
        group->host = "";
    if (group->hosts != row->hosts)
        group->hosts = NULL;
    if (strcmp(group->place.org, row->place.org) != 0)
        group->place.org = "";
    if (strcmp(group->place.country, row->place.country) != 0)
        group->place.country = "";
    if (group->place.asn != row->place.asn)
        group->place.asn = 0;
}
