/* The table of rule 4, first match wins. */
#include "classify/classify.h"

#include <gtest/gtest.h>

#include "eg_test.h"
#include "service_tags.h"

using namespace eg_test;

namespace
{

const std::string azure_text = azure({{"AzureCloud.eastus", "eastus", {"20.1.0.0/16"}},
                                      {"Storage.WestUS", "westus", {"20.2.0.0/16"}},
                                      {"AzureCloud.westeurope", "westeurope", {"20.3.0.0/16"}},
                                      {"AzureCloud.atlantis", "atlantis", {"20.4.0.0/16"}},
                                      {"AzureFrontDoor.Frontend", "", {"20.5.0.0/16"}},
                                      {"AzureFrontDoor.Backend", "", {"20.1.9.0/24"}},
                                      {"AzureCloud", "westeurope", {"168.63.128.0/20"}}});
const std::string aws_text = "prefix,provider,region,service\n3.0.0.0/16,aws,us-east-1,EC2\n";

class Classify : public testing::Test
{
  protected:
    void SetUp() override
    {
        eg_error error;
        ASSERT_EQ(eg_ranges_new(out(ranges_)), EG_OK);
        for (const std::string &content : {azure_text, aws_text})
            ASSERT_EQ(eg_ranges_load_text(ranges_.get(), content.data(), content.size(), "ranges",
                                          &error),
                      EG_OK)
                << text(error);
    }

    void load_sites(const std::string &rows)
    {
        const std::string content = "prefix,class,region,via,payer,label\n" + rows;
        eg_error error;
        ASSERT_EQ(eg_sites_load_text(content.data(), content.size(), "s.csv", "azure",
                                     ranges_.get(), out(sites_), &error),
                  EG_OK)
            << text(error);
    }

    eg_destination classify(const std::string &wanted, const char *region = "eastus",
                            const char *provider = "azure") const
    {
        const eg_vantage vantage = {provider, region, ranges_.get(), sites_.get()};
        const eg_address parsed = address(wanted);
        eg_destination destination;
        eg_classify(&vantage, &parsed, &destination);
        return destination;
    }

    std::string class_of(const std::string &wanted, const char *region = "eastus",
                         const char *provider = "azure") const
    {
        return eg_class_name(classify(wanted, region, provider).class_);
    }

