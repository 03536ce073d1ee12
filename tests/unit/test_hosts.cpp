#include "names/hosts.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <tuple>
#include <vector>

#include "eg_test.h"

using Hosts = eg_test::Handle<eg_hosts, eg_hosts_free>;
using Sighting = std::tuple<std::string, eg_name_source, std::string>;

static const eg_hash_key key = {1, 2};

static Hosts make(const eg_hosts_limits *limits = nullptr)
{
    Hosts hosts;
    EXPECT_EQ(eg_hosts_new(&key, limits, eg_test::out(hosts)), EG_OK);
    return hosts;
}

static eg_address address_of(const std::string &text)
{
    eg_address address;
    EXPECT_TRUE(eg_address_parse(text.data(), text.size(), &address)) << text;
    return address;
}

static void add(const Hosts &hosts, const Sighting &sighting)
{
    const auto &[address, source, name] = sighting;
    const eg_address where = address_of(address);
    ASSERT_EQ(eg_hosts_add(hosts.get(), &where, source, name.data(), name.size()), EG_OK);
}

/* "tls a.example 2, dns b.example 1": all that is held of an address, in the order of the list. */
static std::string names_of(const Hosts &hosts, const std::string &address)
{
    const eg_address where = address_of(address);
    const eg_host *host = eg_hosts_find(hosts.get(), &where);
    std::string text;
    for (const eg_name *name = host ? host->first : nullptr; name; name = name->next)
        text += std::string(text.empty() ? "" : ", ") +
                eg_name_source_name((eg_name_source)name->source) + " " + name->text + " " +
                std::to_string(name->seen);
    return text + (host && host->cut ? " cut" : "");
}

static const char *first_of(const Hosts &hosts, const std::string &address)
{
    const eg_address where = address_of(address);
    const eg_host *host = eg_hosts_find(hosts.get(), &where);
    const eg_name *best = host->first;
    for (const eg_name *name = host->first; name; name = name->next)
        if (eg_name_compare(name, best) < 0)
            best = name;
    return best->text;
}

TEST(Hosts, CountEachNameOfEachSource)
{
    const Hosts hosts = make();
    add(hosts, {"192.0.2.1", EG_NAME_DNS, "A.example."});
    add(hosts, {"192.0.2.1", EG_NAME_TLS, "a.example"});
    add(hosts, {"192.0.2.1", EG_NAME_DNS, "a.example"});
    add(hosts, {"2001:db8::1", EG_NAME_HTTP, "b.example"});
    EXPECT_EQ(names_of(hosts, "192.0.2.1"), "tls a.example 1, dns a.example 2");
    EXPECT_EQ(names_of(hosts, "2001:db8::1"), "http b.example 1");
    EXPECT_EQ(names_of(hosts, "192.0.2.2"), "");
}

TEST(Hosts, WhatAConnectionAskedForIsShownFirstThenTheMostSeen)
{
    const Hosts hosts = make();
    for (int i = 0; i < 9; i++)
        add(hosts, {"192.0.2.1", EG_NAME_CNAME, "edge.cdn.example"});
    for (int i = 0; i < 5; i++)
        add(hosts, {"192.0.2.1", EG_NAME_DNS, "c.example"});
    EXPECT_STREQ(first_of(hosts, "192.0.2.1"), "c.example");
    add(hosts, {"192.0.2.1", EG_NAME_TLS, "d.example"});
    EXPECT_STREQ(first_of(hosts, "192.0.2.1"), "d.example");
    add(hosts, {"192.0.2.1", EG_NAME_HTTP, "b.example"}); /* as often: the first by its bytes */
    EXPECT_STREQ(first_of(hosts, "192.0.2.1"), "b.example");
    add(hosts, {"192.0.2.1", EG_NAME_TLS, "d.example"});
    EXPECT_STREQ(first_of(hosts, "192.0.2.1"), "d.example");
}

