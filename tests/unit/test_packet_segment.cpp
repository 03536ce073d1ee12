/*
 * Rule 5.2 by hand, and the region in a metadata answer, rule 4.4.
 */
#include "packet_test.h"

using namespace eg_test;

namespace
{

struct Segments {
    uint64_t count;
    uint64_t ip_bytes;

    bool operator==(const Segments &other) const
    {
        return count == other.count && ip_bytes == other.ip_bytes;
    }
};

std::ostream &operator<<(std::ostream &stream, const Segments &segments)
{
    return stream << segments.count << " packets, " << segments.ip_bytes << " bytes";
}

Segments segment(const eg_packet &packet, uint32_t mtu = 1500)
{
    Segments segments{};
    eg_packet_segment(&packet, mtu, &segments.count, &segments.ip_bytes);
    return segments;
}

Segments segment(const Layer &ip, uint32_t mtu = 1500)
{
    return segment(decode(ethernet(ip)).packet, mtu);
}

Layer ipv4_to(const Layer &above)
{
    return ipv4("10.0.0.4", "20.1.2.3", above);
}

Layer ipv6_to(const Layer &above)
{
    return ipv6("2001:db8::4", "2001:db8::5", above);
}

} // namespace

TEST(Segment, PacketsWithinTheMtuStayAsTheyAre)
{
    EXPECT_EQ(segment(ipv4_to(tcp(1, 2, 0))), (Segments{1, 40}));
    EXPECT_EQ(segment(ipv4_to(tcp(1, 2, 1460))), (Segments{1, 1500}));
}

TEST(Segment, TcpOverIpv4)
{
    /* 1500 - 20 - 20 = 1460 of payload a packet */
    EXPECT_EQ(segment(ipv4_to(tcp(1, 2, 1461))), (Segments{2, 1461 + 2 * 40}));
    EXPECT_EQ(segment(ipv4_to(tcp(1, 2, 14600))), (Segments{10, 14600 + 10 * 40}));
    EXPECT_EQ(segment(ipv4_to(tcp(1, 2, 14601))), (Segments{11, 14601 + 11 * 40}));
}

TEST(Segment, TcpOptionsAreRepeated)
{
    /* 32 bytes of TCP: 1448 a packet; 12 + 14480 bytes behind the first 20 of TCP */
    const Layer options = patch(tcp(1, 2, 12 + 14480), 12, be8(8 << 4));
    EXPECT_EQ(segment(ipv4_to(options)), (Segments{10, 14480 + 10 * 52}));
}

TEST(Segment, IpOptionsAndExtensionHeadersAreRepeated)
{
    const Layer options = ipv4("10.0.0.4", "20.1.2.3", tcp(1, 2, 2912), 0, hex("01010101"));
    EXPECT_EQ(segment(options), (Segments{2, 2912 + 2 * 44})); /* 1456 a packet */
    const Layer extended = ipv6_to(extension(60, zeros(6), tcp(1, 2, 2864)));
    EXPECT_EQ(segment(extended), (Segments{2, 2864 + 2 * 68})); /* 1432 a packet */
}

TEST(Segment, TcpOverIpv6)
{
    EXPECT_EQ(segment(ipv6_to(tcp(1, 2, 2881))), (Segments{3, 2881 + 3 * 60})); /* 1440 */
}

TEST(Segment, UnfragmentedUdp)
{
    EXPECT_EQ(segment(ipv4_to(udp(1, 2, 2944))), (Segments{2, 2944 + 2 * 28})); /* 1472 */
    EXPECT_EQ(segment(ipv6_to(udp(1, 2, 2905))), (Segments{3, 2905 + 3 * 48})); /* 1452 */
}

TEST(Segment, ZeroLengthFieldIsMeasuredOnTheWire)
{
    const Layer super = patch(ipv4_to(tcp(1, 2, 65700)), 2, be16(0));
    EXPECT_EQ(segment(super), (Segments{45, 65700 + 45 * 40})); /* 65700 = 45 x 1460 */
}

TEST(Segment, HeaderThatWasNotCapturedIsAssumed)
{
    const Bytes frame = ethernet(ipv4_to(patch(tcp(1, 2, 14600), 12, be8(8 << 4))));
    const Decoded cut = decode_cut(frame, 14 + 20); /* 20 instead of 32 bytes of TCP */
    EXPECT_EQ(segment(cut.packet), (Segments{10, 14600 + 10 * 40}));
}

