/* The compiled-in tables, and the same files loaded, against rule 4.2 by the letter. */
#include <gtest/gtest.h>

#include "classify/ranges.h"
#include "classify/regions.h"
#include "naive_ranges.h"

using namespace eg_test;

namespace
{

using Ranges = Handle<eg_ranges, eg_ranges_free>;

struct Provider {
    const char *name;
    const char *file;
    const char *as_of;
};

/* The dates that the files carry: AWS createDate, GCP creationTime, OCI last_updated_timestamp. */
const Provider providers[] = {
    {"azure", "ServiceTags_Public_20260626.json", "2026-06-26"},
    {"aws", "aws-ip-ranges.json", "2026-08-22"},
    {"gcp", "gcp-cloud.json", "2025-07-24"},
    {"oci", "oci-public_ip_ranges.json", "2025-07-21"},
};

std::string path_of(const Provider &provider)
{
    return eg_test_samples() + "/ranges/" + provider.file;
}

Claims claims_of(const Provider &provider)
{
    const Json json(path_of(provider));
    const std::string name = provider.name;
    if (name == "azure") {
        const Json aliases(eg_test_samples() + "/ranges/region_alias_servicetags_to_arm.json");
        return azure_claims(json.root(), aliases.root());
    }
    if (name == "aws")
        return aws_claims(json.root());
    return name == "gcp" ? gcp_claims(json.root()) : oci_claims(json.root());
}

eg_ranges_source source_of(const eg_ranges *ranges, const std::string &provider)
{
    for (size_t i = 0; i < eg_ranges_sources(ranges); i++) {
        if (eg_ranges_source_at(ranges, i).provider == provider)
            return eg_ranges_source_at(ranges, i);
    }
    ADD_FAILURE() << "no source of " << provider;
    return {};
}

class BuiltinRanges : public testing::TestWithParam<Provider>
{
  protected:
    void SetUp() override
    {
        if (eg_test_samples().empty())
            GTEST_SKIP() << "EGSHARK_SAMPLES is not set";
        ASSERT_EQ(eg_ranges_new(out(ranges_)), EG_OK);
    }

    /* What the ranges say, as the oracle says it; other providers' answers are none. */
    NaiveLabel find(const eg_address &wanted) const
    {
        eg_label label;
        const bool found = eg_ranges_find(ranges_.get(), &wanted, &label);
        if (!found || std::string(label.provider) != GetParam().name)
            return {};
        return {label.region, label.service, (label.flags & EG_LABEL_CDN_ORIGIN) != 0, true};
    }

    void compare(int count)
    {
        const NaiveRanges naive(claims_of(GetParam()));
        RandomAddresses addresses(naive.claims());
        for (int i = 0; i < count; i++) {
            const eg_address wanted = addresses.next();
            const NaiveLabel expected = naive.find(wanted);
            const NaiveLabel label = find(wanted);
            ASSERT_TRUE(label == expected)
                << text(wanted) << ": " << label.region << " " << label.service << ", expected "
                << expected.region << " " << expected.service;
        }
    }

    Ranges ranges_;
};

TEST_P(BuiltinRanges, AnswerLikeTheFileTheyWereMadeOf)
{
    compare(250000);
}

TEST_P(BuiltinRanges, LoadedFileAnswersByTheRule)
{
    eg_error error;
    ASSERT_EQ(eg_ranges_load(ranges_.get(), path_of(GetParam()).c_str(), &error), EG_OK)
        << text(error);
    compare(25000);
}

TEST_P(BuiltinRanges, SourceTellsDateAndSize)
{
    std::set<std::string> v4;
    std::set<std::string> v6;
    for (const Claim &claim : claims_of(GetParam())) {
        char buffer[EG_PREFIX_TEXT_MAX];
        const char *text = eg_prefix_text(&claim.prefix, buffer);
        (claim.prefix.address.family == EG_IPV4 ? v4 : v6).insert(text);
    }
    const eg_ranges_source builtin = source_of(ranges_.get(), GetParam().name);
    EXPECT_STREQ(builtin.as_of, GetParam().as_of);
    EXPECT_EQ(builtin.prefixes, v4.size() + v6.size());
    EXPECT_EQ(builtin.prefixes_v6, v6.size());

    eg_error error;
    ASSERT_EQ(eg_ranges_load(ranges_.get(), path_of(GetParam()).c_str(), &error), EG_OK);
    const eg_ranges_source loaded = source_of(ranges_.get(), GetParam().name);
    EXPECT_STREQ(loaded.as_of, GetParam().as_of);
    EXPECT_EQ(loaded.prefixes, builtin.prefixes);
    EXPECT_EQ(loaded.prefixes_v6, builtin.prefixes_v6);
}

TEST_P(BuiltinRanges, EveryRegionIsInTheTableOfRegions)
{
    for (const Claim &claim : claims_of(GetParam())) {
        if (claim.region.empty())
            continue;
        ASSERT_NE(eg_region_find(GetParam().name, claim.region.c_str()), nullptr) << claim.region;
        ASSERT_TRUE(eg_ranges_has_region(ranges_.get(), GetParam().name, claim.region.c_str()))
            << claim.region;
    }
}

/* If they did, the longest prefix of all would decide, and reducing a table could change it. */
TEST_P(BuiltinRanges, NoOtherProviderHasItsAddresses)
{
    for (const Claim &claim : claims_of(GetParam())) {
        eg_label label;
        ASSERT_TRUE(eg_ranges_find(ranges_.get(), &claim.prefix.address, &label));
        ASSERT_STREQ(label.provider, GetParam().name) << text(claim.prefix.address);
    }
}

INSTANTIATE_TEST_SUITE_P(Providers, BuiltinRanges, testing::ValuesIn(providers),
                         [](const auto &test) { return std::string(test.param.name); });

/* The file of 2025 has other tags with other endings; the same twelve regions are aliases. */
TEST(AzureRegionAliases, FollowFromTheSuffixesOfTheTags)
{
    if (eg_test_samples().empty())
        GTEST_SKIP() << "EGSHARK_SAMPLES is not set";
    const Json aliases(eg_test_samples() + "/ranges/region_alias_servicetags_to_arm.json");
    for (const char *file :
         {"ServiceTags_Public_20250722.json", "ServiceTags_Public_20260626.json"}) {
        const std::string path = eg_test_samples() + "/ranges/" + file;
        const Json json(path);
        Ranges ranges;
        eg_error error;
        ASSERT_EQ(eg_ranges_new(out(ranges)), EG_OK);
        ASSERT_EQ(eg_ranges_load(ranges.get(), path.c_str(), &error), EG_OK) << text(error);
        const eg_json_value *tag = eg_json_first(eg_json_member(json.root(), "values"));
        int aliased = 0;
        for (; tag != nullptr; tag = eg_json_next(tag)) {
            const std::string region = member(eg_json_member(tag, "properties"), "region");
            const std::string alias = member(aliases.root(), region.c_str());
            if (region.empty())
                continue;
            EXPECT_TRUE(eg_ranges_has_region(ranges.get(), "azure",
                                             alias.empty() ? region.c_str() : alias.c_str()))
                << region;
            if (!alias.empty()) {
                aliased += member(tag, "name").rfind("AzureCloud.", 0) == 0;
                EXPECT_FALSE(eg_ranges_has_region(ranges.get(), "azure", region.c_str())) << region;
            }
        }
        EXPECT_EQ(aliased, 12) << file; /* as many as the list of aliases has */
    }
}

} // namespace
