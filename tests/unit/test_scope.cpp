#include <gtest/gtest.h>

#include "eg_test.h"
#include "traffic/scope.h"

namespace
{

eg_scope scope(const std::string &text)
{
    const eg_address address = eg_test::address(text);
    return eg_scope_of(&address);
}

struct Block {
    const char *before, *first, *last, *after; /* "": there is no address there */
    eg_scope inside, outside;
};

void expect_block(const Block &block)
{
    for (const char *outside : {block.before, block.after})
        if (*outside) {
            EXPECT_EQ(scope(outside), block.outside) << outside;
        }
    EXPECT_EQ(scope(block.first), block.inside) << block.first;
    EXPECT_EQ(scope(block.last), block.inside) << block.last;
}

} // namespace

/* https://www.iana.org/assignments/iana-ipv4-special-registry, "Globally Reachable: False". */
TEST(Scope, Ipv4BlocksThatAreNotGloballyReachableArePrivateToTheirEdges)
{
    const Block blocks[] = {
        {"9.255.255.255", "10.0.0.0", "10.255.255.255", "11.0.0.0", EG_SCOPE_PRIVATE,
         EG_SCOPE_PUBLIC},
        {"100.63.255.255", "100.64.0.0", "100.127.255.255", "100.128.0.0", EG_SCOPE_PRIVATE,
         EG_SCOPE_PUBLIC},
        {"172.15.255.255", "172.16.0.0", "172.31.255.255", "172.32.0.0", EG_SCOPE_PRIVATE,
         EG_SCOPE_PUBLIC},
        {"191.255.255.255", "192.0.0.0", "192.0.0.8", "192.0.0.9", EG_SCOPE_PRIVATE,
         EG_SCOPE_PUBLIC},
        {"192.0.0.10", "192.0.0.11", "192.0.0.255", "192.0.1.0", EG_SCOPE_PRIVATE, EG_SCOPE_PUBLIC},
        {"192.0.1.255", "192.0.2.0", "192.0.2.255", "192.0.3.0", EG_SCOPE_PRIVATE, EG_SCOPE_PUBLIC},
        {"192.167.255.255", "192.168.0.0", "192.168.255.255", "192.169.0.0", EG_SCOPE_PRIVATE,
         EG_SCOPE_PUBLIC},
        {"198.17.255.255", "198.18.0.0", "198.19.255.255", "198.20.0.0", EG_SCOPE_PRIVATE,
         EG_SCOPE_PUBLIC},
        {"198.51.99.255", "198.51.100.0", "198.51.100.255", "198.51.101.0", EG_SCOPE_PRIVATE,
         EG_SCOPE_PUBLIC},
        {"203.0.112.255", "203.0.113.0", "203.0.113.255", "203.0.114.0", EG_SCOPE_PRIVATE,
         EG_SCOPE_PUBLIC},
        {"", "240.0.0.0", "255.255.255.254", "", EG_SCOPE_PRIVATE, EG_SCOPE_PUBLIC},
    };
    for (const Block &block : blocks)
        expect_block(block);
}

/* The same registry, "Globally Reachable: True"; 192.88.99.0/24 is N/A and counts as the net. */
TEST(Scope, Ipv4SpecialBlocksThatAreGloballyReachableArePublic)
{
    for (const char *text :
         {"192.0.0.9", "192.0.0.10", "192.31.196.1", "192.52.193.1", "192.88.99.1", "192.175.48.1",
          "8.8.8.8", "1.0.0.0", "223.255.255.255"})
        EXPECT_EQ(scope(text), EG_SCOPE_PUBLIC) << text;
    EXPECT_EQ(scope("192.88.99.2"), EG_SCOPE_PRIVATE); /* RFC 6751, 6a44 relay */
}

TEST(Scope, AddressesThatNeverLeaveAreToldApart)
{
    const Block blocks[] = {
        {"", "0.0.0.0", "0.255.255.255", "1.0.0.0", EG_SCOPE_UNSPECIFIED, EG_SCOPE_PUBLIC},
        {"126.255.255.255", "127.0.0.0", "127.255.255.255", "128.0.0.0", EG_SCOPE_LOOPBACK,
         EG_SCOPE_PUBLIC},
        {"169.253.255.255", "169.254.0.0", "169.254.255.255", "169.255.0.0", EG_SCOPE_LINK_LOCAL,
         EG_SCOPE_PUBLIC},
        {"223.255.255.255", "224.0.0.0", "239.255.255.255", "", EG_SCOPE_MULTICAST,
         EG_SCOPE_PUBLIC},
        {"", "255.255.255.255", "255.255.255.255", "", EG_SCOPE_BROADCAST, EG_SCOPE_PRIVATE},
        {"", "::", "::", "", EG_SCOPE_UNSPECIFIED, EG_SCOPE_PRIVATE},
        {"", "::1", "::1", "::2", EG_SCOPE_LOOPBACK, EG_SCOPE_PRIVATE},
        {"fe7f:ffff::", "fe80::", "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
         "fec0::", EG_SCOPE_LINK_LOCAL, EG_SCOPE_PRIVATE},
        {"feff::1", "ff00::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "", EG_SCOPE_MULTICAST,
         EG_SCOPE_PRIVATE},
    };
    for (const Block &block : blocks) {
        expect_block(block);
        EXPECT_TRUE(eg_scope_stays_local(block.inside));
        EXPECT_FALSE(eg_scope_is_public(block.inside));
    }
    for (const eg_scope leaves : {EG_SCOPE_PUBLIC, EG_SCOPE_PRIVATE, EG_SCOPE_PLATFORM})
        EXPECT_FALSE(eg_scope_stays_local(leaves));
}

