/*
 * What segmentation offload makes of a packet behind the capture point: rule 5.2.
 */
#include "packet/packet.h"

void eg_packet_segment(const struct eg_packet *packet, uint32_t mtu, uint64_t *count,
                       uint64_t *ip_bytes)
{
    *count = 1;
    *ip_bytes = packet->ip_bytes;
    if (packet->ip_bytes <= mtu || packet->fragment)
        return;
    if (packet->protocol != EG_PROTOCOL_TCP && packet->protocol != EG_PROTOCOL_UDP)
        return;
    const uint64_t headers = (uint64_t)packet->header_bytes + packet->upper_header_bytes;
    if (mtu <= headers || packet->ip_bytes <= headers) /* also where mtu is 0: not computed */
        return;
    const uint64_t payload = packet->ip_bytes - headers;
    const uint64_t room = mtu - headers;
    *count = (payload + room - 1) / room;
    *ip_bytes = payload + *count * headers;
}
