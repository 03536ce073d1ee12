/* Rules 4.2, 4.3 and 4.5 over small files of every form. */
#include "classify/ranges.h"

#include <gtest/gtest.h>

#include "eg_test.h"
#include "service_tags.h"

using namespace eg_test;

namespace
{

class Ranges : public testing::Test
{
  protected:
    void SetUp() override
    {
        ASSERT_EQ(eg_ranges_new(out(ranges_)), EG_OK);
    }

    /* "" or the message. */
    std::string load(const std::string &content, const std::string &file = "f.json")
    {
        eg_error error;
        const eg_status status = eg_ranges_load_text(ranges_.get(), content.data(), content.size(),
                                                     file.c_str(), &error);
        return status == EG_OK ? "" : text(error);
    }

    /* "provider region service", "-" for an empty one, "*" behind a CDN's back end. */
    std::string find(const std::string &wanted) const
    {
        const eg_address parsed = address(wanted);
        eg_label label;
        if (!eg_ranges_find(ranges_.get(), &parsed, &label))
            return "none";
        const auto dash = [](const char *name) { return *name == '\0' ? "-" : name; };
        return std::string(label.provider) + " " + dash(label.region) + " " + dash(label.service) +
               ((label.flags & EG_LABEL_CDN_ORIGIN) != 0 ? " *" : "");
    }

    std::string as_of(const std::string &provider) const
    {
        for (size_t i = 0; i < eg_ranges_sources(ranges_.get()); i++) {
            const auto source = eg_ranges_source_at(ranges_.get(), i);
            if (source.provider == provider)
                return source.as_of;
        }
        return "no such provider";
    }

