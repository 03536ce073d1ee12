// The short way of plain frames against the long one: eg_plain_read() against eg_packet_decode(),
// eg_matrix_add_known() against eg_matrix_add().
#include <gtest/gtest.h>

#include <cstring>
#include <map>
#include <random>
#include <tuple>
#include <vector>

#include "packet/plain.h"
#include "traffic/known.h"
#include "traffic/packet_key.h"

namespace
{

using Bytes = std::vector<uint8_t>;

constexpr eg_hash_key seed = {11, 22};

class Frames
{
  public:
    explicit Frames(uint32_t number) : random_(number)
    {
    }

    // A frame between few ends; one in four has bytes changed, one in four is cut.
    eg_frame next()
    {
        eg_frame frame{};
        bytes_.clear();
        const bool six = below(3) == 0;
        frame.link = put_link(six ? 0x86dd : 0x0800);
        if (six)
            put_ipv6();
        else
            put_ipv4();
        put({0, below(4), 0xc0, below(4), 1, 2, 3, 4, 5, 6, 7, 8, 0x50, below(32)});
        bytes_.resize(bytes_.size() + below(30));
        if (below(4) == 0)
            bytes_[below(static_cast<uint8_t>(bytes_.size()))] = below(255);
        frame.wire = static_cast<uint32_t>(bytes_.size()) - (below(8) == 0 ? below(20) : 0);
        frame.captured = static_cast<uint32_t>(bytes_.size());
        if (below(4) == 0)
            frame.captured -= below(static_cast<uint8_t>(bytes_.size()));
        // The exact size: a sanitizer sees the first byte read beyond it.
        held_.assign(bytes_.begin(), bytes_.begin() + frame.captured);
        held_.shrink_to_fit();
        frame.data = held_.data();
        frame.hint = static_cast<eg_hint>(below(2));
        frame.time = below(20) == 0 ? EG_NO_TIME : static_cast<int64_t>(random_());
        frame.interface = below(2) == 0 ? EG_NO_INTERFACE : 0;
        return frame;
    }

  private:
    uint8_t below(uint8_t limit)
    {
        return static_cast<uint8_t>(random_() % limit);
    }
    void put(std::initializer_list<uint8_t> bytes)
    {
        bytes_.insert(bytes_.end(), bytes);
    }

    // Ethernet, with a tag or without, or either cooked header.
    int32_t put_link(unsigned type)
    {
        const auto high = static_cast<uint8_t>(type >> 8), low = static_cast<uint8_t>(type);
        const uint8_t hardware = below(20) == 0 ? 0x38 : 0; // 0x0338 is netlink
        switch (below(4)) {
        case 0:
            put({0, below(5), 3, hardware, 0, 6, 1, 2, 3, 4, 5, below(2), 0, 0, high, low});
            bytes_[2] = hardware ? 3 : 0;
            return EG_LINKTYPE_LINUX_SLL;
        case 1:
            put({high, low, 0, 0, 0, 0, 0, below(3), 0, hardware, below(5), 6});
            put({1, 2, 3, 4, 5, below(2), 0, 0});
            bytes_[8] = hardware ? 3 : 0;
            return EG_LINKTYPE_LINUX_SLL2;
        default:
            put({0x00, 0x0d, 0x3a, 0, 0, below(3), 0x12, 0x34, 0x56, 0x78, 0x9a, below(3)});
            if (below(4) == 0)
                put({0x81, 0x00, 0, below(2)});
            put({high, low});
            return EG_LINKTYPE_ETHERNET;
        }
    }

    // Now and then with an option, as a fragment, without a length.
    void put_ipv4()
    {
        const bool odd = below(10) == 0;
        put({static_cast<uint8_t>(odd ? 0x46 : 0x45), 0, 0,
             static_cast<uint8_t>(below(12) == 0 ? 0 : 34 + below(8)), 0, 1,
             static_cast<uint8_t>(below(12) == 0 ? 0x20 : 0x40),
             below(8) == 0 ? below(3) : uint8_t{0}, 64,
             static_cast<uint8_t>(below(3) == 0 ? 17 : 6), 0, 0});
        put({10, 0, 0, below(3), 52, 1, 1, below(3)});
    }

    void put_ipv6()
    {
        put({0x60, 0, 0, 0, 0, static_cast<uint8_t>(below(12) == 0 ? 0 : 14 + below(8)),
             static_cast<uint8_t>(below(3) == 0 ? 17 : 6), 64});
        for (int end = 0; end < 2; end++) {
            put({0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0});
            put({0, 0, 0, 0, 0, 0, 0, below(3)});
        }
    }

