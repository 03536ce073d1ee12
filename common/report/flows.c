/*
 * What each of the VM's addresses sent (or received) by class: the left side of the picture that
 * the HTML report draws. One pass over the settled cells.
 */
#include "report/report.h"

#include <stdlib.h>
#include <string.h>

struct flows {
    struct eg_report *report;
    uint32_t *slots; /* flow of each address of the matrix, plus 1; 0: none yet */
    size_t capacity;
};

static struct eg_flow *flow_of(struct flows *flows, const struct eg_matrix *matrix, uint32_t local)
{
    struct eg_report *report = flows->report;
    if (flows->slots[local])
        return &report->flows[flows->slots[local] - 1];
    if (report->flow_count == flows->capacity) {
        const size_t more = flows->capacity ? flows->capacity * 2 : 16;
        struct eg_flow *grown = realloc(report->flows, more * sizeof *grown);
        if (!grown)
            return NULL;
        report->flows = grown;
        flows->capacity = more;
    }
    struct eg_flow *flow = &report->flows[report->flow_count++];
    *flow = (struct eg_flow){.local = eg_matrix_address(matrix, local)};
    flows->slots[local] = (uint32_t)report->flow_count;
    return flow;
}

/* Most bytes first; of equal ones the lower address, so that the order of packets does not show. */
static int compare_flows(const void *a, const void *b)
{
    const struct eg_flow *const x = a, *const y = b;
    if (x->bytes != y->bytes)
        return x->bytes > y->bytes ? -1 : 1;
    return eg_address_compare(&x->local, &y->local);
}

static enum eg_status add_cells(struct flows *flows, const struct eg_matrix *matrix,
                                const struct eg_cell_parts *parts)
{
    const struct eg_report *report = flows->report;
    const bool inward = report->view.direction == EG_VIEW_INGRESS;
    const unsigned link_bytes = eg_rules_link_bytes(report->rules);
    for (uint32_t i = 0; i < eg_matrix_cells(matrix); i++) {
        const struct eg_cell_facts *facts = &report->cells[i];
        const struct eg_cell_part part = eg_cell_parts_of(parts, matrix, i);
        if (facts->direction != (inward ? EG_INGRESS : EG_EGRESS) || part.packets == 0)
            continue;
        const struct eg_cell cell = eg_matrix_cell(matrix, i);
        struct eg_flow *flow = flow_of(flows, matrix, inward ? cell.destination : cell.source);
        if (!flow)
            return EG_ERR_NO_MEMORY;
        struct eg_tally tally = {.packets = 0};
        eg_tally_add(&tally, &part, link_bytes);
        flow->bytes += tally.billable_bytes;
        flow->by_class[eg_tariffs_at(report->tariffs, facts->tariff)->destination.class_] +=
            tally.billable_bytes;
    }
    return EG_OK;
}

enum eg_status eg_report_make_flows(struct eg_report *report, const struct eg_matrix *matrix,
                                    const struct eg_cell_parts *parts)
{
    if (report->view.direction == EG_VIEW_ANY) /* counts what is not the VM's, too */
        return EG_OK;
    struct flows flows = {.report = report};
    flows.slots = calloc((size_t)eg_matrix_addresses(matrix) + 1, sizeof *flows.slots);
    if (!flows.slots)
        return EG_ERR_NO_MEMORY;
    const enum eg_status status = add_cells(&flows, matrix, parts);
    free(flows.slots);
    if (report->flow_count > 1)
        qsort(report->flows, report->flow_count, sizeof *report->flows, compare_flows);
    return status;
}
