/*
 * What interfaces of a trace are called.
 */
#ifndef EG_ETL_NAMES_H
#define EG_ETL_NAMES_H

#include "capture/etl/etl_components.h"
#include "capture/etl/etl_interfaces.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Names every interface. cards: by IfIndex, as netsh tells; components: by pktmon's numbers. */
void eg_etl_name_interfaces(struct eg_etl_interfaces *interfaces,
                            const struct eg_etl_components *cards,
                            const struct eg_etl_components *components);

#ifdef __cplusplus
}
#endif

#endif
