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
    // Zone 1 of rates-azure.csv: 0.087 from 100 GB on, 0.05 from 153,695 GB on.
    const std::string begin = "region unknown: internet traffic is priced at zone 1 (";
    const std::string end = " assumed; 0.087-0.181): --region";
    Trial first({{"local", VM}}), large({{"local", VM}, {"month_to_date", "internet=160000"}});
    for (Trial *run : {&first, &large})
        run->send(WEB, 100);
    EXPECT_EQ(warnings_of(first.report(), "region unknown"), Texts{begin + "0.087" + end});
    EXPECT_EQ(warnings_of(large.report(), "region unknown"), Texts{begin + "0.05" + end});
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
