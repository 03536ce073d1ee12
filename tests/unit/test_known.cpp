// The short way of plain frames against the long one: eg_plain_read() against eg_packet_decode(),
// eg_known_find() against eg_matrix_add(), frames of a session together against one by one.
#include <gtest/gtest.h>

#include <cstring>
#include <map>
#include <random>
#include <tuple>
#include <vector>

#include "eg_test.h"
#include "egress.h"
#include "packet/plain.h"
#include "session.h"
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
        const eg_record record = eg_record_of(&frame);
        if (!eg_plain_read(frame.link, &record, &plain))
            continue;
        plains++;
        ASSERT_EQ(eg_packet_decode(&frame, &packet), EG_DECODED);
        const size_t size = packet.source.family == EG_IPV4 ? 4 : 16;
        ASSERT_EQ(plain.six, packet.source.family == EG_IPV6);
        ASSERT_EQ(std::memcmp(eg_plain_source(&plain), packet.source.bytes, size), 0);
        ASSERT_EQ(std::memcmp(eg_plain_destination(&plain), packet.destination.bytes, size), 0);
        ASSERT_EQ(plain.ip_bytes, packet.ip_bytes);
        ASSERT_EQ(plain.protocol, packet.protocol);
        ASSERT_EQ(eg_plain_ports(&plain) >> 16, packet.source_port);
        ASSERT_EQ(eg_plain_ports(&plain) & 0xffff, packet.destination_port);
        const bool opens = packet.protocol == EG_PROTOCOL_TCP &&
                           (packet.tcp_flags & (EG_TCP_SYN | EG_TCP_ACK)) == EG_TCP_SYN;
        ASSERT_EQ(plain.opens, opens);
        ASSERT_FALSE(packet.fragment || packet.length_from_wire || packet.length_beyond_frame);
        ASSERT_EQ(eg_plain_upper(&plain) - frame.data, packet.upper_offset);
        ASSERT_EQ(eg_plain_upper_captured(&plain), packet.upper_captured);
        ASSERT_EQ(eg_plain_cooked(frame.link), packet.link.cooked);
    }
    EXPECT_GT(plains, 50000); // else the frames are not what the test is about
}

TEST(Plain, ItsKeyIsThatOfThePacket)
{
    Frames frames(4);
    const eg_hash_key mixed = eg_hash_mixed(&seed);
    int plains = 0;
    for (int i = 0; i < 50000; i++) {
        const eg_frame frame = frames.next();
        eg_plain plain;
        eg_packet packet;
        uint64_t key;
        const eg_record record = eg_record_of(&frame);
        if (!eg_plain_read(frame.link, &record, &plain))
            continue;
        plains++;
        ASSERT_EQ(eg_packet_decode(&frame, &packet), EG_DECODED);
        ASSERT_TRUE(eg_packet_key(&seed, &frame, &packet, &key));
        ASSERT_EQ(eg_plain_key(&mixed, &plain, static_cast<uint8_t>(packet.link.hint)), key);
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
        const eg_way_context context = eg_way_context_of(input, &frame);
        const eg_way_table *ways = eg_ways_find(&matrix->ways, &context);
        if (!ways)
            return false;
        const eg_finder finder = eg_finder_of(matrix);
        eg_kept_cell *found = eg_known_find(&finder, eg_way_find(frame.link, ways, &plain), &plain);
        if (!found)
            return false;
        found->packets++;
        eg_known_add(found, &plain);
        eg_span_add(frame.time, &found->first_time, &found->last_time);
        *cell = static_cast<uint32_t>(found - finder.cells);
        return true;
    }

    // What the last frame of add_long() came to is learned.
    void learn(uint32_t input, const eg_frame &frame, const eg_plain &plain, uint32_t cell)
    {
        const eg_way_context context = eg_way_context_of(input, &frame);
        eg_matrix_learn_way(matrix, &context, &plain, interface, packet.link.hint, cell);
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
        const eg_record record = eg_record_of(&frame);
        if (!eg_plain_read(frame.link, &record, &plain))
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
        ASSERT_EQ(members(eg_matrix_cell(slow.matrix, i)), members(eg_matrix_cell(fast.matrix, i)));
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
        const eg_record record = eg_record_of(&frame);
        if (!eg_plain_read(frame.link, &record, &plain))
            continue;
        ASSERT_FALSE(full.add_short(0, frame, plain, &cell));
        full.add_long(0, frame, &cell);
        full.learn(0, frame, plain, cell);
        packets++;
    }
    EXPECT_EQ(eg_matrix_overflowed(full.matrix).links, packets);
}

