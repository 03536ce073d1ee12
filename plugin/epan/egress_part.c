#include <wireshark.h>

#include "egress_part.h"

#include <epan/packet.h>

#include "../ws_compat.h"
#include "packet-egress.h"

static void reset(void *data)
{
    struct egress_part *part = data;
    eg_selection_free(part->selection);
    part->selection = NULL;
    if (part->filter)
        eg_selection_new(&part->selection);
}

static tap_packet_status count(void *data, packet_info *pinfo _U_, epan_dissect_t *edt _U_,
                               const void *packet, tap_flags_t flags _U_)
{
    struct egress_part *part = data;
    const struct egress_tap *tap = packet;
    if (part->filter && (!part->selection || eg_selection_add(part->selection, tap->verdict,
                                                              tap->frame->time) != EG_OK)) {
        fprintf(stderr, "egress: out of memory\n");
        return TAP_PACKET_FAILED;
    }
    return TAP_PACKET_REDRAW;
}

static void finish(void *data)
{
    struct egress_part *part = data;
    eg_selection_free(part->selection);
    g_free(part->filter);
    g_free(part);
}

void egress_part_listen(struct egress_part *part, const char *arguments, const char *filter,
                        tap_draw_cb draw)
{
    if (filter[0] == ',' && filter[1] != '\0')
        part->filter = g_strdup(filter + 1);
    reset(part);
    GString *error = register_tap_listener("egress", part, part->filter, TL_REQUIRES_NOTHING, reset,
                                           count, draw, finish);
    if (error) {
        fprintf(stderr, "tshark: -z %s: %s\n", arguments, error->str);
        exit(1);
    }
}