    Handle<eg_ranges, eg_ranges_free> ranges_;
};

/* ---- rule 4.2: labels ---- */

TEST_F(Ranges, RegionComesFromTheCoveringPrefixThatHasOne)
{
    ASSERT_EQ(load(azure({{"AzureCloud.eastus", "eastus", {"20.0.0.0/16"}},
                          {"AzureMonitor", "", {"20.0.1.0/24"}},
                          {"ActionGroup", "", {"20.0.1.8/32"}}})),
              "");
    EXPECT_EQ(find("20.0.2.1"), "azure eastus -");
    EXPECT_EQ(find("20.0.1.1"), "azure eastus AzureMonitor");
    EXPECT_EQ(find("20.0.1.8"), "azure eastus ActionGroup");
    EXPECT_EQ(find("20.1.0.0"), "none");
}

TEST_F(Ranges, ServiceComesFromTheCoveringPrefixThatHasOne)
{
    ASSERT_EQ(load(azure({{"Storage", "", {"20.0.0.0/16"}},
                          {"AzureCloud.westus", "westus", {"20.0.1.0/24"}}})),
              "");
    EXPECT_EQ(find("20.0.1.1"), "azure westus Storage");
    EXPECT_EQ(find("20.0.2.1"), "azure - Storage");
}

TEST_F(Ranges, WholeCloudIsNoService)
{
    ASSERT_EQ(load(azure({{"AzureCloud", "", {"20.0.0.0/16"}},
                          {"AzureCloud.eastus", "eastus", {"20.0.0.0/16"}}})),
              "");
    EXPECT_EQ(find("20.0.0.1"), "azure eastus -");
}

TEST_F(Ranges, OnOnePrefixTheServiceOfFewestPrefixesWins)
{
    ASSERT_EQ(load(azure({{"AMany", "", {"20.0.0.0/24", "20.1.0.0/24", "20.2.0.0/24"}},
                          {"ZFew", "", {"20.0.0.0/24", "20.3.0.0/24"}}})),
              "");
    EXPECT_EQ(find("20.0.0.1"), "azure - ZFew");
}

/* A service is its global tag and its regional ones together; a prefix in both counts once. */
TEST_F(Ranges, TagsOfOneServiceCountTogether)
{
    ASSERT_EQ(load(azure({{"AzureMonitor", "", {"20.0.0.0/24", "20.1.0.0/24", "20.2.0.0/24"}},
                          {"AzureMonitor.EastUS", "eastus", {"20.0.0.0/24"}},
                          {"Grafana", "", {"20.0.0.0/24", "20.9.0.0/24"}}})),
              "");
    EXPECT_EQ(find("20.0.0.1"), "azure eastus Grafana");
}

TEST_F(Ranges, OfServicesAlikeInSizeTheFirstByNameWins)
{
    ASSERT_EQ(load(azure({{"Beta", "", {"20.0.0.0/24"}}, {"Alpha", "", {"20.0.0.0/24"}}})), "");
    EXPECT_EQ(find("20.0.0.1"), "azure - Alpha");
}

TEST_F(Ranges, RegionSuffixIsNoPartOfTheService)
{
    ASSERT_EQ(load(azure({{"AzureMonitor.EastUS", "eastus", {"20.0.0.0/24"}},
                          {"AzureFrontDoor.Frontend", "", {"20.1.0.0/24"}}})),
              "");
    EXPECT_EQ(find("20.0.0.1"), "azure eastus AzureMonitor");
    EXPECT_EQ(find("20.1.0.1"), "azure - AzureFrontDoor.Frontend");
}

TEST_F(Ranges, CdnBackEndMarksWhatIsInside)
{
    ASSERT_EQ(load(azure({{"AzureFrontDoor.Backend", "", {"20.0.0.0/16"}},
                          {"AzureCloud.eastus", "eastus", {"20.0.0.0/24"}},
                          {"Other", "", {"20.0.0.8/32"}}})),
              "");
    EXPECT_EQ(find("20.0.0.1"), "azure eastus AzureFrontDoor.Backend *");
    EXPECT_EQ(find("20.0.0.8"), "azure eastus Other *");
}

TEST_F(Ranges, RegionAliasIsTheSuffixOfTheOtherTags)
{
    ASSERT_EQ(load(azure({{"AzureCloud.centralfrance", "centralfrance", {"20.0.0.0/24"}},
                          {"Storage.FranceCentral", "centralfrance", {"20.0.1.0/24"}}})),
              "");
    EXPECT_EQ(find("20.0.0.1"), "azure francecentral -");
    EXPECT_EQ(find("20.0.1.1"), "azure francecentral Storage");
    EXPECT_FALSE(eg_ranges_has_region(ranges_.get(), "azure", "centralfrance"));
    EXPECT_TRUE(eg_ranges_has_region(ranges_.get(), "azure", "FranceCentral"));
}

/* As "AzureHubs.eastus2stage" of region eastus2 is in the real file, and more often than this. */
TEST_F(Ranges, SuffixOfAStageIsNoAlias)
{
    ASSERT_EQ(load(azure({{"A.eastus2stage", "eastus2", {"20.0.0.0/24"}},
                          {"B.eastus2stage", "eastus2", {"20.0.1.0/24"}},
                          {"C.EastUS2", "eastus2", {"20.0.2.0/24"}}})),
              "");
    EXPECT_EQ(find("20.0.0.1"), "azure eastus2 A");
}

TEST_F(Ranges, PrefixOfTwoRegionsHasNone)
{
    ASSERT_EQ(load("prefix,provider,region,service\n"
                   "20.0.0.0/8,azure,westus,\n"
                   "20.0.0.0/24,azure,eastus,\n"
                   "20.0.0.0/24,azure,westus,\n",
                   "f.csv"),
              "");
    EXPECT_EQ(find("20.0.0.1"), "azure - -");
    EXPECT_EQ(find("20.0.1.1"), "azure westus -");
}

TEST_F(Ranges, AwsRegionIsPreferredToGlobal)
{
    ASSERT_EQ(load(R"({"createDate": "2026-08-22-15-17-05", "prefixes": [
        {"ip_prefix": "3.0.0.0/16", "region": "us-east-1", "service": "AMAZON"},
        {"ip_prefix": "3.0.0.0/24", "region": "GLOBAL", "service": "GLOBALACCELERATOR"},
        {"ip_prefix": "3.0.1.0/24", "region": "GLOBAL", "service": "AMAZON"},
        {"ip_prefix": "3.0.1.0/24", "region": "us-east-2", "service": "EC2"},
        {"ip_prefix": "4.0.0.0/24", "region": "GLOBAL", "service": "CLOUDFRONT"},
        {"ip_prefix": "4.0.0.0/28", "region": "GLOBAL", "service": "CLOUDFRONT_ORIGIN_FACING"}],
      "ipv6_prefixes": [
        {"ipv6_prefix": "2600:1f00::/24", "region": "eu-west-1", "service": "S3"}]})"),
              "");
    EXPECT_EQ(find("3.0.0.1"), "aws us-east-1 GLOBALACCELERATOR");
    EXPECT_EQ(find("3.0.1.1"), "aws us-east-2 EC2");
    EXPECT_EQ(find("3.0.2.1"), "aws us-east-1 -");
    EXPECT_EQ(find("4.0.0.1"), "aws - CLOUDFRONT_ORIGIN_FACING *");
    EXPECT_EQ(find("4.0.0.16"), "aws - CLOUDFRONT");
    EXPECT_EQ(find("2600:1f00::1"), "aws eu-west-1 S3");
    EXPECT_EQ(as_of("aws"), "2026-08-22");
}

