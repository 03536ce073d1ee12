/*
 * Local networks and EtherTypes: which IP header is met, where, and what the link layer told.
 */
#include "packet_test.h"

using namespace eg_test;

namespace
{

constexpr int32_t LINK_TOKEN_RING = 6, LINK_ARCNET = 7, LINK_FDDI = 10, LINK_ARCNET_LINUX = 129;

const Bytes ADDRESSES = mac(MAC_B) + mac(MAC_A);
const Bytes SNAP = hex("aa aa 03 00 00 00");

/* Ethernet behind which an EtherType's content is given byte by byte. */
Bytes ethernet(unsigned type, const Bytes &content)
{
    return ADDRESSES + be16(type) + content;
}

Bytes ieee8023(const Bytes &llc)
{
    return ADDRESSES + be16(static_cast<unsigned>(llc.size())) + llc;
}

Layer tags(size_t count)
{
    Layer layer = small_ipv4();
    while (count-- > 0)
        layer = vlan(7, layer);
    return layer;
}

} // namespace

TEST(PacketLan, EthernetCarriesIpv4)
{
    expect_small_ipv4(decode(eg_test::ethernet(small_ipv4())), 14);
}

TEST(PacketLan, EthernetCarriesIpv6)
{
    expect_small_ipv6(decode(eg_test::ethernet(small_ipv6())), 14);
}

TEST(PacketLan, EtherTypeOfOneVersionOverTheOtherIsDecodedByTheHeader)
{
    expect_small_ipv6(decode(ethernet(0x0800, small_ipv6().bytes)), 14);
    expect_small_ipv4(decode(ethernet(0x86dd, small_ipv4().bytes)), 14);
}

TEST(PacketLan, OtherEtherTypesAreNotIp)
{
    EXPECT_EQ(decode(ethernet(0x0806, zeros(46))).result, EG_DECODE_NOT_IP); /* ARP */
    EXPECT_EQ(decode(ethernet(0x88cc, zeros(46))).result, EG_DECODE_NOT_IP); /* LLDP */
    EXPECT_EQ(decode(ethernet(0x8863, zeros(46))).result, EG_DECODE_NOT_IP); /* PPPoE discovery */
}

TEST(PacketLan, EthernetAddressesAndTheirKindAreKept)
{
    const Bytes frame = eg_test::ethernet(small_ipv4());
    const eg_link_facts unicast = decode(frame).packet.link;
    EXPECT_EQ(unicast.address_length, 6);
    EXPECT_TRUE(unicast.has_destination);
    EXPECT_EQ(Bytes(unicast.destination, unicast.destination + 6), mac(MAC_B));
    EXPECT_EQ(Bytes(unicast.source, unicast.source + 6), mac(MAC_A));
    EXPECT_FALSE(unicast.group);
    EXPECT_FALSE(unicast.broadcast);

    const eg_link_facts multicast = decode(patch(frame, 0, mac("01:00:5e:00:00:01"))).packet.link;
    EXPECT_TRUE(multicast.group);
    EXPECT_FALSE(multicast.broadcast);

    const eg_link_facts broadcast = decode(patch(frame, 0, mac("ff:ff:ff:ff:ff:ff"))).packet.link;
    EXPECT_TRUE(broadcast.group);
    EXPECT_TRUE(broadcast.broadcast);
}

TEST(PacketLan, LinkFactsOfFramesThatAreNoPacketAreKept)
{
    const Decoded arp = decode(ethernet(0x0806, zeros(46)));
    EXPECT_EQ(Bytes(arp.packet.link.source, arp.packet.link.source + 6), mac(MAC_A));
}

TEST(PacketLan, LengthFieldLeadsToSnap)
{
    expect_small_ipv4(decode(ieee8023(SNAP + be16(0x0800) + small_ipv4().bytes)), 14 + 8);
    const Bytes bridged = hex("aa aa 03 00 00 f8") + be16(0x86dd) + small_ipv6().bytes;
    expect_small_ipv6(decode(ieee8023(bridged)), 14 + 8);
}

