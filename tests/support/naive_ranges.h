/*
 * Rules 4.2 by the letter and without speed: what a provider's file says of an address is worked
 * out from every prefix around it, with no code of the readers. The oracle of the range tests.
 */
#ifndef EG_NAIVE_RANGES_H
#define EG_NAIVE_RANGES_H

#include <algorithm>
#include <cstring>
#include <map>
#include <random>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/address.h"
#include "base/file.h"
#include "base/json.h"
#include "eg_test.h"

namespace eg_test
{

struct Claim {
    eg_prefix prefix;
    std::string region;
    std::string service; /* "" for one that names the whole cloud */
};

using Claims = std::vector<Claim>;

inline std::string read_all(const std::string &path)
{
    char *text = nullptr;
    size_t length = 0;
    eg_error error;
    if (eg_file_read(path.c_str(), 1 << 30, &text, &length, &error) != EG_OK)
        throw std::runtime_error(eg_test::text(error));
    std::string whole(text, length);
    free(text);
    return whole;
}

class Json
{
  public:
    explicit Json(const std::string &path)
    {
        const std::string text = read_all(path);
        eg_error error;
        if (eg_json_parse(text.data(), text.size(), path.c_str(), out(json_), &error) != EG_OK)
            throw std::runtime_error(eg_test::text(error));
    }
    const eg_json_value *root() const
    {
        return eg_json_root(json_.get());
    }

  private:
    Handle<eg_json, eg_json_free> json_;
};

inline std::string member(const eg_json_value *object, const char *name)
{
    const char *text = eg_json_string(eg_json_member(object, name));
    return text == nullptr ? "" : text;
}

/* aliases: the ARM names of the region strings that are none. */
inline Claims azure_claims(const eg_json_value *root, const eg_json_value *aliases)
{
    Claims claims;
    const eg_json_value *tag = eg_json_first(eg_json_member(root, "values"));
    for (; tag != nullptr; tag = eg_json_next(tag)) {
        const eg_json_value *properties = eg_json_member(tag, "properties");
        std::string region = member(properties, "region");
        std::string service = member(tag, "name");
        if (!region.empty())
            service.erase(service.rfind('.'));
        if (!member(aliases, region.c_str()).empty())
            region = member(aliases, region.c_str());
        if (service == "AzureCloud")
            service = "";
        const eg_json_value *text = eg_json_first(eg_json_member(properties, "addressPrefixes"));
        for (; text != nullptr; text = eg_json_next(text))
            claims.push_back({prefix(eg_json_string(text)), region, service});
    }
    return claims;
}

inline Claims aws_claims(const eg_json_value *root)
{
    Claims claims;
    for (const char *family : {"ip", "ipv6"}) {
        const std::string name = std::string(family) + "_prefix";
        const std::string array = *(family + 2) == '\0' ? "prefixes" : "ipv6_prefixes";
        const eg_json_value *row = eg_json_first(eg_json_member(root, array.c_str()));
        for (; row != nullptr; row = eg_json_next(row)) {
            const std::string region = member(row, "region");
            const std::string service = member(row, "service");
            claims.push_back({prefix(member(row, name.c_str())), region == "GLOBAL" ? "" : region,
                              service == "AMAZON" ? "" : service});
        }
    }
    return claims;
}

inline Claims gcp_claims(const eg_json_value *root)
{
    Claims claims;
    const eg_json_value *row = eg_json_first(eg_json_member(root, "prefixes"));
    for (; row != nullptr; row = eg_json_next(row)) {
        const std::string scope = member(row, "scope");
        const std::string v4 = member(row, "ipv4Prefix");
        claims.push_back({prefix(v4.empty() ? member(row, "ipv6Prefix") : v4),
                          scope == "global" ? "" : scope, ""}); /* all are "Google Cloud" */
    }
    return claims;
}

inline Claims oci_claims(const eg_json_value *root)
{
    Claims claims;
    const eg_json_value *region = eg_json_first(eg_json_member(root, "regions"));
    for (; region != nullptr; region = eg_json_next(region)) {
        const eg_json_value *row = eg_json_first(eg_json_member(region, "cidrs"));
        for (; row != nullptr; row = eg_json_next(row)) {
            const eg_json_value *tag = eg_json_first(eg_json_member(row, "tags"));
            for (; tag != nullptr; tag = eg_json_next(tag)) {
                const std::string service = eg_json_string(tag);
                claims.push_back({prefix(member(row, "cidr")), member(region, "region"),
                                  service == "OCI" ? "" : service});
            }
        }
    }
    return claims;
}

/* Prefixes by length and bits. */
class PrefixIndex
{
  public:
    void add(const eg_prefix &prefix, size_t value)
    {
        tables_[{prefix.address.family, prefix.length}][key(prefix.address, prefix.length)]
            .push_back(value);
    }

