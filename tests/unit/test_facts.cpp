// What faces read of a report to show tables of their own. The numbers are worked out by hand.
#include <gtest/gtest.h>

#include <string>

#include "eg_test.h"
#include "egress.h"

using namespace eg_test;

namespace
{

const std::string VM = "10.0.0.4", WEB = "93.184.216.34", UNLISTED = "10.9.9.9";

// A VM in eastus that sends to the internet, and to a private address that has no price.
class Facts : public ::testing::Test
{
  protected:
    Facts()
    {
        Handle<eg_config, eg_config_free> config;
        eg_error error = {};
        EXPECT_EQ(eg_config_new(out(config)), EG_OK);
        EXPECT_EQ(eg_config_set(config.get(), "region", "eastus", &error), EG_OK);
        EXPECT_EQ(eg_config_set(config.get(), "local", VM.c_str(), &error), EG_OK);
        EXPECT_EQ(eg_rules_new(config.get(), out(rules_), &error), EG_OK) << text(error);
        EXPECT_EQ(eg_session_new(rules_.get(), &seed_, out(session_)), EG_OK);
        EXPECT_EQ(eg_session_begin_input(session_.get(), ""), EG_OK);
    }
    void send(const std::string &to, size_t payload)
    {
        const Bytes bytes = ethernet(ipv4(VM, to, tcp(50000, 443, payload)));
        const eg_frame frame = frame_of(bytes);
        eg_verdict verdict;
        EXPECT_EQ(eg_session_add_frame(session_.get(), &frame, &verdict), EG_OK);
    }
    const eg_report *report(eg_view_by by = EG_BY_DESTINATION)
    {
        const eg_view view = {by, eg_rules_view(rules_.get()).direction};
        EXPECT_EQ(eg_session_report(session_.get(), &view, out(report_), nullptr), EG_OK);
        return report_.get();
    }
    eg_row_facts row(size_t index)
    {
        eg_row_facts facts;
        eg_report_row(report_.get(), index, &facts);
        return facts;
    }
    eg_row_facts total()
    {
        eg_row_facts facts;
        eg_report_total(report_.get(), &facts);
        return facts;
    }

  private:
    const eg_hash_key seed_ = {1, 2};
    Handle<eg_rules, eg_rules_free> rules_;
    Handle<eg_session, eg_session_free> session_;
    Handle<eg_report, eg_report_free> report_;
};

TEST_F(Facts, ARowHasItsKeyItsBytesAndItsPriceAsText)
{
    send(WEB, 960); // 1000 IP bytes, 1014 with Ethernet
    ASSERT_EQ(eg_report_rows(report()), 1u);
    const eg_row_facts facts = row(0);
    EXPECT_STREQ(facts.key, WEB.c_str());
    EXPECT_STREQ(facts.class_, "internet");
    EXPECT_STREQ(facts.label, "");
    EXPECT_EQ(facts.packets, 1u);
    EXPECT_EQ(facts.ip_bytes, 1000u);
    EXPECT_EQ(facts.billable_bytes, 1014u);
    EXPECT_EQ(facts.unpriced_bytes, 0u);
    EXPECT_STREQ(facts.rate, "0.087000000");    // zone 1
    EXPECT_STREQ(facts.cost, "0.000000082159"); // 1014 x 0.087 / 2^30 = 8.21594...e-8
    EXPECT_STREQ(facts.note, "");
    EXPECT_STREQ(eg_report_currency(report()), "USD");
}

TEST_F(Facts, WithoutAPriceThereIsNoCostButAReason)
{
    send(UNLISTED, 960);
    report();
    const eg_row_facts facts = row(0);
    EXPECT_EQ(facts.unpriced_bytes, 1014u);
    EXPECT_STREQ(facts.rate, "");
    EXPECT_STREQ(facts.cost, "");
    EXPECT_STREQ(facts.note, "no price: in no sites file");
    ASSERT_NE(eg_report_warning(report(), 0), nullptr);
}

TEST_F(Facts, TheTotalCostsWhatHasAPriceAndSaysWhatHasNone)
{
    send(WEB, 960);
    send(UNLISTED, 460); // 500, 514
    ASSERT_EQ(eg_report_rows(report()), 2u);
    EXPECT_STREQ(total().key, "");
    EXPECT_EQ(total().packets, 2u);
    EXPECT_EQ(total().billable_bytes, 1528u);
    EXPECT_EQ(total().unpriced_bytes, 514u);
    EXPECT_STREQ(total().cost, "0.000000082159");
}

TEST_F(Facts, ATotalOfNothingCostsNothing)
{
    EXPECT_EQ(eg_report_rows(report()), 0u);
    EXPECT_STREQ(total().cost, "0.000000000000");
}

TEST_F(Facts, TheCostliestIsTheFirstThatCosts)
{
    char buffer[EG_ROW_TEXT_MAX];
    send(UNLISTED, 1400);
    EXPECT_STREQ(eg_report_costliest(report(), buffer), "");
    send(WEB, 1);
    EXPECT_STREQ(eg_report_costliest(report(), buffer), WEB.c_str());
    EXPECT_STREQ(eg_report_costliest(report(EG_BY_CLASS), buffer), "");
}

TEST_F(Facts, EveryRowByClassHasAClassOfTheList)
{
    send(WEB, 1);
    send(UNLISTED, 1);
    ASSERT_EQ(eg_report_rows(report(EG_BY_CLASS)), 2u);
    for (size_t i = 0; i < 2; i++) {
        bool found = false;
        for (size_t k = 0; eg_class_at(k) != nullptr; k++)
            found = found || row(i).key == std::string(eg_class_at(k));
        EXPECT_TRUE(found) << row(i).key;
    }
}

} // namespace
