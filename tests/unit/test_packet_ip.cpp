/*
 * The IP header: rules 1.2 and 1.4, extension headers, ports.
 */
#include "packet_test.h"

using namespace eg_test;

namespace
{

constexpr unsigned HOP_BY_HOP = 0, ROUTING = 43, FRAGMENT = 44, AH = 51, DESTINATION = 60;
constexpr size_t ETHERNET = 14;

Layer to_dns(const Layer &above)
{
    return ipv6("2001:db8::4", "2001:db8::53", above);
}

/* A fragment header: offset in units of eight bytes, and M. */
Layer fragment(unsigned offset, bool more, const Layer &above)
{
    return {be8(above.type) + be8(0) + be16(offset << 3 | more) + be32(7) + above.bytes, FRAGMENT};
}

/* An IPv4 packet with its flags and fragment offset field replaced. */
Layer ipv4_fragment(unsigned field)
{
    return patch(small_ipv4(), 6, be16(field));
}

Decoded decode_ip(const Layer &ip)
{
    return decode(ethernet(ip));
}

} // namespace

TEST(PacketIpv4, TotalLengthIsCountedAndPaddingIsNot)
{
    const Bytes frame = ethernet(ipv4("10.0.0.4", "8.8.8.8", tcp(50000, 443))) + zeros(6);
    const Decoded decoded = decode(frame); /* 60 bytes, the least Ethernet sends */
    EXPECT_EQ(decoded.packet.ip_bytes, 40u);
    EXPECT_FALSE(decoded.packet.length_from_wire);
    EXPECT_FALSE(decoded.packet.length_beyond_frame);
}

TEST(PacketIpv4, ZeroTotalLengthTakesTheWireLength)
{
    const Bytes frame =
        ethernet(patch(ipv4("10.0.0.4", "8.8.8.8", tcp(50000, 443, 14600)), 2, be16(0)));
    /* 20 + 20 + 14600 behind 14 bytes of Ethernet, of which 96 were captured */
    for (const size_t captured : {frame.size(), size_t{96}}) {
        const Decoded decoded = decode_cut(frame, captured);
        ASSERT_EQ(decoded.result, EG_DECODED);
        EXPECT_EQ(decoded.packet.ip_bytes, 14640u);
        EXPECT_TRUE(decoded.packet.length_from_wire);
        EXPECT_FALSE(decoded.packet.length_beyond_frame);
        EXPECT_EQ(decoded.packet.upper_captured, captured - ETHERNET - 20);
    }
}

TEST(PacketIpv4, ZeroTotalLengthIsMeasuredBehindTheTags)
{
    const Layer ip = patch(ipv4("10.0.0.4", "8.8.8.8", tcp(50000, 443, 3000)), 2, be16(0));
    EXPECT_EQ(decode_ip(vlan(7, ip)).packet.ip_bytes, 3040u);
}

TEST(PacketIpv4, CapturedLengthAboveTheWireLengthIsClamped)
{
    const Bytes bytes = ethernet(patch(ipv4("10.0.0.4", "8.8.8.8", udp(1, 2, 100)), 2, be16(0)));
    eg_frame frame = frame_of(bytes);
    frame.wire = 14 + 28; /* and not the 128 that are there */
    EXPECT_EQ(decode(frame).packet.ip_bytes, 28u);
    frame.wire = 14 + 19;
    EXPECT_EQ(decode(frame).result, EG_DECODE_TRUNCATED);
    frame.wire = 0;
    EXPECT_EQ(decode(frame).result, EG_DECODE_TRUNCATED);
}

TEST(PacketIpv4, TotalLengthBelowTheHeaderIsMalformed)
{
    EXPECT_EQ(decode_ip(patch(small_ipv4(), 2, be16(19))).result, EG_DECODE_MALFORMED);
    EXPECT_EQ(decode_ip(patch(small_ipv4(), 2, be16(20))).result, EG_DECODED);
    const Layer options = ipv4("10.0.0.4", "8.8.8.8", udp(1, 2), 0, hex("01010101"));
    EXPECT_EQ(decode_ip(patch(options, 2, be16(23))).result, EG_DECODE_MALFORMED);
    EXPECT_EQ(decode_ip(patch(options, 2, be16(24))).result, EG_DECODED);
}

