// A run of the core from frames to a report, for tests: settings in, frames in, rows out.
#ifndef EG_TEST_TRIAL_H
#define EG_TEST_TRIAL_H

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "eg_test.h"
#include "egress.h"
#include "report/report.h"

namespace eg_test
{

inline constexpr eg_hash_key SEED = {1, 2};
inline const std::string VM = "10.0.0.4", WEB = "93.184.216.34", OTHER = "151.101.1.69";
// Built-in ranges of 2026-06-26: 20.38.98.0/24 is Storage in eastus.
inline const std::string STORAGE_EASTUS = "20.38.98.4";

using Settings = std::map<std::string, std::string>;

class Trial
{
  public:
    explicit Trial(const Settings &settings = {{"region", "eastus"}, {"local", VM}},
                   const eg_hash_key &seed = SEED)
    {
        Handle<eg_config, eg_config_free> config;
        EXPECT_EQ(eg_config_new(out(config)), EG_OK);
        eg_error error = {};
        for (const auto &[name, value] : settings)
            EXPECT_EQ(eg_config_set(config.get(), name.c_str(), value.c_str(), &error), EG_OK)
                << text(error);
        EXPECT_EQ(eg_rules_new(config.get(), out(rules_), &error), EG_OK) << text(error);
        EXPECT_EQ(eg_session_new(rules_.get(), &seed, out(session_)), EG_OK);
        eg_session_keep_times(session_.get());
        EXPECT_EQ(eg_session_begin_input(session_.get(), "test.pcap"), EG_OK);
    }
    // Shares the rules of another run, as sessions that are merged must.
    Trial(const Trial &other, const eg_hash_key &seed, const char *path)
    {
        EXPECT_EQ(eg_session_new(other.rules_.get(), &seed, out(session_)), EG_OK);
        eg_session_keep_times(session_.get());
        EXPECT_EQ(eg_session_begin_input(session_.get(), path), EG_OK);
    }

    eg_verdict add(const Bytes &bytes, bool filtered = false, int32_t link = LINK_ETHERNET)
    {
        eg_frame frame = frame_of(bytes, link);
        frame.filtered = filtered;
        frame.time = time_ += step_;
        eg_verdict verdict = {};
        EXPECT_EQ(eg_session_add_frame(session_.get(), &frame, &verdict), EG_OK);
        return verdict;
    }
    eg_verdict send(const std::string &to, size_t payload, bool filtered = false)
    {
        return add(ethernet(ipv4(VM, to, tcp(50000, 443, payload))), filtered);
    }
    eg_verdict receive(const std::string &from, size_t payload, bool filtered = false)
    {
        return add(ethernet(ipv4(from, VM, tcp(443, 50000, payload))), filtered);
    }

    const eg_report &report(eg_view_by by = EG_BY_DESTINATION,
                            eg_view_direction direction = EG_VIEW_EGRESS,
                            const eg_selection *selection = nullptr)
    {
        const eg_view view = {by, direction};
        eg_report *made = nullptr;
        EXPECT_EQ(eg_session_report_selection(session_.get(), selection, &view, &made, nullptr),
                  EG_OK);
        report_.reset(made);
        return *report_;
    }
    std::string written(eg_format format)
    {
        const eg_style style = {format, 0, false, 0};
        Output output;
        report();
        EXPECT_EQ(eg_report_write(report_.get(), &style, output.sink()), EG_OK);
        return output.text();
    }
    // Frames from here on come at this time, in ns, and each a step later than the one before.
    void at(int64_t time, int64_t step = 1000000)
    {
        time_ = time - step;
        step_ = step;
    }
    const eg_rules *rules()
    {
        return rules_.get();
    }
    eg_session *session()
    {
        return session_.get();
    }

  private:
    Handle<eg_rules, eg_rules_free> rules_;
    Handle<eg_session, eg_session_free> session_;
    Handle<eg_report, eg_report_free> report_;
    int64_t time_ = 0, step_ = 1000000;
};

inline const eg_row &row_of(const eg_report &report, const std::string &key)
{
    char buffer[EG_ROW_KEY_MAX];
    for (size_t i = 0; i < report.row_count; i++)
        if (key == eg_row_key(&report, &report.rows[i], buffer))
            return report.rows[i];
    ADD_FAILURE() << "no row " << key;
    static const eg_row none = {};
    return none;
}

} // namespace eg_test

#endif
