// Settings and rules: what is accepted, what is refused, and in which words.
#include <gtest/gtest.h>

#include <string>

#include "config.h"
#include "eg_test.h"

namespace
{

struct Config {
    Config()
    {
        EXPECT_EQ(eg_config_new(&config), EG_OK);
    }
    ~Config()
    {
        eg_config_free(config);
    }
    Config(const Config &) = delete;
    Config &operator=(const Config &) = delete;

    // "" when accepted, else the message.
    std::string set(const char *name, const char *value)
    {
        eg_error error = {};
        return eg_config_set(config, name, value, &error) == EG_OK ? "" : error.message;
    }
    // "" when the rules can be made, else the message.
    std::string rules()
    {
        eg_error error = {};
        eg_rules *made = nullptr;
        const bool ok = eg_rules_new(config, &made, &error) == EG_OK;
        eg_rules_free(made);
        return ok ? "" : error.message;
    }

    eg_config *config = nullptr;
};

TEST(Settings, EverySettingHasHelpAndAnInitialValueThatItAccepts)
{
    Config c;
    size_t count = 0;
    const eg_setting *settings = eg_settings(&count);
    ASSERT_GT(count, 10u);
    for (size_t i = 0; i < count; i++) {
        EXPECT_STRNE(settings[i].help, "") << settings[i].name;
        EXPECT_EQ(c.set(settings[i].name, settings[i].initial), "") << settings[i].name;
    }
}

TEST(Settings, AMistakeIsRefusedWithWhatWasExpected)
{
    Config c;
    EXPECT_EQ(c.set("nothing", "1"), "there is no setting 'nothing'");
    EXPECT_EQ(c.set("provider", "azur"), "'provider' is not azure, aws, gcp or oci: 'azur'");
    EXPECT_EQ(c.set("local_per_input", "yes"), "'local-per-input' is not true or false: 'yes'");
    EXPECT_EQ(c.set("mtu", "1e3"), "'mtu' is not a number from 68 to 65535: '1e3'");
    EXPECT_EQ(c.set("mtu", "67"), "'mtu' is not a number from 68 to 65535: '67'");
    EXPECT_EQ(c.set("mtu", "65536"), "'mtu' is not a number from 68 to 65535: '65536'");
    EXPECT_EQ(c.set("public_ip", "10.0.0"), "'public-ip' is not an IP address: '10.0.0'");
    EXPECT_EQ(c.set("local", "10.0.0.4,10.0.0.1/24"),
              "'local' has bits set behind its length: '10.0.0.1/24'");
    EXPECT_EQ(c.set("month_to_date", "internet"),
              "'month-to-date' is not CLASS=GB with a class that has a price: 'internet'");
    EXPECT_EQ(c.set("month_to_date", "internets=1"),
              "'month-to-date' is not CLASS=GB with a class that has a price: 'internets=1'");
    EXPECT_EQ(c.set("month_to_date", "internet=1O"), "'month-to-date' is not a number of GB: '1O'");
    EXPECT_EQ(c.set("month_to_date", "internet=1,internet=2"),
              "'month-to-date' names a class twice: 'internet'");
    EXPECT_EQ(c.set("dedup_window", "1min"),
              "'dedup-window' is not a time of at most 60s, like 1ms or 500us: '1min'");
    EXPECT_EQ(c.set("interval", "5"),
              "'interval' is not a time from 1ms to 364d, like 10s, 5min or 1h: '5'");
    for (const char *wrong : {"0s", "0.5ms", "1.0001s", "365d", "10 years", "1h30min", "-1s"})
        EXPECT_NE(c.set("interval", wrong), "") << wrong;
    for (const char *wrong : {"$5", "1,000", "-1", "1e3", "0.0000000001"})
        EXPECT_EQ(c.set("budget", wrong),
                  "'budget' is not an amount of money: '" + std::string(wrong) + "'");
    EXPECT_EQ(c.set("top", "-1"), "'top' is not a number of rows: '-1'");
}

TEST(Settings, WordsAreTakenInAnyCase)
{
    // Wireshark writes "TRUE" into its preferences, and takes words of a list in any case.
    Config c;
    EXPECT_EQ(c.set("segment", "FALSE"), "");
    EXPECT_STREQ(eg_config_get(c.config, "segment"), "false");
    EXPECT_EQ(c.set("provider", "Azure"), "");
    EXPECT_STREQ(eg_config_get(c.config, "provider"), "azure");
}

TEST(Settings, AMistakeLeavesTheLastGoodValue)
{
    Config c;
    EXPECT_EQ(c.set("mtu", "9000"), "");
    EXPECT_NE(c.set("mtu", "1"), "");
    EXPECT_STREQ(eg_config_get(c.config, "mtu"), "9000");
}

TEST(Settings, ListsGrowByAddAndAreReplacedBySet)
{
    Config c;
    EXPECT_EQ(eg_config_add(c.config, "ranges", "a;b.json", nullptr), EG_OK);
    EXPECT_EQ(eg_config_add(c.config, "ranges", "c.json", nullptr), EG_OK);
    char *const *items = nullptr;
    ASSERT_EQ(eg_config_items(c.config, "ranges", &items), 2u);
    EXPECT_STREQ(items[0], "a;b.json") << "a path given by itself is taken whole";
    EXPECT_EQ(c.set("ranges", "x;y"), "");
    ASSERT_EQ(eg_config_items(c.config, "ranges", &items), 2u);
    EXPECT_STREQ(items[1], "y");
    EXPECT_EQ(eg_config_add(c.config, "local", "10.0.0.4", nullptr), EG_OK);
    EXPECT_EQ(eg_config_add(c.config, "local", "10.0.0.5", nullptr), EG_OK);
    EXPECT_STREQ(eg_config_get(c.config, "local"), "10.0.0.4,10.0.0.5");
    EXPECT_STREQ(eg_config_get(c.config, "ranges"), "x;y");
}

TEST(Settings, AWindowOfTimeTakesUnits)
{
    const struct {
        const char *text;
        int64_t ns;
    } cases[] = {
        {"1ms", 1000000}, {"500us", 500000}, {"0.5 s", 500000000}, {"7ns", 7}, {"2", 2000000}};
    for (const auto &x : cases) {
        eg_rules rules;
        eg_rules_init(&rules);
        ASSERT_EQ(eg_setting_find("dedup_window")->apply(&rules, x.text, nullptr), EG_OK) << x.text;
        EXPECT_EQ(rules.dedup_window, x.ns) << x.text;
    }
}

TEST(Settings, AnIntervalTakesUnits)
{
    const struct {
        const char *text;
        int64_t ms;
    } cases[] = {{"1ms", 1},      {"0.5s", 500},    {"10 s", 10000},      {"1.5min", 90000},
                 {"1h", 3600000}, {"0.001h", 3600}, {"364d", 31449600000}};
    for (const auto &x : cases) {
        eg_rules rules;
        eg_rules_init(&rules);
        ASSERT_EQ(eg_setting_find("interval")->apply(&rules, x.text, nullptr), EG_OK) << x.text;
        EXPECT_EQ(rules.interval, x.ms * 1000000) << x.text;
    }
}

TEST(Rules, TheByteBasisIsTheProvidersUnlessItIsGiven)
{
    const struct {
        const char *provider, *bytes;
        unsigned link_bytes;
    } cases[] = {{"azure", "auto", 14},
                 {"aws", "auto", 0},
                 {"gcp", "auto", 0},
                 {"azure", "ip", 0},
                 {"aws", "ethernet", 14}};
    for (const auto &x : cases) {
        Config c;
        c.set("provider", x.provider);
        c.set("bytes", x.bytes);
        eg_rules *rules = nullptr;
        ASSERT_EQ(eg_rules_new(c.config, &rules, nullptr), EG_OK);
        EXPECT_EQ(eg_rules_link_bytes(rules), x.link_bytes) << x.provider << " " << x.bytes;
        eg_rules_free(rules);
    }
}

TEST(Rules, AnUnknownRegionIsAMistakeWithTheNearestNames)
{
    Config c;
    c.set("region", "estus");
    EXPECT_NE(c.rules().find("'region' is no azure region: 'estus' (did you mean eastus"),
              std::string::npos)
        << c.rules();
}

TEST(Rules, ARegionInACloudOfItsOwnNeedsItsOwnFacts)
{
    Config c;
    c.set("region", "usgovvirginia");
    EXPECT_NE(c.rules().find("--ranges and --rates: 'usgovvirginia'"), std::string::npos);
}

TEST(Rules, ARegionIsTakenInAnyCase)
{
    Config c;
    c.set("region", "EastUS");
    EXPECT_EQ(c.rules(), "");
}

TEST(Rules, AMissingFileIsNamed)
{
    Config c;
    c.set("sites", "/nonexistent/sites.csv");
    EXPECT_NE(c.rules(), "");
}

} // namespace
