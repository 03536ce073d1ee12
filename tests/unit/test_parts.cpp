// One input in several sessions: what a part has to know of the frames before it, and that merged
// parts are what one session over all of it is.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "name_packets.h"
#include "session.h"
#include "trial.h"

using namespace eg_test;

namespace
{

constexpr int64_t WINDOW = 1000000; // 1 ms, the default

struct Seen {
    Bytes bytes;
    int64_t time;
    uint64_t interface;
};

eg_frame frame_of(const Seen &seen)
{
    eg_frame frame = eg_test::frame_of(seen.bytes);
    frame.time = seen.time;
    frame.interface = seen.interface;
    return frame;
}

// Packet number `id`, as one interface shows it.
Seen packet(unsigned id, int64_t time, uint64_t interface)
{
    return {
        ethernet(ipv4(VM, id % 2 ? WEB : OTHER, tcp(50000, 443, zeros(20), ACK, id), id & 0xffff)),
        time, interface};
}

using Stream = std::vector<Seen>;

class Part
{
  public:
    // Frames [first, last) of the stream, after a look at [from, first).
    Part(const Trial &base, const Stream &stream, size_t from, size_t first, size_t last)
        : run_(base, SEED, "test.pcap")
    {
        for (size_t i = from; i < first; i++)
            look_at(stream[i]);
        EXPECT_EQ(eg_session_begin_part(session()), EG_OK);
        for (size_t i = first; i < last; i++)
            add(stream[i]);
    }
    void look_at(const Seen &seen)
    {
        const eg_frame frame = frame_of(seen);
        EXPECT_EQ(eg_session_look_at(session(), &frame), EG_OK);
    }
    eg_bucket add(const Seen &seen)
    {
        const eg_frame frame = frame_of(seen);
        eg_verdict verdict = {};
        EXPECT_EQ(eg_session_add_frame(session(), &frame, &verdict), EG_OK);
        return verdict.bucket;
    }
    bool follows(Part &before, int64_t earliest)
    {
        return eg_session_part_follows(before.session(), session(), earliest);
    }
    eg_session *session()
    {
        return run_.session();
    }
    Trial &run()
    {
        return run_;
    }
    uint64_t evicted()
    {
        return eg_copies_evicted(session()->copies);
    }

  private:
    Trial run_;
};

int64_t earliest_from(const Stream &stream, size_t first)
{
    int64_t earliest = EG_NO_TIME;
    for (size_t i = first; i < stream.size(); i++)
        earliest = earliest == EG_NO_TIME ? stream[i].time : std::min(earliest, stream[i].time);
    return earliest;
}

// Few packets on many interfaces, so that windows chain and keys fill several records; now and then
// a pause, and a frame that comes late.
Stream random_stream(std::mt19937 &random, size_t count)
{
    Stream stream;
    int64_t time = 0;
    for (size_t i = 0; i < count; i++) {
        time += random() % 12 == 0 ? random() % (3 * WINDOW) : random() % (WINDOW / 3);
        const int64_t late = random() % 10 == 0 ? random() % (WINDOW / 2) : 0;
        stream.push_back(packet(random() % 6, time - late, random() % 9));
    }
    return stream;
}

// How a stream is cut, and what came of it.
struct Trials {
    unsigned right = 0, wrong = 0;
};

// Behind a boundary that is said to be right, all goes on as in one session.
void expect_the_same(const Trial &base, const Stream &stream, size_t from, size_t first,
                     Trials &trials)
{
    Part whole(base, stream, 0, 0, first), part(base, stream, from, first, first);
    if (!part.follows(whole, earliest_from(stream, first))) {
        trials.wrong++;
        return;
    }
    trials.right++;
    const uint64_t before = whole.evicted();
    for (size_t i = first; i < stream.size(); i++)
        ASSERT_EQ(part.add(stream[i]), whole.add(stream[i])) << "frame " << i << " of " << first;
    EXPECT_EQ(part.evicted(), whole.evicted() - before);
}

std::vector<eg_address> addresses_of(const eg_matrix *matrix)
{
    std::vector<eg_address> all;
    for (uint32_t i = 0; i < eg_matrix_addresses(matrix); i++)
        all.push_back(eg_matrix_address(matrix, i));
    return all;
}

// Numbers included.
void expect_equal(const eg_matrix *a, const eg_matrix *b)
{
    ASSERT_EQ(eg_matrix_cells(a), eg_matrix_cells(b));
    for (uint32_t i = 0; i < eg_matrix_cells(a); i++) {
        const eg_cell one = eg_matrix_cell(a, i), other = eg_matrix_cell(b, i);
        EXPECT_EQ(one.source, other.source);
        EXPECT_EQ(one.destination, other.destination);
        EXPECT_EQ(one.interface, other.interface);
        EXPECT_EQ(one.link, other.link);
        EXPECT_EQ(one.packets, other.packets);
        EXPECT_EQ(one.first_time, other.first_time);
        EXPECT_EQ(one.last_time, other.last_time);
    }
    ASSERT_EQ(eg_matrix_interfaces(a), eg_matrix_interfaces(b));
    for (uint16_t i = 0; i < eg_matrix_interfaces(a); i++)
        EXPECT_EQ(eg_matrix_interface(a, i)->index, eg_matrix_interface(b, i)->index);
    const auto ours = addresses_of(a), theirs = addresses_of(b);
    ASSERT_EQ(ours.size(), theirs.size());
    for (size_t i = 0; i < ours.size(); i++)
        EXPECT_EQ(text(ours[i]), text(theirs[i]));
}

} // namespace