// A session of its own rules.
class Session
{
  public:
    explicit Session(const char *dedup = "auto")
    {
        eg_error error;
        EXPECT_EQ(eg_config_new(eg_test::out(config_)), EG_OK);
        EXPECT_EQ(eg_config_set(config_.get(), "dedup", dedup, &error), EG_OK);
        EXPECT_EQ(eg_rules_new(config_.get(), eg_test::out(rules_), &error), EG_OK);
        EXPECT_EQ(eg_session_new(rules_.get(), &seed, eg_test::out(session_)), EG_OK);
        begin();
    }
    void begin()
    {
        EXPECT_EQ(eg_session_begin_input(session_.get(), "capture"), EG_OK);
    }
    eg_session *get() const
    {
        return session_.get();
    }

  private:
    eg_test::Handle<eg_config, eg_config_free> config_;
    eg_test::Handle<eg_rules, eg_rules_free> rules_;
    eg_test::Handle<eg_session, eg_session_free> session_;
};

// The tag's own bytes are no part of a way; the type that it hides is, and is not taken for one
// that stands for itself: 0x8100 over 0x0800 was once remembered as 0x8900.
TEST(Known, ATypeThatLooksLikeARememberedTagIsNotTakenForOne)
{
    const Bytes ip = {0x45, 0, 0, 40, 0, 1, 0x40, 0, 64, 6, 0, 0, 10, 0, 0, 4, 52, 1, 1, 1};
    const Bytes macs = {0, 0x0d, 0x3a, 0, 0, 1, 0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc};
    const auto frame_with = [&](Bytes type, Bytes &bytes) {
        bytes = macs;
        bytes.insert(bytes.end(), type.begin(), type.end());
        bytes.insert(bytes.end(), ip.begin(), ip.end());
        bytes.resize(bytes.size() + 20);
        eg_frame frame{};
        frame.data = bytes.data();
        frame.captured = frame.wire = static_cast<uint32_t>(bytes.size());
        frame.link = EG_LINKTYPE_ETHERNET;
        frame.interface = EG_NO_INTERFACE;
        return frame;
    };
    Session session;
    Bytes tagged, other;
    eg_verdict verdict;
    const eg_frame one = frame_with({0x81, 0, 0, 7, 0x08, 0}, tagged);
    const eg_frame two = frame_with({0x89, 0}, other);
    for (int i = 0; i < 3; i++)
        ASSERT_EQ(eg_session_add_frame(session.get(), &one, &verdict), EG_OK);
    EXPECT_EQ(verdict.bucket, EG_BUCKET_TRANSIT);
    ASSERT_EQ(eg_session_add_frame(session.get(), &two, &verdict), EG_OK);
    EXPECT_EQ(verdict.bucket, EG_BUCKET_NOT_IP);
}

auto members(const eg_verdict &verdict)
{
    return std::make_tuple(verdict.bucket, verdict.cell, verdict.ip_bytes, verdict.more_bytes,
                           verdict.more_packets);
}

void expect_same(const eg_session *a, const eg_session *b)
{
    EXPECT_EQ(a->counts.frames, b->counts.frames);
    for (int i = 0; i < EG_BUCKETS; i++)
        EXPECT_EQ(a->counts.buckets[i], b->counts.buckets[i]);
    EXPECT_EQ(a->counts.duplicate.ip_bytes, b->counts.duplicate.ip_bytes);
    EXPECT_EQ(a->notes.no_key, b->notes.no_key);
    EXPECT_EQ(a->notes.first_time, b->notes.first_time);
    EXPECT_EQ(a->notes.last_time, b->notes.last_time);
    ASSERT_EQ(a->input_count, b->input_count);
    for (size_t i = 0; i < a->input_count; i++) {
        EXPECT_EQ(a->inputs[i].frames, b->inputs[i].frames);
        EXPECT_EQ(a->inputs[i].first_time, b->inputs[i].first_time);
        EXPECT_EQ(a->inputs[i].last_time, b->inputs[i].last_time);
    }
    ASSERT_EQ(eg_matrix_cells(a->matrix), eg_matrix_cells(b->matrix));
    for (uint32_t i = 0; i < eg_matrix_cells(a->matrix); i++)
        ASSERT_EQ(members(eg_matrix_cell(a->matrix, i)), members(eg_matrix_cell(b->matrix, i)));
}

