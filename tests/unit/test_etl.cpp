// The rooms of the reader of Windows traces. Whole traces are tests/etl/.

#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <vector>

#include "capture/etl/etl_clock.h"
#include "capture/etl/etl_merge.h"
#include "capture/etl/etl_reader.h"
#include "capture/etl/ndis_capture.h"
#include "capture/etl/ndis_fragments.h"
#include "capture/etl/pktmon.h"
#include "capture/etl/xpress.h"

namespace
{

using Bytes = std::vector<uint8_t>;

std::string Expand(const Bytes &packed, size_t size, eg_xpress_end *end)
{
    std::vector<uint8_t> out(size + 1);
    const size_t made = eg_xpress_decode(packed.data(), packed.size(), out.data(), size, end);
    return std::string(out.begin(), out.begin() + static_cast<long>(made));
}

// ---- XPRESS; the two examples are those of MS-XCA 3.1 ----

TEST(Xpress, AlphabetOfTheSpecification)
{
    Bytes packed = {0x3f, 0x00, 0x00, 0x00};
    for (char c = 'a'; c <= 'z'; c++)
        packed.push_back(static_cast<uint8_t>(c));
    eg_xpress_end end;
    EXPECT_EQ(Expand(packed, 26, &end), "abcdefghijklmnopqrstuvwxyz");
    EXPECT_EQ(end, EG_XPRESS_FULL);
}

TEST(Xpress, RepetitionOfTheSpecification)
{
    const Bytes packed = {0xff, 0xff, 0xff, 0x1f, 0x61, 0x62, 0x63,
                          0x17, 0x00, 0x0f, 0xff, 0x26, 0x01};
    std::string expected;
    for (int i = 0; i < 100; i++)
        expected += "abc";
    eg_xpress_end end;
    EXPECT_EQ(Expand(packed, 300, &end), expected);
    EXPECT_EQ(end, EG_XPRESS_FULL);
}

TEST(Xpress, LengthOfThirtyTwoBits)
{
    // One literal, then a match of offset 1 whose length - 3 is 70000: word 0, then 32 bits.
    const Bytes packed = {0xff, 0xff, 0xff, 0x7f, 'z',  0x07, 0x00, 0x0f,
                          0xff, 0x00, 0x00, 0x70, 0x11, 0x01, 0x00};
    eg_xpress_end end;
    EXPECT_EQ(Expand(packed, 70004, &end), std::string(70004, 'z'));
    EXPECT_EQ(end, EG_XPRESS_FULL);
}

TEST(Xpress, WhatCannotBeEndsWithWhatWasMade)
{
    eg_xpress_end end;
    // A match at the very start.
    EXPECT_EQ(Expand({0xff, 0xff, 0xff, 0xff, 0x00, 0x00}, 9, &end), "");
    EXPECT_EQ(end, EG_XPRESS_CORRUPT);
    // A long length that a short one could have told.
    EXPECT_EQ(Expand({0xff, 0xff, 0xff, 0x7f, 'z', 0x07, 0x00, 0x0f, 0xff, 21, 0}, 9, &end), "z");
    EXPECT_EQ(end, EG_XPRESS_CORRUPT);
    EXPECT_EQ(Expand({0x00, 0x00, 0x00, 0x00, 'a', 'b'}, 9, &end), "ab");
    EXPECT_EQ(end, EG_XPRESS_STARVED);
    EXPECT_EQ(Expand({}, 9, &end), "");
    EXPECT_EQ(end, EG_XPRESS_STARVED);
}

// ---- the clock ----

// 2001-09-09 01:46:40 UTC is 1000000000 s after 1970; as FILETIME:
constexpr int64_t kBillionth = 116444736000000000 + 10000000000000000;

TEST(EtlClock, RoundsDownOnEitherSideOfTheStart)
{
    eg_etl_log log = {};
    log.clock = 1;
    log.frequency = 3; // a tick is 333333333.3 ns
    log.start = kBillionth;
    log.start_clock = 100;
    const eg_etl_clock clock = eg_etl_clock_of(&log);
    EXPECT_EQ(eg_etl_clock_ns(&clock, 100), 1000000000000000000);
    EXPECT_EQ(eg_etl_clock_ns(&clock, 101), 1000000000333333333);
    EXPECT_EQ(eg_etl_clock_ns(&clock, 99), 999999999666666666);
}

TEST(EtlClock, YearsOfTicksDoNotOverflow)
{
    eg_etl_log log = {};
    log.clock = 3;
    log.cpu_mhz = 4000;
    log.start = kBillionth;
    const eg_etl_clock clock = eg_etl_clock_of(&log);
    // 10 years of 365 days at 4 GHz.
    const int64_t seconds = int64_t{10} * 365 * 86400;
    EXPECT_EQ(eg_etl_clock_ns(&clock, seconds * 4000000000), (1000000000 + seconds) * 1000000000);
    EXPECT_EQ(eg_etl_clock_ns(&clock, INT64_MAX), 1000000000000000000 + INT64_MAX / 4);
}

TEST(EtlClock, SystemTimesAreTimesWhereTheHeaderDisagrees)
{
    eg_etl_log log = {};
    log.clock = 2;
    log.start = kBillionth;
    log.start_clock = 12345; // no time near the start
    const eg_etl_clock clock = eg_etl_clock_of(&log);
    EXPECT_EQ(eg_etl_clock_ns(&clock, kBillionth + 7), 1000000000000000700);
}

TEST(EtlClock, WithoutAFrequencyThereAreNoTimes)
{
    eg_etl_log log = {};
    log.clock = 1;
    log.start = kBillionth;
    const eg_etl_clock clock = eg_etl_clock_of(&log);
    EXPECT_EQ(eg_etl_clock_ns(&clock, 5), EG_NO_TIME);
    log.frequency = 1;
    const eg_etl_clock far = eg_etl_clock_of(&log); // 2^63 seconds
    EXPECT_EQ(eg_etl_clock_ns(&far, INT64_MAX), EG_NO_TIME);
}

// ---- fields ----

TEST(EtlFields, TextBecomesUtf8AndHarmless)
{
    // "a", e acute, a euro sign, a musical clef beyond 16 bits, half a pair, an escape.
    const Bytes wide = {'a',  0,    0xe9, 0,    0xac, 0x20, 0x34, 0xd8,
                        0x1e, 0xdd, 0x00, 0xd8, 0x1b, 0,    0,    0};
    char text[32];
    eg_cursor c = eg_cursor_over(wide.data(), wide.size());
    ASSERT_TRUE(eg_etl_text(&c, text, sizeof text));
    EXPECT_STREQ(text, "a\xc3\xa9\xe2\x82\xac\xf0\x9d\x84\x9e\xef\xbf\xbd\xef\xbf\xbd");
    EXPECT_EQ(eg_cursor_left(&c), 0u);
    // A character is cut off whole: 1 + 2 bytes fit into 5 with the terminator, the euro does not.
    c = eg_cursor_over(wide.data(), wide.size());
    ASSERT_TRUE(eg_etl_text(&c, text, 5));
    EXPECT_STREQ(text, "a\xc3\xa9");
    c = eg_cursor_over(wide.data(), wide.size() - 2);
    EXPECT_FALSE(eg_etl_text(&c, text, sizeof text));
}

TEST(EtlFields, GuidReadsAsItIsWritten)
{
    const Bytes disk = {0x6e, 0x00, 0xd6, 0x2e, 0x29, 0x47, 0x09, 0x46,
                        0xb4, 0x23, 0x3e, 0xe7, 0xbc, 0xd6, 0x78, 0xef};
    const eg_etl_guid ndis = EG_ETL_GUID(0x2ed6006e, 0x4729, 0x4609, 0xb4233ee7bcd678ef);
    eg_etl_guid guid;
    char text[EG_ETL_GUID_TEXT];
    eg_cursor c = eg_cursor_over(disk.data(), disk.size());
    ASSERT_TRUE(eg_etl_read_guid(&c, &guid));
    EXPECT_TRUE(eg_etl_guid_equal(&guid, &ndis));
    eg_etl_guid_text(&guid, text);
    EXPECT_STREQ(text, "{2ED6006E-4729-4609-B423-3EE7BCD678EF}");
}

// ---- records ----

TEST(EtlRecord, ChainEndsAtFillingAndBreaksAtNonsense)
{
    // PERFINFO, 17 bytes, padded to 24; then filling, or what is no record.
    Bytes area = {2, 0, 0x11, 0xc0, 17, 0, 0x2e, 0x0f, 7, 0, 0,    0,    0,    0,
                  0, 0, 'x',  0,    0,  0, 0,    0,    0, 0, 0xff, 0xff, 0xff, 0xff};
    eg_etl_record record;
    eg_etl_records records = eg_etl_records_of(area.data(), area.size(), false);
    ASSERT_TRUE(eg_etl_records_next(&records, &record));
    EXPECT_EQ(record.time, 7);
    EXPECT_EQ(record.id, 0x0f2e);
    EXPECT_EQ(record.pointer_size, 8);
    EXPECT_EQ(eg_cursor_left(&record.payload), 1u);
    EXPECT_FALSE(eg_etl_records_next(&records, &record));
    EXPECT_FALSE(records.bad);

    area[24] = 0;
    for (const bool cut : {false, true}) {
        records = eg_etl_records_of(area.data(), area.size(), cut);
        ASSERT_TRUE(eg_etl_records_next(&records, &record));
        EXPECT_FALSE(eg_etl_records_next(&records, &record));
        EXPECT_EQ(records.bad, !cut);
        EXPECT_FALSE(eg_etl_records_next(&records, &record));
    }
}

// ---- packets ----

TEST(NdisCapture, WireLengthIsTheHeadersWhereItSaysMore)
{
    Bytes frame(60, 0);
    frame[12] = 8;
    frame[14] = 0x45;
    const auto length = [&frame](int32_t link) {
        return eg_ndis_wire_length(link, eg_cursor_over(frame.data(), frame.size()));
    };
    frame[16] = 4, frame[17] = 1; // 1025
    EXPECT_EQ(length(EG_LINKTYPE_ETHERNET), 14u + 1025u);
    frame[16] = 0, frame[17] = 40;
    EXPECT_EQ(length(EG_LINKTYPE_ETHERNET), 60u); // padding
    frame[17] = 0;
    EXPECT_EQ(length(EG_LINKTYPE_ETHERNET), 60u); // offloaded: to be taken from the capture
    EXPECT_EQ(length(EG_LINKTYPE_IEEE802_11), 60u);
    frame[0] = 0x45, frame[2] = 1;
    EXPECT_EQ(length(EG_LINKTYPE_RAW), 256u);
}

TEST(NdisCapture, OnlyDecryptedFramesLoseTheirFlag)
{
    Bytes frame(40, 0);
    frame[0] = 0x88; // data with quality of service: 26 bytes of header
    frame[1] = 0x41;
    frame[26] = frame[27] = 0xaa;
    frame[28] = 3;
    Bytes other = frame;
    eg_ndis_mend_wlan(frame.data(), frame.size());
    EXPECT_EQ(frame[1], 0x01);
    other[28] = 0;
    eg_ndis_mend_wlan(other.data(), other.size());
    EXPECT_EQ(other[1], 0x41);
    other[28] = 3;
    eg_ndis_mend_wlan(other.data(), 28); // too short to tell
    EXPECT_EQ(other[1], 0x41);
}

struct Fragments {
    eg_fragments *fragments = nullptr;
    Fragments()
    {
        EXPECT_EQ(eg_fragments_new(&fragments), EG_OK);
    }
    ~Fragments()
    {
        eg_fragments_free(fragments);
    }
    // Returns the length of the packet that the part completes; 0: none.
    size_t Add(uint32_t thread, bool starts, bool ends, size_t size)
    {
        static const Bytes bytes(70000, 'b');
        eg_etl_packet packet = {};
        eg_fragment_origin origin = {};
        bool whole = false;
        packet.port.link = EG_LINKTYPE_ETHERNET;
        packet.bytes = eg_cursor_over(bytes.data(), size);
        packet.starts = starts;
        packet.ends = ends;
        origin.thread = thread;
        EXPECT_EQ(eg_fragments_add(fragments, &packet, &origin, &whole), EG_OK);
        return whole ? eg_cursor_left(&packet.bytes) : 0;
    }
};

TEST(NdisFragments, PacketHasACeiling)
{
    Fragments parts;
    EXPECT_EQ(parts.Add(1, true, false, 65536), 0u);
    EXPECT_EQ(parts.Add(1, false, false, 65536), 0u);
    EXPECT_EQ(parts.Add(1, false, false, 65536), 0u);
    EXPECT_EQ(parts.Add(1, false, true, 65536), EG_FRAGMENTS_BYTES_MAX); // 256 KiB
    parts.Add(1, true, false, 65536);
    for (int i = 0; i < 4; i++)
        parts.Add(1, false, false, 65536);
    EXPECT_EQ(parts.Add(1, false, true, 1), 0u);
    EXPECT_EQ(eg_fragments_lost(parts.fragments), 1u);
}

TEST(NdisFragments, TheOldestOfTooManyPacketsMakesWay)
{
    Fragments parts;
    for (uint32_t thread = 0; thread <= EG_FRAGMENTS_OPEN_MAX; thread++)
        parts.Add(thread, true, false, 10);
    EXPECT_EQ(parts.Add(0, false, true, 5), 0u); // its start made way
    EXPECT_EQ(parts.Add(1, false, true, 5), 15u);
    EXPECT_EQ(parts.Add(EG_FRAGMENTS_OPEN_MAX, false, true, 5), 15u);
    // One that made way, its end, and 62 that are still open.
    EXPECT_EQ(eg_fragments_lost(parts.fragments), 2u + EG_FRAGMENTS_OPEN_MAX - 2u);
}

TEST(PktmonGroups, APacketIsFirstOnceOrOnceEachWay)
{
    for (const bool by_direction : {false, true}) {
        eg_pktmon_groups *groups = nullptr;
        ASSERT_EQ(eg_pktmon_groups_new(by_direction, &groups), EG_OK);
        eg_etl_packet packet = {};
        packet.group = 7;
        packet.number = 1;
        packet.hint = EG_HINT_RECEIVED;
        EXPECT_TRUE(eg_pktmon_groups_first(groups, &packet));
        EXPECT_FALSE(eg_pktmon_groups_first(groups, &packet));
        packet.hint = EG_HINT_SENT;
        EXPECT_EQ(eg_pktmon_groups_first(groups, &packet), by_direction);
        packet.number = 2;
        EXPECT_TRUE(eg_pktmon_groups_first(groups, &packet));
        eg_pktmon_groups_free(groups);
    }
}

// ---- the reader ----

bool ReadNothing(void *, uint64_t, void *, size_t)
{
    return false;
}

TEST(EtlReader, AFailingDiskIsNoEndOfTheTrace)
{
    const eg_etl_source source = {ReadNothing, nullptr, 4096};
    eg_etl_reader *reader = nullptr;
    eg_error error;
    EXPECT_EQ(eg_etl_reader_new(&source, nullptr, &reader, &error), EG_ERR_IO);
    EXPECT_EQ(reader, nullptr);
}

TEST(EtlReader, OtherFilesAreNoTraces)
{
    uint8_t bytes[EG_ETL_DETECT_BYTES] = {0xd4, 0xc3, 0xb2, 0xa1};
    EXPECT_FALSE(eg_etl_detect(bytes, sizeof bytes));
    EXPECT_FALSE(eg_etl_detect(bytes, 0));
    memset(bytes, 0, sizeof bytes);
    EXPECT_FALSE(eg_etl_detect(bytes, sizeof bytes));
}

} // namespace
