#include "names/places.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "eg_test.h"
#include "mmdb.h"

using Places = eg_test::Handle<eg_places, eg_places_free>;

static Places make()
{
    Places places;
    EXPECT_EQ(eg_places_new(eg_test::out(places)), EG_OK);
    return places;
}

static std::string write(const std::string &name, const std::string &bytes)
{
    const std::string path = testing::TempDir() + name;
    std::ofstream(path, std::ios::binary) << bytes;
    return path;
}

/* "CLOUDFLARENET AS13335 US" */
static std::string find(const Places &places, const std::string &text)
{
    eg_address address;
    EXPECT_TRUE(eg_address_parse(text.data(), text.size(), &address));
    const eg_place place = eg_places_find(places.get(), &address);
    return std::string(place.org) + " AS" + std::to_string(place.asn) + " " + place.country;
}

TEST(Places, WithoutADatabaseNothingIsKnown)
{
    const Places places = make();
    char text[64];
    EXPECT_FALSE(eg_places_any(places.get()));
    EXPECT_EQ(find(places, "8.8.8.8"), " AS0 ");
    EXPECT_STREQ(eg_places_text(places.get(), text, sizeof text), "");
}

TEST(Places, OfMaxMindsFormatByTheMembersOfItsPublishers)
{
    const Places places = make();
    eg_error error;
    char text[64];
    eg_test::Mmdb asn("Test-ASN", 1767225600); /* 2026-01-01 */
    asn.add("192.0.2.0/25", {{"autonomous_system_organization", "Example One"}},
            {{"autonomous_system_number", 64500}});
    asn.add("192.0.2.128/25",
            {{"asn", "AS64501"}, {"as_name", "Example Two"}, {"country_code", "DE"}}, {});
    const std::string path = write("asn.mmdb", asn.bytes());
    ASSERT_EQ(eg_places_add(places.get(), path.c_str(), &error), EG_OK) << error.message;
    EXPECT_TRUE(eg_places_any(places.get()));
    EXPECT_EQ(find(places, "192.0.2.1"), "Example One AS64500 ");
    EXPECT_EQ(find(places, "192.0.2.200"), "Example Two AS64501 DE");
    EXPECT_EQ(find(places, "192.0.2.200"), "Example Two AS64501 DE"); /* out of the cache */
    EXPECT_EQ(find(places, "198.51.100.1"), " AS0 ");
    EXPECT_STREQ(eg_places_text(places.get(), text, sizeof text), "Test-ASN 2026-01-01");
}

TEST(Places, OfSeveralDatabasesTheFirstThatKnowsSaysIt)
{
    const Places places = make();
    eg_error error;
    eg_test::Mmdb one("One", 1), two("Two", 1);
    one.add("192.0.2.0/24", {{"as_name", "First"}}, {});
    two.add("192.0.2.0/24", {{"as_name", "Second"}, {"country", "FR"}}, {{"asn", 64502}});
    ASSERT_EQ(eg_places_add(places.get(), write("one.mmdb", one.bytes()).c_str(), &error), EG_OK);
    ASSERT_EQ(eg_places_add(places.get(), write("two.mmdb", two.bytes()).c_str(), &error), EG_OK);
    EXPECT_EQ(find(places, "192.0.2.9"), "First AS64502 FR");
}

TEST(Places, ATextTooLongIsCutBetweenCharacters)
{
    const Places places = make();
    eg_error error;
    eg_test::Mmdb mmdb("One", 1);
    std::string name;
    for (int i = 0; i < 64; i++)
        name += "\xc3\xa9"; /* 128 bytes; 127 have room */
    mmdb.add("192.0.2.0/24", {{"as_name", name}}, {});
    ASSERT_EQ(eg_places_add(places.get(), write("long.mmdb", mmdb.bytes()).c_str(), &error), EG_OK);
    EXPECT_EQ(find(places, "192.0.2.9"), name.substr(0, 126) + " AS0 ");
}

TEST(Places, WhatIsNoDatabaseIsRefusedByName)
{
    const Places places = make();
    eg_error error;
    const std::string text = write("text.mmdb", "prefix,asn\n");
    EXPECT_EQ(eg_places_add(places.get(), text.c_str(), &error), EG_ERR_SYNTAX);
    EXPECT_EQ(error.file, text);
    EXPECT_STREQ(error.message, "is no database of libloc or of MaxMind's format");
    EXPECT_EQ(eg_places_add(places.get(), "/nonexistent.mmdb", &error), EG_ERR_IO);
    const std::string loc = write("broken.db", "LOCDBXX\1 and nothing else");
    EXPECT_EQ(eg_places_add(places.get(), loc.c_str(), &error), EG_ERR_SYNTAX);
    EXPECT_FALSE(eg_places_any(places.get()));
}

TEST(Places, ADatabaseOfLiblocThatIsCutIsRefused)
{
    const Places places = make();
    eg_error error;
    std::ifstream whole("/usr/share/libloc-location/location.db", std::ios::binary);
    if (!whole)
        GTEST_SKIP() << "libloc-database is not installed";
    std::string bytes(1 << 20, '\0');
    whole.read(bytes.data(), (std::streamsize)bytes.size());
    EXPECT_EQ(eg_places_add(places.get(), write("cut.db", bytes).c_str(), &error), EG_ERR_SYNTAX);
    EXPECT_STREQ(error.message, "is a database of libloc that it cannot read");
}

/* What libloc-database 0~20221029-1 says, by the `location` program of the same project. */
TEST(Places, OfTheSystemsDatabase)
{
    const Places places = make();
    if (!eg_places_add_system(places.get()))
        GTEST_SKIP() << "libloc-database is not installed";
    EXPECT_EQ(find(places, "8.8.8.8"), "GOOGLE AS15169 US");
    EXPECT_EQ(find(places, "2606:4700::1111"), "CLOUDFLARENET AS13335 US");
    EXPECT_EQ(find(places, "10.0.0.1"), " AS0 ");
}

TEST(Places, AreSharedByThreads)
{
    const Places places = make();
    if (!eg_places_add_system(places.get()))
        GTEST_SKIP() << "libloc-database is not installed";
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; t++)
        threads.emplace_back([&places] {
            for (int i = 0; i < 2000; i++)
                EXPECT_EQ(find(places, "8.8.8." + std::to_string(i % 256)), "GOOGLE AS15169 US");
        });
    for (std::thread &thread : threads)
        thread.join();
}