    std::mt19937 random_;
    Bytes bytes_, held_;
};

TEST(Plain, WhatIsReadOfAFrameIsWhatTheDecoderReads)
{
    Frames frames(1);
    int plains = 0;
    for (int i = 0; i < 200000; i++) {
        const eg_frame frame = frames.next();
        eg_plain plain;
        eg_packet packet;
        if (!eg_plain_read(&frame, &plain))
            continue;
        plains++;
        ASSERT_EQ(eg_packet_decode(&frame, &packet), EG_DECODED);
        const size_t size = packet.source.family == EG_IPV4 ? 4 : 16;
        ASSERT_EQ(plain.family, packet.source.family);
        ASSERT_EQ(std::memcmp(plain.source, packet.source.bytes, size), 0);
        ASSERT_EQ(std::memcmp(plain.destination, packet.destination.bytes, size), 0);
        ASSERT_EQ(plain.ip_bytes, packet.ip_bytes);
        ASSERT_EQ(plain.protocol, packet.protocol);
        ASSERT_EQ(plain.source_port, packet.source_port);
        ASSERT_EQ(plain.destination_port, packet.destination_port);
        const bool opens = packet.protocol == EG_PROTOCOL_TCP &&
                           (packet.tcp_flags & (EG_TCP_SYN | EG_TCP_ACK)) == EG_TCP_SYN;
        ASSERT_EQ(plain.opens, opens);
        ASSERT_FALSE(packet.fragment || packet.length_from_wire || packet.length_beyond_frame);
        ASSERT_EQ(plain.upper - frame.data, packet.upper_offset);
        ASSERT_EQ(plain.upper_captured, packet.upper_captured);
        ASSERT_EQ(plain.cooked, packet.link.cooked);
    }
    EXPECT_GT(plains, 50000); // else the frames are not what the test is about
}

TEST(Plain, ItsKeyIsThatOfThePacket)
{
    Frames frames(4);
    int plains = 0;
    for (int i = 0; i < 50000; i++) {
        const eg_frame frame = frames.next();
        eg_plain plain;
        eg_packet packet;
        uint64_t key;
        if (!eg_plain_read(&frame, &plain))
            continue;
        plains++;
        ASSERT_EQ(eg_packet_decode(&frame, &packet), EG_DECODED);
        ASSERT_TRUE(eg_packet_key(&seed, &frame, &packet, &key));
        ASSERT_EQ(eg_plain_key(&seed, &plain, packet.link.hint), key);
        ASSERT_EQ(eg_plain_identification(&plain), eg_packet_identification(&frame, &packet));
    }
    EXPECT_GT(plains, 10000);
}

// A matrix filled by the long way, or by the short one wherever it can be taken.
struct Matrix {
    Matrix()
    {
        EXPECT_EQ(eg_matrix_new(&seed, nullptr, &matrix), EG_OK);
    }
    ~Matrix()
    {
        eg_matrix_free(matrix);
    }
    Matrix(const Matrix &) = delete;
    Matrix &operator=(const Matrix &) = delete;

    void add_long(uint32_t input, const eg_frame &frame, uint32_t *cell)
    {
        ASSERT_EQ(eg_packet_decode(&frame, &packet), EG_DECODED);
        ASSERT_EQ(eg_matrix_intern_interface(matrix, input, &frame, &packet.link, &interface),
                  EG_OK);
        ASSERT_EQ(eg_matrix_add(matrix, &packet, interface, frame.time, 1, packet.ip_bytes, cell),
                  EG_OK);
    }

    bool add_short(uint32_t input, const eg_frame &frame, const eg_plain &plain, uint32_t *cell)
    {
        const eg_way *way = eg_matrix_find_way(matrix, input, &frame, &plain);
        return way && eg_matrix_add_known(matrix, way, &frame, &plain, cell);
    }

    // What the last frame of add_long() came to is learned.
    void learn(uint32_t input, const eg_frame &frame, const eg_plain &plain, uint32_t cell)
    {
        eg_matrix_learn_way(matrix, input, &frame, &plain, interface, packet.link.hint, cell);
    }

    eg_matrix *matrix = nullptr;
    eg_packet packet{};
    uint16_t interface = 0;
};

// Not its bytes: what a compiler leaves between them is anything.
auto members(const eg_cell &cell)
{
    return std::make_tuple(cell.source, cell.destination, cell.link, cell.interface, cell.port,
                           cell.protocol, cell.hint, cell.flags, cell.more_packets, cell.more_bytes,
                           cell.packets, cell.ip_bytes, cell.first_time, cell.last_time);
}

TEST(Known, TheShortWayFillsTheMatrixAsTheLongOneDoes)
{
    Frames frames(2);
    Matrix slow, fast;
    int known = 0;
    for (int i = 0; i < 100000; i++) {
        const eg_frame frame = frames.next();
        const uint32_t input = static_cast<uint32_t>(i / 50000);
        eg_plain plain;
        uint32_t expected, cell;
        if (!eg_plain_read(&frame, &plain))
            continue;
        slow.add_long(input, frame, &expected);
        if (fast.add_short(input, frame, plain, &cell)) {
            known++;
        } else {
            fast.add_long(input, frame, &cell);
            fast.learn(input, frame, plain, cell);
        }
        ASSERT_EQ(cell, expected);
    }
    EXPECT_GT(known, 5000); // of more ways than are kept
    ASSERT_EQ(eg_matrix_cells(slow.matrix), eg_matrix_cells(fast.matrix));
    for (uint32_t i = 0; i < eg_matrix_cells(slow.matrix); i++)
        ASSERT_EQ(members(*eg_matrix_cell(slow.matrix, i)),
                  members(*eg_matrix_cell(fast.matrix, i)));
}

TEST(Known, PastTheCeilingOfLinkPairsNoWayIsLearned)
{
    Frames frames(3);
    const eg_matrix_limits limits = {0, 0, 3}; // the bare pairs alone
    Matrix full;
    eg_matrix_free(full.matrix);
    ASSERT_EQ(eg_matrix_new(&seed, &limits, &full.matrix), EG_OK);
    uint64_t packets = 0;
    for (int i = 0; i < 1000; i++) {
        const eg_frame frame = frames.next();
        eg_plain plain;
        uint32_t cell;
        if (!eg_plain_read(&frame, &plain))
            continue;
        ASSERT_FALSE(full.add_short(0, frame, plain, &cell));
        full.add_long(0, frame, &cell);
        full.learn(0, frame, plain, cell);
        packets++;
    }
    EXPECT_EQ(eg_matrix_overflowed(full.matrix).links, packets);
}

} // namespace
