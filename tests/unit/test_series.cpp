// When the bytes moved: that sums over buckets are those of the matrix, and that neither the order
// of packets nor how they were divided changes a bucket. Truth is a map filled packet by packet.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <tuple>
#include <vector>

#include "eg_traffic.h"
#include "traffic/series.h"

using namespace eg_test;

namespace
{

constexpr int64_t MS = 1000000, SECOND = 1000 * MS, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE,
                  DAY = 24 * HOUR;
const int64_t WIDTHS[] = {MS,          5 * MS,      10 * MS,     50 * MS,     100 * MS, 500 * MS,
                          SECOND,      5 * SECOND,  10 * SECOND, 30 * SECOND, MINUTE,   5 * MINUTE,
                          10 * MINUTE, 30 * MINUTE, HOUR,        3 * HOUR,    6 * HOUR, 12 * HOUR,
                          DAY,         7 * DAY,     28 * DAY,    364 * DAY};

struct Event {
    int64_t time;
    unsigned peer; // 10.1.x.y
    uint64_t bytes;
    uint64_t segments;
};

std::string peer_name(unsigned peer)
{
    return "10." + std::to_string(1 + (peer >> 16)) + "." + std::to_string(peer >> 8 & 255) + "." +
           std::to_string(peer & 255);
}

// By peer, so that cells numbered in another order compare equal.
using Key = std::pair<int64_t, std::string>;
using Sums = std::map<Key, std::tuple<uint64_t, uint64_t, uint64_t, uint64_t>>;

class Recording
{
  public:
    explicit Recording(int64_t interval = 0)
    {
        const eg_hash_key key = {3, 4};
        if (eg_matrix_new(&key, nullptr, out(matrix_)) != EG_OK)
            throw std::bad_alloc();
        eg_matrix_keep_series(matrix_.get(), interval);
    }
    void add(const Event &event)
    {
        eg_packet packet = packet_of(flow("10.0.0.4", peer_name(event.peer)));
        packet.ip_bytes = event.bytes;
        const eg_frame frame = frame_of(Flow{});
        uint16_t interface = 0;
        uint32_t cell = 0;
        ASSERT_EQ(eg_matrix_intern_interface(matrix_.get(), 0, &frame, &packet.link, &interface),
                  EG_OK);
        ASSERT_EQ(eg_matrix_add(matrix_.get(), &packet, interface, event.time, event.segments,
                                event.bytes + 40 * (event.segments - 1), &cell),
                  EG_OK);
    }
    Recording &add(const std::vector<Event> &events)
    {
        for (const Event &event : events)
            add(event);
        return *this;
    }
    void merge(const Recording &other)
    {
        ASSERT_EQ(eg_matrix_merge(matrix_.get(), other.matrix_.get(), 0), EG_OK);
    }
    const eg_series &series()
    {
        const eg_series *settled = nullptr;
        EXPECT_EQ(eg_matrix_settle_series(matrix_.get(), &settled), EG_OK);
        return *settled;
    }
    int64_t width()
    {
        return eg_series_width(&series());
    }
    Sums sums()
    {
        Sums found;
        const eg_series &all = series();
        for (uint32_t i = 0; i < all.count; i++) {
            const eg_series_entry &entry = all.entries[i];
            const eg_cell cell = eg_matrix_cell(matrix_.get(), entry.cell);
            auto &[packets, bytes, more_packets, more_bytes] =
                found[{entry.bucket, text(eg_matrix_address(matrix_.get(), cell.destination))}];
            packets += entry.packets;
            bytes += entry.ip_bytes;
            more_packets += entry.more_packets;
            more_bytes += entry.more_bytes;
        }
        return found;
    }
    eg_matrix *get()
    {
        return matrix_.get();
    }

