/*
 * The postdissector, and what it hands to the statistics.
 */
#ifndef PACKET_EGRESS_H
#define PACKET_EGRESS_H

#include "egress.h"

/* The tap "egress": one for each frame that the session took. Valid while the frame is tapped. */
struct egress_tap {
    const struct eg_frame *frame;
    const struct eg_verdict *verdict;
};

void proto_register_egress(void);
void proto_reg_handoff_egress(void);

/* -z egress,totals: the report, in every program. */
void egress_totals_register(void);

/* Tables: in tshark one for each of -z egress,dest and its like, */
void egress_lists_register(void);
/* in the GUI all in one dialog, which needs to be told of dissections; */
void egress_tables_register(void);
void egress_tables_watch(void);
/* and in the GUI filters. */
void egress_menu_register(int proto);
/* From that menu: writes the HTML report of all packets, and says where or why not. */
void egress_save_report(void);

#endif