TEST(Parts, ACopyOfAFrameBeforeThePartIsFound)
{
    Trial base;
    const Stream stream = {packet(1, 0, 0), packet(2, 10 * WINDOW, 0),
                           packet(2, 10 * WINDOW + 5, 1)};
    Part first(base, stream, 0, 0, 2), second(base, stream, 1, 2, 2);
    ASSERT_TRUE(second.follows(first, stream[2].time));
    EXPECT_EQ(second.add(stream[2]), EG_BUCKET_DUPLICATE);
}

TEST(Parts, APartThatDidNotLookFarEnoughDoesNotFollow)
{
    Trial base;
    const Stream stream = {packet(1, 0, 0), packet(2, 5, 0), packet(1, 10, 1)};
    Part first(base, stream, 0, 0, 2), second(base, stream, 1, 2, 2);
    EXPECT_FALSE(second.follows(first, stream[2].time));
    EXPECT_TRUE(second.follows(first, stream[1].time + 2 * WINDOW)) << "the window is over by then";
}

// The window of packet 1 begins at 0, 1.2 and 2.4 ms; who begins to look at 0.6 ms takes it to
// begin at 0.6, 1.8 and 3.0 ms, however long that goes on.
TEST(Parts, WindowsThatFollowOnOneAnotherAreNotTakenForOthers)
{
    Trial base;
    Stream stream;
    for (int i = 0; i < 100; i++)
        stream.push_back(packet(1, i * 600000, i % 2));
    Part first(base, stream, 0, 0, 90), second(base, stream, 1, 90, 90);
    EXPECT_FALSE(second.follows(first, stream[90].time));
}

TEST(Parts, AFrameThatIsOlderThanThoseBeforeItIsHeeded)
{
    Trial base;
    const Stream stream = {packet(1, 0, 0), packet(2, 10 * WINDOW, 0), packet(1, 5, 1)};
    Part first(base, stream, 0, 0, 2), second(base, stream, 1, 2, 2);
    EXPECT_TRUE(second.follows(first, 10 * WINDOW));
    EXPECT_FALSE(second.follows(first, 5));
}

TEST(Parts, WhatIsLookedAtIsNotCounted)
{
    Trial base;
    const Stream stream = {packet(1, 0, 0), packet(2, 5, 1), packet(3, 10, 0)};
    Part part(base, stream, 0, 2, 3);
    EXPECT_EQ(eg_session_frames(part.session()), 1u);
    EXPECT_EQ(eg_session_cells(part.session()), 1u);
    EXPECT_EQ(eg_session_span(part.session()).first, 10);
}

TEST(Parts, ALookReachesBeyondSomeWindows)
{
    Trial base(Settings{{"names", "false"}});
    Trial without(Settings{{"dedup", "off"}, {"names", "false"}});
    Part part(base, {}, 0, 0, 0), other(without, {}, 0, 0, 0);
    EXPECT_FALSE(eg_session_has_seen_enough(part.session()));
    part.look_at(packet(1, 0, 0));
    part.look_at(packet(1, 3 * WINDOW, 0));
    EXPECT_FALSE(eg_session_has_seen_enough(part.session()));
    part.look_at(packet(1, 10 * WINDOW, 0));
    EXPECT_TRUE(eg_session_has_seen_enough(part.session()));
    EXPECT_FALSE(eg_session_looks_back(other.session()));
    EXPECT_TRUE(eg_session_has_seen_enough(other.session()));
}

