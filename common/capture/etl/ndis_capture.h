/*
 * Microsoft-Windows-NDIS-PacketCapture, the provider behind `netsh trace start capture=yes` and
 * New-NetEventSession, and Microsoft-Windows-Ras-NdisWanPacketCapture.
 */
#ifndef EG_NDIS_CAPTURE_H
#define EG_NDIS_CAPTURE_H

#include "capture/etl/etl_components.h"
#include "capture/etl/etl_interfaces.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Whether the event has the bytes of a packet; cheap. */
bool eg_ndis_is_packet(const struct eg_etl_record *record);

/* Of an event that has. */
enum eg_etl_parse eg_ndis_parse(const struct eg_etl_record *record, struct eg_etl_packet *packet);

/* Learns the name of an interface (its IfIndex) from an event that tells one. EG_ERR_NO_MEMORY. */
enum eg_status eg_ndis_learn(const struct eg_etl_record *record, struct eg_etl_components *cards);

/*
 * The length on the wire, which is not logged, of a whole packet: the one its IP header tells where
 * the capture was cut short, else that of its bytes.
 */
uint32_t eg_ndis_wire_length(int32_t link, struct eg_cursor bytes);

/*
 * Captured 802.11 frames are decrypted, and may still say that they are not: clears that flag of
 * such a frame.
 */
void eg_ndis_mend_wlan(uint8_t *frame, size_t size);

/*
 * Chooses interfaces so that each packet counts once: of a card's layers the lowest; a virtual
 * switch's ports and a VPN server's tunnels, whose packets leave through the cards, only where no
 * card was captured.
 */
void eg_ndis_choose(struct eg_etl_interfaces *interfaces);

#ifdef __cplusplus
}
#endif

#endif
