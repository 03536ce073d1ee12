// Captures in memory, for tests of the core's readers.
#ifndef EG_TEST_CAPTURE_BYTES_H
#define EG_TEST_CAPTURE_BYTES_H

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#include "capture/capture_part.h"

namespace eg_test
{

// Numbers in the byte order of the machine, as a capturing program writes them.
template <typename T> std::string number(T value)
{
    return std::string(reinterpret_cast<const char *>(&value), sizeof value);
}

inline std::string u32(std::initializer_list<uint32_t> values)
{
    std::string bytes;
    for (const uint32_t value : values)
        bytes += number(value);
    return bytes;
}

inline std::string pcap_header(uint32_t network)
{
    return u32({0xa1b2c3d4, 4u << 16 | 2u, 0, 0, 262144, network});
}

inline std::string pcap_record(uint32_t seconds, const std::string &frame)
{
    const auto length = static_cast<uint32_t>(frame.size());
    return u32({seconds, 5, length, length}) + frame;
}

inline std::string block(uint32_t type, std::string body)
{
    body.resize((body.size() + 3) / 4 * 4);
    const auto length = static_cast<uint32_t>(body.size() + 12);
    return u32({type, length}) + body + u32({length});
}

inline std::string section()
{
    return block(0x0a0d0d0a, u32({0x1a2b3c4d, 1, 0xffffffff, 0xffffffff}));
}

inline std::string interface(uint32_t link)
{
    return block(1, u32({link, 0}));
}

inline std::string packet(uint32_t id, const std::string &frame)
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
    // A part of a larger one, which begins at `offset` of it.
    Capture(const eg_capture *like, uint64_t offset, std::string bytes)
        : bytes_(std::move(bytes)), piece_(SIZE_MAX)
    {
        EXPECT_EQ(eg_capture_open_part(like, offset, read, this, &capture_), EG_OK);
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

} // namespace eg_test

#endif