  private:
    Handle<eg_matrix, eg_matrix_free> matrix_;
};

int64_t bucket_of(int64_t time, int64_t width)
{
    int64_t bucket = time / width;
    return bucket * width > time ? bucket - 1 : bucket;
}

Sums truth_of(const std::vector<Event> &events, int64_t width)
{
    Sums sums;
    for (const Event &event : events) {
        const int64_t bucket =
            event.time == EG_NO_TIME ? EG_BUCKET_UNTIMED : bucket_of(event.time, width);
        auto &[packets, bytes, more_packets, more_bytes] = sums[{bucket, peer_name(event.peer)}];
        packets++;
        bytes += event.bytes;
        more_packets += event.segments - 1;
        more_bytes += 40 * (event.segments - 1);
    }
    return sums;
}

// The narrowest width with at most 160 buckets from the first to the last and 2^18 entries.
int64_t width_of(const std::vector<Event> &events)
{
    for (const int64_t width : WIDTHS) {
        int64_t first = INT64_MAX, last = INT64_MIN;
        for (const Event &event : events)
            if (event.time != EG_NO_TIME) {
                first = std::min(first, bucket_of(event.time, width));
                last = std::max(last, bucket_of(event.time, width));
            }
        if (last - first < 160 && truth_of(events, width).size() <= 1u << 18)
            return width;
    }
    return 0;
}

// A capture of `seconds`: events of few peers and many, some without a time, some super-frames.
std::vector<Event> random_events(unsigned seed, size_t count, double seconds, unsigned peers)
{
    std::mt19937 random(seed);
    std::vector<Event> events;
    const int64_t begin = INT64_C(1790000000) * SECOND + static_cast<int64_t>(seed) * 77 * MS;
    for (size_t i = 0; i < count; i++) {
        const double share = static_cast<double>(i) / static_cast<double>(count);
        const int64_t time = begin + static_cast<int64_t>(share * seconds * 1e9);
        const auto peer = static_cast<unsigned>(random() % peers);
        const uint64_t bytes = 40 + random() % 1460;
        const uint64_t segments = random() % 8 == 0 ? 1 + random() % 5 : 1;
        events.push_back({random() % 50 == 0 ? EG_NO_TIME : time, peer, bytes, segments});
    }
    return events;
}

TEST(Series, EveryPacketIsInTheBucketOfItsTime)
{
    for (const double seconds : {0.001, 0.2, 53.7, 3600.0, 86400.0, 40 * 86400.0}) {
        const auto events = random_events(1, 4000, seconds, 60);
        Recording recording;
        recording.add(events);
        EXPECT_EQ(recording.width(), width_of(events)) << seconds;
        EXPECT_EQ(recording.sums(), truth_of(events, recording.width())) << seconds;
    }
}

TEST(Series, BucketsBeginAtWholeMultiplesOfTheirWidth)
{
    // 2 h span 12 buckets of 10 min, 24 of 5 min, 120 of 1 min, 240 of 30 s: 1 min.
    Recording recording;
    recording.add({{7 * MINUTE + 59 * SECOND, 1, 100, 1}, {127 * MINUTE, 1, 50, 1}});
    EXPECT_EQ(recording.width(), MINUTE);
    const Sums expected = {{{7, peer_name(1)}, {1, 100, 0, 0}},
                           {{127, peer_name(1)}, {1, 50, 0, 0}}};
    EXPECT_EQ(recording.sums(), expected);
}

TEST(Series, TimesBefore1970AreRoundedDown)
{
    Recording recording;
    recording.add({{-1, 1, 100, 1}, {1, 1, 100, 1}});
    const Sums expected = {{{-1, peer_name(1)}, {1, 100, 0, 0}},
                           {{0, peer_name(1)}, {1, 100, 0, 0}}};
    EXPECT_EQ(recording.sums(), expected);
    Recording extreme;
    extreme.add({{INT64_MIN + 1, 1, 7, 1}, {INT64_MIN + 2, 1, 8, 1}});
    const Sums both = {{{bucket_of(INT64_MIN + 1, MS), peer_name(1)}, {2, 15, 0, 0}}};
    EXPECT_EQ(extreme.sums(), both);
}

TEST(Series, TheOrderOfPacketsDoesNotMatter)
{
    const auto events = random_events(2, 3000, 900, 40);
    Recording ordered;
    ordered.add(events);
    std::mt19937 random(5);
    for (int i = 0; i < 4; i++) {
        auto shuffled = events;
        if (i == 0)
            std::reverse(shuffled.begin(), shuffled.end());
        else
            std::shuffle(shuffled.begin(), shuffled.end(), random);
        Recording recording;
        recording.add(shuffled);
        EXPECT_EQ(recording.width(), ordered.width()) << i;
        EXPECT_EQ(recording.sums(), ordered.sums()) << i;
    }
}

TEST(Series, PartsMergedInEitherOrderAreTheWhole)
{
    const auto events = random_events(3, 3000, 7200, 40);
    Recording whole;
    whole.add(events);
    for (const size_t cut : {size_t{0}, size_t{1}, size_t{200}, size_t{1500}, events.size()}) {
        const std::vector<Event> head(events.begin(), events.begin() + static_cast<long>(cut)),
            tail(events.begin() + static_cast<long>(cut), events.end());
        for (const bool reversed : {false, true}) {
            Recording into, from;
            into.add(reversed ? tail : head);
            from.add(reversed ? head : tail);
            into.merge(from);
            EXPECT_EQ(into.width(), whole.width()) << cut;
            EXPECT_EQ(into.sums(), whole.sums()) << cut;
        }
    }
}

TEST(Series, PacketsAfterAMergeOrAReportAreCountedOnce)
{
    const auto events = random_events(4, 900, 60, 10);
    Recording whole, into, from;
    whole.add(events);
    const std::vector<Event> parts[] = {{events.begin(), events.begin() + 300},
                                        {events.begin() + 300, events.begin() + 600},
                                        {events.begin() + 600, events.end()}};
    into.add(parts[0]);
    from.add(parts[1]);
    into.merge(from);
    for (const Event &event : parts[2]) {
        into.add(event);
        into.series(); // as a report between any two packets does
    }
    EXPECT_EQ(into.sums(), whole.sums());
}

// 3 x 2^16 peers, each in the first, the middle and the last of its three seconds: 10 ms buckets
// have an entry for each packet, 9 x 2^16 and more than 2^18. Three buckets of 1 s have no fewer;
// one bucket of 5 s has 3 x 2^16.
TEST(Series, TooManyEntriesMakeBucketsWider)
{
    std::vector<Event> events;
    const unsigned peers = 3u << 16;
    for (const int64_t at : {0 * SECOND, 1 * SECOND, 2 * SECOND})
        for (unsigned peer = 0; peer < peers; peer++)
            events.push_back({100 * SECOND + at, peer, 100, 1});
    Recording ordered, reversed;
    ordered.add(events);
    EXPECT_EQ(ordered.width(), 5 * SECOND);
    EXPECT_EQ(ordered.sums().size(), peers);
    std::reverse(events.begin(), events.end());
    reversed.add(events);
    EXPECT_EQ(reversed.width(), 5 * SECOND);
    EXPECT_EQ(reversed.sums(), ordered.sums());
}

TEST(Series, MoreCellsThanEntriesGiveItUpInEveryOrder)
{
    const unsigned peers = EG_SERIES_ENTRIES + 1;
    Recording whole, half, other;
    for (unsigned peer = 0; peer < peers; peer++) {
        whole.add({SECOND, peer, 100, 1});
        (peer % 2 ? half : other).add({SECOND, peer, 100, 1});
    }
    EXPECT_EQ(whole.width(), 0);
    EXPECT_EQ(other.width(), MS);
    half.merge(other);
    EXPECT_EQ(half.width(), 0);
    whole.add({2 * SECOND, 1, 100, 1}); // and does no harm
    EXPECT_EQ(whole.width(), 0);
}

// Nobody asks for the series before: it gives up while a packet is entered, and has no room for it.
TEST(Series, ManyMoreCellsThanEntriesGiveItUpWhileTheyCome)
{
    const unsigned peers = 2 * EG_SERIES_ENTRIES;
    Recording whole, spread;
    for (unsigned peer = 0; peer < peers; peer++) {
        whole.add({SECOND, peer, 100, 1});
        spread.add({peer / 1000 * SECOND, peer, 100, 1});
    }
    EXPECT_EQ(whole.width(), 0);
    EXPECT_EQ(spread.width(), 0);
}

TEST(Series, AWidthThatIsAskedForIsKeptWhileItFits)
{
    // 2 h in seconds are 7201 buckets, more than the usual 160.
    Recording asked(SECOND), usual;
    for (Recording *recording : {&asked, &usual})
        recording->add({{0, 1, 100, 1}, {2 * HOUR, 1, 50, 1}});
    EXPECT_EQ(asked.width(), SECOND);
    EXPECT_EQ(usual.width(), MINUTE);
    EXPECT_EQ(eg_series_usual_width(&asked.series()), MINUTE);
    EXPECT_EQ(eg_series_usual_width(&usual.series()), MINUTE);
    // 15 min is no width of the chain: it is made of buckets of 5 min.
    Recording quarters(15 * MINUTE);
    quarters.add({{0, 1, 100, 1}, {20 * DAY, 1, 50, 1}});
    EXPECT_EQ(quarters.width(), 5 * MINUTE);
    // 10,001 s do not fit
    Recording toolong(SECOND);
    toolong.add({{0, 1, 100, 1}, {10000 * SECOND, 1, 50, 1}});
    EXPECT_EQ(toolong.width(), 5 * SECOND);
}

TEST(Series, APartIsToldPacketByPacket)
{
    const auto events = random_events(6, 2000, 30, 20);
    Recording all;
    eg_cell_parts parts{};
    std::vector<Event> chosen;
    for (const Event &event : events) {
        all.add(event);
        if (event.peer % 3)
            continue;
        chosen.push_back(event);
        eg_cell_part part{};
        part.packets = 1;
        part.ip_bytes = event.bytes;
        part.more_packets = event.segments - 1;
        part.more_bytes = 40 * (event.segments - 1);
        part.first_time = part.last_time = event.time;
        ASSERT_EQ(eg_cell_parts_add(&parts, event.peer, &part), EG_OK);
    }
    ASSERT_EQ(eg_series_settle(parts.series, nullptr), EG_OK);
    Sums sums;
    for (uint32_t i = 0; i < parts.series->count; i++) {
        const eg_series_entry &entry = parts.series->entries[i];
        auto &[packets, bytes, more_packets, more_bytes] =
            sums[{entry.bucket, peer_name(entry.cell)}];
        packets += entry.packets;
        bytes += entry.ip_bytes;
        more_packets += entry.more_packets;
        more_bytes += entry.more_bytes;
    }
    // 30 s fit into 10,000 buckets of 5 ms.
    EXPECT_EQ(eg_series_width(parts.series), 5 * MS);
    EXPECT_EQ(sums, truth_of(chosen, 5 * MS));
    EXPECT_EQ(eg_series_usual_width(parts.series), width_of(chosen));
    eg_cell_parts_free(&parts);
}

TEST(Series, WhatWasCountedBeforeAPartBeginsIsTakenOver)
{
    const auto events = random_events(7, 500, 10, 5);
    Recording recording;
    recording.add(events);
    eg_cell_parts parts{};
    ASSERT_EQ(eg_cell_parts_all(&parts, recording.get()), EG_OK);
    recording.add({{events[499].time + 1, 1, 100, 1}}); // filtered: no longer counted
    uint64_t bytes = 0, expected = 0;
    for (uint32_t i = 0; i < parts.series->count; i++)
        bytes += parts.series->entries[i].ip_bytes;
    for (const Event &event : events)
        expected += event.bytes;
    EXPECT_EQ(bytes, expected);
    EXPECT_EQ(recording.width(), 0);
    eg_cell_parts_free(&parts);
}

} // namespace
