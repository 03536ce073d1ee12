#include <gtest/gtest.h>

#include <arpa/inet.h>

#include <random>

#include "eg_test.h"

using eg_test::address;
using eg_test::prefix;
using eg_test::text;

static bool parses(const std::string &text)
{
    eg_address parsed;
    return eg_address_parse(text.data(), text.size(), &parsed);
}

static std::string canonical(const std::string &spelling)
{
    return text(address(spelling));
}

TEST(Address, IPv4BytesAreInNetworkOrderAndTheRestIsZero)
{
    const eg_address parsed = address("10.1.2.255");
    EXPECT_EQ(parsed.family, EG_IPV4);
    const uint8_t expected[16] = {10, 1, 2, 255};
    EXPECT_TRUE(std::equal(expected, expected + 16, parsed.bytes));
    const eg_address same = eg_address_v4(expected);
    EXPECT_TRUE(eg_address_equal(&parsed, &same));
    EXPECT_EQ(text(parsed), "10.1.2.255");
}

TEST(Address, IPv4HasFourPlainNumbers)
{
    EXPECT_TRUE(parses("0.0.0.0"));
    EXPECT_TRUE(parses("255.255.255.255"));
    for (const char *wrong :
         {"", "1", "1.2.3", "1.2.3.", ".1.2.3", "1..2.3", "1.2.3.4.", "1.2.3.4.5", "256.0.0.1",
          "1.2.3.1000", "01.2.3.4", "1.2.3.00", "1.2.3.0x4", " 1.2.3.4", "1.2.3.4 ", "+1.2.3.4",
          "1.2.3.4/32", "1.2.3.a"})
        EXPECT_FALSE(parses(wrong)) << wrong;
}

// RFC 4291, 2.2
TEST(Address, IPv6IsReadInEverySpelling)
{
    const uint8_t bytes[16] = {0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4};
    const eg_address expected = eg_address_v6(bytes);
    for (const char *spelling :
         {"2001:db8::102:304", "2001:0DB8:0:0:0:0:0102:0304", "2001:db8::1.2.3.4",
          "2001:db8:0:0:0:0:1.2.3.4", "2001:db8:0::0:102:304", "2001:dB8::0:0:102:304"}) {
        const eg_address parsed = address(spelling);
        EXPECT_EQ(parsed.family, EG_IPV6);
        EXPECT_TRUE(eg_address_equal(&parsed, &expected)) << spelling;
    }
    EXPECT_TRUE(parses("::"));
    EXPECT_TRUE(parses("1::"));
    EXPECT_TRUE(parses("1:2:3:4:5:6:7::"));
    EXPECT_TRUE(parses("::2:3:4:5:6:7:8"));
}

TEST(Address, IPv6MustBeWholeAndUnambiguous)
{
    for (const char *wrong : {":",
                              ":::",
                              "1:::2",
                              "1::2::3",
                              ":1::2",
                              "1:2:3:4:5:6:7",
                              "1:2:3:4:5:6:7:8:9",
                              "1:2:3:4:5:6:7:8::",
                              "::1:2:3:4:5:6:7:8",
                              "1:2:3:4::5:6:7:8",
                              "1:",
                              "1:2:",
                              "12345::",
                              "g::",
                              "fe80::1%eth0",
                              "[::1]",
                              "::1 ",
                              "1.2.3.4::",
                              "::1.2.3",
                              "::1.2.3.4:5",
                              "1:2:3:4:5:6:7:1.2.3.4",
                              "::ffff:1.2.3.04",
                              "::/0"})
        EXPECT_FALSE(parses(wrong)) << wrong;
}

TEST(Address, AFailureWritesNothing)
{
    eg_address untouched = address("10.0.0.1");
    EXPECT_FALSE(eg_address_parse("1::2::3", 7, &untouched));
    EXPECT_EQ(text(untouched), "10.0.0.1");
}

