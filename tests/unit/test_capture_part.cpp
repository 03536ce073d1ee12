// Captures read in parts: where records begin, and when two readers know the same.
#include <gtest/gtest.h>

#include "capture/capture_part.h"
#include "capture_bytes.h"

using namespace eg_test;

namespace
{

std::string many(unsigned count, size_t bytes = 60)
{
    std::string records;
    for (unsigned i = 0; i < count; i++)
        records += pcap_record(1600000000 + i, std::string(bytes + i % 3, 'x'));
    return records;
}

std::string many_packets(unsigned count)
{
    std::string blocks;
    for (unsigned i = 0; i < count; i++)
        blocks += packet(0, std::string(60 + i % 3, 'x'));
    return blocks;
}

// Where the first of `bytes` that begin at `offset` in the capture looks like a record.
int64_t guess(Capture &like, const std::string &bytes, bool to_the_end = false, uint64_t offset = 0)
{
    if (like.frame.data == nullptr) {
        EXPECT_EQ(like.next(), EG_CAPTURE_FRAME);
    }
    const eg_capture_piece piece = {reinterpret_cast<const uint8_t *>(bytes.data()), bytes.size(),
                                    offset, to_the_end};
    uint64_t at = 0;
    return eg_capture_guess(like.get(), &piece, &at) ? static_cast<int64_t>(at) : -1;
}

eg_capture_result next_before(Capture &capture, uint64_t limit)
{
    return eg_capture_next_before(capture.get(), limit, &capture.frame);
}

} // namespace

TEST(CapturePart, ARecordIsWhereSixteenFollowOnOneAnother)
{
    Capture like(pcap_header(1) + many(1));
    EXPECT_EQ(guess(like, std::string(37, 'y') + many(16)), 37);
    EXPECT_EQ(guess(like, std::string(37, 'y') + many(15)), -1);
    EXPECT_EQ(guess(like, std::string(37, 'y') + many(3), true), 37) << "the end proves as much";
    EXPECT_EQ(guess(like, std::string(1000, '\0'), true), -1);
}

TEST(CapturePart, TheLastOfThemMayLieBeyondTheBytes)
{
    Capture like(pcap_header(1) + many(1));
    const std::string records = many(16, 400);
    EXPECT_EQ(guess(like, records.substr(0, records.size() - 100)), 0);
    EXPECT_EQ(guess(like, records.substr(0, records.size() - 500)), -1);
}

TEST(CapturePart, ACaptureInThePayloadIsTakenForRecordsAndIsNot)
{
    const std::string inner = many(40);
    Capture capture(pcap_header(1) + pcap_record(1600000000, "a") + pcap_record(1600000001, inner) +
                    pcap_record(1600000002, "b"));
    ASSERT_EQ(capture.next(), EG_CAPTURE_FRAME);
    const uint64_t offset = eg_capture_offset(capture.get()) + 16;
    EXPECT_EQ(guess(capture, inner, false, offset), static_cast<int64_t>(offset));
    EXPECT_EQ(next_before(capture, offset), EG_CAPTURE_FRAME);
    EXPECT_EQ(next_before(capture, offset), EG_CAPTURE_STOPPED);
    EXPECT_EQ(eg_capture_offset(capture.get()), offset + inner.size()) << "not where was guessed";
    EXPECT_EQ(next_before(capture, UINT64_MAX), EG_CAPTURE_FRAME);
    EXPECT_EQ(capture.data(), "b");
}

TEST(CapturePart, BlocksBeginAtMultiplesOfFour)
{
    Capture like(section() + interface(1) + many_packets(1));
    EXPECT_EQ(guess(like, "yy" + many_packets(16), false, 102), 104);
    EXPECT_EQ(guess(like, "yy" + many_packets(16), false, 100), -1);
    const std::string first = packet(0, std::string(60, 'x'));
    EXPECT_EQ(guess(like, first + many_packets(16)), 0);
    std::string broken = first;
    broken.back() = static_cast<char>(broken.back() ^ 1); // its two lengths differ
    EXPECT_EQ(guess(like, broken + many_packets(16)), static_cast<int64_t>(broken.size()));
}

TEST(CapturePart, ReadingStopsBeforeTheBlockAtTheLimit)
{
    const std::string head = section() + interface(1) + packet(0, "a");
    Capture capture(head + block(4, "names") + packet(0, "b"));
    ASSERT_EQ(next_before(capture, head.size()), EG_CAPTURE_FRAME);
    EXPECT_EQ(next_before(capture, head.size()), EG_CAPTURE_STOPPED);
    EXPECT_EQ(next_before(capture, head.size() + 1), EG_CAPTURE_STOPPED) << "behind the names";
    EXPECT_EQ(eg_capture_offset(capture.get()), head.size() + block(4, "names").size());
    EXPECT_EQ(capture.next(), EG_CAPTURE_FRAME);
    EXPECT_EQ(capture.data(), "b");
    EXPECT_EQ(capture.next(), EG_CAPTURE_END);
}

TEST(CapturePart, APartKnowsWhatItsLikeDoes)
{
    const std::string head = section() + interface(101) + packet(0, "a");
    Capture like(head + packet(0, "b"));
    ASSERT_EQ(like.next(), EG_CAPTURE_FRAME);
    Capture part(like.get(), head.size(), packet(0, "b") + packet(1, "c"));
    ASSERT_EQ(part.next(), EG_CAPTURE_FRAME);
    EXPECT_EQ(part.data(), "b");
    EXPECT_EQ(part.frame.link, 101);
    EXPECT_EQ(part.frame.interface, like.frame.interface);
    EXPECT_EQ(eg_capture_offset(part.get()), head.size() + packet(0, "b").size());
    EXPECT_EQ(part.next(), EG_CAPTURE_FOREIGN) << "of an interface that is none";
}

TEST(CapturePart, AnInterfaceOrASectionMoreIsAnotherState)
{
    const std::string head = section() + interface(1) + packet(0, "a");
    for (const std::string &more : {interface(1), section() + interface(1)}) {
        Capture like(head), same(head + packet(0, "b")), other(head + more + packet(0, "b"));
        for (Capture *each : {&like, &same, &other})
            ASSERT_EQ(each->next(), EG_CAPTURE_FRAME);
        for (Capture *each : {&same, &other})
            ASSERT_EQ(each->next(), EG_CAPTURE_FRAME);
        EXPECT_TRUE(eg_capture_is_like(same.get(), like.get()));
        EXPECT_FALSE(eg_capture_is_like(other.get(), like.get()));
    }
}

TEST(CapturePart, TheLastStatisticsOfAllPartsCount)
{
    const auto drops = [](uint64_t count) {
        return block(5, u32({0, 0, 0}) + number<uint16_t>(5) + number<uint16_t>(8) + number(count) +
                            u32({0}));
    };
    const std::string head = section() + interface(1) + packet(0, "a");
    Capture like(head);
    ASSERT_EQ(like.next(), EG_CAPTURE_FRAME);
    Capture first(like.get(), head.size(), drops(5));
    Capture second(like.get(), 2 * head.size(), packet(0, "b")), third(like.get(), 0, drops(9));
    for (Capture *part : {&first, &second, &third})
        while (part->next() == EG_CAPTURE_FRAME)
            continue;
    eg_capture_inherit(second.get(), first.get());
    EXPECT_EQ(eg_capture_interface_at(second.get(), 0).drops, 5u);
    eg_capture_inherit(third.get(), second.get());
    EXPECT_EQ(eg_capture_interface_at(third.get(), 0).drops, 9u);
}
