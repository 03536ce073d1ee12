#include "traffic/grouping.h"

#include <stdlib.h>

#include "traffic/tables.h"

enum { INTERFACES = EG_INTERFACES_MAX + 1 };

/* An interface that packets were seen on. */
struct place {
    uint32_t input;
    uint16_t interface;
};

struct build {
    const struct eg_matrix *matrix;
    struct eg_grouping *grouping;
    struct place *places; /* by input, then interface */
    uint32_t place_count;
    uint32_t *cells_on; /* by interface; then the group of each */
};

static int compare_places(const void *a, const void *b)
{
    const struct place *x = a, *y = b;
    if (x->input != y->input)
        return x->input < y->input ? -1 : 1;
    return (x->interface > y->interface) - (x->interface < y->interface);
}

static void find_places(struct build *build)
{
    for (uint32_t i = 0; i < eg_matrix_cells(build->matrix); i++)
        build->cells_on[eg_cell_view(build->matrix, i).interface]++;
    for (uint32_t i = 0; i < INTERFACES; i++)
        if (build->cells_on[i] > 0)
            build->places[build->place_count++] =
                (struct place){eg_matrix_interface(build->matrix, (uint16_t)i)->input, (uint16_t)i};
    qsort(build->places, build->place_count, sizeof *build->places, compare_places);
}

static bool same_input(const struct build *build, uint32_t i, uint32_t j)
{
    return j < build->place_count && build->places[i].input == build->places[j].input;
}

/* Opens the groups with their bounds, and leaves each interface's group in cells_on. */
static void open_groups(struct build *build, bool apart)
{
    struct eg_grouping *grouping = build->grouping;
    uint32_t cells = 0;
    for (uint32_t i = 0; i < build->place_count; i++) {
        const uint16_t interface = build->places[i].interface;
        const bool follows = i > 0 && same_input(build, i, i - 1);
        if (i == 0 || (apart && !follows)) {
            grouping->first_cell[grouping->count] = cells;
            grouping->first_interface[grouping->count++] = i;
        }
        grouping->interfaces[i] = interface;
        grouping->alone[interface] = !follows && !same_input(build, i, i + 1);
        cells += build->cells_on[interface];
        build->cells_on[interface] = grouping->count - 1;
    }
    grouping->first_cell[grouping->count] = cells;
    grouping->first_interface[grouping->count] = build->place_count;
}

/* Moves first_cell one group on while filling, and back. */
static void list_cells(struct build *build)
{
    struct eg_grouping *grouping = build->grouping;
    for (uint32_t i = 0; i < eg_matrix_cells(build->matrix); i++) {
        const uint32_t group = build->cells_on[eg_cell_view(build->matrix, i).interface];
        grouping->cells[grouping->first_cell[group]++] = i;
    }
    for (uint32_t g = grouping->count; g > 0; g--)
        grouping->first_cell[g] = grouping->first_cell[g - 1];
    grouping->first_cell[0] = 0;
}

static bool allocate(struct build *build)
{
    struct eg_grouping *grouping = build->grouping;
    const size_t bounds = (size_t)INTERFACES + 1;
    grouping->cells = malloc(((size_t)eg_matrix_cells(build->matrix) + 1) * sizeof(uint32_t));
    grouping->interfaces = malloc(INTERFACES * sizeof *grouping->interfaces);
    grouping->first_cell = calloc(bounds, sizeof *grouping->first_cell);
    grouping->first_interface = calloc(bounds, sizeof *grouping->first_interface);
    grouping->alone = calloc(INTERFACES, sizeof *grouping->alone);
    build->places = malloc(INTERFACES * sizeof *build->places);
    build->cells_on = calloc(INTERFACES, sizeof *build->cells_on);
    return grouping->cells && grouping->interfaces && grouping->first_cell &&
           grouping->first_interface && grouping->alone && build->places && build->cells_on;
}

enum eg_status eg_grouping_new(const struct eg_matrix *matrix, bool apart,
                               struct eg_grouping **grouping)
{
    struct eg_grouping *made = calloc(1, sizeof *made);
    if (!made)
        return EG_ERR_NO_MEMORY;
    struct build build = {.matrix = matrix, .grouping = made};
    const bool allocated = allocate(&build);
    if (allocated) {
        find_places(&build);
        open_groups(&build, apart);
        list_cells(&build);
    }
    free(build.places);
    free(build.cells_on);
    if (!allocated) {
        eg_grouping_free(made);
        return EG_ERR_NO_MEMORY;
    }
    *grouping = made;
    return EG_OK;
}

void eg_grouping_free(struct eg_grouping *grouping)
{
    if (!grouping)
        return;
    free(grouping->cells);
    free(grouping->interfaces);
    free(grouping->first_cell);
    free(grouping->first_interface);
    free(grouping->alone);
    free(grouping);
}
