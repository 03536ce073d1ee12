/*
 * Writes a small database of MaxMind's format (https://maxmind.github.io/MaxMind-DB/): IPv4 only,
 * records of 24 bits.
 */
#ifndef EG_MMDB_H
#define EG_MMDB_H

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/address.h"

namespace eg_test
{

class Mmdb
{
  public:
    Mmdb(std::string type, uint64_t made) : type_(std::move(type)), made_(made), nodes_(1)
    {
    }

    void add(const std::string &prefix, const std::map<std::string, std::string> &texts,
             const std::map<std::string, uint32_t> &numbers)
    {
        eg_prefix parsed;
        if (!eg_prefix_parse(prefix.data(), prefix.size(), &parsed))
            return;
        uint32_t node = 0;
        for (unsigned bit = 0; bit < parsed.length; bit++) {
            const unsigned side = parsed.address.bytes[bit / 8] >> (7 - bit % 8) & 1;
            if (bit + 1 == parsed.length) {
                nodes_[node].data[side] = (int64_t)data_.size();
            } else {
                if (nodes_[node].child[side] == 0) {
                    nodes_[node].child[side] = (uint32_t)nodes_.size();
                    nodes_.emplace_back();
                }
                node = nodes_[node].child[side];
            }
        }
        data_ += control(7, texts.size() + numbers.size());
        for (const auto &[name, value] : texts)
            data_ += text(name) + text(value);
        for (const auto &[name, value] : numbers)
            data_ += text(name) + number(6, value, 4);
    }

    std::string bytes() const
    {
        std::string all;
        const auto count = (uint32_t)nodes_.size();
        for (const Node &node : nodes_)
            for (unsigned side = 0; side < 2; side++)
                all += big_endian(node.data[side] >= 0 ? count + 16 + (uint32_t)node.data[side]
                                  : node.child[side]   ? node.child[side]
                                                       : count,
                                  3);
        return all + std::string(16, '\0') + data_ + "\xab\xcd\xefMaxMind.com" + metadata();
    }

  private:
    struct Node {
        uint32_t child[2] = {0, 0};
        int64_t data[2] = {-1, -1};
    };

    static std::string big_endian(uint64_t value, unsigned size)
    {
        std::string bytes;
        for (unsigned i = size; i-- > 0;)
            bytes += (char)(value >> 8 * i);
        return bytes;
    }

    static std::string control(unsigned type, size_t size)
    {
        const std::string more = size < 29    ? ""
                                 : size < 285 ? big_endian(size - 29, 1)
                                              : big_endian(size - 285, 2);
        const unsigned five = size < 29 ? (unsigned)size : size < 285 ? 29 : 30;
        if (type <= 7)
            return std::string(1, (char)(type << 5 | five)) + more;
        return std::string(1, (char)five) + (char)(type - 7) + more;
    }

    static std::string text(const std::string &value)
    {
        return control(2, value.size()) + value;
    }

    static std::string number(unsigned type, uint64_t value, unsigned size)
    {
        return control(type, size) + big_endian(value, size);
    }

    std::string metadata() const
    {
        return control(7, 9) + text("binary_format_major_version") + number(5, 2, 2) +
               text("binary_format_minor_version") + number(5, 0, 2) + text("build_epoch") +
               number(9, made_, 8) + text("database_type") + text(type_) + text("description") +
               control(7, 0) + text("ip_version") + number(5, 4, 2) + text("languages") +
               control(11, 0) + text("node_count") + number(6, nodes_.size(), 4) +
               text("record_size") + number(5, 24, 2);
    }

    std::string type_;
    uint64_t made_;
    std::vector<Node> nodes_;
    std::string data_;
};

} // namespace eg_test

#endif