    Handle<eg_ranges, eg_ranges_free> ranges_;
    Handle<eg_sites, eg_sites_free> sites_;
};

TEST_F(Classify, PlatformComesFirst)
{
    load_sites("0.0.0.0/0,internet,,,,\n");
    EXPECT_EQ(class_of("168.63.129.16"), "platform");
    EXPECT_EQ(class_of("169.254.169.254"), "platform");
    EXPECT_EQ(classify("168.63.129.16").site, nullptr);
    EXPECT_EQ(class_of("168.63.129.17"), "internet");
}

TEST_F(Classify, SiteComesBeforeEverythingElse)
{
    load_sites("10.0.0.0/8,vnet,,,,a\n20.1.0.0/16,free,,,,b\n20.1.9.0/24,internet,,,,c\n");
    EXPECT_EQ(class_of("10.0.0.1"), "vnet");
    EXPECT_EQ(class_of("20.1.0.1"), "free");
    EXPECT_EQ(class_of("20.1.9.1"), "internet");
    EXPECT_STREQ(classify("20.1.9.1").site->label, "c");
}

TEST_F(Classify, ClassOfASiteIsTakenAsGiven)
{
    load_sites("8.8.8.8,same-region,westeurope,,,\n");
    EXPECT_EQ(class_of("8.8.8.8"), "same-region");
}

TEST_F(Classify, RegionOfASiteOverridesTheRanges)
{
    load_sites("10.0.0.0/8,global-peering,westeurope,,,\n20.2.0.0/16,internet,northeurope,,,\n");
    EXPECT_STREQ(classify("10.0.0.1").label.region, "westeurope");
    EXPECT_STREQ(classify("10.0.0.1").label.provider, "");
    ASSERT_NE(classify("10.0.0.1").region, nullptr);
    EXPECT_STREQ(classify("10.0.0.1").region->continent, "Europe");
    EXPECT_STREQ(classify("20.2.0.1").label.region, "northeurope");
    EXPECT_STREQ(classify("20.2.0.1").label.service, "Storage");
    EXPECT_STREQ(classify("20.2.0.1").region->name, "northeurope");
}

TEST_F(Classify, AutoSiteGoesOnAndIsKeptForItsVia)
{
    load_sites("0.0.0.0/0,auto,,nat-gateway,,\n20.3.0.0/16,auto,eastus,,,\n");
    EXPECT_EQ(class_of("8.8.8.8"), "internet");
    EXPECT_EQ(class_of("10.0.0.1"), "private");
    EXPECT_EQ(class_of("20.2.0.1"), "inter-region");
    ASSERT_NE(classify("20.2.0.1").site, nullptr);
    EXPECT_EQ(classify("20.2.0.1").site->via_count, 1u);
    EXPECT_EQ(class_of("20.3.0.1"), "same-region"); /* by the site's region */
}

TEST_F(Classify, UnlistedPrivateAddressesArePrivate)
{
    for (const char *wanted : {"10.0.0.1", "172.16.0.1", "192.168.1.1", "100.64.0.1", "fd00::1"})
        EXPECT_EQ(class_of(wanted), "private") << wanted;
    EXPECT_EQ(classify("10.0.0.1").site, nullptr);
    EXPECT_EQ(classify("10.0.0.1").region, nullptr);
    EXPECT_STREQ(classify("10.0.0.1").label.region, "");
}

TEST_F(Classify, CdnOriginComesBeforeItsRegion)
{
    const eg_destination destination = classify("20.1.9.1");
    EXPECT_EQ(destination.class_, EG_CLASS_CDN_ORIGIN);
    EXPECT_STREQ(destination.label.region, "eastus");
    EXPECT_EQ(class_of("20.1.9.1", ""), "cdn-origin");
    EXPECT_EQ(class_of("20.1.9.1", "us-east-1", "aws"), "internet"); /* another cloud's CDN */
}

TEST_F(Classify, RegionsAreComparedByContinent)
{
    EXPECT_EQ(class_of("20.1.0.1"), "same-region");
    EXPECT_EQ(class_of("20.1.0.1", "EastUS"), "same-region");
    EXPECT_EQ(class_of("20.2.0.1"), "inter-region");
    EXPECT_EQ(class_of("20.3.0.1"), "inter-continent");
    EXPECT_EQ(class_of("20.2.0.1", "westeurope"), "inter-continent");
}

/* Unknown never becomes a guess that prices. */
TEST_F(Classify, RegionOfNoKnownContinentIsRegional)
{
    EXPECT_EQ(class_of("20.4.0.1"), "regional");
    EXPECT_EQ(classify("20.4.0.1").region, nullptr);
    EXPECT_STREQ(classify("20.4.0.1").label.region, "atlantis");
    EXPECT_EQ(class_of("20.2.0.1", "atlantis"), "regional");
    EXPECT_EQ(class_of("20.4.0.1", "atlantis"), "same-region");
}

TEST_F(Classify, UnknownRegionOfTheVmIsRegional)
{
    EXPECT_EQ(class_of("20.1.0.1", ""), "regional");
    EXPECT_EQ(class_of("20.3.0.1", ""), "regional");
    EXPECT_EQ(class_of("20.5.0.1", ""), "provider-global");
    EXPECT_EQ(class_of("8.8.8.8", ""), "internet");
}

TEST_F(Classify, CloudAddressWithoutARegionIsProviderGlobal)
{
    EXPECT_EQ(class_of("20.5.0.1"), "provider-global");
}

TEST_F(Classify, OtherCloudsAreInternet)
{
    EXPECT_EQ(class_of("3.0.0.1"), "internet");
    EXPECT_STREQ(classify("3.0.0.1").label.provider, "aws");
    EXPECT_STREQ(classify("3.0.0.1").region->continent, "North America");
    EXPECT_EQ(class_of("3.0.0.1", "us-east-1", "aws"), "same-region");
    EXPECT_EQ(class_of("20.1.0.1", "us-east-1", "aws"), "internet");
    EXPECT_EQ(class_of("198.41.0.4"), "internet"); /* a root server, in no range */
    EXPECT_STREQ(classify("198.41.0.4").label.provider, "");
}

TEST_F(Classify, V6IsClassifiedAlike)
{
    EXPECT_EQ(class_of("2001:503:ba3e::2:30"), "internet"); /* the same root server */
    EXPECT_EQ(class_of("fe80::1"), "private");
}

TEST(TrafficClass, NamesReadBack)
{
    for (unsigned c = 0; c <= EG_CLASS_AUTO; c++) {
        const std::string name = eg_class_name(static_cast<eg_class>(c));
        eg_class parsed = EG_CLASSES;
        ASSERT_TRUE(eg_class_parse(name.data(), name.size(), &parsed)) << name;
        EXPECT_EQ(parsed, static_cast<eg_class>(c));
    }
    eg_class unused;
    EXPECT_FALSE(eg_class_parse("vnet", 3, &unused));
    EXPECT_FALSE(eg_class_parse("Vnet", 4, &unused));
}

} // namespace
