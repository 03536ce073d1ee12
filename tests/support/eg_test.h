/*
 * The thin shim between the C API and GoogleTest: owned handles, and packets built by layers.
 *
 *     eg_test::Handle<eg_csv, eg_csv_free> csv;
 *     ASSERT_EQ(eg_csv_new(..., eg_test::out(csv), &error), EG_OK) << eg_test::text(error);
 *
 *     const auto bytes = ethernet(vlan(7, ipv4("10.0.0.4", "8.8.8.8", tcp(50000, 443, 100))));
 *     const eg_frame frame = eg_test::frame_of(bytes);
 */
#ifndef EG_TEST_H
#define EG_TEST_H

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/address.h"
#include "base/error.h"
#include "base/sink.h"
#include "packet/frame.h"

/* The folder of real captures and range files, or "": tests that need it are then skipped. */
inline std::string eg_test_samples()
{
    const char *path = std::getenv("EGSHARK_SAMPLES");
    return path == nullptr ? "" : path;
}

namespace eg_test
{

/* ---- handles and texts ---- */

template <auto Free> struct Freer {
    template <class T> void operator()(T *object) const
    {
        Free(object);
    }
};

template <class T, auto Free> using Handle = std::unique_ptr<T, Freer<Free>>;

/* A handle as a C function's out parameter; it is filled when the full expression ends. */
template <class H> class Out
{
  public:
    explicit Out(H &handle) : handle_(handle)
    {
    }
    Out(const Out &) = delete;
    Out &operator=(const Out &) = delete;
    ~Out()
    {
        if (object_ != nullptr)
            handle_.reset(object_);
    }
    operator typename H::pointer *()
    {
        return &object_;
    }

  private:
    H &handle_;
    typename H::pointer object_ = nullptr;
};

template <class H> Out<H> out(H &handle)
{
    return Out<H>(handle);
}

/* A string as a sink: eg_report_write(report, &style, output.sink()); output.text() */
class Output
{
  public:
    Output() = default;
    Output(const Output &) = delete;
    Output &operator=(const Output &) = delete;
    ~Output()
    {
        eg_string_free(&string_);
    }
    eg_sink *sink()
    {
        return &sink_;
    }
    std::string text() const
    {
        return std::string(string_.text == nullptr ? "" : string_.text, string_.length);
    }

