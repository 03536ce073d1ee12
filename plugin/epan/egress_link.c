#include <wireshark.h>

#include "egress_link.h"

#include <epan/packet.h>
#include <wiretap/wtap.h>

/* Looked up once: by name it takes long. */
static int frame_protocol = -1, inner_protocol = -1;

void egress_link_prepare(void)
{
    frame_protocol = proto_get_id_by_filter_name("frame");
    inner_protocol = proto_get_id_by_filter_name("pcap_pktdata");
}

/* The protocol that dissected the frame's first bytes; -1: none did. */
static int outermost_protocol(const packet_info *pinfo)
{
    for (wmem_list_frame_t *at = wmem_list_head(pinfo->layers); at; at = wmem_list_frame_next(at)) {
        const int protocol = GPOINTER_TO_INT(wmem_list_frame_data(at));
        if (protocol != frame_protocol)
            return protocol;
    }
    return -1;
}

/* Unknown, and so an unsupported link, when several are dissected by that protocol. */
static int encap_of(int protocol)
{
    dissector_table_t table = find_dissector_table("wtap_encap");
    int found = WTAP_ENCAP_UNKNOWN;
    for (int encap = 0; encap < wtap_get_num_encap_types(); encap++) {
        const dissector_handle_t handle = dissector_get_uint_handle(table, (guint32)encap);
        if (!handle || dissector_handle_get_protocol_index(handle) != protocol)
            continue;
        if (found != WTAP_ENCAP_UNKNOWN)
            return WTAP_ENCAP_UNKNOWN;
        found = encap;
    }
    return found;
}

void egress_link_restore(packet_info *pinfo)
{
    if (wmem_list_find(pinfo->layers, GINT_TO_POINTER(inner_protocol)))
        pinfo->rec->rec_header.packet_header.pkt_encap = encap_of(outermost_protocol(pinfo));
}
