/*
 * Cooked captures, point-to-point links, 802.11 and the rest of rule 1.3's list.
 */
#include "packet_test.h"

using namespace eg_test;

namespace
{

constexpr int32_t LINK_NULL = 0, LINK_PPP = 9, LINK_PPP_HDLC = 50, LINK_PPPOE = 51, LINK_HDLC = 104,
                  LINK_80211 = 105, LINK_FRAME_RELAY = 107, LINK_LOOP = 108, LINK_PRISM = 119,
                  LINK_RADIOTAP = 127, LINK_AVS = 163, LINK_PPI = 192, LINK_ERF = 197,
                  LINK_PPP_DIRECTION = 204, LINK_HDLC_DIRECTION = 205,
                  LINK_FRAME_RELAY_DIRECTION = 206, LINK_IPV4 = 228, LINK_IPV6 = 229,
                  LINK_NFLOG = 239, LINK_IPOIB = 242;

Bytes le16(unsigned value)
{
    return be8(value) + be8(value >> 8);
}

Bytes le32(uint32_t value)
{
    return le16(value & 0xffff) + le16(value >> 16);
}

const Bytes LLC = hex("aa aa 03 00 00 00 0800");

/* An 802.11 header of 24 bytes: frame control, duration, three addresses, sequence. */
Bytes wireless(const std::string &control, const Bytes &behind)
{
    return hex(control) + zeros(2) + mac("02:00:00:00:00:01") + mac("02:00:00:00:00:02") +
           mac("02:00:00:00:00:03") + zeros(2) + behind;
}

Bytes wireless_ip()
{
    return wireless("08 01", LLC + small_ipv4().bytes); /* data, to the access point */
}

} // namespace

TEST(PacketCooked, PacketTypeIsTheHint)
{
    const eg_hint expected[] = {EG_HINT_RECEIVED, EG_HINT_RECEIVED, EG_HINT_RECEIVED,
                                EG_HINT_OTHER_HOST, EG_HINT_SENT};
    for (unsigned type = 0; type < 5; type++) {
        const Decoded v1 = decode(cooked_v1(type, small_ipv4()), LINK_COOKED_V1);
        const Decoded v2 = decode(cooked_v2(type, 3, small_ipv4()), LINK_COOKED_V2);
        for (const Decoded &decoded : {v1, v2}) {
            EXPECT_EQ(decoded.packet.link.hint, expected[type]) << type;
            EXPECT_EQ(decoded.packet.link.broadcast, type == 1);
            EXPECT_EQ(decoded.packet.link.group, type == 1 || type == 2);
        }
    }
}

TEST(PacketCooked, HeaderOverridesTheRecordsHint)
{
    const Bytes bytes = cooked_v1(4, small_ipv4());
    eg_frame frame = frame_of(bytes, LINK_COOKED_V1);
    frame.hint = EG_HINT_RECEIVED;
    EXPECT_EQ(decode(frame).packet.link.hint, EG_HINT_SENT);
}

TEST(PacketCooked, RecordsHintIsKeptWhereTheLinkHasNone)
{
    const Bytes bytes = eg_test::ethernet(small_ipv4());
    eg_frame frame = frame_of(bytes);
    frame.hint = EG_HINT_SENT;
    EXPECT_EQ(decode(frame).packet.link.hint, EG_HINT_SENT);
}

TEST(PacketCooked, DeviceIsKept)
{
    const Decoded v1 = decode(cooked_v1(0, small_ipv4(), 772), LINK_COOKED_V1);
    expect_small_ipv4(v1, 16);
    EXPECT_EQ(v1.packet.link.cooked, 1);
    EXPECT_TRUE(v1.packet.link.has_hardware);
    EXPECT_EQ(v1.packet.link.hardware, 772);
    EXPECT_EQ(v1.packet.link.address_length, 6);
    EXPECT_EQ(Bytes(v1.packet.link.source, v1.packet.link.source + 6), mac(MAC_A));
    EXPECT_FALSE(v1.packet.link.has_destination);

    const Decoded v2 = decode(cooked_v2(4, 70000, small_ipv6(), 1), LINK_COOKED_V2);
    expect_small_ipv6(v2, 20);
    EXPECT_EQ(v2.packet.link.cooked, 2);
    EXPECT_EQ(v2.packet.link.ifindex, 70000u);
}