// RFC 5952, 4 and 5
TEST(Address, IPv6HasOneCanonicalText)
{
    EXPECT_EQ(canonical("0:0:0:0:0:0:0:0"), "::");
    EXPECT_EQ(canonical("0:0:0:0:0:0:0:1"), "::1");
    EXPECT_EQ(canonical("1:0:0:0:0:0:0:0"), "1::");
    EXPECT_EQ(canonical("2001:0db8::0001"), "2001:db8::1");              // 4.1
    EXPECT_EQ(canonical("2001:db8:0:0:0:0:2:1"), "2001:db8::2:1");       // 4.2.1
    EXPECT_EQ(canonical("2001:db8::1:1:1:1:1"), "2001:db8:0:1:1:1:1:1"); // 4.2.2
    EXPECT_EQ(canonical("2001:0:0:1:0:0:0:1"), "2001:0:0:1::1");         // 4.2.3, the longest
    EXPECT_EQ(canonical("2001:db8:0:0:1:0:0:1"), "2001:db8::1:0:0:1");   // 4.2.3, the first
    EXPECT_EQ(canonical("2001:DB8::ABCD"), "2001:db8::abcd");            // 4.3
    EXPECT_EQ(canonical("::ffff:c000:0201"), "::ffff:192.0.2.1");        // 5
    EXPECT_EQ(canonical("1:2:3:4:5:6:0:0"), "1:2:3:4:5:6::");
    EXPECT_EQ(canonical("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
              "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
}

// The C library is a second opinion; only IPv4-compatible addresses, which RFC 5952 does not ask to
// show in the mixed form, it shows differently.
TEST(Address, TextsAgreeWithTheCLibrary)
{
    std::mt19937_64 random(5952);
    for (int i = 0; i < 20000; i++) {
        uint8_t bytes[16];
        for (unsigned group = 0; group < 8; group++) {
            const auto value = random() % 3 == 0 ? random() & 0xffff : 0;
            bytes[2 * group] = static_cast<uint8_t>(value >> 8);
            bytes[2 * group + 1] = static_cast<uint8_t>(value);
        }
        bytes[0] |= 0x20;
        char expected[INET6_ADDRSTRLEN];
        ASSERT_NE(inet_ntop(AF_INET6, bytes, expected, sizeof expected), nullptr);
        const eg_address made = eg_address_v6(bytes);
        EXPECT_EQ(text(made), expected);
        const eg_address read = address(expected);
        EXPECT_TRUE(eg_address_equal(&read, &made)) << expected;
    }
}

TEST(Address, NoAddressHasNoText)
{
    EXPECT_EQ(text(eg_address{}), "");
}

TEST(Address, TheOrderIsFamilyThenBytes)
{
    const eg_address sorted[] = {eg_address{},        address("9.255.255.255"),
                                 address("10.0.0.0"), address("10.0.0.1"),
                                 address("::"),       address("::1")};
    for (size_t i = 0; i < std::size(sorted); i++)
        for (size_t k = 0; k < std::size(sorted); k++) {
            const int order = eg_address_compare(&sorted[i], &sorted[k]);
            EXPECT_EQ(order < 0, i < k) << i << " " << k;
            EXPECT_EQ(order == 0, i == k) << i << " " << k;
            EXPECT_EQ(eg_address_equal(&sorted[i], &sorted[k]), i == k);
        }
}

static bool is_prefix(const std::string &text)
{
    eg_prefix parsed;
    return eg_prefix_parse(text.data(), text.size(), &parsed);
}

static std::string text(const eg_prefix &p)
{
    char buffer[EG_PREFIX_TEXT_MAX];
    return eg_prefix_text(&p, buffer);
}

TEST(Prefix, KeepsItsText)
{
    for (const char *spelling : {"10.0.0.0/8", "0.0.0.0/0", "10.0.0.4/32", "::/0", "2001:db8::/33",
                                 "2001:db8:8000::/33", "::1/128"})
        EXPECT_EQ(text(prefix(spelling)), spelling);
}

TEST(Prefix, ABareAddressIsAHost)
{
    EXPECT_EQ(text(prefix("10.0.0.4")), "10.0.0.4/32");
    EXPECT_EQ(text(prefix("2001:db8::1")), "2001:db8::1/128");
}

TEST(Prefix, HostBitsAndWrongLengthsAreRefused)
{
    for (const char *wrong :
         {"10.0.0.1/8", "10.0.0.1/31", "10.128.0.0/8", "2001:db8::1/127", "2001:db8:8000::/32",
          "10.0.0.0/33", "::/129", "10.0.0.0/", "10.0.0.0/08", "10.0.0.0/-1", "10.0.0.0/8/8",
          "10.0.0.0/8 ", "/8", "10.0.0/8", ""})
        EXPECT_FALSE(is_prefix(wrong)) << wrong;
}

TEST(Prefix, ContainsWhatSharesItsBits)
{
    const struct {
        const char *prefix, *address;
        bool inside;
    } cases[] = {
        {"10.0.0.0/8", "10.255.255.255", true},
        {"10.0.0.0/8", "11.0.0.0", false},
        {"172.16.0.0/12", "172.31.255.255", true},
        {"172.16.0.0/12", "172.32.0.0", false},
        {"0.0.0.0/0", "255.255.255.255", true},
        {"0.0.0.0/0", "::", false},
        {"::/0", "10.0.0.1", false},
        {"::/0", "ffff::", true},
        {"10.0.0.4/32", "10.0.0.4", true},
        {"10.0.0.4/32", "10.0.0.5", false},
        {"2001:db8::/33", "2001:db8:7fff::", true},
        {"2001:db8::/33", "2001:db8:8000::", false},
        {"::1/128", "::1", true},
        {"::1/128", "::2", false},
    };
    for (const auto &c : cases) {
        const eg_prefix range = prefix(c.prefix);
        const eg_address member = address(c.address);
        EXPECT_EQ(eg_prefix_contains(&range, &member), c.inside) << c.prefix << " " << c.address;
    }
}