TEST_F(Ranges, GcpScopeThatIsNoRegionIsNone)
{
    ASSERT_EQ(load(R"({"creationTime": "2025-07-24T19:16:28.780563", "prefixes": [
        {"ipv4Prefix": "34.0.0.0/16", "service": "Google Cloud", "scope": "us-east1"},
        {"ipv4Prefix": "34.1.0.0/16", "service": "Google Cloud", "scope": "global"},
        {"ipv4Prefix": "34.2.0.0/16", "service": "Google Cloud", "scope": "us"},
        {"ipv6Prefix": "2600:1900::/28", "service": "Other", "scope": "europe-west12"}]})"),
              "");
    EXPECT_EQ(find("34.0.0.1"), "gcp us-east1 -");
    EXPECT_EQ(find("34.1.0.1"), "gcp - -");
    EXPECT_EQ(find("34.2.0.1"), "gcp - -");
    EXPECT_EQ(find("2600:1900::1"), "gcp europe-west12 Other");
    EXPECT_EQ(as_of("gcp"), "2025-07-24");
}

TEST_F(Ranges, OciTakesTheMostSpecificTag)
{
    ASSERT_EQ(load(R"({"last_updated_timestamp": "2025-07-21T07:13:25.457838", "regions": [
        {"region": "us-ashburn-1", "cidrs": [
          {"cidr": "129.80.0.0/16", "tags": ["OCI"]},
          {"cidr": "129.81.0.0/16", "tags": ["OSN"]},
          {"cidr": "129.82.0.0/16", "tags": ["OSN", "OBJECT_STORAGE"]},
          {"cidr": "129.83.0.0/16", "tags": []}]}]})"),
              "");
    EXPECT_EQ(find("129.80.0.1"), "oci us-ashburn-1 -");
    EXPECT_EQ(find("129.81.0.1"), "oci us-ashburn-1 OSN");
    EXPECT_EQ(find("129.82.0.1"), "oci us-ashburn-1 OBJECT_STORAGE");
    EXPECT_EQ(find("129.83.0.1"), "oci us-ashburn-1 -");
    EXPECT_EQ(as_of("oci"), "2025-07-21");
}

TEST_F(Ranges, CsvHoldsAnyProviders)
{
    ASSERT_EQ(load("\xef\xbb\xbf# ours\nprefix,provider,region,service\n"
                   "198.51.0.0/16,hetzner,fsn1,\n"
                   "198.51.100.7,hetzner,,Storage Box\n"
                   "20.0.0.0/16,azure,eastus,AzureCloud\n",
                   "f.csv"),
              "");
    EXPECT_EQ(find("198.51.1.1"), "hetzner fsn1 -");
    EXPECT_EQ(find("198.51.100.7"), "hetzner fsn1 Storage Box");
    EXPECT_EQ(find("20.0.0.1"), "azure eastus -");
    EXPECT_EQ(eg_ranges_sources(ranges_.get()), 5u); /* four built in, one of them replaced */
}