TEST(PacketLan, JumboLlcLeadsToSnap)
{
    expect_small_ipv4(decode(ethernet(0x8870, SNAP + be16(0x0800) + small_ipv4().bytes)), 14 + 8);
}

TEST(PacketLan, LlcOfIpItself)
{
    expect_small_ipv4(decode(ieee8023(hex("06 06 03") + small_ipv4().bytes)), 14 + 3);
}

TEST(PacketLan, OtherLlcIsNotIp)
{
    const Bytes ip = small_ipv4().bytes;
    EXPECT_EQ(decode(ieee8023(hex("42 42 03") + zeros(35))).result, EG_DECODE_NOT_IP); /* STP */
    EXPECT_EQ(decode(ieee8023(hex("ff ff 00") + ip)).result, EG_DECODE_NOT_IP);
    const Bytes cisco = hex("aa aa 03 00 00 0c") + be16(0x0800) + ip;
    EXPECT_EQ(decode(ieee8023(cisco)).result, EG_DECODE_NOT_IP); /* not an EtherType there */
}

TEST(PacketLan, AnyStackOfTags)
{
    expect_small_ipv4(decode(eg_test::ethernet(vlan(7, small_ipv4()))), 14 + 4);
    const Layer provider = vlan(100, vlan(7, small_ipv4()), 0x88a8);
    expect_small_ipv4(decode(eg_test::ethernet(provider)), 14 + 8);
    const Layer three = vlan(1, vlan(2, vlan(3, small_ipv6()), 0x88a8), 0x9100);
    expect_small_ipv6(decode(eg_test::ethernet(three)), 14 + 12);
}

TEST(PacketLan, TagOverALengthField)
{
    const Bytes llc = SNAP + be16(0x0800) + small_ipv4().bytes;
    const auto length = static_cast<unsigned>(llc.size());
    expect_small_ipv4(decode(ethernet(0x8100, be16(7) + be16(length) + llc)), 14 + 4 + 8);
}

TEST(PacketLan, StackBeyondTheBudgetIsMalformed)
{
    expect_small_ipv4(decode(eg_test::ethernet(tags(64))), 14 + 64 * 4);
    EXPECT_EQ(decode(eg_test::ethernet(tags(65))).result, EG_DECODE_MALFORMED);
}

TEST(PacketLan, ShimsWithAnEtherTypeBehindThem)
{
    const Bytes ip = be16(0x0800) + small_ipv4().bytes;
    expect_small_ipv4(decode(ethernet(0x8926, hex("00 01 00 02") + ip)), 14 + 4 + 2);
    expect_small_ipv4(decode(ethernet(0x893f, hex("00 00 00 01 00 00") + ip)), 14 + 6 + 2);
    expect_small_ipv4(decode(ethernet(0x8909, hex("01 01 00 01 00 05") + ip)), 14 + 6 + 2);
    /* backbone service tag, then the customer's Ethernet header */
    expect_small_ipv4(decode(ethernet(0x88e7, be32(1) + ADDRESSES + ip)), 14 + 4 + 12 + 2);
}

TEST(PacketLan, OutermostAddressesAreKept)
{
    const Bytes customer = mac("02:00:00:00:00:99") + mac("02:00:00:00:00:98");
    const Bytes ip = be16(0x0800) + small_ipv4().bytes;
    const eg_link_facts link = decode(ethernet(0x88e7, be32(1) + customer + ip)).packet.link;
    EXPECT_EQ(Bytes(link.source, link.source + 6), mac(MAC_A));
}

TEST(PacketLan, MacsecIsReadUnlessEncrypted)
{
    const Bytes ip = be16(0x0800) + small_ipv4().bytes + zeros(16); /* ICV */
    const Bytes number = be8(0) + be32(1);
    expect_small_ipv4(decode(ethernet(0x88e5, be8(0x00) + number + ip)), 14 + 6 + 2);
    expect_small_ipv4(decode(ethernet(0x88e5, be8(0x20) + number + zeros(8) + ip)), 14 + 14 + 2);
    EXPECT_EQ(decode(ethernet(0x88e5, be8(0x0c) + number + ip)).result, EG_DECODE_NOT_IP);
    EXPECT_EQ(decode(ethernet(0x88e5, be8(0x04) + number + ip)).result, EG_DECODE_NOT_IP);
}

