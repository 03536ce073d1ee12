#include <wireshark.h>

#include "egress_part.h"

#include <epan/epan.h>
#include <epan/packet.h>

#include "../ws_compat.h"
#include "egress_state.h"
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

static void draw(void *data)
{
    const struct egress_part *part = data;
    if (part->looks_at_ours && !egress_state_is_revisited())
        fprintf(stderr,
                "egress: the filter '%s' looked at fields that one pass does not settle: "
                "with -2 it chooses the right packets\n",
                part->filter);
    part->draw(data);
}

static void finish(void *data)
{
    struct egress_part *part = data;
    eg_selection_free(part->selection);
    g_free(part->filter);
    g_free(part);
}

/* Asks a tree that is made for the filter, as one is for each frame. */
static bool looks_at_ours(const char *text)
{
    dfilter_t *filter = NULL;
    struct ws_filter_mistake mistake = {NULL, 0, 0};
    if (!ws_filter_compile(text, &filter, &mistake) || !filter) {
        g_free(mistake.message);
        return false;
    }
    epan_dissect_t *edt = epan_dissect_new(NULL, TRUE, FALSE);
    epan_dissect_prime_with_dfilter(edt, filter);
    const bool ours = proto_field_is_referenced(edt->tree, proto_get_id_by_filter_name("egress"));
    epan_dissect_free(edt);
    dfilter_free(filter);
    return ours;
}

static void refuse(const char *arguments, const char *message)
{
    fprintf(stderr, "tshark: -z %s: %s\n", arguments, message);
    exit(1);
}

void egress_part_listen(struct egress_part *part, const char *arguments, const char *filter,
                        tap_draw_cb draw_part)
{
    /* Wireshark looks at the beginning of the arguments only. */
    if (filter[0] != ',' && filter[0] != '\0')
        refuse(arguments, "a comma comes before a filter");
    if (filter[0] == ',' && filter[1] != '\0')
        part->filter = g_strdup(filter + 1);
    part->draw = draw_part;
    part->looks_at_ours = part->filter && looks_at_ours(part->filter);
    reset(part);
    GString *error = register_tap_listener("egress", part, part->filter, TL_REQUIRES_NOTHING, reset,
                                           count, draw, finish);
    if (error)
        refuse(arguments, error->str);
}
