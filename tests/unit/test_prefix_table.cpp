#include "classify/prefix_table.h"

#include <gtest/gtest.h>

#include <initializer_list>

#include "naive_ranges.h"

using namespace eg_test;

namespace
{

class Table
{
  public:
    explicit Table(const std::vector<eg_prefix_entry> &entries)
    {
        EXPECT_EQ(eg_prefix_table_build(entries.data(), entries.size(), &table_), EG_OK);
    }
    Table(std::initializer_list<std::string> prefixes) : Table(entries_of(prefixes))
    {
    }
    Table(const Table &) = delete;
    Table &operator=(const Table &) = delete;
    ~Table()
    {
        eg_prefix_table_clear(&table_);
    }

    /* "value/length", or "-". */
    std::string find(const std::string &text) const
    {
        const eg_address wanted = address(text);
        uint8_t length = 255;
        const uint32_t value = eg_prefix_table_find(&table_, &wanted, &length);
        if (value == EG_PREFIX_NONE)
            return "-";
        return std::to_string(value) + "/" + std::to_string(length);
    }

    const eg_prefix_table &get() const
    {
        return table_;
    }

  private:
    static std::vector<eg_prefix_entry> entries_of(std::initializer_list<std::string> prefixes)
    {
        std::vector<eg_prefix_entry> entries;
        for (const std::string &text : prefixes)
            entries.push_back({prefix(text), static_cast<uint32_t>(entries.size())});
        return entries;
    }

    eg_prefix_table table_{};
};

TEST(PrefixTable, EmptyTableKnowsNothing)
{
    const Table table{std::vector<eg_prefix_entry>{}};
    EXPECT_EQ(table.find("10.0.0.1"), "-");
    EXPECT_EQ(table.find("2001:db8::1"), "-");
}

TEST(PrefixTable, LongestPrefixWinsAndTheOneAroundGoesOnBehindIt)
{
    const Table table{"10.0.0.0/8", "10.1.0.0/16", "10.1.2.0/24"};
    EXPECT_EQ(table.find("9.255.255.255"), "-");
    EXPECT_EQ(table.find("10.0.0.0"), "0/8");
    EXPECT_EQ(table.find("10.1.1.255"), "1/16");
    EXPECT_EQ(table.find("10.1.2.0"), "2/24");
    EXPECT_EQ(table.find("10.1.2.255"), "2/24");
    EXPECT_EQ(table.find("10.1.3.0"), "1/16");
    EXPECT_EQ(table.find("10.2.0.0"), "0/8");
    EXPECT_EQ(table.find("10.255.255.255"), "0/8");
    EXPECT_EQ(table.find("11.0.0.0"), "-");
}

TEST(PrefixTable, PrefixesThatEndTogetherEndTogether)
{
    const Table table{"10.0.0.0/8", "10.255.0.0/16", "10.255.255.255/32"};
    EXPECT_EQ(table.find("10.255.255.254"), "1/16");
    EXPECT_EQ(table.find("10.255.255.255"), "2/32");
    EXPECT_EQ(table.find("11.0.0.0"), "-");
}

TEST(PrefixTable, EndsOfTheAddressSpaceAreInside)
{
    const Table table{"0.0.0.0/0", "255.255.255.255/32", "::/0", "ffff::/16",
                      "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128"};
    EXPECT_EQ(table.find("0.0.0.0"), "0/0");
    EXPECT_EQ(table.find("255.255.255.254"), "0/0");
    EXPECT_EQ(table.find("255.255.255.255"), "1/32");
    EXPECT_EQ(table.find("::"), "2/0");
    EXPECT_EQ(table.find("ffff::"), "3/16");
    EXPECT_EQ(table.find("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"), "4/128");
}

TEST(PrefixTable, FamiliesAreApart)
{
    const Table table{"0.0.0.0/0"};
    EXPECT_EQ(table.find("8.8.8.8"), "0/0");
    EXPECT_EQ(table.find("::8.8.8.8"), "-");
}

TEST(PrefixTable, OfEqualPrefixesTheLastWins)
{
    const Table table{"10.0.0.0/8", "10.0.0.0/24", "10.0.0.0/8", "10.0.0.0/24"};
    EXPECT_EQ(table.find("10.0.0.1"), "3/24");
    EXPECT_EQ(table.find("10.0.1.1"), "2/8");
}

/* 64 bits are not enough for a v6 range: these differ in the low half only. */
TEST(PrefixTable, LowHalfOfV6AddressesCounts)
{
    const Table table{"2001:db8::/120", "2001:db8::100/120"};
    EXPECT_EQ(table.find("2001:db8::ff"), "0/120");
    EXPECT_EQ(table.find("2001:db8::100"), "1/120");
    EXPECT_EQ(table.find("2001:db8::200"), "-");
}

class RealPrefixes : public testing::TestWithParam<const char *>
{
};

Claims claims_of(const std::string &path)
{
    const Json json(path);
    if (path.find("ServiceTags") != std::string::npos)
        return azure_claims(json.root(), nullptr);
    if (path.find("aws") != std::string::npos)
        return aws_claims(json.root());
    return path.find("gcp") != std::string::npos ? gcp_claims(json.root())
                                                 : oci_claims(json.root());
}

TEST_P(RealPrefixes, AreFoundAsASlowIndexFindsThem)
{
    if (eg_test_samples().empty())
        GTEST_SKIP() << "EGSHARK_SAMPLES is not set";
    const Claims claims = claims_of(eg_test_samples() + "/ranges/" + GetParam());
    std::vector<eg_prefix_entry> entries;
    PrefixIndex index;
    for (const Claim &claim : claims) {
        index.add(claim.prefix, entries.size());
        entries.push_back({claim.prefix, static_cast<uint32_t>(entries.size())});
    }
    const Table table(entries);
    RandomAddresses addresses(claims);
    size_t found = 0;
    for (int i = 0; i < 250000; i++) {
        const eg_address wanted = addresses.next();
        uint8_t length = 0;
        const uint32_t value = eg_prefix_table_find(&table.get(), &wanted, &length);
        const auto around = index.around(wanted);
        const size_t expected = around.empty() ? EG_PREFIX_NONE : around[0]->back();
        ASSERT_EQ(value, expected) << text(wanted);
        if (value != EG_PREFIX_NONE) {
            found++;
            ASSERT_EQ(length, entries[value].prefix.length) << text(wanted);
        }
    }
    EXPECT_GE(found, 120000u); /* half were drawn inside */
}

INSTANTIATE_TEST_SUITE_P(Providers, RealPrefixes,
                         testing::Values("ServiceTags_Public_20260626.json", "aws-ip-ranges.json",
                                         "gcp-cloud.json", "oci-public_ip_ranges.json"));

} // namespace