TEST(Segment, FragmentsAndOtherProtocolsAreNot)
{
    const Layer datagram = ipv4_to(udp(1, 2, 2944));
    EXPECT_EQ(segment(patch(datagram, 6, be16(0x2000))), (Segments{1, 2972}));
    EXPECT_EQ(segment(ipv4_to(upper(1, zeros(3000)))), (Segments{1, 3020}));
    EXPECT_EQ(segment(ipv4_to(upper(132, zeros(3000)))), (Segments{1, 3020}));
}

TEST(Segment, MtuIsTheUsers)
{
    EXPECT_EQ(segment(ipv4_to(tcp(1, 2, 8960)), 9000), (Segments{1, 9000}));
    EXPECT_EQ(segment(ipv4_to(tcp(1, 2, 8961)), 9000), (Segments{2, 8961 + 2 * 40}));
    EXPECT_EQ(segment(ipv4_to(tcp(1, 2, 3000)), 0), (Segments{1, 3040}));  /* not computed */
    EXPECT_EQ(segment(ipv4_to(tcp(1, 2, 3000)), 40), (Segments{1, 3040})); /* no room for any */
    EXPECT_EQ(segment(ipv4_to(tcp(1, 2, 3000)), 41), (Segments{3000, 3000 + 3000 * 40}));
}

namespace
{

const std::string ANSWER =
    "HTTP/1.1 200 OK\r\n\r\n{\"compute\":{\"azEnvironment\":\"AzurePublicCloud\","
    "\"location\":\"eastus2\",\"name\":\"vm\"}}";

Bytes answer(const std::string &http, const std::string &source = "169.254.169.254",
             unsigned port = 80)
{
    const Bytes payload(http.begin(), http.end());
    return ethernet(ipv4(source, "10.0.0.4", tcp(port, 50000, payload)));
}

std::string region_of(const Bytes &bytes)
{
    const eg_frame frame = frame_of(bytes);
    const Decoded decoded = decode(frame);
    char region[EG_REGION_NAME_MAX] = "untouched";
    const bool found = eg_packet_metadata_region(&frame, &decoded.packet, region);
    EXPECT_EQ(found, std::string(region) != "untouched");
    return found ? region : "";
}

} // namespace

TEST(MetadataRegion, IsFoundInAnAnswer)
{
    EXPECT_EQ(region_of(answer(ANSWER)), "eastus2");
    EXPECT_EQ(region_of(answer("{\n  \"location\" :\r\n\t\"westeurope\" }")), "westeurope");
}

TEST(MetadataRegion, OnlyTheServiceIsBelieved)
{
    EXPECT_EQ(region_of(answer(ANSWER, "169.254.169.253")), "");
    EXPECT_EQ(region_of(answer(ANSWER, "169.254.169.254", 8080)), "");
    const Bytes payload(ANSWER.begin(), ANSWER.end());
    EXPECT_EQ(region_of(ethernet(ipv4("10.0.0.4", "169.254.169.254", tcp(50000, 80, payload)))),
              "");
}

TEST(MetadataRegion, OtherValuesAreNoRegion)
{
    EXPECT_EQ(region_of(answer("{\"location\":\"East US\"}")), "");
    EXPECT_EQ(region_of(answer("{\"location\":\"\"}")), "");
    EXPECT_EQ(region_of(answer("{\"location\":7}")), "");
    EXPECT_EQ(region_of(answer("{\"location\":\"" + std::string(64, 'a') + "\"}")), "");
    EXPECT_EQ(region_of(answer("{\"location\":\"" + std::string(63, 'a') + "\"}")),
              std::string(63, 'a'));
    EXPECT_EQ(region_of(answer("{\"location\":\"East US\",\"x\":{\"location\":\"eastus\"}}")),
              "eastus");
}

TEST(MetadataRegion, AnswerCutAtEveryByte)
{
    const Bytes whole = answer(ANSWER);
    const size_t known = 14 + 20 + 20 + ANSWER.find("\",\"name\"") + 1; /* the closing quote */
    for (size_t captured = 34 + 4; captured <= whole.size(); captured++) {
        const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(captured));
        ASSERT_EQ(region_of(cut), captured < known ? "" : "eastus2") << captured;
    }
}