TEST(Hosts, OfManyNamesOfASourceTheFirstByTheirBytesAreKept)
{
    const Hosts hosts = make();
    std::string expected;
    for (int i = EG_NAMES_OF_SOURCE_MAX; i >= 0; i--) /* one too many, "a16" */
        add(hosts, {"192.0.2.1", EG_NAME_DNS, "a" + std::to_string(10 + i) + ".example"});
    for (int i = 0; i < EG_NAMES_OF_SOURCE_MAX; i++)
        expected += (i ? ", dns a" : "dns a") + std::to_string(10 + i) + ".example 1";
    EXPECT_EQ(names_of(hosts, "192.0.2.1"), expected + " cut");
}

TEST(Hosts, WhatIsNoHostNameIsCountedAndLeftOut)
{
    const Hosts hosts = make();
    add(hosts, {"192.0.2.1", EG_NAME_DNS, "<b>"});
    add(hosts, {"192.0.2.1", EG_NAME_TLS, "\033]0;title\a"});
    EXPECT_EQ(names_of(hosts, "192.0.2.1"), "");
    EXPECT_EQ(eg_hosts_count_left_out(hosts.get()).no_host_name, 2U);
}

TEST(Hosts, AFullTableKeepsWhatItHasAndCountsTheRest)
{
    const eg_hosts_limits limits = {2, 0};
    const Hosts hosts = make(&limits);
    add(hosts, {"192.0.2.1", EG_NAME_DNS, "a.example"});
    add(hosts, {"192.0.2.2", EG_NAME_DNS, "b.example"});
    add(hosts, {"192.0.2.3", EG_NAME_DNS, "c.example"});
    add(hosts, {"192.0.2.3", EG_NAME_DNS, "c.example"});
    add(hosts, {"192.0.2.2", EG_NAME_DNS, "d.example"}); /* another name of a known address */
    EXPECT_EQ(names_of(hosts, "192.0.2.3"), "");
    EXPECT_EQ(names_of(hosts, "192.0.2.2"), "dns b.example 1, dns d.example 1");
    EXPECT_EQ(eg_hosts_count_left_out(hosts.get()).no_room, 2U);

    const eg_hosts_limits bytes = {0, 100};
    const Hosts small = make(&bytes);
    for (int i = 0; i < 10; i++)
        add(small, {"192.0.2.1", EG_NAME_DNS, std::string(30, 'a') + std::to_string(i) + "a"});
    EXPECT_GE(eg_hosts_count_left_out(small.get()).no_room, 8U);
}

/* Rule 7.1: neither the order of packets nor how they were dealt out over sessions shows. */
TEST(Hosts, AreASumWhateverTheOrder)
{
    std::vector<Sighting> all;
    std::mt19937 random(7);
    for (int i = 0; i < 3000; i++)
        all.emplace_back("192.0.2." + std::to_string(random() % 5),
                         (eg_name_source)(random() % EG_NAME_SOURCES),
                         "h" + std::to_string(random() % 40) + ".example");
    const Hosts whole = make();
    for (const Sighting &sighting : all)
        add(whole, sighting);
    for (int round = 0; round < 5; round++) {
        std::shuffle(all.begin(), all.end(), random);
        const Hosts parts[] = {make(), make(), make()};
        for (size_t i = 0; i < all.size(); i++)
            add(parts[i % 3], all[i]);
        ASSERT_EQ(eg_hosts_merge(parts[1].get(), parts[2].get()), EG_OK);
        ASSERT_EQ(eg_hosts_merge(parts[0].get(), parts[1].get()), EG_OK);
        for (int i = 0; i < 5; i++) {
            const std::string address = "192.0.2." + std::to_string(i);
            EXPECT_EQ(names_of(parts[0], address), names_of(whole, address));
            EXPECT_NE(names_of(whole, address).find("cut"), std::string::npos);
        }
    }
}

TEST(Hosts, HoldManyAddresses)
{
    const Hosts hosts = make();
    for (int i = 0; i < 70000; i++)
        add(hosts, {"10.0." + std::to_string(i / 256 % 256) + "." + std::to_string(i % 256),
                    EG_NAME_DNS, "h" + std::to_string(i) + ".example"});
    EXPECT_EQ(names_of(hosts, "10.0.200.7"), "dns h51207.example 1");
    EXPECT_EQ(eg_hosts_count_left_out(hosts.get()).no_room, 0U);
}