TEST(PacketLan, AristaTimeStampsOfBothLengths)
{
    const Bytes ip = be16(0x0800) + small_ipv4().bytes;
    expect_small_ipv4(decode(ethernet(0xd28b, hex("0001 0010") + zeros(8) + ip)), 14 + 12 + 2);
    expect_small_ipv4(decode(ethernet(0xd28b, hex("0001 0120") + zeros(6) + ip)), 14 + 10 + 2);
    const Bytes unknown = hex("0001 0011") + zeros(8) + ip;
    EXPECT_EQ(decode(ethernet(0xd28b, unknown)).result, EG_DECODE_NOT_IP);
}

TEST(PacketLan, ServiceHeaderOverIp)
{
    /* length 2 words, metadata type 2, next protocol 1 or 2; path and index */
    expect_small_ipv4(decode(ethernet(0x894f, hex("0002 0201 000001ff") + small_ipv4().bytes)),
                      14 + 8);
    expect_small_ipv6(decode(ethernet(0x894f, hex("0002 0202 000001ff") + small_ipv6().bytes)),
                      14 + 8);
    const Bytes contained = hex("0002 0203 000001ff") + eg_test::ethernet(small_ipv4());
    EXPECT_EQ(decode(ethernet(0x894f, contained)).result, EG_DECODE_NOT_IP);
    const Bytes short_header = hex("0001 0201") + small_ipv4().bytes;
    EXPECT_EQ(decode(ethernet(0x894f, short_header)).result, EG_DECODE_MALFORMED);
}

TEST(PacketLan, MplsLabelsLeadToIpByTheNibble)
{
    const Bytes bottom = hex("00010140"), above = hex("00020040"); /* S set, S clear */
    expect_small_ipv4(decode(ethernet(0x8847, bottom + small_ipv4().bytes)), 14 + 4);
    expect_small_ipv6(decode(ethernet(0x8848, above + above + bottom + small_ipv6().bytes)),
                      14 + 12);
    const Bytes pseudo_wire = bottom + be32(0) + eg_test::ethernet(small_ipv4());
    EXPECT_EQ(decode(ethernet(0x8847, pseudo_wire)).result, EG_DECODE_NOT_IP);
}

TEST(PacketLan, EndlessLabelsAreMalformed)
{
    EXPECT_EQ(decode(ethernet(0x8847, zeros(4 * 65))).result, EG_DECODE_MALFORMED);
}

TEST(PacketLan, PppoeSession)
{
    const Bytes session = hex("11 00 0001") + be16(42);
    expect_small_ipv4(decode(ethernet(0x8864, session + be16(0x0021) + small_ipv4().bytes)),
                      14 + 6 + 2);
    expect_small_ipv6(decode(ethernet(0x8864, session + be16(0x0057) + small_ipv6().bytes)),
                      14 + 6 + 2);
    EXPECT_EQ(decode(ethernet(0x8864, session + be16(0xc021) + zeros(20))).result,
              EG_DECODE_NOT_IP); /* LCP */
    EXPECT_EQ(decode(ethernet(0x8864, hex("11 09 0001") + zeros(30))).result, EG_DECODE_NOT_IP);
}