// Frames as a capture gives them: mostly in the order of time, some seen on two interfaces.
struct Together {
    eg_frame common{};
    std::vector<eg_record> records;
};

std::vector<Together> runs_of(Frames &frames, std::vector<Bytes> &held, uint32_t number)
{
    std::mt19937 random(number);
    std::vector<Together> runs;
    int64_t time = 1000000000;
    for (int i = 0; i < 3000; i++) {
        eg_frame frame = frames.next();
        Together run;
        held.emplace_back(frame.data, frame.data + frame.captured);
        frame.data = held.back().data();
        run.common = frame;
        for (unsigned copies = random() % 8; copies-- > 0;) {
            time += random() % 300000;
            frame.time = random() % 30 == 0 ? EG_NO_TIME : time - (random() % 9 == 0 ? 400000 : 0);
            run.records.push_back(eg_record_of(&frame));
        }
        runs.push_back(run);
        if (random() % 3 == 0) { // the same elsewhere
            run.common.interface = run.common.interface == 0 ? EG_NO_INTERFACE : 0;
            runs.push_back(run);
        }
    }
    return runs;
}

void expect_together_as_one_by_one(const char *dedup, const std::vector<Together> &runs)
{
    Session together(dedup), silent(dedup), slow(dedup);
    slow.get()->has_filtered = true; // keeps all frames from the short way
    size_t number = 0;
    for (const Together &run : runs) {
        if (++number % 2000 == 0)
            for (Session *each : {&together, &silent, &slow})
                each->begin();
        std::vector<eg_verdict> verdicts(run.records.size() + 1);
        ASSERT_EQ(eg_session_add_frames(together.get(), &run.common, run.records.data(),
                                        run.records.size(), verdicts.data()),
                  EG_OK);
        ASSERT_EQ(eg_session_add_frames(silent.get(), &run.common, run.records.data(),
                                        run.records.size(), nullptr),
                  EG_OK);
        for (size_t i = 0; i < run.records.size(); i++) {
            const eg_frame frame = eg_frame_of(&run.common, &run.records[i]);
            eg_verdict verdict;
            ASSERT_EQ(eg_session_add_frame(slow.get(), &frame, &verdict), EG_OK);
            ASSERT_EQ(members(verdict), members(verdicts[i])) << number << "/" << i;
        }
    }
    expect_same(together.get(), slow.get());
    expect_same(silent.get(), slow.get());
    const uint64_t copies = slow.get()->counts.buckets[EG_BUCKET_DUPLICATE];
    EXPECT_EQ(copies > 200, std::strcmp(dedup, "off") != 0) << copies;
}

TEST(Known, FramesTogetherComeToWhatTheyDoOneByOneOnTheLongWay)
{
    for (const char *dedup : {"auto", "on", "off"}) {
        Frames frames(7);
        std::vector<Bytes> held;
        held.reserve(3000);
        expect_together_as_one_by_one(dedup, runs_of(frames, held, 8));
    }
}

// Frames of all kinds behind one another, and many of them seen on two interfaces.
std::vector<Together> mixed_runs(Frames &frames, std::vector<Bytes> &held, uint32_t number)
{
    std::mt19937 random(number);
    std::map<std::tuple<int32_t, int, uint64_t>, Together> open;
    std::vector<Together> runs;
    int64_t time = 1000000000;
    for (size_t i = 0; i < held.capacity(); i++) {
        eg_frame frame = frames.next();
        held.emplace_back(frame.data, frame.data + frame.captured);
        frame.data = held.back().data();
        for (unsigned seen = 1 + random() % 2; seen > 0; seen--) {
            time += random() % 2000;
            frame.time = random() % 30 == 0 ? EG_NO_TIME : time;
            Together &run = open[{frame.link, frame.hint, frame.interface}];
            run.common = frame;
            run.records.push_back(eg_record_of(&frame));
            if (run.records.size() == 12) {
                runs.push_back(run);
                run.records.clear();
            }
            frame.interface = frame.interface == 0 ? EG_NO_INTERFACE : 0;
        }
    }
    return runs;
}

TEST(Known, WhatAFrameComesToIsNotThatOfTheOneBeforeIt)
{
    for (const char *dedup : {"auto", "on", "off"}) {
        Frames frames(9);
        std::vector<Bytes> held;
        held.reserve(20000);
        expect_together_as_one_by_one(dedup, mixed_runs(frames, held, 10));
    }
}

} // namespace
