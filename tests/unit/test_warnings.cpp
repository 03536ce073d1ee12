// What a report says is uncertain: that it names the figure that was used, in every table.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "trial.h"

using namespace eg_test;

namespace
{

using Texts = std::vector<std::string>;

Texts warnings_of(const eg_report &report, const std::string &part)
{
    Texts found;
    for (size_t i = 0; i < report.warning_count; i++)
        if (std::string(report.warnings[i].text).find(part) != std::string::npos)
            found.push_back(report.warnings[i].text);
    return found;
}

TEST(Warnings, TheAssumedRateIsTheOneInForce)
{
    // rates-azure.csv, zones 1 and 3: 0.087 and 0.181 from 100 GB on, 0.083 and 0.175 from 10,335,
    // 0.05 and 0.16 from 153,695. Below 100 GB all are free, wherever the VM is.
    const std::string begin = "region unknown: internet traffic is priced at zone 1 (";
    const std::pair<const char *, Texts> cases[] = {
        {"", {begin + "0.087 assumed; 0.087-0.181): --region"}},
        {"internet=10334", {begin + "0.087 assumed; 0.087-0.181): --region"}},
        {"internet=10335", {begin + "0.083 assumed; 0.083-0.175): --region"}},
        {"internet=160000", {begin + "0.05 assumed; 0.05-0.16): --region"}},
        {"internet=99", {}},
    };
    for (const auto &[month, expected] : cases) {
        Trial run({{"local", VM}, {"month_to_date", month}});
        run.send(WEB, 100);
        EXPECT_EQ(warnings_of(run.report(), "region unknown"), expected) << month;
    }
    Trial large({{"local", VM}, {"month_to_date", "internet=160000"}});
    large.send(WEB, 100);
    EXPECT_EQ(row_of(large.report(), WEB).nano_per_gb, 50000000u);
}

TEST(Warnings, AMissingPriceIsNamedInEveryTable)
{
    // AWS has no built-in list.
    Trial run({{"provider", "aws"}, {"region", "us-east-1"}, {"local", VM}});
    run.send(WEB, 100);
    run.send("3.5.140.1", 100); // ap-northeast-2
    const Texts expected = {"there is no price for inter-continent of AWS: --rates",
                            "there is no price for internet of AWS: --rates"};
    for (const eg_view_by by :
         {EG_BY_DESTINATION, EG_BY_SERVICE, EG_BY_REGION, EG_BY_CLASS, EG_BY_PORT, EG_BY_PROTOCOL})
        EXPECT_EQ(warnings_of(run.report(by), "there is no price"), expected) << by;
}

TEST(Warnings, TheShareOfTransitIsExact)
{
    Trial run;
    // 40 bytes between strangers and nothing else
    run.add(ethernet(ipv4(WEB, OTHER, tcp(443, 50000))));
    EXPECT_EQ(warnings_of(run.report(), "transit"),
              Texts{"100.0 % of the bytes are neither from nor to the VM's addresses (transit): "
                    "check them, or name them with --local"});
}

TEST(Warnings, ALongPathDoesNotCutTheMessage)
{
    const std::string name = "/capture-of-the-day.pcap";
    const std::string path = std::string(400, 'x') + name;
    Trial first, run(first, SEED, path.c_str());
    eg_input_facts facts = {};
    facts.truncated_file = true;
    ASSERT_EQ(eg_session_end_input(run.session(), &facts), EG_OK);
    const std::string shown = std::string(120 - name.size(), 'x') + name;
    EXPECT_EQ(warnings_of(run.report(), "its end"),
              Texts{"'" + shown +
                    "' could not be read to its end: the report covers its first 0 frames"});
}

} // namespace
