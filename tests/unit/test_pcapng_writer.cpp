// The core's pcapng writer: its bytes by the draft, and what the core's reader makes of them.
#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <vector>

#include "capture/pcapng_writer.h"

namespace
{

class Written
{
  public:
    Written() : sink(eg_string_sink(&string_))
    {
    }
    ~Written()
    {
        eg_string_free(&string_);
    }
    Written(const Written &) = delete;
    Written &operator=(const Written &) = delete;

    std::string bytes() const
    {
        return string_.text ? std::string(string_.text, string_.length) : std::string();
    }

  private:
    eg_string string_ = {};

  public:
    eg_sink sink;
};

std::string hex(const std::string &digits)
{
    std::string bytes;
    for (size_t i = 0; i < digits.size(); i++) {
        if (digits[i] == ' ')
            continue;
        bytes += static_cast<char>(std::stoi(digits.substr(i, 2), nullptr, 16));
        i++;
    }
    return bytes;
}

eg_frame frame_of(const std::string &bytes, eg_hint hint, int64_t time)
{
    eg_frame frame = {};
    frame.data = reinterpret_cast<const uint8_t *>(bytes.data());
    frame.captured = static_cast<uint32_t>(bytes.size());
    frame.wire = frame.captured + 100;
    frame.link = EG_LINKTYPE_ETHERNET;
    frame.hint = hint;
    frame.time = time;
    return frame;
}

TEST(PcapngWriter, WritesASection)
{
    Written written;
    eg_pcapng_put_section(&written.sink, "egshark");
    // Type, length 44, byte-order magic, version 1.0, length not known, option 4 of 7 bytes padded
    // to 8, end of options, length.
    EXPECT_EQ(written.bytes(), hex("0a0d0d0a 2c000000 4d3c2b1a 0100 0000 ffffffffffffffff"
                                   "0400 0700 6567736861726b00 00000000 2c000000"));
    EXPECT_EQ(written.sink.status, EG_OK);
}

TEST(PcapngWriter, WritesAnInterface)
{
    Written written;
    eg_capture_interface interface = {};
    interface.link = 105;
    interface.snaplen = 96;
    interface.name = "eth0";
    interface.description = "";
    interface.filter = "tcp";
    eg_pcapng_put_interface(&written.sink, &interface);
    // 12 + 8, name 4 + 4, resolution 4 + 4, filter 4 + 4 (a zero byte in front), end 4: 48.
    EXPECT_EQ(written.bytes(), hex("01000000 30000000 6900 0000 60000000 0200 0400 65746830"
                                   "0900 0100 09000000 0b00 0400 00746370 00000000 30000000"));
}

TEST(PcapngWriter, WritesAPacket)
{
    Written written;
    const std::string bytes = "abcde";
    const eg_frame frame = frame_of(bytes, EG_HINT_SENT, 0x0123456789abcdef);
    eg_pcapng_put_packet(&written.sink, 3, &frame, "PID=4");
    // 12 + 20 + 8, comment 4 + 8, flags 4 + 4, end 4: 64. Of the time the upper half comes first.
    EXPECT_EQ(written.bytes(),
              hex("06000000 40000000 03000000 67452301 efcdab89 05000000 69000000"
                  "6162636465000000 0100 0500 5049443d34000000 0200 0400 02000000 00000000"
                  "40000000"));
}

TEST(PcapngWriter, WritesDrops)
{
    Written written;
    eg_pcapng_put_drops(&written.sink, 2, 0x0123456789abcdef, 0x1122334455667788);
    // 12 + 12, counter 4 + 8, end 4: 40.
    EXPECT_EQ(written.bytes(), hex("05000000 28000000 02000000 67452301 efcdab89"
                                   "0500 0800 8877665544332211 00000000 28000000"));
}

TEST(PcapngWriter, LeavesOutWhatThereIsNot)
{
    Written written;
    const eg_frame frame = frame_of("", EG_HINT_OTHER_HOST, EG_NO_TIME);
    eg_pcapng_put_packet(&written.sink, 0, &frame, nullptr);
    EXPECT_EQ(written.bytes(), hex("06000000 20000000 00000000 00000000 00000000 00000000 64000000"
                                   "20000000"));
}

TEST(PcapngWriter, WritesWhatBecameOfTheFrames)
{
    Written written;
    const eg_pcapng_counts counts = {0x0123456789abcdef, 1000, 2, UINT64_C(0x100000003)};
    eg_pcapng_put_counts(&written.sink, 1, &counts);
    // 12 + 12, three times 4 + 8, end 4: 64. Options 4, 5 and 7 are received and the two drops.
    EXPECT_EQ(written.bytes(), hex("05000000 40000000 01000000 67452301 efcdab89 "
                                   "0400 0800 e803000000000000 0500 0800 0200000000000000 "
                                   "0700 0800 0300000001000000 00000000 40000000"));
}

TEST(PcapngWriter, CutsATextThatNoOptionCanHold)
{
    Written written;
    const std::string text(70000, 'x');
    const eg_frame frame = frame_of("", EG_HINT_UNKNOWN, 0);
    eg_pcapng_put_packet(&written.sink, 0, &frame, text.c_str());
    EXPECT_EQ(written.bytes().size(), 32u + 4 + 65532 + 4);
}

struct Source {
    std::string bytes;
    size_t at;
};

size_t give(void *context, void *buffer, size_t size)
{
    auto *source = static_cast<Source *>(context);
    const size_t count = std::min(size, source->bytes.size() - source->at);
    memcpy(buffer, source->bytes.data() + source->at, count);
    source->at += count;
    return count;
}

TEST(PcapngWriter, IsReadAsItWasWritten)
{
    Written written;
    eg_capture_interface interface = {};
    interface.link = EG_LINKTYPE_RAW;
    interface.name = "first";
    eg_pcapng_put_section(&written.sink, "");
    eg_pcapng_put_interface(&written.sink, &interface);
    interface = {};
    interface.link = EG_LINKTYPE_ETHERNET;
    interface.name = "second";
    interface.description = "described";
    interface.filter = "not port 22";
    eg_pcapng_put_interface(&written.sink, &interface);
    const int64_t time = 1700000000123456789;
    const std::string bytes = "0123456789";
    for (const eg_hint hint : {EG_HINT_UNKNOWN, EG_HINT_RECEIVED, EG_HINT_SENT}) {
        const eg_frame frame = frame_of(bytes, hint, time + hint);
        eg_pcapng_put_packet(&written.sink, 1, &frame, hint ? "a comment" : nullptr);
    }

    Source source = {written.bytes(), 0};
    eg_capture *capture = nullptr;
    ASSERT_EQ(eg_capture_open(give, &source, EG_CAPTURE_IF_SURE, &capture), EG_OK);
    for (const eg_hint hint : {EG_HINT_UNKNOWN, EG_HINT_RECEIVED, EG_HINT_SENT}) {
        eg_frame frame;
        ASSERT_EQ(eg_capture_next(capture, &frame), EG_CAPTURE_FRAME) << eg_capture_fault(capture);
        EXPECT_EQ(std::string(reinterpret_cast<const char *>(frame.data), frame.captured), bytes);
        EXPECT_EQ(frame.wire, 110u);
        EXPECT_EQ(frame.time, time + hint);
        EXPECT_EQ(frame.hint, hint);
        EXPECT_EQ(frame.link, EG_LINKTYPE_ETHERNET);
        EXPECT_EQ(frame.interface, 1u);
        const eg_capture_interface of = eg_capture_interface_of(capture, &frame);
        EXPECT_STREQ(of.name, "second");
        EXPECT_STREQ(of.description, "described");
        EXPECT_STREQ(of.filter, "not port 22");
    }
    eg_frame frame;
    EXPECT_EQ(eg_capture_next(capture, &frame), EG_CAPTURE_END);
    eg_capture_close(capture);
}

} // namespace