/* A region appears in the file before any table of ours knows it. */
TEST_F(Ranges, NewRegionIsKept)
{
    ASSERT_EQ(load(azure({{"AzureCloud.atlantis", "atlantis", {"20.0.0.0/16"}}})), "");
    EXPECT_EQ(find("20.0.0.1"), "azure atlantis -");
    EXPECT_TRUE(eg_ranges_has_region(ranges_.get(), "azure", "atlantis"));
    EXPECT_FALSE(eg_ranges_has_region(ranges_.get(), "azure", ""));
    EXPECT_FALSE(eg_ranges_has_region(ranges_.get(), "nobody", "atlantis"));
}

/* ---- rule 4.3: which table holds ---- */

TEST_F(Ranges, FileReplacesTheProviderItHoldsAndNoOther)
{
    const std::string aws_before = find("3.5.140.1");
    ASSERT_NE(aws_before, "none");
    ASSERT_NE(find("52.239.152.74"), "none"); /* Azure storage, built in */
    ASSERT_EQ(load(azure({{"Storage", "", {"20.0.0.0/16"}}})), "");
    EXPECT_EQ(find("52.239.152.74"), "none");
    EXPECT_EQ(find("3.5.140.1"), aws_before);
}

TEST_F(Ranges, MistakeLeavesTheTablesAsTheyWere)
{
    const std::string before = find("52.239.152.74");
    EXPECT_NE(load(azure({{"A", "", {"20.0.0.0/16"}}, {"B", "", {"20.0.0.0/33"}}})), "");
    EXPECT_EQ(find("52.239.152.74"), before);
    EXPECT_NE(find("20.0.0.1"), "azure - A");
    EXPECT_EQ(as_of("azure"), "2026-06-26");
}

TEST_F(Ranges, DateOfAnAzureFileIsInItsName)
{
    const std::string content = azure({{"A", "", {"20.0.0.0/16"}}});
    ASSERT_EQ(load(content, "/tmp/20200101/ServiceTags_Public_20250722.json"), "");
    EXPECT_EQ(as_of("azure"), "2025-07-22");
    ASSERT_EQ(load(content, "/tmp/20200101/tags.json"), "");
    EXPECT_EQ(as_of("azure"), "");
    ASSERT_EQ(load(content, "tags-123456789.json"), "");
    EXPECT_EQ(as_of("azure"), "");
}

TEST_F(Ranges, LongestPrefixOfAllProvidersWins)
{
    ASSERT_EQ(load("prefix,provider,region,service\n"
                   "198.51.100.0/24,alpha,,\n198.51.0.0/16,beta,,\n198.51.100.1/32,beta,,\n",
                   "f.csv"),
              "");
    EXPECT_EQ(find("198.51.100.9"), "alpha - -");
    EXPECT_EQ(find("198.51.100.1"), "beta - -");
    EXPECT_EQ(find("198.51.1.1"), "beta - -");
}

/* ---- rule 4.5: mistakes ---- */

TEST_F(Ranges, AzureMistakesNameThePath)
{
    EXPECT_EQ(load(azure({{"A", "", {"20.0.0.0/16"}}, {"B", "", {"20.0.0.0/16", "1.2.3.4/33"}}})),
              "'f.json': values[1].properties.addressPrefixes[1]: '1.2.3.4/33' is not an address "
              "or a prefix");
    EXPECT_EQ(load(azure({{"A", "", {"20.0.0.1/16"}}})),
              "'f.json': values[0].properties.addressPrefixes[0]: '20.0.0.1/16' has bits set "
              "behind its length");
    EXPECT_EQ(load(R"({"values":[{"properties":{"region":"","addressPrefixes":[]}}]})"),
              "'f.json': values[0].name: is not a string");
    EXPECT_EQ(load(R"({"values":[{"name":"A","properties":{"addressPrefixes":[]}}]})"),
              "'f.json': values[0].properties.region: is not a string");
    EXPECT_EQ(load(R"({"values":[{"name":"A","properties":{"region":""}}]})"),
              "'f.json': values[0].properties.addressPrefixes: is not an array");
    EXPECT_EQ(load(R"({"values":[{"name":"A","properties":{"region":"","addressPrefixes":[7]}}]})"),
              "'f.json': values[0].properties.addressPrefixes[0]: is not a string");
}