TEST(PacketCooked, AddressLengthAboveTheFieldIsClamped)
{
    const Bytes frame = patch(cooked_v1(0, small_ipv4()), 4, be16(0xffff));
    EXPECT_EQ(decode(frame, LINK_COOKED_V1).packet.link.address_length, EG_LINK_ADDRESS_MAX);
}

TEST(PacketCooked, ProtocolsOfTags)
{
    expect_small_ipv4(decode(cooked_v1(0, vlan(7, small_ipv4())), LINK_COOKED_V1), 16 + 4);
    const Layer snap = {LLC + small_ipv4().bytes, 4};
    expect_small_ipv4(decode(cooked_v2(0, 1, snap), LINK_COOKED_V2), 20 + 8);
    const Layer can = {small_ipv4().bytes, 0x000c};
    EXPECT_EQ(decode(cooked_v2(0, 1, can), LINK_COOKED_V2).result, EG_DECODE_NOT_IP);
}

TEST(PacketCooked, GreTunnelHasEtherTypesAndNetlinkHasNot)
{
    expect_small_ipv4(decode(cooked_v1(0, small_ipv4(), 778), LINK_COOKED_V1), 16);
    EXPECT_EQ(decode(cooked_v1(0, small_ipv4(), 824), LINK_COOKED_V1).result, EG_DECODE_NOT_IP);
}

TEST(PacketCooked, TruncatedAtEveryByte)
{
    expect_truncation_at_every_byte(cooked_v1(0, vlan(7, small_ipv4())), LINK_COOKED_V1);
    expect_truncation_at_every_byte(cooked_v2(0, 1, small_ipv4()), LINK_COOKED_V2);
}

TEST(PacketPointToPoint, PppInEveryFraming)
{
    const Bytes ip = small_ipv4().bytes;
    expect_small_ipv4(decode(hex("ff03 0021") + ip, LINK_PPP), 4);
    expect_small_ipv4(decode(hex("0021") + ip, LINK_PPP), 2);
    expect_small_ipv4(decode(hex("ff03 21") + ip, LINK_PPP_HDLC), 3); /* compressed protocol */
    expect_small_ipv6(decode(hex("ff03 0057") + small_ipv6().bytes, LINK_PPP), 4);
    expect_small_ipv4(decode(hex("01 ff03 0021") + ip, LINK_PPP_DIRECTION), 5);
    expect_small_ipv4(decode(hex("1100 0001 002a 0021") + ip, LINK_PPPOE), 8);
    EXPECT_EQ(decode(hex("ff03 c021") + zeros(20), LINK_PPP).result, EG_DECODE_NOT_IP); /* LCP */
}

TEST(PacketPointToPoint, MplsOverPpp)
{
    const Bytes frame = hex("ff03 0281 00010140") + small_ipv4().bytes;
    expect_small_ipv4(decode(frame, LINK_PPP), 8);
}

TEST(PacketPointToPoint, CiscoHdlc)
{
    const Bytes ip = small_ipv4().bytes;
    expect_small_ipv4(decode(hex("0f00 0800") + ip, LINK_HDLC), 4);
    expect_small_ipv4(decode(hex("8f00 0800") + ip, LINK_PPP_HDLC), 4);
    expect_small_ipv4(decode(hex("00 0f00 0800") + ip, LINK_HDLC_DIRECTION), 5);
    EXPECT_EQ(decode(hex("8f00 2000") + zeros(20), LINK_HDLC).result, EG_DECODE_NOT_IP); /* CDP */
}

TEST(PacketPointToPoint, FrameRelayEncapsulations)
{
    const Bytes ip = small_ipv4().bytes;
    expect_small_ipv4(decode(hex("1841 03 cc") + ip, LINK_FRAME_RELAY), 4);
    expect_small_ipv6(decode(hex("1841 03 8e") + small_ipv6().bytes, LINK_FRAME_RELAY), 4);
    expect_small_ipv4(decode(hex("1841 03 00 80 000000 0800") + ip, LINK_FRAME_RELAY), 10);
    expect_small_ipv4(decode(hex("1841 0800") + ip, LINK_FRAME_RELAY), 4);      /* Cisco's */
    expect_small_ipv4(decode(hex("18400001 03 cc") + ip, LINK_FRAME_RELAY), 6); /* 4 bytes */
    expect_small_ipv4(decode(hex("00 1841 03 cc") + ip, LINK_FRAME_RELAY_DIRECTION), 5);
    expect_small_ipv4(decode(hex("1841 03 cf 0021") + ip, LINK_FRAME_RELAY), 6); /* PPP */
    EXPECT_EQ(decode(hex("1841 03 08 00") + ip, LINK_FRAME_RELAY).result, EG_DECODE_NOT_IP);
    EXPECT_EQ(decode(hex("18404040 03 cc") + ip, LINK_FRAME_RELAY).result, EG_DECODE_NOT_IP);
}

