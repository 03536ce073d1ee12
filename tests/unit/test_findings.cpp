// What to do: each rule of docs/findings.md finds at its threshold, and not below it.
#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <set>
#include <string>

#include "trial.h"

using namespace eg_test;

namespace
{

constexpr int64_t SECOND = 1000000000, HOUR = 3600 * SECOND, DAY = 24 * HOUR;
constexpr int64_t MIDNIGHT = 20710 * DAY; // 2026-09-14
// Built-in ranges of 2026-06-26.
const std::string WEST = "20.150.37.228";          // Storage in westeurope
const std::string FRONT_DOOR = "13.107.246.40";    // AzureFrontDoor.Frontend, without a region
const std::string MONITOR_EASTUS = "40.79.154.83"; // AzureMonitor in eastus

using Names = std::set<std::string>;

// A file of the user's, as a setting names it.
class Given
{
  public:
    Given(const std::string &name, const std::string &text)
        : path_(testing::TempDir() + "eg_findings_" + name)
    {
        std::ofstream(path_) << text;
    }
    ~Given()
    {
        std::remove(path_.c_str());
    }
    const std::string &path() const
    {
        return path_;
    }

  private:
    const std::string path_;
};

Names found(const eg_report &report)
{
    Names names;
    for (size_t i = 0; i < report.finding_count; i++)
        names.insert(report.findings[i].id);
    return names;
}

const eg_finding &finding(const eg_report &report, const std::string &id)
{
    for (size_t i = 0; i < report.finding_count; i++)
        if (report.findings[i].id == id)
            return report.findings[i];
    ADD_FAILURE() << "no finding " << id;
    static const eg_finding none = {};
    return none;
}

const eg_evidence &evidence(const eg_finding &finding, const std::string &name)
{
    for (size_t i = 0; i < finding.evidence_count; i++)
        if (finding.evidence[i].name == name)
            return finding.evidence[i];
    ADD_FAILURE() << "no evidence " << name;
    static const eg_evidence none = {};
    return none;
}

// An hour, in the time of the built-in facts: nothing to find but what a test adds.
void begin(Trial &run)
{
    run.at(MIDNIGHT, HOUR);
    run.add(ethernet({hex("00"), 0x0806}));
    run.add(ethernet({hex("00"), 0x0806}));
}

// `share` frames of a hundred, of 1,000 billable bytes each, go to `to`, the others to the web.
const eg_report &mixture(Trial &run, const std::string &to, int share)
{
    begin(run);
    for (int i = 0; i < 100; i++)
        run.send(i < share ? to : WEB, 946);
    return run.report();
}

TEST(Findings, ThereAreNoneOfAnOrdinaryHour)
{
    Trial run;
    EXPECT_EQ(found(mixture(run, WEB, 0)), Names{});
}

TEST(Findings, AServiceOfAnotherRegionIsFoundFromOnePercentOn)
{
    Trial run, less;
    const eg_report &report = mixture(run, WEST, 1);
    EXPECT_EQ(found(report), Names{"service-in-other-region"});
    const eg_finding &it = finding(report, "service-in-other-region");
    EXPECT_EQ(evidence(it, "billable_bytes").number, 1000u);
    EXPECT_EQ(evidence(it, "share").number, 10000u); // 0.01
    char cost[EG_MONEY_TEXT_MAX];
    EXPECT_STREQ(eg_money_number(evidence(it, "cost_").money, cost), "0.000000046566"); // 0.05
    EXPECT_STREQ(evidence(it, "service").text, "Storage");
    EXPECT_STREQ(evidence(it, "region").text, "westeurope");
    EXPECT_FALSE(it.told);
    begin(less);
    less.send(WEST, 945); // 999 of 100,000
    for (int i = 0; i < 99; i++)
        less.send(WEB, 946);
    less.send(WEB, 0 + 1);
    EXPECT_EQ(found(less.report()), Names{});
}

TEST(Findings, TheSameServiceInTheOwnRegionIsNone)
{
    Trial run;
    EXPECT_EQ(found(mixture(run, STORAGE_EASTUS, 100)), Names{});
}

// What a user of the provider runs in another region is no service of it, nor is another cloud's.
TEST(Findings, OtherRegionsWithoutAServiceOfTheProviderAreNone)
{
    Given ranges("ranges.csv", "prefix,provider,region,service\n20.1.0.0/16,azure,westus,Storage\n"
                               "20.2.0.0/16,azure,westus,\n");
    Given others("others.csv", "prefix,provider,region,service\n52.1.0.0/16,aws,us-west-2,S3\n");
    const struct {
        const char *to;
        size_t expected;
    } cases[] = {{"20.1.1.1", 1}, {"20.2.1.1", 0}, {"52.1.1.1", 0}};
    for (const auto &x : cases) {
        Trial run(Settings{{"region", "eastus"},
                           {"local", VM},
                           {"ranges", ranges.path()},
                           {"ranges", others.path()}});
        EXPECT_EQ(found(mixture(run, x.to, 50)).count("service-in-other-region"), x.expected)
            << x.to;
    }
}

TEST(Findings, ProviderTrafficAtTheInternetRateIsFoundFromTenPercentOn)
{
    Trial run, less;
    EXPECT_EQ(found(mixture(run, FRONT_DOOR, 10)), Names{"provider-at-internet-rate"});
    EXPECT_STREQ(evidence(finding(run.report(), "provider-at-internet-rate"), "service").text,
                 "AzureFrontDoor.Frontend");
    EXPECT_EQ(found(mixture(less, FRONT_DOOR, 9)), Names{});
}

TEST(Findings, TelemetryIsFoundFromFivePercentOn)
{
    Trial run, less;
    EXPECT_EQ(found(mixture(run, MONITOR_EASTUS, 5)), Names{"telemetry"});
    EXPECT_EQ(found(mixture(less, MONITOR_EASTUS, 4)), Names{});
}

// Each of the services whose tags docs/findings.md names.
TEST(Findings, TelemetryIsKnownByItsServices)
{
    const struct {
        const char *service;
        bool expected;
    } cases[] = {{"AzureMonitor", true},
                 {"ApplicationInsightsAvailability", true},
                 {"GuestAndHybridManagement", true},
                 {"MicrosoftDefenderForEndpoint", true},
                 {"Storage", false}};
    for (const auto &x : cases) {
        Given ranges("telemetry.csv", std::string("prefix,provider,region,service\n"
                                                  "20.0.0.0/8,azure,eastus,") +
                                          x.service + "\n");
        Trial run(Settings{{"region", "eastus"}, {"local", VM}, {"ranges", ranges.path()}});
        EXPECT_EQ(found(mixture(run, "20.1.1.1", 50)).count("telemetry"), x.expected ? 1u : 0u)
            << x.service;
    }
}

TEST(Findings, PrivateDestinationsThatNobodyClassifiedAreToldAlready)
{
    Trial run;
    EXPECT_EQ(found(mixture(run, "10.9.9.9", 1)), Names{"private-unclassified"});
    EXPECT_TRUE(finding(run.report(), "private-unclassified").told);
}

TEST(Findings, PrivateDestinationsAreFoundFromOnePercentOnAndWhereNoSiteNamesThem)
{
    Given sites("sites.csv",
                "prefix,class,region,via,payer,label\n10.9.9.0/24,vnet,eastus,,,spoke\n");
    Trial less, named(Settings{{"region", "eastus"}, {"local", VM}, {"sites", sites.path()}});
    begin(less);
    less.send("10.9.9.9", 945); // 999 of 100,000
    for (int i = 0; i < 99; i++)
        less.send(WEB, 946);
    less.send(WEB, 1);
    EXPECT_EQ(found(less.report()), Names{});
    EXPECT_EQ(found(mixture(named, "10.9.9.9", 50)), Names{});
}

TEST(Findings, DnsIsFoundFromAHundredPacketsAndTenPercentOn)
{
    const struct {
        int queries, others;
        bool expected;
    } cases[] = {{100, 900, true}, {99, 0, false}, {100, 901, false}};
    for (const auto &x : cases) {
        Trial run;
        begin(run);
        for (int i = 0; i < x.queries; i++)
            run.add(ethernet(ipv4(VM, "8.8.8.8", udp(50000, 53, 30))));
        for (int i = 0; i < x.others; i++)
            run.send(WEB, 946);
        EXPECT_EQ(found(run.report()), x.expected ? Names{"dns"} : Names{}) << x.queries;
        const uint64_t packets =
            x.expected ? evidence(finding(run.report(), "dns"), "packets").number : 100;
        EXPECT_EQ(packets, 100u);
    }
}

// Of 100,000 billable bytes the last is the first of its kind, or sent again: 1,000 at 0.087.
TEST(Findings, WhatWasSentAgainIsToldToThoseWhoAsk)
{
    const Settings looking = {{"region", "eastus"}, {"local", VM}, {"retransmissions", "true"}};
    const auto send = [](Trial &run, const std::string &to, uint32_t sequence, size_t payload) {
        run.add(ethernet(ipv4(VM, to, tcp(50000, 443, zeros(payload), ACK, sequence))));
    };
    const auto hundred = [&](Trial &run, uint32_t last, size_t payload) {
        begin(run);
        for (uint32_t i = 0; i < 99; i++)
            send(run, i < 98 ? WEB : OTHER, 946 * i, 946);
        send(run, WEB, last, payload);
    };
    Trial run(looking), less(looking), none(looking), silent;
    hundred(run, 946, 946);
    EXPECT_EQ(found(run.report()), Names{"retransmissions"});
    const eg_finding &it = finding(run.report(), "retransmissions");
    EXPECT_EQ(it.severity, EG_SEVERITY_WARNING);
    EXPECT_EQ(evidence(it, "packets").number, 1u);
    EXPECT_EQ(evidence(it, "billable_bytes").number, 1000u);
    EXPECT_EQ(evidence(it, "share").number, 10000u);
    char cost[EG_MONEY_TEXT_MAX];
    EXPECT_STREQ(eg_money_number(evidence(it, "cost_").money, cost), "0.000000081025");
    EXPECT_STREQ(evidence(it, "destination").text, WEB.c_str());
    EXPECT_EQ(evidence(it, "destination_billable_bytes").number, 1000u);
    EXPECT_EQ(evidence(it, "flows_forgotten").number, 0u);

    hundred(less, 946, 945); // 999 of 99,999
    EXPECT_EQ(finding(less.report(), "retransmissions").severity, EG_SEVERITY_INFO);
    hundred(none, 946 * 99, 946);
    const eg_finding &nothing = finding(none.report(), "retransmissions");
    EXPECT_EQ(nothing.severity, EG_SEVERITY_INFO);
    EXPECT_STREQ(nothing.text, "no TCP segment that left was seen to be sent again");
    EXPECT_STREQ(evidence(nothing, "destination").text, "");
    hundred(silent, 946, 946);
    EXPECT_EQ(found(silent.report()), Names{});
}

TEST(Findings, WhereMostWasSentAgainIsHiddenToo)
{
    Trial run(Settings{
        {"region", "eastus"}, {"local", VM}, {"retransmissions", "true"}, {"redact", "all"}});
    begin(run);
    run.send(WEB, 946);
    run.send(WEB, 946);
    const std::string most = evidence(finding(run.report(), "retransmissions"), "destination").text;
    EXPECT_NE(most, "");
    EXPECT_EQ(std::string(finding(run.report(), "retransmissions").text).find(WEB),
              std::string::npos);
    EXPECT_NE(most, WEB);
}

TEST(Findings, CopiesAreFoundFromOnePercentOfTheFramesOn)
{
    for (const int others : {97, 98}) { // with the two frames without IP: 1 of 100, of 101
        Trial run(Settings{{"region", "eastus"}, {"local", VM}, {"dedup", "on"}});
        begin(run);
        for (int i = 0; i < others - 1; i++)
            run.send(WEB, 946);
        const Bytes packet = ethernet(ipv4(VM, OTHER, tcp(50000, 443, 60)));
        for (uint64_t interface : {0, 1}) {
            eg_frame frame = frame_of(packet, LINK_ETHERNET);
            frame.interface = interface;
            frame.time = MIDNIGHT;
            eg_verdict verdict = {};
            ASSERT_EQ(eg_session_add_frame(run.session(), &frame, &verdict), EG_OK);
        }
        EXPECT_EQ(run.report().frames, others + 3u);
        EXPECT_EQ(found(run.report()), others == 97 ? Names{"copies"} : Names{});
    }
}

TEST(Findings, AShortCaptureIsToldByItsSpan)
{
    Trial run;
    run.at(MIDNIGHT, HOUR - 1);
    run.send(WEB, 946);
    run.send(WEB, 946);
    EXPECT_EQ(found(run.report()), Names{"capture-short"});
    EXPECT_EQ(evidence(finding(run.report(), "capture-short"), "span_ns").number,
              static_cast<uint64_t>(HOUR) - 1);
    EXPECT_TRUE(finding(run.report(), "capture-short").told);
}

TEST(Findings, WhatIsMissingInTheCaptureIsFound)
{
    Trial run;
    begin(run);
    run.send(WEB, 946);
    eg_input_facts facts = {};
    facts.truncated_file = true;
    facts.drops_known = true;
    facts.drops = 7;
    ASSERT_EQ(eg_session_end_input(run.session(), &facts), EG_OK);
    EXPECT_EQ(found(run.report()), Names{"capture-truncated"});
    const eg_finding &it = finding(run.report(), "capture-truncated");
    EXPECT_EQ(evidence(it, "files").number, 1u);
    EXPECT_EQ(evidence(it, "dropped_packets").number, 7u);
}

TEST(Findings, EachThingThatIsMissingIsEnough)
{
    const struct {
        bool truncated_file, drops_known;
        uint64_t drops;
        bool whole_header, expected;
    } cases[] = {{false, true, 0, true, false},
                 {false, false, 7, true, false},
                 {true, false, 0, true, true},
                 {false, true, 7, true, true},
                 {false, true, 0, false, true}};
    for (const auto &x : cases) {
        Trial run;
        begin(run);
        run.send(WEB, 946);
        if (!x.whole_header) { // 19 of 20 bytes
            const Bytes packet = ethernet(ipv4(VM, WEB, tcp(50000, 443, 60)));
            run.add(Bytes(packet.begin(), packet.begin() + 14 + 19));
        }
        eg_input_facts facts = {};
        facts.truncated_file = x.truncated_file;
        facts.drops_known = x.drops_known;
        facts.drops = x.drops;
        ASSERT_EQ(eg_session_end_input(run.session(), &facts), EG_OK);
        EXPECT_EQ(found(run.report()), x.expected ? Names{"capture-truncated"} : Names{})
            << &x - cases;
        if (x.expected) {
            const eg_finding &it = finding(run.report(), "capture-truncated");
            EXPECT_EQ(evidence(it, "files").number, x.truncated_file ? 1u : 0u);
            EXPECT_EQ(evidence(it, "dropped_packets").number, x.drops_known ? x.drops : 0);
            EXPECT_EQ(evidence(it, "frames_without_header").number, x.whole_header ? 0u : 1u);
        }
    }
}

TEST(Findings, FactsFarFromTheCaptureAreFound)
{
    // The ranges are of 2026-06-26: 180 days before are 2025-12-28, after 2026-12-23. The latest
    // price that is looked at is of 2026-08-18: 365 days before are 2025-08-18, after 2027-08-18.
    const struct {
        int64_t days; // since 1970
        Names expected;
    } cases[] = {{20450, {}},             // 2025-12-28
                 {20449, {"ranges-old"}}, // the day before
                 {20318, {"ranges-old"}}, // 2025-08-18
                 {20317, {"ranges-old", "rates-old"}},
                 {20810, {}}, // 2026-12-23
                 {20811, {"ranges-old"}},
                 {21048, {"ranges-old"}}, // 2027-08-18
                 {21049, {"ranges-old", "rates-old"}}};
    for (const auto &x : cases) {
        Trial run;
        run.at(x.days * DAY, HOUR);
        run.send(WEB, 946);
        run.send(WEB, 946);
        EXPECT_EQ(found(run.report()), x.expected) << x.days;
    }
}

TEST(Findings, TextLeavesOutWhatAWarningSays)
{
    Trial run;
    begin(run);
    for (int i = 0; i < 50; i++) {
        run.send("10.9.9.9", 946);
        run.send(WEST, 946);
    }
    const std::string text = run.written(EG_FORMAT_TEXT);
    EXPECT_NE(text.find("\nFINDING  "), std::string::npos);
    EXPECT_EQ(text.find("no sites file names"), std::string::npos);
    const std::string json = run.written(EG_FORMAT_JSON);
    EXPECT_NE(json.find("\"id\": \"private-unclassified\""), std::string::npos);
    EXPECT_NE(json.find("\"cost_usd\": 0.000002328306,\n        \"service\": \"Storage\""),
              std::string::npos); // 50,000 x 0.05 / 2^30
}

TEST(Findings, TheyAreTheSameInEveryTable)
{
    Trial run;
    const Names expected = found(mixture(run, WEST, 50));
    for (const eg_view_by by :
         {EG_BY_SERVICE, EG_BY_REGION, EG_BY_CLASS, EG_BY_PORT, EG_BY_PROTOCOL})
        EXPECT_EQ(found(run.report(by)), expected) << by;
}

} // namespace
