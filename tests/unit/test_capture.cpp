// The core's capture readers: what a caller may rely on. That they read what Wireshark reads is
// kept by tests/corpus/check_readers.py.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#include "capture/capture.h"

namespace
{

// Numbers in the byte order of the machine, as a capturing program writes them.
template <typename T> std::string number(T value)
{
    return std::string(reinterpret_cast<const char *>(&value), sizeof value);
}

std::string u32(std::initializer_list<uint32_t> values)
{
    std::string bytes;
    for (const uint32_t value : values)
        bytes += number(value);
    return bytes;
}

std::string pcap_header(uint32_t network)
{
    return u32({0xa1b2c3d4, 4u << 16 | 2u, 0, 0, 262144, network});
}

std::string pcap_record(uint32_t seconds, const std::string &frame)
{
    const auto length = static_cast<uint32_t>(frame.size());
    return u32({seconds, 5, length, length}) + frame;
}

std::string block(uint32_t type, std::string body)
{
    body.resize((body.size() + 3) / 4 * 4);
    const auto length = static_cast<uint32_t>(body.size() + 12);
    return u32({type, length}) + body + u32({length});
}

std::string section()
{
    return block(0x0a0d0d0a, u32({0x1a2b3c4d, 1, 0xffffffff, 0xffffffff}));
}

std::string interface(uint32_t link)
{
    return block(1, u32({link, 0}));
}

std::string packet(uint32_t id, const std::string &frame)
{
    const auto length = static_cast<uint32_t>(frame.size());
    return block(6, u32({id, 0, 7, length, length}) + frame);
}

// A capture in memory, given out in pieces.
class Capture
{
  public:
    explicit Capture(std::string bytes, eg_capture_care care = EG_CAPTURE_IF_SURE,
                     size_t piece = SIZE_MAX)
        : bytes_(std::move(bytes)), piece_(piece)
    {
        EXPECT_EQ(eg_capture_open(read, this, care, &capture_), EG_OK);
    }
    ~Capture()
    {
        eg_capture_close(capture_);
    }
    Capture(const Capture &) = delete;
    Capture &operator=(const Capture &) = delete;

    eg_capture_result next()
    {
        return eg_capture_next(capture_, &frame);
    }
    std::string data() const
    {
        return std::string(reinterpret_cast<const char *>(frame.data), frame.captured);
    }
    std::string fault() const
    {
        return eg_capture_fault(capture_);
    }
    eg_capture *get()
    {
        return capture_;
    }

    eg_frame frame{};

  private:
    static size_t read(void *context, void *buffer, size_t size)
    {
        auto *self = static_cast<Capture *>(context);
        const size_t count = std::min({size, self->piece_, self->bytes_.size() - self->at_});
        std::memcpy(buffer, self->bytes_.data() + self->at_, count);
        self->at_ += count;
        return count;
    }

    std::string bytes_;
    size_t at_ = 0;
    size_t piece_;
    eg_capture *capture_ = nullptr;
};

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