TEST(PacketPointToPoint, TruncatedAtEveryByte)
{
    const Bytes ip = small_ipv4().bytes;
    expect_truncation_at_every_byte(hex("ff03 0281 00020040 00010140") + ip, LINK_PPP);
    expect_truncation_at_every_byte(hex("01 ff03 0021") + ip, LINK_PPP_DIRECTION);
    expect_truncation_at_every_byte(hex("00 0f00 0800") + ip, LINK_HDLC_DIRECTION);
    expect_truncation_at_every_byte(hex("1841 03 00 80 000000 0800") + ip, LINK_FRAME_RELAY);
    expect_truncation_at_every_byte(hex("1841 0800") + ip, LINK_FRAME_RELAY);
}

TEST(PacketWireless, AddressesByTheWayOfTheFrame)
{
    struct {
        const char *control;
        const char *destination, *source;
    } const cases[] = {
        {"08 00", "02:00:00:00:00:01", "02:00:00:00:00:02"}, /* ad hoc */
        {"08 01", "02:00:00:00:00:03", "02:00:00:00:00:02"}, /* to the access point */
        {"08 02", "02:00:00:00:00:01", "02:00:00:00:00:03"}, /* from it */
    };
    for (const auto &c : cases) {
        const Decoded decoded = decode(wireless(c.control, LLC + small_ipv4().bytes), LINK_80211);
        expect_small_ipv4(decoded, 24 + 8);
        const eg_link_facts &link = decoded.packet.link;
        EXPECT_EQ(Bytes(link.destination, link.destination + 6), mac(c.destination));
        EXPECT_EQ(Bytes(link.source, link.source + 6), mac(c.source));
    }
}

TEST(PacketWireless, FourAddressesQosAndHtControl)
{
    const Bytes ip = LLC + small_ipv4().bytes, fourth = mac("02:00:00:00:00:04");
    const Decoded bridged = decode(wireless("08 03", fourth + ip), LINK_80211);
    expect_small_ipv4(bridged, 30 + 8);
    EXPECT_EQ(Bytes(bridged.packet.link.source, bridged.packet.link.source + 6), fourth);
    expect_small_ipv4(decode(wireless("88 01", zeros(2) + ip), LINK_80211), 26 + 8);
    expect_small_ipv4(decode(wireless("88 81", zeros(2 + 4) + ip), LINK_80211), 30 + 8);
    expect_small_ipv4(decode(wireless("88 03", fourth + zeros(2) + ip), LINK_80211), 32 + 8);
}

TEST(PacketWireless, FirstPartOfAnAggregateIsThePacket)
{
    const Bytes part = mac(MAC_B) + mac(MAC_A) + be16(48) + LLC + small_ipv4().bytes;
    expect_small_ipv4(decode(wireless("88 01", hex("80 00") + part), LINK_80211), 26 + 14 + 8);
}

TEST(PacketWireless, OtherFramesAreNotIp)
{
    const Bytes ip = LLC + small_ipv4().bytes;
    EXPECT_EQ(decode(wireless("80 00", ip), LINK_80211).result, EG_DECODE_NOT_IP); /* beacon */
    EXPECT_EQ(decode(wireless("08 41", ip), LINK_80211).result, EG_DECODE_NOT_IP); /* protected */
    EXPECT_EQ(decode(wireless("48 01", ip), LINK_80211).result, EG_DECODE_NOT_IP); /* null */
}

