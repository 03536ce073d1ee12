// The core's capture readers: what a caller may rely on. That they read what Wireshark reads is
// kept by tests/corpus/check_readers.py.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#include "capture_bytes.h"

using namespace eg_test;

namespace
{

TEST(Capture, PcapGivesFramesWithTheirTimes)
{
    Capture capture(pcap_header(1) + pcap_record(3, "abc") + pcap_record(4, ""));
    ASSERT_EQ(capture.next(), EG_CAPTURE_FRAME);
    EXPECT_EQ(capture.data(), "abc");
    EXPECT_EQ(capture.frame.time, 3000005000); // 3 s and 5 us
    EXPECT_EQ(capture.frame.link, EG_LINKTYPE_ETHERNET);
    EXPECT_EQ(capture.frame.interface, EG_NO_INTERFACE);
    ASSERT_EQ(capture.next(), EG_CAPTURE_FRAME);
    EXPECT_EQ(capture.frame.captured, 0u);
    EXPECT_EQ(capture.next(), EG_CAPTURE_END);
    EXPECT_STREQ(eg_capture_format(capture.get()), "pcap");
}

TEST(Capture, TheEndStays)
{
    Capture capture(pcap_header(1));
    EXPECT_EQ(capture.next(), EG_CAPTURE_END);
    EXPECT_EQ(capture.next(), EG_CAPTURE_END);
}

TEST(Capture, ARecordThatIsNotAllThereIsCut)
{
    const std::string sound =
        pcap_header(1) + pcap_record(1, "a") + pcap_record(1, "b") + pcap_record(1, "c");
    Capture header(sound + std::string(15, '\0'));
    Capture frame(sound + pcap_record(2, "abc").substr(0, 18));
    for (Capture *capture : {&header, &frame}) {
        for (int i = 0; i < 3; i++)
            ASSERT_EQ(capture->next(), EG_CAPTURE_FRAME);
        EXPECT_EQ(capture->next(), EG_CAPTURE_CUT);
        EXPECT_EQ(capture->next(), EG_CAPTURE_CUT);
    }
}

TEST(Capture, FramesAreTheSameInPiecesOfOneByte)
{
    const std::string frame(2000, 'x');
    Capture capture(section() + interface(1) + packet(0, frame) + packet(0, "abc"),
                    EG_CAPTURE_IF_SURE, 1);
    ASSERT_EQ(capture.next(), EG_CAPTURE_FRAME);
    EXPECT_EQ(capture.data(), frame);
    ASSERT_EQ(capture.next(), EG_CAPTURE_FRAME);
    EXPECT_EQ(capture.data(), "abc");
    EXPECT_EQ(capture.next(), EG_CAPTURE_END);
}

TEST(Capture, InterfacesOfSectionsAreToldApart)
{
    Capture capture(section() + interface(1) + packet(0, "a") + section() + interface(101) +
                    packet(0, "b"));
    ASSERT_EQ(capture.next(), EG_CAPTURE_FRAME);
    const uint64_t first = capture.frame.interface;
    ASSERT_EQ(capture.next(), EG_CAPTURE_FRAME);
    EXPECT_NE(capture.frame.interface, first);
    EXPECT_EQ(capture.frame.link, EG_LINKTYPE_RAW);
    EXPECT_EQ(eg_capture_interfaces(capture.get()), 2u);
}

TEST(Capture, WhatIsOutOfTheOrdinaryIsLeftToAnotherReader)
{
    enum { APPLETALK = 114 };
    Capture pcap(pcap_header(APPLETALK) + pcap_record(1, "abc"));
    EXPECT_EQ(pcap.next(), EG_CAPTURE_FOREIGN);
    EXPECT_EQ(pcap.fault(), "network type 114");
    Capture pcapng(section() + interface(1) + packet(0, "a") + block(0xbad, "") + packet(0, "b"));
    EXPECT_EQ(pcapng.next(), EG_CAPTURE_FRAME);
    EXPECT_EQ(pcapng.next(), EG_CAPTURE_FOREIGN);
    EXPECT_EQ(pcapng.fault(), "a block of type 2989");
    EXPECT_EQ(pcapng.next(), EG_CAPTURE_FOREIGN);
}

TEST(Capture, WithoutAnotherReaderItIsPassedOnOrOver)
{
    enum { APPLETALK = 114 };
    Capture pcap(pcap_header(APPLETALK) + pcap_record(1, "abc"), EG_CAPTURE_ANYHOW);
    ASSERT_EQ(pcap.next(), EG_CAPTURE_FRAME);
    EXPECT_EQ(pcap.frame.link, APPLETALK);
    Capture pcapng(section() + interface(APPLETALK) + block(0xbad, "") + packet(0, "b"),
                   EG_CAPTURE_ANYHOW);
    ASSERT_EQ(pcapng.next(), EG_CAPTURE_FRAME);
    EXPECT_EQ(pcapng.data(), "b");
    EXPECT_EQ(pcapng.next(), EG_CAPTURE_END);
}

TEST(Capture, LengthsThatCannotBeEndTheReading)
{
    Capture pcap(pcap_header(1) + u32({1, 1, 262145, 262145}), EG_CAPTURE_ANYHOW);
    EXPECT_EQ(pcap.next(), EG_CAPTURE_FOREIGN);
    EXPECT_EQ(pcap.fault(), "a packet of 262145 bytes, more than 262144");
    Capture pcapng(section() + u32({6, 8, 0, 0}), EG_CAPTURE_ANYHOW);
    EXPECT_EQ(pcapng.next(), EG_CAPTURE_FOREIGN);
    EXPECT_EQ(pcapng.fault(), "a block of 8 bytes");
}

TEST(Capture, OtherFormatsHaveNoMagic)
{
    const uint8_t gzip[EG_CAPTURE_MAGIC_BYTES] = {0x1f, 0x8b, 8, 0};
    const uint8_t swapped[EG_CAPTURE_MAGIC_BYTES] = {0xa1, 0xb2, 0x3c, 0x4d};
    const uint8_t modified[EG_CAPTURE_MAGIC_BYTES] = {0xa1, 0xb2, 0xcd, 0x34};
    EXPECT_FALSE(eg_capture_has_magic(gzip));
    EXPECT_FALSE(eg_capture_has_magic(modified));
    EXPECT_TRUE(eg_capture_has_magic(swapped));
    Capture text("neither");
    EXPECT_EQ(text.next(), EG_CAPTURE_FOREIGN);
}

} // namespace