TEST(PacketLan, FddiTokenRingAndArcnetLeadToIp)
{
    const Bytes llc = SNAP + be16(0x0800) + small_ipv4().bytes;
    expect_small_ipv4(decode(be8(0x50) + ADDRESSES + llc, LINK_FDDI), 1 + 12 + 8);
    EXPECT_EQ(decode(be8(0xc0) + ADDRESSES + llc, LINK_FDDI).result, EG_DECODE_NOT_IP);

    const Bytes plain = hex("10 40") + ADDRESSES + llc;
    expect_small_ipv4(decode(plain, LINK_TOKEN_RING), 2 + 12 + 8);
    const Bytes routed =
        hex("10 40") + mac(MAC_B) + mac("82:00:00:00:00:0a") + hex("0630 0011 0020");
    expect_small_ipv4(decode(routed + llc, LINK_TOKEN_RING), 2 + 12 + 6 + 8);
    EXPECT_EQ(decode(hex("10 00") + ADDRESSES + llc, LINK_TOKEN_RING).result, EG_DECODE_NOT_IP);
}

TEST(PacketLan, ArcnetOfBothRfcs)
{
    const Bytes ip = small_ipv4().bytes;
    expect_small_ipv4(decode(hex("be 50 f0") + ip, LINK_ARCNET), 3);
    expect_small_ipv4(decode(hex("be 50 d4 00 0001") + ip, LINK_ARCNET), 6);
    expect_small_ipv4(decode(hex("be 50 0000 d4 00 0001") + ip, LINK_ARCNET_LINUX), 8);
    expect_small_ipv4(decode(hex("be 50 d4 ff ffff 00 0001") + ip, LINK_ARCNET), 9);
    EXPECT_EQ(decode(hex("be 50 d5 00 0001") + ip, LINK_ARCNET).result, EG_DECODE_NOT_IP);
}

TEST(PacketLan, FirstPartOfASplitArcnetPacketIsThePacket)
{
    const Bytes ip = small_ipv4().bytes;
    expect_small_ipv4(decode(hex("be 50 d4 01 0001") + ip, LINK_ARCNET), 6);
    EXPECT_EQ(decode(hex("be 50 d4 02 0001") + ip, LINK_ARCNET).result, EG_DECODE_NOT_IP);
}

TEST(PacketLan, TruncatedAtEveryByteOfAStack)
{
    const Bytes pppoe = hex("11 00 0001") + be16(42) + be16(0x0021) + small_ipv4().bytes;
    const Layer stack = vlan(1, vlan(2, {pppoe, 0x8864}), 0x88a8);
    expect_truncation_at_every_byte(eg_test::ethernet(stack), LINK_ETHERNET);

    const Bytes snap = SNAP + be16(0x8847) + hex("00020040 00010140") + small_ipv4().bytes;
    expect_truncation_at_every_byte(ieee8023(snap), LINK_ETHERNET);

    const Bytes secured = hex("2000 00000001") + zeros(8) + be16(0x88e7) + be32(1) + ADDRESSES +
                          be16(0x893f) + zeros(6) + be16(0x0800) + small_ipv4().bytes;
    expect_truncation_at_every_byte(ethernet(0x88e5, secured), LINK_ETHERNET);

    const Bytes service = hex("0002 0201 000001ff") + small_ipv4().bytes;
    expect_truncation_at_every_byte(ethernet(0x894f, service), LINK_ETHERNET);
    const Bytes stamped = hex("0001 0010") + zeros(8) + be16(0x0800) + small_ipv4().bytes;
    expect_truncation_at_every_byte(ethernet(0xd28b, stamped), LINK_ETHERNET);
}

TEST(PacketLan, TruncatedAtEveryByteOfOtherNetworks)
{
    const Bytes llc = SNAP + be16(0x0800) + small_ipv4().bytes;
    expect_truncation_at_every_byte(be8(0x50) + ADDRESSES + llc, LINK_FDDI);
    const Bytes routed =
        hex("10 40") + mac(MAC_B) + mac("82:00:00:00:00:0a") + hex("0630 0011 0020");
    expect_truncation_at_every_byte(routed + llc, LINK_TOKEN_RING);
    const Bytes ip = small_ipv4().bytes;
    expect_truncation_at_every_byte(hex("be 50 d4 ff ffff 00 0001") + ip, LINK_ARCNET);
    expect_truncation_at_every_byte(hex("be 50 0000 f0") + ip, LINK_ARCNET_LINUX);
}