TEST(PacketIpv4, HeaderBelowFiveWordsIsMalformed)
{
    EXPECT_EQ(decode_ip(patch(small_ipv4(), 0, be8(0x44))).result, EG_DECODE_MALFORMED);
}

TEST(PacketIpv4, ZeroTotalLengthOnAWireShorterThanTheHeaderIsMalformed)
{
    const Layer options = ipv4("10.0.0.4", "8.8.8.8", upper(1, {}), 0, hex("01010101"));
    const Bytes frame = ethernet(patch(options, 2, be16(0)));
    EXPECT_EQ(decode(Bytes(frame.begin(), frame.end() - 1)).result, EG_DECODE_MALFORMED);
}

TEST(PacketIpv4, OtherVersionsAreMalformed)
{
    EXPECT_EQ(decode_ip(patch(small_ipv4(), 0, be8(0x55))).result, EG_DECODE_MALFORMED);
    const Bytes short_frame = ethernet({be8(0x55) + zeros(18), 0x0800});
    EXPECT_EQ(decode(short_frame).result, EG_DECODE_TRUNCATED); /* decided before malformed */
}

TEST(PacketIpv4, TotalLengthBeyondTheFrameIsKeptAndMarked)
{
    const Bytes frame = ethernet(ipv4("10.0.0.4", "8.8.8.8", udp(1, 2, 1000)));
    const Bytes sliced(frame.begin(), frame.begin() + 64);
    const Decoded decoded = decode(sliced); /* the slicing tool lost the wire length too */
    ASSERT_EQ(decoded.result, EG_DECODED);
    EXPECT_EQ(decoded.packet.ip_bytes, 1028u);
    EXPECT_TRUE(decoded.packet.length_beyond_frame);
}

TEST(PacketIpv4, SourceRoutingDoesNotChangeTheDestination)
{
    /* loose source route, 7 bytes, pointer 4, one hop; end of options */
    const Bytes route = hex("83 07 04 01020304 00");
    const Decoded decoded = decode_ip(ipv4("10.0.0.4", "8.8.8.8", udp(1, 2), 0, route));
    EXPECT_EQ(decoded.destination(), "8.8.8.8");
    EXPECT_EQ(decoded.packet.header_bytes, 28u);
    EXPECT_EQ(decoded.packet.destination_port, 2);
}

TEST(PacketIpv4, OuterHeaderIsThePacket)
{
    const Layer inner = ipv4("192.168.0.1", "192.168.0.2", udp(1, 2, 100));
    const Decoded tunnel = decode_ip(ipv4("10.0.0.4", "20.1.2.3", upper(4, inner.bytes)));
    EXPECT_EQ(tunnel.destination(), "20.1.2.3");
    EXPECT_EQ(tunnel.packet.ip_bytes, 148u);
    EXPECT_EQ(tunnel.packet.protocol, 4);
    EXPECT_EQ(tunnel.packet.source_port, 0);
}

TEST(PacketIpv4, FragmentsArePacketsAndOnlyTheFirstHasPorts)
{
    const Decoded first = decode_ip(ipv4_fragment(0x2000));
    EXPECT_TRUE(first.packet.fragment);
    EXPECT_EQ(first.packet.destination_port, 53);
    const Decoded later = decode_ip(ipv4_fragment(0x2001));
    EXPECT_TRUE(later.packet.fragment);
    EXPECT_EQ(later.packet.ip_bytes, 40u);
    EXPECT_EQ(later.packet.protocol, 17);
    EXPECT_EQ(later.packet.destination_port, 0);
    EXPECT_EQ(later.packet.upper_header_bytes, 0);
    EXPECT_TRUE(decode_ip(ipv4_fragment(0x0001)).packet.fragment); /* the last */
    EXPECT_FALSE(decode_ip(ipv4_fragment(0x4000)).packet.fragment);
}

TEST(PacketIpv4, TcpHeaderAndFlags)
{
    const Layer options = patch(tcp(50000, 443, 100, SYN), 12, be8(8 << 4)); /* 32 bytes */
    const Decoded decoded = decode_ip(ipv4("10.0.0.4", "8.8.8.8", options));
    EXPECT_EQ(decoded.packet.tcp_flags, SYN);
    EXPECT_EQ(decoded.packet.upper_header_bytes, 32);
    EXPECT_EQ(decoded.packet.upper_offset, ETHERNET + 20);
    EXPECT_EQ(decoded.packet.upper_captured, 120u);

    const Layer no_offset = patch(tcp(50000, 443), 12, be8(0));
    EXPECT_EQ(decode_ip(ipv4("10.0.0.4", "8.8.8.8", no_offset)).packet.upper_header_bytes, 20);
}