  private:
    eg_string string_{};
    eg_sink sink_ = eg_string_sink(&string_);
};

inline std::string text(const eg_error &error)
{
    char buffer[EG_ERROR_FILE_MAX + EG_ERROR_MESSAGE_MAX + 32];
    return eg_error_text(&error, buffer, sizeof buffer);
}

inline std::string text(const eg_address &address)
{
    char buffer[EG_ADDRESS_TEXT_MAX];
    return eg_address_text(&address, buffer);
}

inline eg_address address(const std::string &text)
{
    eg_address parsed;
    if (!eg_address_parse(text.data(), text.size(), &parsed))
        throw std::invalid_argument("not an address: " + text);
    return parsed;
}

inline eg_prefix prefix(const std::string &text)
{
    eg_prefix parsed;
    if (!eg_prefix_parse(text.data(), text.size(), &parsed))
        throw std::invalid_argument("not a prefix: " + text);
    return parsed;
}

/* ---- bytes ---- */

using Bytes = std::vector<uint8_t>;

inline Bytes operator+(Bytes left, const Bytes &right)
{
    left.insert(left.end(), right.begin(), right.end());
    return left;
}

inline Bytes be8(unsigned value)
{
    return {static_cast<uint8_t>(value)};
}

inline Bytes be16(unsigned value)
{
    return be8(value >> 8) + be8(value);
}

inline Bytes be32(uint32_t value)
{
    return be16(value >> 16) + be16(value & 0xffff);
}

inline Bytes zeros(size_t count)
{
    return Bytes(count, 0);
}

/* "45 00 0028": hexadecimal, blanks anywhere between bytes. */
inline Bytes hex(const std::string &digits)
{
    Bytes bytes;
    for (size_t i = 0; i < digits.size();) {
        if (digits[i] == ' ') {
            i++;
            continue;
        }
        size_t used = 0;
        const unsigned long value = std::stoul(digits.substr(i, 2), &used, 16);
        if (used != 2)
            throw std::invalid_argument("not hexadecimal: " + digits);
        bytes.push_back(static_cast<uint8_t>(value));
        i += 2;
    }
    return bytes;
}

/* In network order: 16 bytes of an IPv6 address, 4 of an IPv4 one. */
inline Bytes address_bytes(const std::string &text)
{
    const eg_address parsed = address(text);
    return Bytes(parsed.bytes, parsed.bytes + eg_address_bits(&parsed) / 8);
}

/* "02:00:00:00:00:01" */
inline Bytes mac(std::string text)
{
    for (char &c : text)
        if (c == ':')
            c = ' ';
    return hex(text);
}

/* ---- layers ---- */

/* Bytes, and how the layer around them names them: an EtherType, or an IP protocol. */
struct Layer {
    Bytes bytes;
    unsigned type;
};

/* Overwrites bytes at an offset: patch(ipv4(...), 2, be16(0)) is a zero Total Length. */
inline Bytes patch(Bytes bytes, size_t offset, const Bytes &with)
{
    for (size_t i = 0; i < with.size(); i++)
        bytes.at(offset + i) = with[i];
    return bytes;
}

inline Layer patch(const Layer &layer, size_t offset, const Bytes &with)
{
    return {patch(layer.bytes, offset, with), layer.type};
}

/* Any protocol above IP. */
inline Layer upper(unsigned protocol, const Bytes &bytes)
{
    return {bytes, protocol};
}

constexpr unsigned ACK = 0x10, SYN = 0x02;

/* 20 bytes of header, checksum 0; sequence numbers to tell segments apart. */
inline Layer tcp(unsigned source, unsigned destination, const Bytes &payload, unsigned flags = ACK,
                 uint32_t sequence = 1, uint32_t acknowledgement = 1)
{
    return {be16(source) + be16(destination) + be32(sequence) + be32(acknowledgement) +
                be8(5 << 4) + be8(flags) + be16(0xffff) + be16(0) + be16(0) + payload,
            6};
}

inline Layer tcp(unsigned source, unsigned destination, size_t payload = 0, unsigned flags = ACK)
{
    return tcp(source, destination, zeros(payload), flags);
}

/* 8 bytes of header, checksum 0. */
inline Layer udp(unsigned source, unsigned destination, const Bytes &payload)
{
    const auto length = static_cast<unsigned>(8 + payload.size());
    return {be16(source) + be16(destination) + be16(length) + be16(0) + payload, 17};
}

inline Layer udp(unsigned source, unsigned destination, size_t payload = 0)
{
    return udp(source, destination, zeros(payload));
}

/* RFC 1071. */
inline unsigned checksum(const Bytes &header)
{
    unsigned sum = 0;
    for (size_t i = 0; i + 1 < header.size(); i += 2)
        sum += static_cast<unsigned>(header[i] << 8 | header[i + 1]);
    sum = (sum >> 16) + (sum & 0xffff);
    return ~(sum + (sum >> 16)) & 0xffff;
}

/* TTL 64, Don't Fragment; options: a multiple of four bytes. */
inline Layer ipv4(const std::string &source, const std::string &destination, const Layer &above,
                  unsigned identification = 0, const Bytes &options = {})
{
    const size_t header_bytes = 20 + options.size();
    const auto total = static_cast<unsigned>(header_bytes + above.bytes.size());
    const Bytes header = be8(0x40 | static_cast<unsigned>(header_bytes / 4)) + be8(0) +
                         be16(total) + be16(identification) + be16(0x4000) + be8(64) +
                         be8(above.type) + be16(0) + address_bytes(source) +
                         address_bytes(destination) + options;
    return {patch(header, 10, be16(checksum(header))) + above.bytes, 0x0800};
}

/* Hop limit 64. */
inline Layer ipv6(const std::string &source, const std::string &destination, const Layer &above)
{
    return {be32(UINT32_C(6) << 28) + be16(static_cast<unsigned>(above.bytes.size())) +
                be8(above.type) + be8(64) + address_bytes(source) + address_bytes(destination) +
                above.bytes,
            0x86dd};
}

/* An IPv6 extension header in front of `above`; body fills it up to a multiple of eight bytes. */
inline Layer extension(unsigned protocol, const Bytes &body, const Layer &above)
{
    return {be8(above.type) + be8(static_cast<unsigned>((body.size() + 2) / 8 - 1)) + body +
                above.bytes,
            protocol};
}

inline Layer vlan(unsigned id, const Layer &above, unsigned tpid = 0x8100)
{
    return {be16(id) + be16(above.type) + above.bytes, tpid};
}

/* ---- link layers: whole frames ---- */

constexpr int32_t LINK_ETHERNET = 1, LINK_RAW = 101, LINK_COOKED_V1 = 113, LINK_COOKED_V2 = 276;

inline const std::string MAC_A = "02:00:00:00:00:0a"; /* locally administered */
inline const std::string MAC_B = "02:00:00:00:00:0b";

inline Bytes ethernet(const Layer &above, const std::string &source = MAC_A,
                      const std::string &destination = MAC_B)
{
    return mac(destination) + mac(source) + be16(above.type) + above.bytes;
}

/* Packet types: 0 to us, 1 broadcast, 2 multicast, 3 to another host, 4 sent by us. */
inline Bytes cooked_v1(unsigned packet_type, const Layer &above, unsigned hardware = 1,
                       const std::string &source = MAC_A)
{
    return be16(packet_type) + be16(hardware) + be16(6) + mac(source) + zeros(2) +
           be16(above.type) + above.bytes;
}

inline Bytes cooked_v2(unsigned packet_type, uint32_t ifindex, const Layer &above,
                       unsigned hardware = 1, const std::string &source = MAC_A)
{
    return be16(above.type) + be16(0) + be32(ifindex) + be16(hardware) + be8(packet_type) + be8(6) +
           mac(source) + zeros(2) + above.bytes;
}

/* Borrows bytes, captured whole; change what a test needs otherwise. */
inline eg_frame frame_of(const Bytes &bytes, int32_t link = LINK_ETHERNET)
{
    eg_frame frame{};
    frame.data = bytes.data();
    frame.captured = frame.wire = static_cast<uint32_t>(bytes.size());
    frame.link = link;
    frame.hint = EG_HINT_UNKNOWN;
    frame.time = EG_NO_TIME;
    frame.interface = EG_NO_INTERFACE;
    return frame;
}

eg_frame frame_of(Bytes &&bytes, int32_t link = LINK_ETHERNET) = delete; /* it would dangle */

} // namespace eg_test

#endif