TEST_F(Ranges, AwsMistakesNameThePath)
{
    const auto aws = [this](const std::string &row) {
        return load(R"({"createDate":"2026-08-22","prefixes":[)" + row +
                    R"(],"ipv6_prefixes":[]})");
    };
    EXPECT_EQ(aws(R"({"ip_prefix":"x","region":"r","service":"s"})"),
              "'f.json': prefixes[0].ip_prefix: 'x' is not an address or a prefix");
    EXPECT_EQ(aws(R"({"region":"r","service":"s"})"),
              "'f.json': prefixes[0].ip_prefix: is not a string");
    EXPECT_EQ(aws(R"({"ip_prefix":"1.0.0.0/8","service":"s"})"),
              "'f.json': prefixes[0].region: is not a string");
    EXPECT_EQ(aws(R"({"ip_prefix":"1.0.0.0/8","region":"r"})"),
              "'f.json': prefixes[0].service: is not a string");
    EXPECT_EQ(load(R"({"createDate":"2026-08-22","prefixes":[]})"),
              "'f.json': ipv6_prefixes: is not an array");
    EXPECT_EQ(load(R"({"createDate":"August","prefixes":[],"ipv6_prefixes":[]})"),
              "'f.json': createDate: 'August' is not a date");
    EXPECT_EQ(load(R"({"createDate":7,"prefixes":[],"ipv6_prefixes":[]})"),
              "'f.json': createDate: is not a string");
}

TEST_F(Ranges, GcpMistakesNameThePath)
{
    EXPECT_EQ(load(R"({"prefixes":[{"ipv4Prefix":"8.8.4.0/24"}]})"), /* goog.json: no scope */
              "'f.json': prefixes[0].scope: is not a string");
    EXPECT_EQ(load(R"({"prefixes":[{"scope":"us-east1","service":"Google Cloud"}]})"),
              "'f.json': prefixes[0].ipv4Prefix: is not a string");
    EXPECT_EQ(load(R"({"prefixes":[{"ipv6Prefix":"::1/0","scope":"us-east1","service":"x"}]})"),
              "'f.json': prefixes[0].ipv6Prefix: '::1/0' has bits set behind its length");
}

TEST_F(Ranges, OciMistakesNameThePath)
{
    EXPECT_EQ(load(R"({"regions":[{"region":"r","cidrs":[{"cidr":"1.0.0.0/8","tags":[]},
                       {"cidr":"1.0.0.0/7x","tags":["OCI"]}]}]})"),
              "'f.json': regions[0].cidrs[1].cidr: '1.0.0.0/7x' is not an address or a prefix");
    EXPECT_EQ(load(R"({"regions":[{"cidrs":[]}]})"),
              "'f.json': regions[0].region: is not a string");
    EXPECT_EQ(load(R"({"regions":[{"region":"r"}]})"),
              "'f.json': regions[0].cidrs: is not an array");
    EXPECT_EQ(load(R"({"regions":[{"region":"r","cidrs":[{"cidr":"1.0.0.0/8"}]}]})"),
              "'f.json': regions[0].cidrs[0].tags: is not an array");
    EXPECT_EQ(load(R"({"regions":[{"region":"r","cidrs":[{"cidr":"1.0.0.0/8","tags":[7]}]}]})"),
              "'f.json': regions[0].cidrs[0].tags: holds no strings");
}

