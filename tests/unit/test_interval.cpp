// When: the report's sums in buckets of time. The numbers are worked out by hand from the rules;
// the prices are those of rates-azure.csv.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "trial.h"

using namespace eg_test;

namespace
{

constexpr int64_t SECOND = 1000000000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE, DAY = 24 * HOUR;
constexpr int64_t MIDNIGHT = 20710 * DAY; // 2026-09-14
const std::string WEST = "20.150.37.228"; // Storage in westeurope

using Numbers = std::vector<uint64_t>;

Numbers bytes_of(const eg_interval &interval, const eg_interval_line &line)
{
    Numbers bytes;
    for (size_t i = 0; i < interval.buckets && line.sums; i++)
        bytes.push_back(line.sums[i].ip_bytes);
    return bytes;
}

std::string cost_of(eg_money money)
{
    char buffer[EG_MONEY_TEXT_MAX];
    return eg_money_number(money, buffer);
}

TEST(Interval, BytesAreInTheBucketOfTheirTimeByClassAndDestination)
{
    Trial run({{"region", "eastus"}, {"local", VM}, {"interval", "1h"}});
    run.at(MIDNIGHT + 2 * HOUR - 1);
    run.send(WEB, 60); // 100 bytes, in the hour from 01:00
    run.at(MIDNIGHT + 2 * HOUR);
    run.send(WEST, 160);    // 200, in that from 02:00
    run.receive(WEST, 960); // what came in is no egress
    run.at(MIDNIGHT + 4 * HOUR + MINUTE);
    run.send(OTHER, 260); // 300
    run.send(WEB, 360);   // 400
    const eg_report &report = run.report();
    const eg_interval &interval = report.interval;
    EXPECT_EQ(interval.width, HOUR);
    EXPECT_EQ(eg_interval_time(&interval, 0), MIDNIGHT + HOUR);
    ASSERT_EQ(interval.buckets, 4u);
    EXPECT_EQ(bytes_of(interval, interval.total), (Numbers{100, 200, 0, 700}));
    EXPECT_EQ(bytes_of(interval, interval.classes[EG_CLASS_INTERNET]), (Numbers{100, 0, 0, 700}));
    EXPECT_EQ(bytes_of(interval, interval.classes[EG_CLASS_INTER_CONTINENT]),
              (Numbers{0, 200, 0, 0}));
    EXPECT_EQ(interval.classes[EG_CLASS_PRIVATE].sums, nullptr);
    // In the order of the rows: WEB 528 billable bytes at 0.087, OTHER 314, WEST 214 at 0.05.
    ASSERT_EQ(interval.row_count, 3u);
    EXPECT_EQ(bytes_of(interval, interval.rows[0]), (Numbers{100, 0, 0, 400}));
    EXPECT_EQ(bytes_of(interval, interval.rows[1]), (Numbers{0, 0, 0, 300}));
    EXPECT_EQ(bytes_of(interval, interval.rows[2]), (Numbers{0, 200, 0, 0}));
    EXPECT_EQ(interval.total.sums[3].packets, 2u);
    EXPECT_EQ(interval.total.sums[3].billable_bytes, 728u); // 14 a packet more
    // 728 x 0.087 / 2^30 = 5.8985...e-8
    EXPECT_EQ(cost_of(interval.total.sums[3].cost), "0.000000058986");
}

TEST(Interval, ASuperFrameIsBilledInItsBucketAsThePacketsThatLeave)
{
    Trial run({{"region", "eastus"}, {"local", VM}, {"interval", "1h"}});
    run.at(MIDNIGHT, HOUR);
    run.send(WEB, 4000); // three packets: 4000 + 3 x 54
    run.send(WEB, 4000);
    const eg_interval &interval = run.report().interval;
    ASSERT_EQ(interval.buckets, 2u);
    for (size_t i = 0; i < 2; i++) {
        EXPECT_EQ(interval.total.sums[i].packets, 1u);
        EXPECT_EQ(interval.total.sums[i].ip_bytes, 4040u);
        EXPECT_EQ(interval.total.sums[i].billable_bytes, 4162u);
    }
}

TEST(Interval, TheUsualWidthMakesAboutAHundredBuckets)
{
    // One packet a second: 100 s are 101 buckets of 1 s, an hour 121 of 30 s, a day 145 of 10 min.
    const struct {
        int64_t span, width;
        size_t buckets;
    } cases[] = {{100 * SECOND, SECOND, 101}, {HOUR, 30 * SECOND, 121}, {DAY, 10 * MINUTE, 145}};
    for (const auto &x : cases) {
        Trial run;
        run.at(MIDNIGHT);
        run.send(WEB, 60);
        run.at(MIDNIGHT + x.span);
        run.send(WEB, 60);
        const eg_report &report = run.report();
        EXPECT_EQ(report.interval.width, x.width);
        EXPECT_EQ(report.interval.buckets, x.buckets);
        EXPECT_EQ(report.rhythm.width, x.width);
    }
}

bool warns(const eg_report &report, const std::string &words)
{
    for (size_t i = 0; i < report.warning_count; i++)
        if (report.warnings[i].text == words)
            return true;
    return false;
}

TEST(Interval, AWidthThatCannotBeIsSaid)
{
    Trial run({{"region", "eastus"}, {"local", VM}, {"interval", "1s"}});
    run.at(MIDNIGHT, DAY); // 86,401 s; 5 s are still too many, 10 s are not
    run.send(WEB, 60);
    run.send(WEB, 60);
    EXPECT_EQ(run.report().interval.width, 10 * SECOND);
    EXPECT_TRUE(
        warns(run.report(), "buckets of 1 s are too many for this capture: they are 10 s wide"));
    EXPECT_EQ(run.report().rhythm.width, 10 * MINUTE);
}

TEST(Interval, WhatHasNoTimeIsInTheTotalsAndInNoBucket)
{
    Trial run;
    run.at(MIDNIGHT);
    run.send(WEB, 60);
    run.at(EG_NO_TIME, 0);
    run.send(WEB, 160);
    const eg_interval &interval = run.report().interval;
    EXPECT_EQ(bytes_of(interval, interval.total), Numbers{100});
    EXPECT_EQ(interval.total.untimed.ip_bytes, 200u);
    EXPECT_EQ(interval.rows[0].untimed.ip_bytes, 200u);
    EXPECT_EQ(run.report().total.shown.ip_bytes, 300u);

    Trial none;
    none.at(EG_NO_TIME, 0);
    none.send(WEB, 160);
    EXPECT_EQ(none.report().interval.width, 0);
    EXPECT_STREQ(none.report().interval.reason, "no packet has a time");
}

TEST(Interval, TimesAreKeptOnlyWhereSomethingAsksForThem)
{
    for (const char *setting : {"", "interval", "project"}) {
        Trial run(*setting == 'i'   ? Settings{{"interval", "1h"}}
                  : *setting == 'p' ? Settings{{"project", "true"}}
                                    : Settings{},
                  SEED);
        Handle<eg_session, eg_session_free> session;
        ASSERT_EQ(eg_session_new(run.rules(), &SEED, out(session)), EG_OK);
        const Bytes packet = ethernet(ipv4(VM, WEB, tcp(50000, 443, 60)));
        eg_frame frame = frame_of(packet, LINK_ETHERNET);
        frame.time = MIDNIGHT;
        eg_verdict verdict = {};
        ASSERT_EQ(eg_session_add_frame(session.get(), &frame, &verdict), EG_OK);
        Handle<eg_report, eg_report_free> report;
        ASSERT_EQ(eg_session_report(session.get(), nullptr, out(report), nullptr), EG_OK);
        EXPECT_EQ(report->interval.buckets, *setting ? 1u : 0u) << setting;
        EXPECT_STREQ(report->interval.reason, *setting ? nullptr : "times were not kept");
    }
    EXPECT_TRUE(eg_format_has_times(EG_FORMAT_JSON));
    EXPECT_FALSE(eg_format_has_times(EG_FORMAT_TEXT));
}

TEST(Interval, TheViewChoosesWhichWayIsSummed)
{
    Trial run({{"region", "eastus"}, {"local", VM}, {"interval", "1h"}});
    run.at(MIDNIGHT, HOUR);
    run.send(WEB, 60);
    run.receive(WEB, 160);
    const eg_interval &in = run.report(EG_BY_DESTINATION, EG_VIEW_INGRESS).interval;
    EXPECT_EQ(bytes_of(in, in.total), (Numbers{0, 200}));
    const eg_interval &any = run.report(EG_BY_DESTINATION, EG_VIEW_ANY).interval;
    EXPECT_EQ(bytes_of(any, any.total), (Numbers{100, 200}));
    const eg_interval &by_class = run.report(EG_BY_CLASS).interval;
    EXPECT_EQ(by_class.row_count, 0u);
    EXPECT_EQ(bytes_of(by_class, by_class.classes[EG_CLASS_INTERNET]), (Numbers{100, 0}));
}

TEST(Interval, FilteredFramesAreInNoBucket)
{
    for (const bool first : {false, true}) {
        Trial run({{"region", "eastus"}, {"local", VM}, {"interval", "1h"}});
        run.at(MIDNIGHT, HOUR);
        run.send(WEB, 60, first);
        run.send(WEB, 160, !first);
        run.send(WEB, 260);
        const eg_interval &interval = run.report().interval;
        EXPECT_EQ(bytes_of(interval, interval.total),
                  first ? (Numbers{200, 300}) : (Numbers{100, 0, 300}));
    }
}

TEST(Interval, ASelectionHasBucketsOfItsOwn)
{
    Trial run({{"region", "eastus"}, {"local", VM}, {"interval", "1h"}});
    Handle<eg_selection, eg_selection_free> selection;
    ASSERT_EQ(eg_selection_new(out(selection)), EG_OK);
    run.at(MIDNIGHT, HOUR);
    run.send(WEB, 60);
    const eg_verdict chosen = run.send(WEB, 160);
    ASSERT_EQ(eg_selection_add(selection.get(), &chosen, MIDNIGHT + HOUR), EG_OK);
    run.send(WEB, 260);
    const eg_interval &part =
        run.report(EG_BY_DESTINATION, EG_VIEW_EGRESS, selection.get()).interval;
    EXPECT_EQ(part.width, HOUR);
    EXPECT_EQ(bytes_of(part, part.total), Numbers{200});
    const eg_interval &all = run.report().interval;
    EXPECT_EQ(bytes_of(all, all.total), (Numbers{100, 200, 300}));
}

TEST(Interval, CopiesAreInNoBucket)
{
    Trial run({{"region", "eastus"}, {"local", VM}, {"dedup", "on"}, {"interval", "1h"}});
    run.at(MIDNIGHT, 1000);
    const Bytes packet = ethernet(ipv4(VM, WEB, tcp(50000, 443, 60)));
    for (uint64_t interface : {0, 1}) {
        eg_frame frame = frame_of(packet, LINK_ETHERNET);
        frame.interface = interface;
        frame.time = MIDNIGHT;
        eg_verdict verdict = {};
        ASSERT_EQ(eg_session_add_frame(run.session(), &frame, &verdict), EG_OK);
    }
    const eg_interval &interval = run.report().interval;
    EXPECT_EQ(bytes_of(interval, interval.total), Numbers{100});
}

// Three days, of which each has a backup of 40 packets in the hour from 02:00 and a packet every
// other hour; a session a day, merged in either order.
TEST(Interval, BucketsCanBeJoinedAndKeepTheirSums)
{
    Trial run({{"region", "eastus"}, {"local", VM}, {"interval", "1h"}});
    for (const int hour : {1, 2, 3, 6}) { // buckets 1 to 6 of the day
        run.at(MIDNIGHT + hour * HOUR);
        run.send(WEB, 60 + static_cast<size_t>(hour)); // 100 + hour bytes
    }
    const eg_interval &narrow = run.report().interval;
    ASSERT_EQ(bytes_of(narrow, narrow.total), (Numbers{101, 102, 103, 0, 0, 106}));
    eg_interval wide;
    // Three at a time would be 00:00, 03:00 and 06:00; four would be 00:00 and 04:00.
    ASSERT_EQ(eg_interval_join(&narrow, 3, &wide), EG_OK);
    EXPECT_EQ(wide.width, 3 * HOUR);
    EXPECT_EQ(eg_interval_time(&wide, 0), MIDNIGHT);
    EXPECT_EQ(bytes_of(wide, wide.total), (Numbers{203, 103, 106}));
    EXPECT_EQ(bytes_of(wide, wide.classes[EG_CLASS_INTERNET]), (Numbers{203, 103, 106}));
    EXPECT_EQ(bytes_of(wide, wide.rows[0]), (Numbers{203, 103, 106}));
    eg_interval_clear(&wide);
    ASSERT_EQ(eg_interval_join(&narrow, 6, &wide), EG_OK);
    EXPECT_EQ(bytes_of(wide, wide.total), bytes_of(narrow, narrow.total));
    eg_interval_clear(&wide);
}

TEST(Interval, MergedSessionsHaveTheBucketsOfOneInEitherOrder)
{
    const Settings settings = {{"region", "eastus"}, {"local", VM}, {"interval", "1h"}};
    const auto fill = [](Trial &run, int day) {
        for (int hour = 0; hour < 24; hour++) {
            run.at(MIDNIGHT + day * DAY + hour * HOUR);
            for (int i = 0; i < (hour == 2 ? 40 : 1); i++)
                run.send(hour == 2 ? WEST : WEB, 960);
        }
    };
    Trial whole(settings);
    std::vector<Numbers> expected;
    for (int day = 0; day < 3; day++)
        fill(whole, day);
    Numbers truth;
    for (int hour = 0; hour < 72; hour++)
        truth.push_back(hour % 24 == 2 ? 40000 : 1000);
    {
        const eg_interval &interval = whole.report().interval;
        EXPECT_EQ(bytes_of(interval, interval.total), truth);
    }
    for (const bool reversed : {false, true}) {
        Trial first(settings), second(first, {7, 8}, "b"), third(first, {9, 10}, "c");
        Trial *runs[] = {&first, &second, &third};
        for (int i = 0; i < 3; i++)
            fill(*runs[i], reversed ? 2 - i : i);
        for (Trial *from : {&second, &third})
            ASSERT_EQ(eg_session_merge(first.session(), from->session()), EG_OK);
        const eg_interval &interval = first.report().interval;
        EXPECT_EQ(bytes_of(interval, interval.total), truth) << reversed;
        const auto json = [](Trial &run) {
            const std::string text = run.written(EG_FORMAT_JSON);
            return text.substr(text.find("\"interval\""));
        };
        EXPECT_EQ(json(first), json(whole)) << reversed;
    }
}

} // namespace