    /* All values around the address, a vector a prefix, longest first. */
    std::vector<const std::vector<size_t> *> around(const eg_address &address) const
    {
        std::vector<const std::vector<size_t> *> found;
        for (auto table = tables_.rbegin(); table != tables_.rend(); ++table) {
            if (table->first.first != address.family)
                continue;
            const auto hit = table->second.find(key(address, table->first.second));
            if (hit != table->second.end())
                found.push_back(&hit->second);
        }
        return found;
    }

  private:
    struct Bits {
        uint64_t high;
        uint64_t low;

        bool operator==(const Bits &other) const
        {
            return high == other.high && low == other.low;
        }
    };

    struct Hash {
        size_t operator()(const Bits &bits) const
        {
            return (bits.high ^ bits.low * 31) * UINT64_C(0x9e3779b97f4a7c15) >> 20;
        }
    };

    /* Of a word's 64 bits, those before `length`. */
    static uint64_t cut(uint64_t word, unsigned length)
    {
        return length == 0 ? 0 : length >= 64 ? word : word >> (64 - length) << (64 - length);
    }

    static Bits key(const eg_address &address, unsigned length)
    {
        uint64_t words[2] = {0, 0};
        for (unsigned i = 0; i < 16; i++)
            words[i / 8] = words[i / 8] << 8 | address.bytes[i];
        return {cut(words[0], length), cut(words[1], length > 64 ? length - 64 : 0)};
    }

    std::map<std::pair<unsigned, unsigned>, std::unordered_map<Bits, std::vector<size_t>, Hash>>
        tables_;
};

struct NaiveLabel {
    std::string region;
    std::string service;
    bool cdn_origin = false;
    bool found = false;

    bool operator==(const NaiveLabel &other) const
    {
        return region == other.region && service == other.service &&
               cdn_origin == other.cdn_origin && found == other.found;
    }
};

/* Rule 4.2 over one provider's claims. */
class NaiveRanges
{
  public:
    explicit NaiveRanges(Claims claims) : claims_(std::move(claims))
    {
        std::map<std::string, std::set<std::string>> prefixes;
        for (size_t i = 0; i < claims_.size(); i++) {
            char text[EG_PREFIX_TEXT_MAX];
            index_.add(claims_[i].prefix, i);
            prefixes[claims_[i].service].insert(eg_prefix_text(&claims_[i].prefix, text));
        }
        for (const auto &[service, on] : prefixes)
            sizes_[service] = on.size();
    }

    NaiveLabel find(const eg_address &address) const
    {
        NaiveLabel label;
        for (const auto *on_prefix : index_.around(address)) {
            label.found = true;
            const bool has_region = !label.region.empty();
            const bool has_service = !label.service.empty();
            for (const size_t i : *on_prefix) {
                const Claim &claim = claims_[i];
                if (!has_region && !claim.region.empty())
                    label.region = claim.region;
                if (!has_service && !claim.service.empty() && is_better(claim.service, label))
                    label.service = claim.service;
                label.cdn_origin |= claim.service == "AzureFrontDoor.Backend" ||
                                    claim.service == "CLOUDFRONT_ORIGIN_FACING";
            }
        }
        return label;
    }

    const Claims &claims() const
    {
        return claims_;
    }

  private:
    bool is_better(const std::string &service, const NaiveLabel &label) const
    {
        if (label.service.empty())
            return true;
        const size_t size = sizes_.at(service);
        const size_t other = sizes_.at(label.service);
        return size != other ? size < other : service < label.service;
    }

    Claims claims_;
    PrefixIndex index_;
    std::map<std::string, size_t> sizes_;
};

/* Half of them inside prefixes (their ends included), half anywhere; always the same ones. */
class RandomAddresses
{
  public:
    explicit RandomAddresses(const Claims &claims) : claims_(claims)
    {
    }

    eg_address next()
    {
        eg_address address = anywhere();
        if (random_() % 2 == 0)
            return address;
        const eg_prefix &inside = claims_[random_() % claims_.size()].prefix;
        const unsigned bits = eg_address_bits(&inside.address);
        const unsigned fill = static_cast<unsigned>(random_() % 4); /* 0: first, 1: last, random */
        address = inside.address;
        for (unsigned bit = inside.length; bit < bits; bit++) {
            if (fill == 1 || (fill > 1 && random_() % 2 == 0))
                address.bytes[bit / 8] |= static_cast<uint8_t>(0x80 >> bit % 8);
        }
        return address;
    }

  private:
    eg_address anywhere()
    {
        uint8_t bytes[16];
        for (uint8_t &byte : bytes)
            byte = static_cast<uint8_t>(random_());
        if (random_() % 2 == 0)
            return eg_address_v4(bytes);
        bytes[0] = 0x20 | (bytes[0] & 0x0f); /* where providers have theirs */
        return eg_address_v6(bytes);
    }

    const Claims &claims_;
    std::mt19937_64 random_{20260626};
};

} // namespace eg_test

#endif