TEST(PacketIpv4, TcpHeaderThatWasNotCapturedIsAssumed)
{
    const Bytes frame =
        ethernet(ipv4("10.0.0.4", "8.8.8.8", patch(tcp(50000, 443, 100, SYN), 12, be8(8 << 4))));
    const Decoded without = decode_cut(frame, ETHERNET + 20 + 13);
    EXPECT_EQ(without.packet.upper_header_bytes, 20);
    EXPECT_EQ(without.packet.tcp_flags, 0);
    const Decoded with = decode_cut(frame, ETHERNET + 20 + 14);
    EXPECT_EQ(with.packet.upper_header_bytes, 32);
    EXPECT_EQ(with.packet.tcp_flags, SYN);
}

TEST(PacketIpv4, PortsOfTheOtherTransports)
{
    for (const unsigned protocol : {33u, 132u, 136u}) { /* DCCP, SCTP, UDP-Lite */
        const Layer above = upper(protocol, be16(50000) + be16(443) + zeros(12));
        const Decoded decoded = decode_ip(ipv4("10.0.0.4", "8.8.8.8", above));
        EXPECT_EQ(decoded.packet.source_port, 50000);
        EXPECT_EQ(decoded.packet.destination_port, 443);
    }
    const Decoded icmp = decode_ip(ipv4("10.0.0.4", "8.8.8.8", upper(1, hex("0800 1234"))));
    EXPECT_EQ(icmp.packet.source_port, 0);
    EXPECT_EQ(icmp.packet.upper_header_bytes, 0);
}

TEST(PacketIpv4, PortsBeyondTheIpLengthAreNotThere)
{
    const Decoded decoded = decode_ip(patch(small_ipv4(), 2, be16(23))); /* one byte short */
    EXPECT_EQ(decoded.packet.upper_captured, 3u);
    EXPECT_EQ(decoded.packet.source_port, 0);
    EXPECT_EQ(decoded.packet.destination_port, 0);
}

TEST(PacketIpv4, HeaderWithOptionsThatWereNotCaptured)
{
    const Bytes frame = ethernet(ipv4("10.0.0.4", "8.8.8.8", udp(1, 2, 4), 0, zeros(40)));
    const Decoded decoded = decode_cut(frame, ETHERNET + 30);
    ASSERT_EQ(decoded.result, EG_DECODED);
    EXPECT_EQ(decoded.packet.ip_bytes, 72u);
    EXPECT_EQ(decoded.packet.header_bytes, 60u);
    EXPECT_EQ(decoded.packet.upper_offset, ETHERNET + 60);
    EXPECT_EQ(decoded.packet.upper_captured, 0u);
    EXPECT_EQ(decoded.packet.upper_header_bytes, 8);
}

TEST(PacketIpv6, PayloadLengthAndHeader)
{
    const Decoded decoded = decode_ip(to_dns(udp(50000, 53, 100)));
    EXPECT_EQ(decoded.packet.ip_bytes, 148u);
    EXPECT_EQ(decoded.packet.header_bytes, 40u);
    EXPECT_EQ(decoded.packet.upper_offset, ETHERNET + 40);
    EXPECT_EQ(decoded.packet.upper_captured, 108u);
}

TEST(PacketIpv6, ZeroPayloadLengthOfTcpAndUdpTakesTheWireLength)
{
    const Decoded of_tcp = decode_ip(patch(to_dns(tcp(50000, 443, 9000)), 4, be16(0)));
    EXPECT_EQ(of_tcp.packet.ip_bytes, 9060u);
    EXPECT_TRUE(of_tcp.packet.length_from_wire);
    EXPECT_EQ(decode_ip(patch(to_dns(udp(50000, 443, 9000)), 4, be16(0))).packet.ip_bytes, 9048u);
}

