/*
 * What the flow picture shows: which boxes, how large, in which order.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/html/html_flow.h"
#include "report/redact.h"
#include "report/units.h"

/* Rows that are one box: of one place, of one holder, or a single row that has neither. */
enum group_kind { ALONE, PLACE, HOLDER };

struct group {
    const struct eg_row *row; /* one of them */
    enum group_kind kind;
    const char *holder;
    uint64_t bytes;
};

static void name_others(const struct eg_html *html, uint64_t count, char name[EG_FLOW_NAME_MAX])
{
    char number[EG_COUNT_TEXT_MAX];
    struct eg_string text = {NULL, 0, 0};
    struct eg_sink sink = eg_string_sink(&text);
    const struct eg_html to_text = {
        .report = html->report, .sink = &sink, .language = html->language};
    eg_html_fill(&to_text, EG_SAY_FLOW_OTHERS, eg_count_text(count, number), NULL, NULL);
    snprintf(name, EG_FLOW_NAME_MAX, "%s", text.text ? text.text : "");
    eg_string_free(&text);
}

static void take_locals(const struct eg_html *html, struct eg_flow_picture *picture)
{
    const struct eg_report *report = html->report;
    for (size_t i = 0; i < report->flow_count; i++) {
        const struct eg_flow *flow = &report->flows[i];
        const size_t at = i < EG_FLOW_LOCALS ? i : EG_FLOW_LOCALS;
        picture->locals[at].bytes += flow->bytes;
        picture->locals[at].class_ = EG_CLASSES;
        for (size_t k = 0; k < EG_CLASSES; k++)
            picture->by_class[at][k] += flow->by_class[k];
        if (i < EG_FLOW_LOCALS)
            eg_report_address(report, &flow->local, picture->locals[at].name);
    }
    picture->local_count = report->flow_count;
    if (report->flow_count > EG_FLOW_LOCALS) {
        picture->local_count = EG_FLOW_LOCALS + 1;
        name_others(html, report->flow_count - EG_FLOW_LOCALS,
                    picture->locals[EG_FLOW_LOCALS].name);
    }
}

static int compare_nodes(const void *a, const void *b)
{
    const struct eg_flow_node *const x = a, *const y = b;
    if (x->bytes != y->bytes)
        return x->bytes > y->bytes ? -1 : 1;
    return (int)x->class_ - (int)y->class_;
}

static void take_classes(const struct eg_html *html, struct eg_flow_picture *picture)
{
    for (unsigned i = 0; i < EG_CLASSES; i++) {
        const uint64_t bytes = html->report->classes[i].shown.billable_bytes;
        if (bytes == 0)
            continue;
        struct eg_flow_node *node = &picture->classes[picture->class_count++];
        node->class_ = (enum eg_class)i;
        node->bytes = bytes;
        snprintf(node->name, sizeof node->name, "%s", eg_html_class(html, node->class_));
    }
    qsort(picture->classes, picture->class_count, sizeof picture->classes[0], compare_nodes);
}

/* Rows of one box beside each other; a place has one tariff. */
static int compare_boxes(const void *a, const void *b)
{
    const struct group *const x = a, *const y = b;
    if (x->kind != y->kind)
        return (int)x->kind - (int)y->kind;
    if (x->kind == HOLDER && x->row->class_ != y->row->class_)
        return (int)x->row->class_ - (int)y->row->class_;
    if (x->kind == HOLDER)
        return strcmp(x->holder, y->holder);
    if (x->kind == ALONE || x->row->tariff == y->row->tariff)
        return 0;
    return (uintptr_t)x->row->tariff < (uintptr_t)y->row->tariff ? -1 : 1;
}

/* Most bytes first; of equal ones the one whose row comes first, which no pointer decides. */
static int compare_groups(const void *a, const void *b)
{
    const struct group *const x = a, *const y = b;
    if (x->bytes != y->bytes)
        return x->bytes > y->bytes ? -1 : 1;
    return x->row < y->row ? -1 : x->row > y->row;
}