TEST(PacketWireless, CaptureHeadersAreSkipped)
{
    const Bytes radiotap = hex("00 00") + le16(8) + le32(0);
    expect_small_ipv4(decode(radiotap + wireless_ip(), LINK_RADIOTAP), 8 + 24 + 8);
    expect_small_ipv4(decode(be32(0x41) + zeros(140) + wireless_ip(), LINK_PRISM), 144 + 24 + 8);
    const Bytes avs = be32(0x80211001) + be32(64) + zeros(56);
    expect_small_ipv4(decode(avs + wireless_ip(), LINK_AVS), 64 + 24 + 8);
    expect_small_ipv4(decode(avs + wireless_ip(), LINK_PRISM), 64 + 24 + 8);
    const Bytes ppi = hex("00 00") + le16(12) + le32(105) + zeros(4);
    expect_small_ipv4(decode(ppi + wireless_ip(), LINK_PPI), 12 + 24 + 8);
    const Bytes ppi_ethernet = hex("00 00") + le16(8) + le32(1);
    expect_small_ipv4(decode(ppi_ethernet + eg_test::ethernet(small_ipv4()), LINK_PPI), 8 + 14);
}

TEST(PacketWireless, RadiotapTellsOfPadding)
{
    /* QoS: 26 bytes of header, padded to 28 */
    const Bytes frame = wireless("88 01", zeros(2) + zeros(2) + LLC + small_ipv4().bytes);
    const Bytes flags = hex("00 00") + le16(9) + le32(1 << 1) + be8(0x20);
    expect_small_ipv4(decode(flags + frame, LINK_RADIOTAP), 9 + 28 + 8);
    /* a second word of present fields (12 bytes so far), time stamp at 16, flags at 24 */
    const Bytes timed =
        hex("00 00") + le16(25) + le32(UINT32_C(1) << 31 | 3) + le32(0) + zeros(4 + 8) + be8(0x20);
    expect_small_ipv4(decode(timed + frame, LINK_RADIOTAP), 25 + 28 + 8);
}

TEST(PacketWireless, HeaderLengthsBelowTheHeaderAreMalformed)
{
    EXPECT_EQ(decode(hex("00 00") + le16(4) + zeros(60), LINK_RADIOTAP).result,
              EG_DECODE_MALFORMED);
    EXPECT_EQ(decode(hex("00 00") + le16(0) + zeros(60), LINK_PPI).result, EG_DECODE_MALFORMED);
    EXPECT_EQ(decode(be32(0x80211001) + be32(0) + zeros(60), LINK_AVS).result, EG_DECODE_MALFORMED);
}

TEST(PacketWireless, PpiInPpiIsBounded)
{
    Bytes frame = eg_test::ethernet(small_ipv4());
    for (unsigned i = 0; i < 100; i++)
        frame = hex("00 00") + le16(8) + le32(i == 0 ? 1 : 192) + frame;
    EXPECT_EQ(decode(frame, LINK_PPI).result, EG_DECODE_MALFORMED);
}

TEST(PacketWireless, TruncatedAtEveryByte)
{
    const Bytes fourth = mac("02:00:00:00:00:04");
    const Bytes frame =
        wireless("88 83", fourth + hex("80 00") + zeros(4 + 14) + LLC + small_ipv4().bytes);
    expect_truncation_at_every_byte(frame, LINK_80211);
    const Bytes flags = hex("00 00") + le16(9) + le32(1 << 1) + be8(0x20);
    const Bytes padded = wireless("88 01", zeros(2) + zeros(2) + LLC + small_ipv4().bytes);
    expect_truncation_at_every_byte(flags + padded, LINK_RADIOTAP);
    expect_truncation_at_every_byte(be32(0x41) + zeros(140) + wireless_ip(), LINK_PRISM);
    expect_truncation_at_every_byte(hex("00 00") + le16(8) + le32(105) + wireless_ip(), LINK_PPI);
}

TEST(PacketOther, RawIpOfEveryNumber)
{
    for (const int32_t link : {12, 14, 101, 228, 229}) {
        expect_small_ipv4(decode(small_ipv4().bytes, link), 0);
        expect_small_ipv6(decode(small_ipv6().bytes, link), 0);
    }
    expect_truncation_at_every_byte(small_ipv4().bytes, LINK_IPV4);
    EXPECT_EQ(decode_cut(small_ipv6().bytes, 39, LINK_IPV6).result, EG_DECODE_TRUNCATED);
    EXPECT_EQ(decode_cut(small_ipv6().bytes, 40, LINK_IPV6).result, EG_DECODED);
}