TEST(PacketIpv6, ZeroPayloadLengthOfAnythingElseIsTheHeader)
{
    const Decoded nothing = decode_ip(ipv6("2001:db8::4", "2001:db8::53", upper(59, {})));
    EXPECT_EQ(nothing.packet.ip_bytes, 40u);
    EXPECT_FALSE(nothing.packet.length_from_wire);
    const Decoded icmp = decode(ethernet(patch(to_dns(upper(58, zeros(30))), 4, be16(0))));
    EXPECT_EQ(icmp.packet.ip_bytes, 40u);
    EXPECT_EQ(icmp.packet.upper_captured, 0u);
    /* extension headers do not count either: they are payload, of which there is none */
    const Layer options = extension(DESTINATION, zeros(6), tcp(1, 2));
    const Decoded behind = decode_ip(patch(to_dns(options), 4, be16(0)));
    EXPECT_EQ(behind.packet.ip_bytes, 40u);
    EXPECT_EQ(behind.packet.header_bytes, 40u);
}

TEST(PacketIpv6, JumboPayloadIsCounted)
{
    const Layer jumbo = extension(HOP_BY_HOP, hex("c204") + be32(100000), tcp(50000, 443, 8));
    const Decoded decoded = decode_ip(patch(to_dns(jumbo), 4, be16(0)));
    ASSERT_EQ(decoded.result, EG_DECODED);
    EXPECT_EQ(decoded.packet.ip_bytes, 100040u);
    EXPECT_TRUE(decoded.packet.length_beyond_frame); /* a few bytes of it are in this frame */
    EXPECT_FALSE(decoded.packet.length_from_wire);
    EXPECT_EQ(decoded.packet.destination_port, 443);

    const Layer late =
        extension(HOP_BY_HOP, hex("00 0102aabb 00 c204") + be32(70000) + zeros(2), tcp(50000, 443));
    EXPECT_EQ(decode_ip(patch(to_dns(late), 4, be16(0))).packet.ip_bytes, 70040u);
}

TEST(PacketIpv6, JumboOptionIsLookedForWhereTheLengthIsZero)
{
    const Layer jumbo = extension(HOP_BY_HOP, hex("c204") + be32(100000), tcp(50000, 443));
    EXPECT_EQ(decode_ip(to_dns(jumbo)).packet.ip_bytes, 68u);
}

TEST(PacketIpv6, HopByHopWithoutAJumboOption)
{
    const Layer router_alert = extension(HOP_BY_HOP, hex("05020000 0100"), upper(58, zeros(8)));
    EXPECT_EQ(decode_ip(patch(to_dns(router_alert), 4, be16(0))).packet.ip_bytes, 40u);
    const Layer cut = extension(HOP_BY_HOP, hex("0100 c204 0001"), upper(58, zeros(8)));
    EXPECT_EQ(decode_ip(patch(to_dns(cut), 4, be16(0))).packet.ip_bytes, 40u);
}

TEST(PacketIpv6, ChainOfExtensionHeaders)
{
    /* AH counts in words of four bytes, less two: 24 bytes are 4 */
    const Layer ah = {be8(6) + be8(4) + zeros(22) + tcp(50000, 443, 10, SYN).bytes, AH};
    const Layer routing = extension(ROUTING, zeros(14), ah);
    const Layer options =
        extension(HOP_BY_HOP, zeros(6), extension(DESTINATION, zeros(6), routing));
    const Decoded decoded = decode_ip(to_dns(options));
    ASSERT_EQ(decoded.result, EG_DECODED);
    EXPECT_EQ(decoded.packet.header_bytes, 40u + 8 + 8 + 16 + 24);
    EXPECT_EQ(decoded.packet.ip_bytes, 40u + 8 + 8 + 16 + 24 + 30);
    EXPECT_EQ(decoded.packet.protocol, 6);
    EXPECT_EQ(decoded.packet.destination_port, 443);
    EXPECT_EQ(decoded.packet.tcp_flags, SYN);
    EXPECT_EQ(decoded.packet.upper_offset, ETHERNET + 96);
    EXPECT_EQ(decoded.packet.upper_captured, 30u);
}

