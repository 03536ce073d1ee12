#include "classify/regions.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace
{

std::string suggest(const char *name, const char *provider = "azure")
{
    char buffer[128];
    return eg_region_suggest(provider, name, buffer, sizeof buffer);
}

TEST(Regions, AreFoundByNameInAnyCase)
{
    const eg_region *region = eg_region_find("azure", "EastUS");
    ASSERT_NE(region, nullptr);
    EXPECT_STREQ(region->name, "eastus");
    EXPECT_STREQ(region->display, "East US");
    EXPECT_STREQ(region->continent, "North America");
    EXPECT_STREQ(region->zone, "zone1");
    EXPECT_STREQ(region->peering_zone, "zone1");
    EXPECT_FALSE(region->closed);
    EXPECT_FALSE(region->uncertain);
    EXPECT_EQ(eg_region_find("azure", "East US"), nullptr);
    EXPECT_EQ(eg_region_find("azure", "eastus1"), nullptr);
    EXPECT_EQ(eg_region_find("azure", ""), nullptr);
    EXPECT_EQ(eg_region_find("aws", "eastus"), nullptr);
    EXPECT_EQ(eg_region_find("nobody", "eastus"), nullptr);
}

/* The table is searched by halves, which needs its order. */
TEST(Regions, AreAllFound)
{
    std::set<std::string> providers;
    for (size_t i = 0; i < eg_regions(); i++) {
        const eg_region *region = eg_region_at(i);
        providers.insert(region->provider);
        EXPECT_EQ(eg_region_find(region->provider, region->name), region) << region->name;
    }
    EXPECT_EQ(providers, (std::set<std::string>{"aws", "azure", "gcp", "oci"}));
}

TEST(Regions, ContinentsAreTheOnesPricesKnow)
{
    const std::set<std::string> known = {"Africa",
                                         "Asia",
                                         "Europe",
                                         "North America",
                                         "Oceania",
                                         "South America",
                                         "Middle East and Africa"};
    for (size_t i = 0; i < eg_regions(); i++)
        EXPECT_EQ(known.count(eg_region_at(i)->continent), 1u) << eg_region_at(i)->name;
}

/* Every open Azure region can be priced; an assumed zone says so. */
TEST(Regions, OpenAzureRegionsHaveAZone)
{
    for (size_t i = 0; i < eg_regions(); i++) {
        const eg_region *region = eg_region_at(i);
        if (std::string(region->provider) != "azure")
            continue;
        EXPECT_EQ(std::string(region->zone).empty(), region->closed) << region->name;
        EXPECT_FALSE(region->uncertain && *region->note == '\0') << region->name;
    }
}

/* The price API gives these meters of their own, whose rate is not known: by continent. */
TEST(Regions, OwnMetersAreAssumedByContinent)
{
    const std::pair<const char *, const char *> expected[] = {
        {"austriaeast", "zone1"}, {"belgiumcentral", "zone1"}, {"chilecentral", "zone3"}};
    for (const auto &[name, zone] : expected) {
        const eg_region *region = eg_region_find("azure", name);
        ASSERT_NE(region, nullptr) << name;
        EXPECT_STREQ(region->zone, zone) << name;
        EXPECT_TRUE(region->uncertain) << name;
    }
}

TEST(Regions, PeeringZoneCanDiffer)
{
    const eg_region *region = eg_region_find("azure", "qatarcentral");
    ASSERT_NE(region, nullptr);
    EXPECT_STREQ(region->zone, "zone2");
    EXPECT_STREQ(region->peering_zone, "zone3");
}

TEST(Regions, GovernmentAndChinaAreClosed)
{
    for (const char *name :
         {"usgovvirginia", "usgovarizona", "usgovtexas", "usdodeast", "usdodcentral", "chinaeast",
          "chinaeast2", "chinaeast3", "chinanorth", "chinanorth2", "chinanorth3"}) {
        const eg_region *region = eg_region_find("azure", name);
        ASSERT_NE(region, nullptr) << name;
        EXPECT_TRUE(region->closed) << name;
    }
    EXPECT_TRUE(eg_region_find("aws", "us-gov-west-1")->closed);
    EXPECT_TRUE(eg_region_find("aws", "cn-north-1")->closed);
}

TEST(Regions, DisplayNameSuggestsItsRegionFirst)
{
    EXPECT_EQ(suggest("East US").substr(0, 6), "eastus");
    EXPECT_EQ(suggest("West Europe").substr(0, 10), "westeurope");
    EXPECT_EQ(suggest("Europe (Ireland)", "aws").substr(0, 9), "eu-west-1");
}

TEST(Regions, SwappedLettersAreOneMistake)
{
    /* One swap from eastus; one more letter to eastus2 and to eastus3. */
    EXPECT_EQ(suggest("eastsu"), "eastus, eastus2, eastus3");
    EXPECT_EQ(suggest("us-esat-1", "aws").substr(0, 9), "us-east-1");
}

TEST(Regions, PartOfANameSuggestsTheRegionsThatHaveIt)
{
    EXPECT_EQ(suggest("germany"), "germanynorth, germanywestcentral");
}

TEST(Regions, NothingNearSuggestsNothing)
{
    EXPECT_EQ(suggest("atlantis"), "");
    EXPECT_EQ(suggest(""), "");
    EXPECT_EQ(suggest("x"), "");
    EXPECT_EQ(suggest("eastus", "nobody"), "");
    EXPECT_EQ(suggest(std::string(1000, 'e').c_str()), "");
}

TEST(Regions, SuggestionsStayInTheirBuffer)
{
    char buffer[8];
    EXPECT_STREQ(eg_region_suggest("azure", "eastus", buffer, sizeof buffer), "eastus,");
}

} // namespace
