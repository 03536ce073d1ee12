/*
 * Frames decoded for the tests of common/packet.
 */
#ifndef PACKET_TEST_H
#define PACKET_TEST_H

#include <gtest/gtest.h>

#include "eg_test.h"
#include "packet/packet.h"

namespace eg_test
{

struct Decoded {
    eg_decode_result result;
    eg_packet packet;

    std::string source() const
    {
        return text(packet.source);
    }
    std::string destination() const
    {
        return text(packet.destination);
    }
};

inline Decoded decode(const eg_frame &frame)
{
    Decoded decoded{};
    decoded.result = eg_packet_decode(&frame, &decoded.packet);
    return decoded;
}

inline Decoded decode(const Bytes &bytes, int32_t link = LINK_ETHERNET)
{
    return decode(frame_of(bytes, link));
}

/* The first bytes of a frame, as a snapshot length cuts it: the length on the wire stays. */
inline Decoded decode_cut(const Bytes &bytes, size_t captured, int32_t link = LINK_ETHERNET)
{
    const Bytes head(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(captured));
    eg_frame frame = frame_of(head, link);
    frame.wire = static_cast<uint32_t>(bytes.size());
    return decode(frame);
}

/* 20 bytes of IPv4, 8 of UDP, 12 of payload. */
inline Layer small_ipv4()
{
    return ipv4("10.0.0.4", "8.8.8.8", udp(50000, 53, 12));
}

/* 40 bytes of IPv6, 8 of UDP, 12 of payload. */
inline Layer small_ipv6()
{
    return ipv6("2001:db8::4", "2001:4860:4860::8888", udp(50000, 53, 12));
}

/* The frame is the packet of small_ipv4() behind `offset` bytes of link layers. */
inline void expect_small_ipv4(const Decoded &decoded, size_t offset)
{
    ASSERT_EQ(decoded.result, EG_DECODED);
    EXPECT_EQ(decoded.source(), "10.0.0.4");
    EXPECT_EQ(decoded.destination(), "8.8.8.8");
    EXPECT_EQ(decoded.packet.ip_bytes, 40u);
    EXPECT_EQ(decoded.packet.ip_offset, offset);
    EXPECT_EQ(decoded.packet.protocol, 17);
    EXPECT_EQ(decoded.packet.source_port, 50000);
    EXPECT_EQ(decoded.packet.destination_port, 53);
}

inline void expect_small_ipv6(const Decoded &decoded, size_t offset)
{
    ASSERT_EQ(decoded.result, EG_DECODED);
    EXPECT_EQ(decoded.source(), "2001:db8::4");
    EXPECT_EQ(decoded.destination(), "2001:4860:4860::8888");
    EXPECT_EQ(decoded.packet.ip_bytes, 60u);
    EXPECT_EQ(decoded.packet.ip_offset, offset);
    EXPECT_EQ(decoded.packet.destination_port, 53);
}

/*
 * The frame of small_ipv4(), cut at every byte: fewer than 20 bytes of the IP header are truncated,
 * from there on its length and addresses are whole.
 */
inline void expect_truncation_at_every_byte(const Bytes &frame, int32_t link)
{
    const Decoded whole = decode(frame, link);
    ASSERT_EQ(whole.result, EG_DECODED);
    for (size_t captured = 0; captured < frame.size(); captured++) {
        const Decoded cut = decode_cut(frame, captured, link);
        if (captured < whole.packet.ip_offset + 20) {
            ASSERT_EQ(cut.result, EG_DECODE_TRUNCATED) << "captured " << captured;
            continue;
        }
        ASSERT_EQ(cut.result, EG_DECODED) << "captured " << captured;
        EXPECT_EQ(cut.packet.ip_bytes, whole.packet.ip_bytes);
        EXPECT_EQ(cut.destination(), whole.destination());
        EXPECT_EQ(cut.packet.upper_header_bytes, 8);
        EXPECT_EQ(cut.packet.destination_port,
                  captured < whole.packet.upper_offset + 4 ? 0 : whole.packet.destination_port);
    }
}

} // namespace eg_test

#endif
