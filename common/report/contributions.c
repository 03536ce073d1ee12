#include "report/contributions.h"

#include <stdlib.h>
#include <string.h>

enum {
    DIGIT_BITS = 8,
    DIGIT_VALUES = 1 << DIGIT_BITS,
    DIGITS = (32 + 8 + 16) / DIGIT_BITS, /* of a key */
};

static uint64_t key_of(uint32_t address, const struct eg_cell *cell)
{
    return (uint64_t)address << 24 | (uint64_t)cell->protocol << 16 | cell->port;
}

static unsigned digit_of(uint64_t key, unsigned digit)
{
    return (unsigned)(key >> digit * DIGIT_BITS) & (DIGIT_VALUES - 1);
}

void eg_roles_of(enum eg_direction direction, enum eg_view_direction view, uint8_t *destination,
                 uint8_t *source)
{
    *destination = direction == EG_EGRESS ? EG_ROLE_EGRESS : 0;
    *source = direction == EG_INGRESS ? EG_ROLE_INGRESS : 0;
    if (view == EG_VIEW_ANY || (view == EG_VIEW_EGRESS && *destination))
        *destination |= EG_ROLE_SHOWN;
    if (view == EG_VIEW_INGRESS && *source)
        *source |= EG_ROLE_SHOWN;
}

/* In the order of cells. */
static size_t list(const struct eg_report *report, const struct eg_matrix *matrix,
                   const struct eg_cell_parts *parts, struct eg_contribution *made)
{
    size_t n = 0;
    for (uint32_t i = 0; i < eg_matrix_cells(matrix); i++) {
        uint8_t to = 0, from = 0;
        if (eg_cell_parts_packets(parts, matrix, i) == 0)
            continue;
        const struct eg_cell cell = eg_matrix_cell(matrix, i);
        eg_roles_of(report->cells[i].direction, report->view.direction, &to, &from);
        if (to)
            made[n++] = (struct eg_contribution){key_of(cell.destination, &cell), i, to};
        if (from)
            made[n++] = (struct eg_contribution){key_of(cell.source, &cell), i, from};
    }
    return n;
}

/* Where in the order of one digit each of its values begins; false: all keys have the same one. */
static bool find_starts(const struct eg_contribution *all, size_t count, unsigned digit,
                        size_t starts[DIGIT_VALUES])
{
    size_t begin = 0;
    memset(starts, 0, DIGIT_VALUES * sizeof *starts);
    for (size_t i = 0; i < count; i++)
        starts[digit_of(all[i].key, digit)]++;
    if (count == 0 || starts[digit_of(all[0].key, digit)] == count)
        return false;
    for (size_t value = 0; value < DIGIT_VALUES; value++) {
        const size_t those = starts[value];
        starts[value] = begin;
        begin += those;
    }
    return true;
}

/*
 * By one digit after the other, from the lowest: what is equal stays in order, so in the end cells
 * of one key are in theirs. `room` is for as many; returns which of the two is sorted.
 */
static struct eg_contribution *sort(struct eg_contribution *all, struct eg_contribution *room,
                                    size_t count)
{
    size_t starts[DIGIT_VALUES];
    for (unsigned digit = 0; digit < DIGITS; digit++) {
        if (!find_starts(all, count, digit, starts))
            continue;
        for (size_t i = 0; i < count; i++)
            room[starts[digit_of(all[i].key, digit)]++] = all[i];
        struct eg_contribution *const sorted = room;
        room = all;
        all = sorted;
    }
    return all;
}

struct eg_contribution *eg_contributions_of(const struct eg_report *report,
                                            const struct eg_matrix *matrix,
                                            const struct eg_cell_parts *parts, size_t *count)
{
    const size_t most = (size_t)eg_matrix_cells(matrix) * 2 + 1;
    struct eg_contribution *all = malloc(most * sizeof *all);
    *count = all ? list(report, matrix, parts, all) : 0;
    struct eg_contribution *room = all ? malloc((*count + 1) * sizeof *room) : NULL;
    struct eg_contribution *sorted = room ? sort(all, room, *count) : NULL;
    if (all != sorted)
        free(all);
    if (room != sorted)
        free(room);
    return sorted;
}
