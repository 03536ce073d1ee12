// The month and what it would cost otherwise. The numbers are worked out by hand; the prices are
// those of rates-azure.csv.
#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <string>

#include "trial.h"

using namespace eg_test;

namespace
{

constexpr int64_t SECOND = 1000000000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE, DAY = 24 * HOUR;
constexpr int64_t MIDNIGHT = 20710 * DAY; // 2026-09-14
const std::string WEST = "20.150.37.228"; // Storage in westeurope
const Settings HERE = {{"region", "eastus"}, {"local", VM}};

Settings with(const std::string &name, const std::string &value, Settings settings = HERE)
{
    settings[name] = value;
    return settings;
}

std::string text_of(eg_money money)
{
    char buffer[EG_MONEY_TEXT_MAX];
    return eg_money_number(money, buffer);
}

// A packet of 1,000 billable bytes, 986 IP bytes, each hour of ten days: 241 of them.
void fill_hours(Trial &run, int hours = 240)
{
    run.at(MIDNIGHT, HOUR);
    for (int i = 0; i <= hours; i++)
        run.send(WEB, 946);
}

TEST(Projection, ASteadyTenDaysAreScaledToTheMonth)
{
    Trial run;
    fill_hours(run);
    const eg_projection &month = run.report().projection;
    EXPECT_EQ(month.reason, nullptr);
    EXPECT_EQ(month.span, 10 * DAY);
    EXPECT_TRUE(month.by_days);
    EXPECT_EQ(month.bytes_spread.samples, 10u);
    // 241,000 x 730 / 240 = 733,041.67. Days are alike: 1 / sqrt(10) = 0.316227 is left.
    EXPECT_EQ(month.bytes, 733042u);
    EXPECT_EQ(month.bytes_spread.factor, 1316227u);
    EXPECT_EQ(month.bytes_low, 556927u);
    EXPECT_EQ(month.bytes_high, 964850u);
    // x 0.087 / 2^30
    EXPECT_EQ(text_of(month.cost), "0.000059394775");
    EXPECT_EQ(text_of(month.cost_low), "0.000045125046");
    EXPECT_EQ(text_of(month.cost_high), "0.000078177033");
    EXPECT_EQ(month.unpriced_bytes, 0u);
}

// A backup of 40 packets at 02:00 of each day. Over eight days it is a habit: the days are alike,
// and 1 / sqrt(8) is all that is left. Of a day and a half nothing tells that it comes again.
TEST(Projection, ANightlyBackupIsAHabitOnceDaysAreSeen)
{
    const auto fill = [](Trial &run, int hours) {
        for (int hour = 0; hour <= hours; hour++) {
            run.at(MIDNIGHT + hour * HOUR, SECOND);
            for (int i = 0; i < (hour % 24 == 2 ? 40 : 1); i++)
                run.send(WEB, 946);
        }
    };
    Trial days, night;
    fill(days, 192);
    fill(night, 36);
    const eg_projection known = days.report().projection;
    EXPECT_TRUE(known.by_days);
    EXPECT_EQ(known.bytes_spread.seen, 0u);
    EXPECT_LT(known.bytes_spread.factor, 1360000u);
    const eg_projection &unknown = night.report().projection;
    EXPECT_FALSE(unknown.by_days);
    EXPECT_GT(unknown.bytes_spread.seen, 500000u);
    EXPECT_GT(unknown.bytes_spread.factor, 2000000u);
}

TEST(Projection, WhatIsTooShortIsNotProjected)
{
    Trial run, enough;
    run.at(MIDNIGHT, 10 * MINUTE - 1);
    enough.at(MIDNIGHT, 10 * MINUTE);
    for (Trial *one : {&run, &enough})
        for (int i = 0; i < 2; i++)
            one->send(WEB, 946);
    EXPECT_STREQ(run.report().projection.reason, "it is too short to tell, 10 min at least");
    EXPECT_EQ(enough.report().projection.reason, nullptr);
    Trial nothing;
    nothing.at(MIDNIGHT, HOUR);
    nothing.receive(WEB, 946);
    nothing.receive(WEB, 946);
    EXPECT_STREQ(nothing.report().projection.reason, "there is nothing to project");
}

// 500,000 billable bytes in 600 s are 500,000 x 4,380 = 2,190,000,000 in a month, 1,116,258,176
// more than 2^30. From 99 GB on the first one is free; from 10,334 GB on it costs 0.087 and the
// rest 0.083; without a month so far all of it costs 0.087.
TEST(Projection, TheMonthGoesThroughTheTiers)
{
    const struct {
        const char *month, *cost;
    } cases[] = {{"", "0.177444890141"},
                 {"internet=99", "0.090444890141"},
                 {"internet=10334", "0.173286504388"},
                 {"nat-gateway=10334", "0.177444890141"}};
    for (const auto &x : cases) {
        Trial run(with("month_to_date", x.month, with("segment", "false")));
        run.at(MIDNIGHT, 600 * SECOND / 9);
        for (int i = 0; i < 10; i++)
            run.send(WEB, 50000 - 14 - 40);
        run.at(MIDNIGHT + 600 * SECOND);
        run.add(ethernet({hex("00"), 0x0806})); // no packet, and still a time
        const eg_projection &month = run.report().projection;
        EXPECT_EQ(month.bytes, 2190000000u);
        EXPECT_EQ(text_of(month.cost), x.cost) << x.month;
    }
}

// Private addresses that nobody listed: a cost of nothing would be a wrong figure, and a budget
// kept.
TEST(Projection, WhatHasNoPriceKeepsNoBudget)
{
    Trial run(with("budget", "100", with("project", "true")));
    run.at(MIDNIGHT, HOUR);
    for (int i = 0; i <= 240; i++)
        run.send("10.9.9.9", 946);
    EXPECT_EQ(eg_report_budget(&run.report()), EG_BUDGET_UNKNOWN);
    const std::string text = run.written(EG_FORMAT_TEXT), page = run.written(EG_FORMAT_HTML);
    EXPECT_EQ(text.find("$0.00"), std::string::npos) << text;
    EXPECT_NE(text.find("BUDGET   $100.00: not known to be kept, without a price\n"),
              std::string::npos)
        << text;
    EXPECT_EQ(page.find("$0.00<"), std::string::npos);
    // What has a price keeps it, and no more is said.
    run.send(WEB, 946);
    EXPECT_EQ(eg_report_budget(&run.report()), EG_BUDGET_KEPT);
    EXPECT_NE(run.written(EG_FORMAT_TEXT).find("$100.00: kept by what has a price, even"),
              std::string::npos);
}

// One row holds what has a price and what has none: the total has a cost.
TEST(Projection, ATotalOfARowThatIsPartlyPricedHasACost)
{
    Trial run(HERE);
    run.send("10.9.9.9", 946);
    run.send(WEB, 946);
    EXPECT_TRUE(run.report(EG_BY_PROTOCOL).total.priced);
}

TEST(Projection, ABudgetIsPassedAtTheLowEndAndAtRiskBelowTheHighOne)
{
    // Of the ten days: 0.0000451, 0.0000594, 0.0000782.
    const struct {
        const char *budget;
        eg_budget verdict;
    } cases[] = {{"0.00008", EG_BUDGET_KEPT},
                 {"0.00006", EG_BUDGET_AT_RISK},
                 {"0.000046", EG_BUDGET_AT_RISK},
                 {"0.000045", EG_BUDGET_PASSED},
                 {"", EG_BUDGET_NONE}};
    for (const auto &x : cases) {
        Trial run(with("budget", x.budget));
        fill_hours(run);
        EXPECT_EQ(eg_report_budget(&run.report()), x.verdict) << x.budget;
    }
    // One packet tells nothing of a month, but costs 1,000 x 0.087 / 2^30 = 8.1e-8 by itself.
    for (const bool small : {false, true}) {
        Trial run(with("budget", small ? "0.00000008" : "0.00000009"));
        run.send(WEB, 946);
        EXPECT_EQ(eg_report_budget(&run.report()), small ? EG_BUDGET_PASSED : EG_BUDGET_UNKNOWN);
    }
}

TEST(Projection, BytesWithoutAPriceAreProjectedAndSaid)
{
    Trial run;
    run.at(MIDNIGHT, HOUR);
    for (int i = 0; i < 25; i++) {
        run.send(i % 2 ? WEB : "10.9.9.9", 946); // 13 to a private address
    }
    const eg_projection &month = run.report().projection;
    EXPECT_EQ(month.bytes, 760417u);          // 25,000 x 730 / 24 = 760,416.67
    EXPECT_EQ(month.unpriced_bytes, 395417u); // 13,000: 395,416.67
}

TEST(Projection, MergedSessionsSayTheSame)
{
    Trial whole, first, second(first, {5, 6}, "b.pcap");
    fill_hours(whole);
    fill_hours(first, 100);
    second.at(MIDNIGHT + 101 * HOUR, HOUR);
    for (int i = 101; i <= 240; i++)
        second.send(WEB, 946);
    ASSERT_EQ(eg_session_merge(second.session(), first.session()), EG_OK);
    const auto outlook = [](Trial &run) {
        const std::string json = run.written(EG_FORMAT_JSON);
        return json.substr(json.find("\"projection\""));
    };
    EXPECT_EQ(outlook(second), outlook(whole));
}

// ---- what ifs ------------------------------------------------------------------------------

const eg_what_if *find(const eg_report &report, const std::string &id)
{
    for (size_t i = 0; i < report.what_if_count; i++)
        if (report.what_ifs[i].id == id)
            return &report.what_ifs[i];
    return nullptr;
}

void expect(const eg_report &report, const std::string &id, uint64_t egress, uint64_t ingress,
            const char *now, const char *then)
{
    const eg_what_if *found = find(report, id);
    ASSERT_NE(found, nullptr) << id;
    EXPECT_EQ(found->egress_bytes, egress) << id;
    EXPECT_EQ(found->ingress_bytes, ingress) << id;
    EXPECT_EQ(text_of(found->now), now) << id;
    EXPECT_EQ(text_of(found->then), then) << id;
}

TEST(WhatIf, EachWayIsPricedOnTheTrafficItAppliesTo)
{
    Trial run;
    run.send(WEB, 946); // 1,000 billable bytes each
    run.send(WEST, 946);
    run.send(STORAGE_EASTUS, 946);
    run.send("10.9.9.9", 946);
    run.receive(WEB, 446); // and 500 back
    run.receive(STORAGE_EASTUS, 446);
    const eg_report &report = run.report();
    // Microsoft's network 0.087, an ISP's 0.08: 1,000 x 0.087 / 2^30 and x 0.08
    expect(report, "isp-routing", 1000, 500, "0.000000081025", "0.000000074506");
    // All that is public, 3,000 out and 1,000 in, by 0.045 more: 0.137 + 4,000 x 0.045 / 1,000
    expect(report, "nat-gateway", 3000, 1000, "0.000000127591", "0.000000295229");
    // Storage in westeurope, 0.05, would be free in eastus.
    expect(report, "same-region", 1000, 0, "0.000000046566", "0");
    // Storage in eastus is free by its public address, and 0.01 each way by a private endpoint.
    expect(report, "private-endpoint", 1000, 500, "0", "0.00000001397");
    EXPECT_EQ(find(report, "no-nat-gateway"), nullptr);
    EXPECT_TRUE(find(report, "same-region")->uncertain) << "0.05 is";
    EXPECT_FALSE(find(report, "isp-routing")->uncertain);
}

TEST(WhatIf, WhatIsSoAlreadyIsNotAsked)
{
    Trial run(with("routing", "internet"));
    run.send(WEB, 946);
    EXPECT_EQ(find(run.report(), "isp-routing"), nullptr);
    EXPECT_EQ(find(run.report(), "same-region"), nullptr);
    EXPECT_EQ(find(run.report(), "private-endpoint"), nullptr);
    Trial aws({{"provider", "aws"}, {"region", "us-east-1"}, {"local", VM}});
    aws.send(WEB, 946);
    EXPECT_EQ(aws.report().what_if_count, 0u) << "there is no price to compare with";
}

class WhatIfWithSites : public testing::Test
{
  protected:
    void SetUp() override
    {
        path_ = testing::TempDir() + "eg_what_if_sites.csv";
        std::ofstream(path_) << "prefix,class,region,via,payer,label\n"
                                "0.0.0.0/0,auto,,nat-gateway,,\n"
                                "10.40.0.0/16,global-peering,japaneast,,both,\n";
    }
    void TearDown() override
    {
        std::remove(path_.c_str());
    }
    std::string path_;
};

TEST_F(WhatIfWithSites, ANatGatewayThatIsThereCanBeLeftOut)
{
    Trial run(with("sites", path_));
    run.send(STORAGE_EASTUS, 946);
    const eg_report &report = run.report();
    EXPECT_EQ(find(report, "nat-gateway"), nullptr);
    expect(report, "no-nat-gateway", 1000, 0, "0.00000004191", "0"); // 1,000 x 0.045 / 2^30
    // A private endpoint, 0.01, does not cross it.
    expect(report, "private-endpoint", 1000, 0, "0.00000004191", "0.000000009313");
}

TEST_F(WhatIfWithSites, APeerOfAnotherRegionCouldBeInThisOne)
{
    Trial run(with("sites", path_));
    run.send("10.40.0.7", 946);
    // Out of zone 1 0.035 and into zone 2 0.09; in one region 0.01 and 0.01.
    expect(run.report(), "same-region", 1000, 0, "0.000000116415", "0.000000018626");
}

TEST(WhatIf, TheMonthIsPricedThroughTheTiersBothWays)
{
    Trial run(with("month_to_date", "internet=99", with("segment", "false")));
    run.at(MIDNIGHT, 600 * SECOND);
    run.send(WEB, 25000 - 14 - 40);
    run.send(WEB, 25000 - 14 - 40);
    // 50,000 x 4,380 bytes, less than the GB that is left of the grant either way
    const eg_report &report = run.report();
    EXPECT_EQ(find(report, "isp-routing"), nullptr) << "free at this margin, one as the other";
    const eg_what_if *nat = find(report, "nat-gateway");
    ASSERT_NE(nat, nullptr);
    EXPECT_EQ(text_of(nat->month_now), "0");
    EXPECT_EQ(text_of(nat->month_then), "0.009178183973"); // 219,000,000 x 0.045 / 2^30
}

} // namespace