static size_t merge_groups(struct group *groups, size_t count)
{
    size_t kept = 0;
    qsort(groups, count, sizeof *groups, compare_boxes);
    for (size_t i = 0; i < count; i++) {
        struct group *last = kept ? &groups[kept - 1] : NULL;
        if (last && last->kind != ALONE && compare_boxes(last, &groups[i]) == 0) {
            last->bytes += groups[i].bytes;
            if (groups[i].row < last->row)
                last->row = groups[i].row;
        } else {
            groups[kept++] = groups[i];
        }
    }
    qsort(groups, kept, sizeof *groups, compare_groups);
    return kept;
}

/* Looking up a holder takes 5 us: of more rows than this, half a second, boxes are addresses. */
enum { HOLDERS_MAX = 100000 };

static struct group group_of(const struct eg_html *html, const struct eg_row *row)
{
    const struct eg_report *report = html->report;
    char buffer[EG_FLOW_NAME_MAX];
    struct group group = {row, ALONE, "", row->shown.billable_bytes};
    if (report->view.by != EG_BY_DESTINATION)
        return group;
    if (eg_html_place(html, row, buffer, sizeof buffer)[0])
        group.kind = PLACE;
    else if (report->row_count <= HOLDERS_MAX)
        group.holder = eg_row_place(report, row).org;
    if (group.holder[0])
        group.kind = HOLDER;
    return group;
}

static struct group *groups_of(const struct eg_html *html, size_t *count)
{
    const struct eg_report *report = html->report;
    struct group *groups = malloc((report->row_count + 1) * sizeof *groups);
    if (!groups)
        return NULL;
    size_t made = 0;
    for (size_t i = 0; i < report->row_count; i++)
        if (report->rows[i].shown.billable_bytes)
            groups[made++] = group_of(html, &report->rows[i]);
    *count = made ? merge_groups(groups, made) : 0;
    return groups;
}

static void name_group(const struct eg_html *html, const struct group *group,
                       struct eg_flow_node *node)
{
    char buffer[EG_FLOW_NAME_MAX];
    const char *name = group->kind == PLACE ? eg_html_place(html, group->row, buffer, sizeof buffer)
                       : group->kind == HOLDER ? group->holder
                                               : eg_html_row_name(html, group->row, buffer);
    snprintf(node->name, sizeof node->name, "%s", name);
}

/* The largest groups by name, and the others of each class as one; by class as these are ordered.
 */
static void take_ends(const struct eg_html *html, const struct group *groups, size_t count,
                      struct eg_flow_picture *picture)
{
    for (size_t c = 0; c < picture->class_count; c++) {
        const enum eg_class class_ = picture->classes[c].class_;
        struct eg_flow_node others = {.class_ = class_};
        size_t other_count = 0;
        for (size_t i = 0; i < count; i++) {
            if (groups[i].row->class_ != class_)
                continue;
            if (i >= EG_FLOW_PLACES) {
                others.bytes += groups[i].bytes;
                if (other_count++ == 0)
                    name_group(html, &groups[i], &others);
                continue;
            }
            struct eg_flow_node *node = &picture->ends[picture->end_count++];
            *node = (struct eg_flow_node){.class_ = class_, .bytes = groups[i].bytes};
            name_group(html, &groups[i], node);
        }
        if (other_count > 1)
            name_others(html, other_count, others.name);
        if (other_count)
            picture->ends[picture->end_count++] = others;
    }
}

bool eg_flow_picture_of(const struct eg_html *html, struct eg_flow_picture *picture)
{
    const struct eg_report *report = html->report;
    memset(picture, 0, sizeof *picture);
    for (size_t i = 0; i < report->row_count; i++)
        if (report->rows[i].class_ == EG_CLASSES)
            return false;
    take_locals(html, picture);
    take_classes(html, picture);
    size_t count = 0;
    struct group *groups = groups_of(html, &count);
    if (groups)
        take_ends(html, groups, count, picture);
    free(groups);
    return picture->local_count && picture->end_count;
}