TEST_F(Ranges, CsvMistakesNameLineAndColumn)
{
    const std::string header = "prefix,provider,region,service\n";
    EXPECT_EQ(load(header + "10.0.0.0/8,azure,eastus,\n10.0.0.0/33,azure,,\n", "f.csv"),
              "'f.csv':3:1: 'prefix' is not an address or a prefix: '10.0.0.0/33'");
    EXPECT_EQ(load(header + "10.0.0.0/8,Azure,eastus,\n", "f.csv"),
              "'f.csv':2:12: 'provider' is not a name of up to 15 of a-z, 0-9 and '-': 'Azure'");
    EXPECT_EQ(load(header + "10.0.0.0/8,,eastus,\n", "f.csv"),
              "'f.csv':2:12: 'provider' is not a name of up to 15 of a-z, 0-9 and '-': ''");
}

/* Rule 4.5: never a silent "inter-region" or "regional". */
TEST_F(Ranges, CsvRegionThatNoTableKnowsIsRefused)
{
    const std::string header = "prefix,provider,region,service\n";
    EXPECT_EQ(load(header + "10.0.0.0/8,azure,eastuss,\n", "f.csv"),
              "'f.csv':2:18: 'region' is not a region of azure: 'eastuss' (nearest: eastus, "
              "eastus2, eastus3)");
    EXPECT_EQ(load(header + "10.0.0.0/8,aws,eastus,\n", "f.csv").substr(0, 55),
              "'f.csv':2:16: 'region' is not a region of aws: 'eastus'");
    EXPECT_EQ(load(header + "10.0.0.0/8,azure,EastUS,\n", "f.csv"), "");
    EXPECT_EQ(load(header + "10.0.0.0/8,hetzner,eastuss,\n", "f.csv"), "");
}

/* The provider's own file brought it, so a file of the user's may name it. */
TEST_F(Ranges, CsvRegionOfALoadedFileIsKnown)
{
    ASSERT_EQ(load(azure({{"AzureCloud.atlantis", "atlantis", {"20.0.0.0/16"}}})), "");
    EXPECT_EQ(load("prefix,provider,region,service\n20.0.0.0/16,azure,atlantis,\n", "f.csv"), "");
}

TEST_F(Ranges, TooManyProvidersAreRefused)
{
    std::string content = "prefix,provider,region,service\n";
    for (int i = 0; i < 13; i++) /* with the four built in, one more than there is room for */
        content += "10.0." + std::to_string(i) + ".0/24,p" + std::to_string(i) + ",,\n";
    EXPECT_EQ(load(content, "f.csv"), "'f.csv': more than 16 providers in all");
    EXPECT_EQ(eg_ranges_sources(ranges_.get()), 4u);
}

TEST_F(Ranges, WhatIsNoRangesFileIsRefused)
{
    const std::string message =
        "'f.json': not address ranges: expected Azure service tags, AWS ip-ranges.json, GCP "
        "cloud.json, OCI public_ip_ranges.json or CSV prefix,provider,region,service";
    EXPECT_EQ(load("{}"), message);
    EXPECT_EQ(load("[]"), message);
    EXPECT_EQ(load(R"({"values":7})"), message);
    EXPECT_EQ(load("{\n  \"values\": [,]}").substr(0, 14), "'f.json':2:14:");
}

/* Taken as it is, a download that failed halfway would make internet of the whole cloud. */
TEST_F(Ranges, FileWithoutPrefixesIsRefused)
{
    EXPECT_EQ(load(R"({"values":[]})"), "'f.json': holds no prefixes");
    EXPECT_EQ(load(azure({{"A", "", {}}})), "'f.json': holds no prefixes");
    EXPECT_EQ(load(R"({"prefixes":[]})"), "'f.json': holds no prefixes");
    EXPECT_EQ(load("prefix,provider,region,service\n"), "'f.json': holds no prefixes");
    EXPECT_NE(load(""), "");
}

TEST_F(Ranges, MissingFileIsAnErrorThatNamesIt)
{
    eg_error error;
    EXPECT_EQ(eg_ranges_load(ranges_.get(), "/nonexistent/f.json", &error), EG_ERR_IO);
    EXPECT_STREQ(error.file, "/nonexistent/f.json");
}

} // namespace
