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

/* In the statistics' files. */
void egress_tables_register(void);
void egress_totals_register(void);
void egress_menu_register(int proto);

#endif
