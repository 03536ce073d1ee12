/*
 * Matrices for tests, from flows said in a line each:
 *
 *     Traffic traffic;
 *     const uint32_t out = traffic.add(flow("10.0.0.4", "8.8.8.8").times(3).sent(ETH0));
 *     const Settled settled = traffic.settle();
 *     EXPECT_EQ(settled.direction(out), EG_EGRESS);
 */
#ifndef EG_TRAFFIC_TEST_H
#define EG_TRAFFIC_TEST_H

#include <algorithm>
#include <cstring>
#include <stdexcept>
#include <string>
#include <vector>

#include "eg_test.h"
#include "traffic/direction.h"
#include "traffic/matrix.h"

namespace eg_test
{

constexpr int32_t LINK_NULL = 0;
constexpr uint16_t ARPHRD_ETHER = 1, ARPHRD_LOOPBACK = 772, ARPHRD_NONE = 0xfffe;

/* A device as `ip link` shows it. */
struct Device {
    uint64_t index;
    uint16_t hardware;
    std::string mac;
};

/* Packets of one kind; what is not said is as in a capture of one Ethernet card without hints. */
struct Flow {
    std::string from, to;
    uint64_t packets = 1;
    uint64_t bytes = 100; /* of each */
    unsigned source_port = 50000, destination_port = 443;
    uint8_t protocol = 6;
    uint8_t tcp_flags = EG_TCP_ACK;
    std::string source_mac, destination_mac; /* "": the link has no addresses */
    bool group = false, broadcast = false;
    uint32_t input_number = 0;
    int32_t link = LINK_ETHERNET;
    uint64_t index = EG_NO_INTERFACE;
    eg_hint hint = EG_HINT_UNKNOWN;
    unsigned cooked = 0;
    uint16_t hardware = ARPHRD_ETHER;
    uint32_t ifindex = 0;

    Flow &times(uint64_t count)
    {
        packets = count;
        return *this;
    }
    Flow &ports(unsigned source, unsigned destination)
    {
        source_port = source;
        destination_port = destination;
        return *this;
    }
    Flow &macs(const std::string &source, const std::string &destination)
    {
        source_mac = source;
        destination_mac = destination;
        return *this;
    }
    Flow &input(uint32_t number)
    {
        input_number = number;
        return *this;
    }
    /* In pcapng: the interface has a number, and a link type of its own. */
    Flow &on(uint64_t interface, eg_hint known = EG_HINT_UNKNOWN, int32_t link_type = LINK_ETHERNET)
    {
        index = interface;
        hint = known;
        link = link_type;
        return *this;
    }
    /* In cooked v2, `tcpdump -i any` of today. */
    Flow &cooked2(const Device &device, eg_hint known)
    {
        cooked = 2;
        link = LINK_COOKED_V2;
        hint = known;
        ifindex = static_cast<uint32_t>(device.index);
        hardware = device.hardware;
        source_mac = device.mac;
        return *this;
    }
    /* In cooked v1, which names a sender and no interface. */
    Flow &cooked1(const Device &device, eg_hint known)
    {
        cooked2(device, known);
        cooked = 1;
        link = LINK_COOKED_V1;
        ifindex = 0;
        return *this;
    }
};

inline Flow flow(const std::string &from, const std::string &to)
{
    Flow made;
    made.from = from;
    made.to = to;
    return made;
}

inline eg_packet packet_of(const Flow &flow)
{
    eg_packet packet{};
    packet.source = address(flow.from);
    packet.destination = address(flow.to);
    packet.ip_bytes = flow.bytes;
    packet.source_port = static_cast<uint16_t>(flow.source_port);
    packet.destination_port = static_cast<uint16_t>(flow.destination_port);
    packet.protocol = flow.protocol;
    packet.tcp_flags = flow.tcp_flags;
    eg_link_facts &link = packet.link;
    link.hint = flow.hint;
    link.group = flow.group || flow.broadcast;
    link.broadcast = flow.broadcast;
    link.cooked = static_cast<uint8_t>(flow.cooked);
    link.has_hardware = flow.cooked != 0;
    link.hardware = flow.hardware;
    link.ifindex = flow.ifindex;
    const auto put = [&link](const std::string &text, uint8_t *target) {
        const Bytes bytes = mac(text);
        link.address_length = static_cast<uint8_t>(bytes.size());
        std::copy(bytes.begin(), bytes.end(), target);
    };
    if (!flow.source_mac.empty())
        put(flow.source_mac, link.source);
    if (!flow.destination_mac.empty()) {
        put(flow.destination_mac, link.destination);
        link.has_destination = true;
    }
    return packet;
}

inline eg_frame frame_of(const Flow &flow)
{
    eg_frame frame{};
    frame.link = flow.link;
    frame.interface = flow.index;
    frame.hint = flow.hint;
    frame.time = EG_NO_TIME;
    return frame;
}

class Settled
{
  public:
    eg_direction direction(uint32_t cell) const
    {
        return static_cast<eg_direction>(settlement_->direction[cell]);
    }
    std::vector<std::string> local() const
    {
        std::vector<std::string> texts;
        for (size_t i = 0; i < settlement_->local_count; i++)
            texts.push_back(text(settlement_->local[i]));
        return texts;
    }
    const eg_settlement *operator->() const
    {
        return settlement_.get();
    }
    Handle<eg_settlement, eg_settlement_free> settlement_;
};

class Traffic
{
  public:
    explicit Traffic(eg_hash_key key = {1, 2}, eg_matrix_limits limits = {})
    {
        if (eg_matrix_new(&key, &limits, out(matrix_)) != EG_OK)
            throw std::bad_alloc();
    }

    /* The cell that the flow's packets went to. */
    uint32_t add(const Flow &flow)
    {
        const eg_packet packet = packet_of(flow);
        const eg_frame frame = frame_of(flow);
        uint16_t interface = 0;
        uint32_t cell = EG_CELL_OVERFLOW;
        bool added = eg_matrix_intern_interface(matrix_.get(), flow.input_number, &frame,
                                                &packet.link, &interface) == EG_OK;
        for (uint64_t i = 0; i < flow.packets && added; i++)
            added = eg_matrix_add(matrix_.get(), &packet, interface, frame.time, 1, packet.ip_bytes,
                                  &cell) == EG_OK;
        if (!added)
            throw std::bad_alloc();
        return cell;
    }

    Settled settle(const std::vector<std::string> &local = {}, bool per_input = false) const
    {
        std::vector<eg_prefix> prefixes;
        for (const std::string &name : local)
            prefixes.push_back(prefix(name));
        eg_direction_options options{};
        options.local = prefixes.empty() ? nullptr : prefixes.data();
        options.local_count = prefixes.size();
        options.local_per_input = per_input;
        Settled settled;
        if (eg_direction_settle(matrix_.get(), &options, out(settled.settlement_)) != EG_OK)
            throw std::bad_alloc();
        return settled;
    }

    eg_matrix *get() const
    {
        return matrix_.get();
    }
    eg_cell cell(uint32_t number) const
    {
        return eg_matrix_cell(matrix_.get(), number);
    }

  private:
    Handle<eg_matrix, eg_matrix_free> matrix_;
};

} // namespace eg_test

#endif