TEST(PacketOther, AddressFamilyInEitherOrder)
{
    for (const int32_t link : {LINK_NULL, LINK_LOOP}) {
        expect_small_ipv4(decode(le32(2) + small_ipv4().bytes, link), 4);
        expect_small_ipv4(decode(be32(2) + small_ipv4().bytes, link), 4);
        for (const uint32_t family : {24, 28, 30})
            expect_small_ipv6(decode(le32(family) + small_ipv6().bytes, link), 4);
        EXPECT_EQ(decode(be32(7) + zeros(40), link).result, EG_DECODE_NOT_IP); /* OSI */
    }
    expect_truncation_at_every_byte(le32(2) + small_ipv4().bytes, LINK_NULL);
}

TEST(PacketOther, NflogOfEitherByteOrder)
{
    const Bytes header = hex("02 00 0001"), ip = small_ipv4().bytes;
    /* a prefix of 6 bytes (padded to 8), then the payload */
    const Bytes little = le16(6) + le16(10) + hex("6100") + zeros(2) + le16(44) + le16(9);
    const Bytes big = be16(6) + be16(10) + hex("6100") + zeros(2) + be16(44) + be16(9);
    expect_small_ipv4(decode(header + little + ip, LINK_NFLOG), 4 + 8 + 4);
    expect_small_ipv4(decode(header + big + ip, LINK_NFLOG), 4 + 8 + 4);
    expect_truncation_at_every_byte(header + little + ip, LINK_NFLOG);
}

TEST(PacketOther, NflogAttributesThatDoNotAdvanceAreMalformed)
{
    EXPECT_EQ(decode(hex("02 00 0001") + zeros(64), LINK_NFLOG).result, EG_DECODE_MALFORMED);
    EXPECT_EQ(decode(hex("07 00 0001") + zeros(64), LINK_NFLOG).result, EG_DECODE_NOT_IP);
}

TEST(PacketOther, ErfOfEthernetAndPos)
{
    const Bytes time = zeros(8), lengths = zeros(6);
    const Bytes ethernet = zeros(2) + eg_test::ethernet(small_ipv4());
    expect_small_ipv4(decode(time + hex("02 00") + lengths + ethernet, LINK_ERF), 16 + 2 + 14);
    /* two extension headers, the first of which says that another follows */
    const Bytes extensions = hex("83") + zeros(7) + hex("03") + zeros(7);
    const Bytes extended = time + hex("82 00") + lengths + extensions + ethernet;
    expect_small_ipv4(decode(extended, LINK_ERF), 16 + 16 + 2 + 14);
    expect_truncation_at_every_byte(extended, LINK_ERF);
    const Bytes pos = hex("0f00 0800") + small_ipv4().bytes;
    expect_small_ipv4(decode(time + hex("01 00") + lengths + pos, LINK_ERF), 16 + 4);
    EXPECT_EQ(decode(time + hex("03 00") + lengths + pos, LINK_ERF).result,
              EG_DECODE_UNSUPPORTED_LINK); /* ATM */
}

TEST(PacketOther, ErfTypesOfReadersThatTookTheHeaderOff)
{
    EXPECT_EQ(eg_link_of_erf(2), LINK_ETHERNET);
    EXPECT_EQ(eg_link_of_erf(0x80 | 2), LINK_ETHERNET); /* extension headers follow */
    EXPECT_EQ(eg_link_of_erf(1), LINK_PPP_HDLC);
    EXPECT_EQ(eg_link_of_erf(22), LINK_RAW);
    EXPECT_EQ(eg_link_of_erf(21), EG_LINK_OTHER); /* InfiniBand */
}

TEST(PacketOther, Ipoib)
{
    const Bytes frame = zeros(40) + be16(0x0800) + zeros(2) + small_ipv4().bytes;
    expect_small_ipv4(decode(frame, LINK_IPOIB), 44);
    expect_truncation_at_every_byte(frame, LINK_IPOIB);
}

TEST(PacketOther, LinksWithoutADecoderAreUnsupported)
{
    for (const int32_t link : {INT32_MIN, -1, 2, 147, 226, 277, INT32_MAX}) {
        EXPECT_EQ(decode(small_ipv4().bytes, link).result, EG_DECODE_UNSUPPORTED_LINK) << link;
        EXPECT_EQ(eg_link_name(link), nullptr) << link;
    }
    EXPECT_STREQ(eg_link_name(1), "Ethernet");
    EXPECT_STREQ(eg_link_name(276), "Linux cooked v2");
}
