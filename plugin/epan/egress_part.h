/*
 * What a -z argument of tshark reports on: all frames, or those that its filter chooses. Direction,
 * copies and prices are those of the whole capture either way.
 */
#ifndef EGRESS_PART_H
#define EGRESS_PART_H

#include <epan/tap.h>

#include "egress.h"

/* The first member of the struct that describes the statistic; that is freed with it. */
struct egress_part {
    char *filter;                   /* NULL: all frames */
    struct eg_selection *selection; /* what it chose; NULL: all */
    tap_draw_cb draw;
    bool looks_at_ours; /* the filter does, at fields that one pass leaves unsettled */
};

/*
 * Taps the frames, and draws in the end with part as the argument. part, from g_new0, is owned from
 * here on. arguments: all of -z, for messages; filter: its rest, "" or ",FILTER". Exits with a
 * message when that has a mistake, as tshark's own statistics do.
 */
void egress_part_listen(struct egress_part *part, const char *arguments, const char *filter,
                        tap_draw_cb draw);

#endif