TEST(Parts, WithNamesALookReachesAsFarAsAMessageWaits)
{
    Trial base(Settings{{"dedup", "off"}});
    Part part(base, {}, 0, 0, 0);
    EXPECT_TRUE(eg_session_looks_back(part.session()));
    for (int i = 0; i < EG_HEAD_FRAMES - 1; i++)
        part.look_at(packet(1, 0, 0));
    EXPECT_FALSE(eg_session_has_seen_enough(part.session()));
    part.look_at(packet(1, 0, 0));
    EXPECT_TRUE(eg_session_has_seen_enough(part.session()));
}

// A ClientHello in two segments, others between them.
static Stream hello_in_two(size_t between)
{
    const Bytes hello = tls_record(client_hello("www.example.com", 1500));
    Stream stream;
    const auto add = [&](const Layer &segment) {
        stream.push_back({ethernet(ipv4(VM, WEB, segment)), (int64_t)stream.size(), 0});
    };
    add(tcp(50000, 443, part(hello, 0, 1400), ACK, 1));
    for (size_t i = 0; i < between; i++)
        add(tcp(50001, 443, zeros(100), ACK, (uint32_t)i));
    add(tcp(50000, 443, part(hello, 1400, hello.size()), ACK, 1401));
    add(tcp(50001, 443, zeros(100)));
    return stream;
}

TEST(Parts, AMessageOverTheBorderIsReadByThePartThatHasItsEnd)
{
    Trial base(Settings{{"dedup", "off"}});
    const Stream stream = hello_in_two(20);
    Part whole(base, stream, 0, 0, stream.size());
    Part first(base, stream, 0, 0, 10), second(base, stream, 0, 10, stream.size());
    ASSERT_TRUE(second.follows(first, EG_NO_TIME));
    EXPECT_EQ(first.run().written(EG_FORMAT_JSON).find("www.example.com"), std::string::npos);
    ASSERT_EQ(eg_session_merge_part(first.session(), second.session()), EG_OK);
    EXPECT_NE(whole.run().written(EG_FORMAT_JSON).find("www.example.com"), std::string::npos);
    EXPECT_EQ(first.run().written(EG_FORMAT_JSON), whole.run().written(EG_FORMAT_JSON));
    EXPECT_EQ(first.run().written(EG_FORMAT_TEXT), whole.run().written(EG_FORMAT_TEXT));
}

TEST(Parts, WhoDidNotSeeTheMessageBeginDoesNotFollow)
{
    Trial base(Settings{{"dedup", "off"}}), off(Settings{{"dedup", "off"}, {"names", "false"}});
    const Stream stream = hello_in_two(20);
    Part first(base, stream, 0, 0, 10), second(base, stream, 1, 10, 10);
    EXPECT_FALSE(second.follows(first, EG_NO_TIME));
    Part without(off, stream, 0, 0, 10), next(off, stream, 1, 10, 10);
    EXPECT_TRUE(next.follows(without, EG_NO_TIME));
}

TEST(Parts, AMessageThatHasWaitedLongEnoughIsNoneToEither)
{
    Trial base(Settings{{"dedup", "off"}});
    const Stream stream = hello_in_two(2000);
    Part first(base, stream, 0, 0, 1024), second(base, stream, 1, 1024, 1024);
    EXPECT_TRUE(second.follows(first, EG_NO_TIME));
    Part one(base, stream, 0, 0, 1023), other(base, stream, 1, 1023, 1023);
    EXPECT_FALSE(other.follows(one, EG_NO_TIME));
}

// Whatever is said to agree goes on alike: messages cut, dropped, repeated and out of order.
TEST(Parts, CutMessagesAreReadAlikeWhereverTheInputIsParted)
{
    Trial base(Settings{{"dedup", "off"}});
    std::mt19937 random(5);
    unsigned right = 0;
    for (unsigned round = 0; round < 60; round++) {
        Stream stream;
        for (unsigned i = 0; i < 200; i++) {
            const unsigned flow = random() % 5, piece = random() % 4;
            const Bytes hello =
                tls_record(client_hello("h" + std::to_string(flow) + ".example.com", 700));
            const size_t step = hello.size() / 3, from = piece == 3 ? 0 : piece * step;
            const size_t to = piece == 2 ? hello.size() : from + step;
            const bool opens = piece == 3 && random() % 2;
            stream.push_back(
                {ethernet(ipv4(VM, WEB,
                               tcp(50000 + flow, 443, opens ? Bytes() : part(hello, from, to),
                                   opens ? 2u : 0x10u, (uint32_t)(100 + from - (opens ? 1 : 0))))),
                 (int64_t)i, 0});
        }
        const size_t cut = 30 + random() % 150, from = cut - random() % (cut + 1);
        Part whole(base, stream, 0, 0, stream.size());
        Part first(base, stream, 0, 0, cut), second(base, stream, from, cut, stream.size());
        if (!second.follows(first, EG_NO_TIME))
            continue;
        right++;
        ASSERT_EQ(eg_session_merge_part(first.session(), second.session()), EG_OK);
        ASSERT_EQ(first.run().written(EG_FORMAT_JSON), whole.run().written(EG_FORMAT_JSON));
        ASSERT_TRUE(eg_streams_agree(second.session()->streams,
                                     eg_session_next_frame(second.session()),
                                     whole.session()->streams, stream.size()));
        const eg_host *host = nullptr;
        eg_address web = address(WEB);
        ASSERT_TRUE((host = eg_hosts_find(whole.session()->hosts, &web)));
        const eg_host *parted = eg_hosts_find(first.session()->hosts, &web);
        for (const eg_name *a = host->first, *b = parted->first; a; a = a->next, b = b->next)
            ASSERT_EQ(a->seen, b->seen) << a->text;
    }
    EXPECT_GT(right, 10u);
}

