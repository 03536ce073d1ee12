/* Rules 4.5 and 4.6. */
#include "classify/sites.h"

#include <gtest/gtest.h>

#include "classify/ranges.h"
#include "eg_test.h"
#include "service_tags.h"

using namespace eg_test;

namespace
{

const std::string header = "prefix,class,region,via,payer,label\n";

class Sites : public testing::Test
{
  protected:
    void SetUp() override
    {
        ASSERT_EQ(eg_ranges_new(out(ranges_)), EG_OK);
    }

    /* "" or the message. */
    std::string load(const std::string &content)
    {
        eg_error error;
        eg_sites *sites = nullptr;
        const eg_status status = eg_sites_load_text(content.data(), content.size(), "sites.csv",
                                                    "azure", ranges_.get(), &sites, &error);
        if (status == EG_OK)
            sites_.reset(sites);
        return status == EG_OK ? "" : text(error);
    }

    /* Of one row behind the header. */
    std::string mistake(const std::string &row)
    {
        return load(header + row + "\n");
    }

    const eg_site *find(const std::string &wanted) const
    {
        const eg_address parsed = address(wanted);
        return eg_sites_find(sites_.get(), &parsed);
    }

    Handle<eg_ranges, eg_ranges_free> ranges_;
    Handle<eg_sites, eg_sites_free> sites_;
};

std::string via_text(const eg_site *site)
{
    static const char *const names[] = {"nat-gateway", "firewall", "lb", "peering", "er-metered"};
    std::string all;
    for (size_t i = 0; i < site->via_count; i++) {
        const eg_via &via = site->via[i];
        const std::string zone = via.zone;
        all +=
            (i == 0 ? "" : ";") + std::string(names[via.kind]) + (zone.empty() ? "" : ":") + zone;
    }
    return all;
}

/* The example of rule 4.6. */
TEST_F(Sites, ExampleIsReadAsWritten)
{
    ASSERT_EQ(load(header + "172.18.36.0/22,vnet,eastus,,,spoke-a\n"
                            "10.0.0.0/16,peering,eastus,,both,hub\n"
                            "10.40.0.0/16,global-peering,westeurope,,source,partner VNet\n"
                            "172.18.39.200/32,private-endpoint,eastus,,,pe-sql\n"
                            "0.0.0.0/0,auto,,nat-gateway,,everything public leaves there\n"),
              "");

    const eg_site *spoke = find("172.18.36.1");
    ASSERT_NE(spoke, nullptr);
    EXPECT_EQ(spoke->class_, EG_CLASS_VNET);
    EXPECT_STREQ(spoke->region, "eastus");
    EXPECT_EQ(spoke->via_count, 0u);
    EXPECT_EQ(spoke->payer, EG_PAYER_SOURCE);
    EXPECT_STREQ(spoke->label, "spoke-a");
    EXPECT_EQ(spoke->line, 2u);
    EXPECT_EQ(spoke->prefix.length, 22);

    EXPECT_EQ(find("10.0.1.1")->class_, EG_CLASS_PEERING);
    EXPECT_EQ(find("10.0.1.1")->payer, EG_PAYER_BOTH);
    EXPECT_EQ(find("10.40.0.1")->class_, EG_CLASS_GLOBAL_PEERING);
    EXPECT_STREQ(find("10.40.0.1")->region, "westeurope");
    EXPECT_STREQ(find("10.40.0.1")->label, "partner VNet");
    EXPECT_EQ(find("172.18.39.200")->class_, EG_CLASS_PRIVATE_ENDPOINT);
    EXPECT_EQ(find("172.18.39.201")->class_, EG_CLASS_VNET);
    EXPECT_EQ(find("8.8.8.8")->class_, EG_CLASS_AUTO);
    EXPECT_EQ(via_text(find("8.8.8.8")), "nat-gateway");
    EXPECT_STREQ(find("8.8.8.8")->region, "");
    EXPECT_EQ(find("2001:db8::1"), nullptr);
}

TEST_F(Sites, OnlyPrefixAndClassAreNeeded)
{
    ASSERT_EQ(load("class,prefix\nfree,2001:db8::/32\n"), "");
    ASSERT_NE(find("2001:db8::1"), nullptr);
    EXPECT_EQ(find("2001:db8::1")->class_, EG_CLASS_FREE);
    EXPECT_STREQ(find("2001:db8::1")->region, "");
    EXPECT_STREQ(find("2001:db8::1")->label, "");
}

TEST_F(Sites, NoFileAndNoRowsMatchNothing)
{
    EXPECT_EQ(find("10.0.0.1"), nullptr);
    ASSERT_EQ(load(header), "");
    EXPECT_EQ(find("10.0.0.1"), nullptr);
}

TEST_F(Sites, EveryClassCanBeGiven)
{
    for (unsigned c = 0; c <= EG_CLASS_AUTO; c++) {
        const auto class_ = static_cast<eg_class>(c);
        ASSERT_EQ(mistake(std::string("10.0.0.0/8,") + eg_class_name(class_) + ",westeurope,,,"),
                  "");
        EXPECT_EQ(find("10.0.0.1")->class_, class_);
    }
}

TEST_F(Sites, ViaIsAList)
{
    ASSERT_EQ(mistake("10.0.0.0/8,expressroute,,firewall; er-metered:zone4 ;lb;peering,,"), "");
    EXPECT_EQ(via_text(find("10.0.0.1")), "firewall;er-metered:zone4;lb;peering");
    EXPECT_STREQ(find("10.0.0.1")->via[1].zone, "zone4");
    EXPECT_STREQ(find("10.0.0.1")->via[0].zone, "");
}

TEST_F(Sites, RegionTakesTheTablesSpelling)
{
    ASSERT_EQ(mistake("10.0.0.0/8,peering,WestEurope,,,"), "");
    EXPECT_STREQ(find("10.0.0.1")->region, "westeurope");
}

TEST_F(Sites, RegionOfTheRangesFileIsKnown)
{
    EXPECT_EQ(mistake("10.0.0.0/8,peering,atlantis,,,"),
              "'sites.csv':2:20: 'region' is not a region of azure: 'atlantis'");
    const std::string ranges = azure({{"AzureCloud", "atlantis", {"20.0.0.0/8"}}});
    eg_error error;
    ASSERT_EQ(eg_ranges_load_text(ranges_.get(), ranges.data(), ranges.size(), "r.json", &error),
              EG_OK);
    ASSERT_EQ(mistake("10.0.0.0/8,peering,atlantis,,,"), "");
    EXPECT_STREQ(find("10.0.0.1")->region, "atlantis");
}

TEST_F(Sites, PrefixMistakes)
{
    EXPECT_EQ(mistake("10.0.0/16,vnet,,,,"),
              "'sites.csv':2:1: 'prefix' is not an address or a prefix: '10.0.0/16'");
    EXPECT_EQ(mistake("10.0.0.0/33,vnet,,,,"),
              "'sites.csv':2:1: 'prefix' is not an address or a prefix: '10.0.0.0/33'");
    EXPECT_EQ(mistake("10.0.0.0/08,vnet,,,,"),
              "'sites.csv':2:1: 'prefix' is not an address or a prefix: '10.0.0.0/08'");
    EXPECT_EQ(mistake(",vnet,,,,"), "'sites.csv':2:1: 'prefix' is not an address or a prefix: ''");
    EXPECT_EQ(mistake("10.0.0.4/16,vnet,,,,"),
              "'sites.csv':2:1: 'prefix' has bits set behind its length: '10.0.0.4/16'");
    EXPECT_EQ(load(header + "10.0.0.0/16,vnet,,,,\n\n# same again\n10.0.0.0/8,vnet,,,,\n"
                            "10.0.0.0/16,free,,,,\n"),
              "'sites.csv':6:1: 'prefix' is listed in line 2 already: '10.0.0.0/16'");
    EXPECT_EQ(load(header + "10.0.0.1,vnet,,,,\n10.0.0.1/32,vnet,,,,\n"),
              "'sites.csv':3:1: 'prefix' is listed in line 2 already: '10.0.0.1/32'");
}

TEST_F(Sites, ClassMistakes)
{
    const std::string classes =
        "platform, private, cdn-origin, same-region, inter-region, inter-continent, regional, "
        "provider-global, internet, vnet, peering, global-peering, private-endpoint, "
        "expressroute, vpn, free, auto";
    EXPECT_EQ(mistake("10.0.0.0/16,VNet,,,,"),
              "'sites.csv':2:13: 'class' is not one of " + classes + ": 'VNet'");
    EXPECT_EQ(mistake("10.0.0.0/16,,,,,"),
              "'sites.csv':2:13: 'class' is not one of " + classes + ": ''");
}

TEST_F(Sites, RegionMistakesNameTheNearest)
{
    EXPECT_EQ(mistake("10.0.0.0/16,peering,eastsu,,,"),
              "'sites.csv':2:21: 'region' is not a region of azure: 'eastsu' "
              "(nearest: eastus, eastus2, eastus3)");
    EXPECT_EQ(mistake("10.0.0.0/16,peering,us-east-1,,,"),
              "'sites.csv':2:21: 'region' is not a region of azure: 'us-east-1'");
    EXPECT_EQ(mistake("10.0.0.0/16,global-peering,,,,"),
              "'sites.csv':2:28: 'region' is empty: class global-peering needs that of the far "
              "end");
}

TEST_F(Sites, ViaMistakesNameTheColumnOfTheItem)
{
    const std::string expected = "'via' is not one of nat-gateway, firewall, lb, peering, "
                                 "er-metered:zone1 to er-metered:zone4: ";
    EXPECT_EQ(mistake("10.0.0.0/8,auto,,nat,,"), "'sites.csv':2:18: " + expected + "'nat'");
    EXPECT_EQ(mistake("10.0.0.0/8,auto,,lb; nat-gatewayx,,"),
              "'sites.csv':2:22: " + expected + "'nat-gatewayx'");
    EXPECT_EQ(mistake("10.0.0.0/8,auto,,lb;,,"), "'sites.csv':2:21: " + expected + "''");
    EXPECT_EQ(mistake("10.0.0.0/8,auto,,lb;;firewall,,"), "'sites.csv':2:21: " + expected + "''");
    EXPECT_EQ(mistake("10.0.0.0/8,auto,,er-metered,,"),
              "'sites.csv':2:18: " + expected + "'er-metered'");
    EXPECT_EQ(mistake("10.0.0.0/8,auto,,er-metered:zone5,,"),
              "'sites.csv':2:18: " + expected + "'er-metered:zone5'");
    EXPECT_EQ(mistake("10.0.0.0/8,auto,,er-metered:,,"),
              "'sites.csv':2:18: " + expected + "'er-metered:'");
    EXPECT_EQ(mistake("10.0.0.0/8,auto,,lb:zone1,,"),
              "'sites.csv':2:18: " + expected + "'lb:zone1'");
    EXPECT_EQ(mistake("10.0.0.0/8,auto,,lb;firewall;lb,,"),
              "'sites.csv':2:30: 'via' is listed twice: 'lb'");
    EXPECT_EQ(mistake("10.0.0.0/8,auto,,nat-gateway;firewall;lb;peering;er-metered:zone1,,"),
              "'sites.csv':2:50: 'via' lists more than 4: 'er-metered:zone1'");
}

TEST_F(Sites, PayerMistakes)
{
    EXPECT_EQ(mistake("10.0.0.0/8,peering,,,Both,"),
              "'sites.csv':2:22: 'payer' is not one of source, both: 'Both'");
}

TEST_F(Sites, HeaderIsNeeded)
{
    EXPECT_EQ(load("10.0.0.0/8,vnet,,,,\n").substr(0, 42),
              "'sites.csv':1:1: unknown column '10.0.0.0/");
}

TEST_F(Sites, MissingFileIsAnErrorThatNamesIt)
{
    eg_error error;
    eg_sites *sites = nullptr;
    EXPECT_EQ(eg_sites_load("/nonexistent/s.csv", "azure", ranges_.get(), &sites, &error),
              EG_ERR_IO);
    EXPECT_STREQ(error.file, "/nonexistent/s.csv");
    EXPECT_EQ(sites, nullptr);
}

} // namespace
