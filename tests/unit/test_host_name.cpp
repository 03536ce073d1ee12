#include "names/host_name.h"

#include <gtest/gtest.h>

#include <string>

static std::string read(const std::string &bytes)
{
    char name[EG_HOST_NAME_MAX] = "untouched";
    return eg_host_name_read(bytes.data(), bytes.size(), name) ? name : "(none)";
}

TEST(HostName, IsLowerCaseWithoutTheDotOfTheRoot)
{
    EXPECT_EQ(read("WWW.Example.COM."), "www.example.com");
    EXPECT_EQ(read("server1"), "server1");
    EXPECT_EQ(read("_dmarc.xn--bcher-kva.example"), "_dmarc.xn--bcher-kva.example");
}

TEST(HostName, AnAddressIsNone)
{
    EXPECT_EQ(read("192.0.2.7"), "(none)");
    EXPECT_EQ(read("1"), "(none)");
    EXPECT_EQ(read("2001:db8::1"), "(none)");
}

/* RFC 1035, 2.3.4: 63 bytes a label; 255 on the wire are 253 as text. */
TEST(HostName, TheLongestThereCanBeIsTaken)
{
    const std::string label(63, 'a');
    const std::string longest = label + "." + label + "." + label + "." + std::string(61, 'a');
    ASSERT_EQ(longest.size(), 253U);
    EXPECT_EQ(read(longest), longest);
    EXPECT_EQ(read(longest + "."), longest);
    EXPECT_EQ(read(longest + "a"), "(none)");
    EXPECT_EQ(read(label + "a.example"), "(none)");
}

TEST(HostName, WhatIsMoreThanTextSomewhereIsNone)
{
    for (const std::string bytes : {"",
                                    ".",
                                    "a..b",
                                    ".a",
                                    "a b",
                                    "<script>alert(1)</script>.com",
                                    "\033[31mred.example",
                                    "=cmd|' /C calc'!a0",
                                    "-rf.example",
                                    "a.-b",
                                    "na\xc3\xafve.example",
                                    "a\nb",
                                    "*.example",
                                    "a\"b.com",
                                    "a'b.com",
                                    "a&b.com",
                                    "a\\b.com",
                                    "a/b.com",
                                    "a:80",
                                    "a,b",
                                    "\xff.com"})
        EXPECT_EQ(read(bytes), "(none)") << bytes;
    EXPECT_EQ(read(std::string("a\0b.com", 7)), "(none)");
}