TEST(Parts, APartThatFollowsGoesOnAsOneSession)
{
    Trial base;
    std::mt19937 random(7);
    Trials trials;
    for (unsigned i = 0; i < 400; i++) {
        const Stream stream = random_stream(random, 80);
        const size_t first = 20 + random() % 50, from = first - random() % 20;
        expect_the_same(base, stream, from, first, trials);
    }
    EXPECT_GT(trials.right, 50u);
    EXPECT_GT(trials.wrong, 50u);
}

// 4,096 records at a window of 50 us, and a frame every 9 ns: more than the table holds.
TEST(Parts, TheSameRecordsMakeRoom)
{
    Trial base(Settings{{"dedup_window", "50us"}});
    std::mt19937 random(3);
    Trials trials;
    Stream stream;
    for (unsigned i = 0; i < 30000; i++)
        stream.push_back(packet(random() % 3 ? i : i - random() % 5000, i * 9, random() % 2));
    expect_the_same(base, stream, 1000, 16000, trials);
    expect_the_same(base, stream, 3000, 16000, trials);
    EXPECT_EQ(trials.right, 2u);
    EXPECT_GT(Part(base, stream, 0, 0, stream.size()).evicted(), 1000u);
}

TEST(Parts, MergedInOrderTheyAreOneSession)
{
    Trial base;
    std::mt19937 random(11);
    for (unsigned i = 0; i < 30; i++) {
        const Stream stream = random_stream(random, 300);
        const size_t a = 50 + random() % 100, b = a + random() % 100;
        Part whole(base, stream, 0, 0, stream.size());
        Part first(base, stream, 0, 0, a), second(base, stream, 0, a, b);
        Part third(base, stream, 0, b, stream.size());
        ASSERT_TRUE(second.follows(first, earliest_from(stream, a)));
        ASSERT_TRUE(third.follows(second, earliest_from(stream, b)));
        ASSERT_EQ(eg_session_merge_part(first.session(), second.session()), EG_OK);
        ASSERT_EQ(eg_session_merge_part(first.session(), third.session()), EG_OK);
        expect_equal(first.session()->matrix, whole.session()->matrix);
        EXPECT_EQ(first.run().written(EG_FORMAT_JSON), whole.run().written(EG_FORMAT_JSON));
        EXPECT_EQ(first.run().written(EG_FORMAT_TEXT), whole.run().written(EG_FORMAT_TEXT));
    }
}

TEST(Parts, InterfacesThatShowedCopiesOnlyKeepTheirNumbers)
{
    Trial base;
    const Stream stream = {packet(1, 0, 5), packet(1, 5, 4), packet(2, 10, 3), packet(2, 12, 4)};
    Part whole(base, stream, 0, 0, 4), first(base, stream, 0, 0, 1), second(base, stream, 0, 1, 4);
    ASSERT_EQ(eg_session_merge_part(first.session(), second.session()), EG_OK);
    expect_equal(first.session()->matrix, whole.session()->matrix);
}

TEST(Parts, RoomIsCountedAsIfTheyHadNothingInCommon)
{
    Trial base(Settings{{"max_cells", "16"}, {"dedup", "off"}});
    Stream stream;
    for (unsigned i = 0; i < 10; i++)
        stream.push_back(packet(1, i, i)); // a cell each
    Part ten(base, stream, 0, 0, 10), six(base, stream, 0, 0, 6), seven(base, stream, 0, 0, 7);
    const eg_session *fits[] = {six.session()}, *does_not[] = {seven.session()};
    EXPECT_TRUE(eg_session_has_room(ten.session(), fits, 1));
    EXPECT_FALSE(eg_session_has_room(ten.session(), does_not, 1));
}
