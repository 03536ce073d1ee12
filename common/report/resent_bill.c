/*
 * What left the VM and was sent before: its billable bytes, what they cost, and where most went.
 */
#include "report/report.h"

#include <stdlib.h>

#include "report/findings.h"

/* Of equal ones the lower address, so that the order of packets does not show. */
static void find_most(struct eg_resent_bill *bill, const struct eg_matrix *matrix,
                      const uint64_t *of_address)
{
    for (uint32_t i = 0; i < eg_matrix_addresses(matrix); i++) {
        if (of_address[i] == 0 || of_address[i] < bill->most_bytes)
            continue;
        const struct eg_address address = eg_matrix_address(matrix, i);
        if (of_address[i] == bill->most_bytes && eg_address_compare(&address, &bill->most) > 0)
            continue;
        bill->most = address;
        bill->most_bytes = of_address[i];
    }
}

enum eg_status eg_report_bill_resent(struct eg_report *report, const struct eg_matrix *matrix,
                                     const struct eg_cell_parts *parts)
{
    const unsigned link_bytes = eg_rules_link_bytes(report->rules);
    struct eg_resent_bill *bill = &report->resent;
    if (!report->rules->resent)
        return EG_OK;
    uint64_t *of_address = calloc((size_t)eg_matrix_addresses(matrix) + 1, sizeof *of_address);
    if (!of_address)
        return EG_ERR_NO_MEMORY;
    for (uint32_t i = 0; i < eg_matrix_cells(matrix); i++) {
        const struct eg_resent_sums sums = eg_cell_parts_of(parts, matrix, i).resent;
        const struct eg_cell_facts *cell = &report->cells[i];
        if (cell->direction != EG_EGRESS || sums.bytes == 0)
            continue;
        const uint64_t bytes = sums.bytes + sums.packets * link_bytes;
        bill->packets += sums.packets;
        bill->bytes += bytes;
        bill->cost = eg_money_add(
            bill->cost, eg_tariff_cost(eg_tariffs_at(report->tariffs, cell->tariff), bytes));
        of_address[cell->far] += bytes;
    }
    find_most(bill, matrix, of_address);
    free(of_address);
    return EG_OK;
}
