/*
 * What is in a matrix, for those who only read it.
 */
#include "traffic/tables.h"

uint32_t eg_matrix_cells(const struct eg_matrix *matrix)
{
    return matrix->cells.count;
}

uint32_t eg_matrix_cells_max(const struct eg_matrix *matrix)
{
    return matrix->cell_limit;
}

struct eg_cell eg_matrix_cell(const struct eg_matrix *matrix, uint32_t number)
{
    return eg_cell_view(matrix, number);
}

uint16_t eg_matrix_interfaces(const struct eg_matrix *matrix)
{
    return (uint16_t)matrix->interfaces.store.count;
}

uint32_t eg_matrix_addresses(const struct eg_matrix *matrix)
{
    return matrix->addresses.words.count;
}

struct eg_address eg_matrix_address(const struct eg_matrix *matrix, uint32_t number)
{
    return eg_addresses_at(&matrix->addresses, number);
}

uint8_t eg_matrix_family(const struct eg_matrix *matrix, uint32_t number)
{
    return eg_addresses_is_six(&matrix->addresses, number) ? EG_IPV6 : EG_IPV4;
}

const struct eg_interface *eg_matrix_interface(const struct eg_matrix *matrix, uint16_t number)
{
    static const struct eg_interface past_ceiling = {
        .kind = EG_INTERFACE_UNKNOWN, .link = EG_LINK_OTHER, .index = EG_NO_INTERFACE};
    return number == EG_INTERFACES_MAX ? &past_ceiling
                                       : eg_store_at(&matrix->interfaces.store, number);
}

const struct eg_link_pair *eg_matrix_link(const struct eg_matrix *matrix, uint32_t number)
{
    return eg_store_at(&matrix->links.store, number);
}

struct eg_matrix_overflow eg_matrix_overflowed(const struct eg_matrix *matrix)
{
    return matrix->overflow;
}

void eg_matrix_keep_series(struct eg_matrix *matrix, int64_t interval)
{
    eg_series_begin(&matrix->series, interval);
}

enum eg_status eg_matrix_settle_series(struct eg_matrix *matrix, const struct eg_series **series)
{
    const enum eg_status status = eg_series_settle(&matrix->series, matrix);
    if (status == EG_OK)
        *series = &matrix->series;
    return status;
}

void eg_matrix_move_series(struct eg_matrix *matrix, struct eg_series *to)
{
    eg_series_move(&matrix->series, matrix, to);
}
