#include "traffic/known.h"

void eg_matrix_learn_way(struct eg_matrix *matrix, const struct eg_way_context *context,
                         const struct eg_plain *plain, uint16_t interface, enum eg_hint hint,
                         uint32_t cell)
{
    const enum eg_interface_kind kind = eg_matrix_interface(matrix, interface)->kind;
    const bool told_apart = kind != EG_INTERFACE_UNKNOWN && kind != EG_INTERFACE_COOKED1_OTHER;
    struct eg_way way = {
        .kind = EG_WAY_NO_CELL,
        .number = interface,
        .hint = (uint8_t)hint,
        .flags = told_apart ? EG_WAY_TOLD_APART : 0,
    };
    if (cell != EG_CELL_OVERFLOW) {
        const uint32_t link = eg_cell_view(matrix, cell).link;
        /* Past the ceiling of link pairs each packet is counted as one without. */
        if (link < EG_LINKS_BARE)
            return;
        way.kind = eg_kind_of_link(interface, link, way.hint);
    }
    eg_ways_learn(&matrix->ways, context, plain, &way);
}