TEST(PacketIpv6, FragmentsArePacketsAndOnlyTheFirstHasPorts)
{
    const Decoded first = decode_ip(to_dns(fragment(0, true, udp(50000, 53, 8))));
    EXPECT_TRUE(first.packet.fragment);
    EXPECT_EQ(first.packet.destination_port, 53);
    EXPECT_EQ(first.packet.header_bytes, 48u);

    const Decoded later = decode_ip(to_dns(fragment(185, false, udp(50000, 53, 8))));
    EXPECT_TRUE(later.packet.fragment);
    EXPECT_EQ(later.packet.protocol, 17);
    EXPECT_EQ(later.packet.destination_port, 0);
    EXPECT_EQ(later.packet.ip_bytes, 40u + 8 + 16);

    EXPECT_FALSE(decode_ip(to_dns(fragment(0, false, udp(1, 2)))).packet.fragment); /* RFC 6946 */
}

TEST(PacketIpv6, ChainIsNotWalkedInLaterFragments)
{
    const Layer options = extension(DESTINATION, zeros(6), udp(50000, 53, 8));
    const Decoded later = decode_ip(to_dns(fragment(185, true, options)));
    EXPECT_EQ(later.packet.protocol, DESTINATION);
    EXPECT_EQ(later.packet.header_bytes, 48u);
}

TEST(PacketIpv6, ChainCutAtEveryByte)
{
    const Layer routing = extension(ROUTING, zeros(14), udp(50000, 53, 8));
    const Bytes frame = ethernet(to_dns(extension(HOP_BY_HOP, zeros(6), routing)));
    for (size_t captured = 0; captured < frame.size(); captured++) {
        const Decoded cut = decode_cut(frame, captured);
        if (captured < ETHERNET + 40) {
            ASSERT_EQ(cut.result, EG_DECODE_TRUNCATED) << captured;
            continue;
        }
        ASSERT_EQ(cut.result, EG_DECODED) << captured;
        EXPECT_EQ(cut.packet.ip_bytes, 40u + 8 + 16 + 16);
        /* two bytes of an extension header tell its length and what follows */
        const size_t behind = captured - ETHERNET - 40;
        EXPECT_EQ(cut.packet.header_bytes, behind < 2 ? 40u : behind < 8 + 2 ? 48u : 64u);
        EXPECT_EQ(cut.packet.protocol, behind < 2 ? HOP_BY_HOP : behind < 8 + 2 ? ROUTING : 17u);
        const size_t known = cut.packet.header_bytes - 40;
        EXPECT_EQ(cut.packet.upper_captured, behind < known ? 0 : behind - known);
        EXPECT_EQ(cut.packet.destination_port, behind < 24 + 4 ? 0 : 53);
    }
}

TEST(PacketIpv6, FragmentHeaderCutBeforeItsOffset)
{
    const Bytes frame = ethernet(to_dns(fragment(0, true, udp(50000, 53, 8))));
    const Decoded cut = decode_cut(frame, ETHERNET + 40 + 3);
    EXPECT_TRUE(cut.packet.fragment); /* it may be a later one: nothing is said of its header */
    EXPECT_EQ(cut.packet.protocol, 17);
    EXPECT_EQ(cut.packet.upper_header_bytes, 0);
}

TEST(PacketIpv6, ExtensionHeadersEndWithThePayload)
{
    /* a routing header of 256 bytes, of which the payload length has eight */
    const Layer routing = {be8(17) + be8(31) + zeros(300), ROUTING};
    const Decoded decoded = decode_ip(patch(to_dns(routing), 4, be16(8)));
    ASSERT_EQ(decoded.result, EG_DECODED);
    EXPECT_EQ(decoded.packet.ip_bytes, 48u);
    EXPECT_EQ(decoded.packet.header_bytes, 48u);
    EXPECT_EQ(decoded.packet.upper_captured, 0u);
    EXPECT_EQ(decoded.packet.destination_port, 0);
}

TEST(PacketIpv6, LongChainIsBounded)
{
    Layer layer = udp(1, 2);
    for (unsigned i = 0; i < 5000; i++)
        layer = extension(DESTINATION, zeros(6), layer);
    const Decoded decoded = decode_ip(to_dns(layer));
    ASSERT_EQ(decoded.result, EG_DECODED);
    EXPECT_EQ(decoded.packet.header_bytes, 40u + 32 * 8);
    EXPECT_EQ(decoded.packet.protocol, DESTINATION);
}
