/*
 * The interfaces of a trace: every place where packets were seen, and which of them count.
 */
#ifndef EG_ETL_INTERFACES_H
#define EG_ETL_INTERFACES_H

#include "base/error.h"
#include "capture/etl/etl_packet.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { EG_ETL_INTERFACES_MAX = 4096, EG_ETL_NAME_MAX = 128, EG_ETL_DIRECTIONS = 3 };

struct eg_etl_interface {
    struct eg_etl_port port;
    uint64_t packets[EG_ETL_DIRECTIONS]; /* by hint: unknown, received, sent */
    bool chosen[EG_ETL_DIRECTIONS];      /* whether they are read as frames */
    char name[EG_ETL_NAME_MAX];          /* as Windows names it, else a number */
    char description[EG_ETL_NAME_MAX];   /* "" none */
};

struct eg_etl_interfaces {
    struct eg_etl_interface *items; /* in order of their ports */
    size_t count;
    size_t capacity;
    size_t last; /* found: packets come in runs */
};

void eg_etl_interfaces_clear(struct eg_etl_interfaces *interfaces);

/* NULL: none. */
struct eg_etl_interface *eg_etl_interfaces_find(struct eg_etl_interfaces *interfaces,
                                                const struct eg_etl_port *port);

/* Counts a packet at its port. EG_ERR_LIMIT when there are too many ports, EG_ERR_NO_MEMORY. */
enum eg_status eg_etl_interfaces_count(struct eg_etl_interfaces *interfaces,
                                       const struct eg_etl_packet *packet);

uint64_t eg_etl_interface_packets(const struct eg_etl_interface *interface);

/* All directions of it. */
void eg_etl_interface_choose(struct eg_etl_interface *interface);
void eg_etl_interface_leave(struct eg_etl_interface *interface);
bool eg_etl_interface_is_chosen(const struct eg_etl_interface *interface);

#ifdef __cplusplus
}
#endif

#endif
