// Frames through the readers of names, without a session around them.
#ifndef EG_NAME_TAKER_H
#define EG_NAME_TAKER_H

#include <gtest/gtest.h>

#include "name_packets.h"
#include "names/packet_names.h"

namespace eg_test
{

inline const std::string VM = "10.0.0.4", WEB = "93.184.216.34", RESOLVER = "192.0.2.53";

// Takes frames, as a session does: a plain one only if it may carry a name.
class Taker
{
  public:
    Taker()
    {
        const eg_hash_key key = {1, 2};
        eg_names_prepare();
        EXPECT_EQ(eg_hosts_new(&key, nullptr, out(hosts_)), EG_OK);
        EXPECT_EQ(eg_streams_new(&key, out(streams_)), EG_OK);
    }
    void take(const Bytes &bytes, uint32_t captured = UINT32_MAX)
    {
        eg_frame frame = frame_of(bytes);
        frame.captured = std::min(frame.captured, captured);
        eg_packet packet;
        eg_plain plain;
        const uint64_t number = number_++;
        if (eg_packet_decode(&frame, &packet) != EG_DECODED)
            return;
        const eg_record record = eg_record_of(&frame);
        const bool is_plain = eg_plain_read(frame.link, &record, &plain);
        asked_ = !is_plain || eg_names_may_be_in(&plain, streams_.get());
        if (asked_) {
            EXPECT_EQ(eg_names_take(hosts_.get(), streams_.get(), number, &frame, &packet), EG_OK);
        }
    }
    void answer(const Bytes &message, unsigned port = 53)
    {
        take(ethernet(ipv4(RESOLVER, VM, udp(port, 40000, message))));
    }
    void send(const Bytes &payload)
    {
        take(ethernet(ipv4(VM, WEB, tcp(50000, 443, payload))));
    }
    void send_udp(const Bytes &payload, unsigned from = 50000, unsigned to = 443)
    {
        take(ethernet(ipv4(VM, WEB, udp(from, to, payload))));
    }
    // "dns www.example.com, dns-cname edge.example"
    std::string names(const std::string &text = WEB) const
    {
        const eg_address where = address(text);
        const eg_host *host = eg_hosts_find(hosts_.get(), &where);
        std::string all;
        for (const eg_name *name = host ? host->first : nullptr; name; name = name->next)
            all += std::string(all.empty() ? "" : ", ") +
                   eg_name_source_name((eg_name_source)name->source) + " " + name->text;
        return all;
    }
    uint64_t no_host_name() const
    {
        return eg_hosts_count_left_out(hosts_.get()).no_host_name;
    }
    // Bytes [from, to) of what a client sends, whose first byte has sequence number 1000.
    void segment(const Bytes &stream, size_t from, size_t to)
    {
        take(ethernet(ipv4(
            VM, WEB,
            tcp(50000, 443, part(stream, from, to), ACK, static_cast<uint32_t>(1000 + from)))));
    }
    void syn(uint32_t sequence = 999)
    {
        take(ethernet(ipv4(VM, WEB, tcp(50000, 443, Bytes(), SYN, sequence))));
    }
    void answer_segment(const Bytes &stream, size_t from, size_t to)
    {
        take(ethernet(
            ipv4(RESOLVER, VM,
                 tcp(53, 40000, part(stream, from, to), ACK, static_cast<uint32_t>(7 + from)))));
    }
    void others(size_t count) // frames of other conversations
    {
        for (size_t i = 0; i < count; i++)
            take(ethernet(ipv4(VM, WEB, tcp(50001, 443, Bytes(100, 0x17)))));
    }
    uint64_t seen(const std::string &text = WEB) const
    {
        const eg_address where = address(text);
        const eg_host *host = eg_hosts_find(hosts_.get(), &where);
        return host ? host->first->seen : 0;
    }
    const eg_streams &streams() const
    {
        return *streams_;
    }
    size_t open() const
    {
        size_t count = 0;
        for (const uint16_t heads : streams_->awaited)
            count += heads;
        return count;
    }
    bool asked() const // whether the last frame was looked into
    {
        return asked_;
    }

  private:
    Handle<eg_hosts, eg_hosts_free> hosts_;
    Handle<eg_streams, eg_streams_free> streams_;
    uint64_t number_ = 0;
    bool asked_ = false;
};

/* RFC 9001, A.2: the frames of its client's Initial packet. RFC 9369, A.2 has the same. */
inline Bytes rfc_frames()
{
    return hex("060040f1010000ed0303ebf8fa56f12939b9584a3896472ec40bb863cfd3e868"
               "04fe3a47f06a2b69484c00000413011302010000c000000010000e00000b6578"
               "616d706c652e636f6dff01000100000a00080006001d00170018001000070005"
               "04616c706e000500050100000000003300260024001d00209370b2c9caa47fba"
               "baf4559fedba753de171fa71f50f1ce15d43e994ec74d748002b000302030400"
               "0d0010000e0403050306030203080408050806002d00020101001c0002400100"
               "3900320408ffffffffffffffff05048000ffff07048000ffff08011001048000"
               "75300901100f088394c8f03e51570806048000ffff");
}

} // namespace eg_test

#endif