/* https://www.iana.org/assignments/iana-ipv6-special-registry and rule 3.1. */
TEST(Scope, Ipv6IsPrivateOutsideTheGlobalUnicastBlock)
{
    const Block global = {"1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
                          "2000::",
                          "3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
                          "",
                          EG_SCOPE_PUBLIC,
                          EG_SCOPE_PRIVATE};
    expect_block(global);
    for (const char *text : {"4000::", "fc00::1", "fdff::1", "64:ff9b::808:808", "64:ff9b:1::1",
                             "100::1", "::ffff:808:808", "5f00::1"})
        EXPECT_EQ(scope(text), EG_SCOPE_PRIVATE) << text;
}

TEST(Scope, Ipv6SpecialBlocksInsideGlobalUnicastFollowTheRegistry)
{
    const Block blocks[] = {
        /* IETF protocol assignments, 2001::/23, behind Teredo (N/A: routed) */
        {"2001:0:ffff:ffff:ffff:ffff:ffff:ffff", "2001:1::", "2001:1::", "2001:1::1",
         EG_SCOPE_PRIVATE, EG_SCOPE_PUBLIC},
        {"2001:1::3", "2001:1::4", "2001:2:ffff:ffff:ffff:ffff:ffff:ffff",
         "2001:3::", EG_SCOPE_PRIVATE, EG_SCOPE_PUBLIC},
        {"2001:3:ffff:ffff:ffff:ffff:ffff:ffff", "2001:4::", "2001:4:111:ffff:ffff:ffff:ffff:ffff",
         "2001:4:112::", EG_SCOPE_PRIVATE, EG_SCOPE_PUBLIC},
        {"2001:4:112:ffff:ffff:ffff:ffff:ffff", "2001:4:113::",
         "2001:1f:ffff:ffff:ffff:ffff:ffff:ffff", "2001:20::", EG_SCOPE_PRIVATE, EG_SCOPE_PUBLIC},
        {"2001:3f:ffff:ffff:ffff:ffff:ffff:ffff", "2001:40::",
         "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff", "2001:200::", EG_SCOPE_PRIVATE, EG_SCOPE_PUBLIC},
        {"2001:db7:ffff:ffff:ffff:ffff:ffff:ffff", "2001:db8::",
         "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "2001:db9::", EG_SCOPE_PRIVATE, EG_SCOPE_PUBLIC},
        {"3ffe:ffff::", "3fff::", "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff",
         "3fff:1000::", EG_SCOPE_PRIVATE, EG_SCOPE_PUBLIC},
    };
    for (const Block &block : blocks)
        expect_block(block);
    for (const char *text : {"2002:808:808::1", "2620:4f:8000::1", "2600::1", "2603:1030::1"})
        EXPECT_EQ(scope(text), EG_SCOPE_PUBLIC) << text;
}

TEST(Scope, PlatformAddressesAreNeitherPublicNorLinkLocal)
{
    for (const char *text :
         {"168.63.129.16", "169.254.169.254", "169.254.169.253", "169.254.169.123", "169.254.170.2",
          "169.254.170.23", "169.254.0.2", "169.254.0.3", "169.254.2.7", "fd00:ec2::254",
          "fd00:ec2::253", "fd00:ec2::123", "fd00:ec2::23", "fd20:ce::254"})
        EXPECT_EQ(scope(text), EG_SCOPE_PLATFORM) << text;
    EXPECT_FALSE(eg_scope_is_public(EG_SCOPE_PLATFORM));
    EXPECT_EQ(scope("168.63.129.15"), EG_SCOPE_PUBLIC);
    EXPECT_EQ(scope("168.63.129.17"), EG_SCOPE_PUBLIC);
    EXPECT_EQ(scope("169.254.169.252"), EG_SCOPE_LINK_LOCAL);
    EXPECT_EQ(scope("fd00:ec2::255"), EG_SCOPE_PRIVATE);
}
