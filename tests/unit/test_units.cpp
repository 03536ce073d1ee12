// Numbers as people read them, worked out by hand.
#include <gtest/gtest.h>

#include <string>

#include "report/units.h"

namespace
{

std::string size(uint64_t bytes)
{
    char buffer[EG_COUNT_TEXT_MAX];
    return eg_size_text(bytes, buffer);
}

std::string time_text(int64_t ns)
{
    char buffer[EG_TIME_TEXT_MAX];
    return eg_time_text(ns, buffer);
}

TEST(Units, SizesAreBinaryWithOneDecimal)
{
    EXPECT_EQ(size(0), "0.0 KiB");
    EXPECT_EQ(size(1024), "1.0 KiB");
    EXPECT_EQ(size(1337754), "1,306.4 KiB");   // 1306.4004 KiB
    EXPECT_EQ(size(10239999), "10,000.0 KiB"); // 9999.999 KiB: still below ten thousand
    EXPECT_EQ(size(10240000), "9.8 MiB");      // 9.765625 MiB
    EXPECT_EQ(size(UINT64_MAX), "16,384.0 PiB");
}

TEST(Units, HalvesAreRoundedToEven)
{
    // 0.05 KiB = 51.2 bytes is no whole number of bytes; 0.25 KiB = 256 bytes is, and a tie.
    EXPECT_EQ(size(256), "0.2 KiB");
    EXPECT_EQ(size(768), "0.8 KiB"); // 0.75
    EXPECT_EQ(size(257), "0.3 KiB");
}

TEST(Units, CostsHaveThreeFiguresBelowOne)
{
    char buffer[EG_MONEY_TEXT_MAX];
    const uint64_t gib = UINT64_C(1) << 30;
    // 480.5 KiB at 0.087: 492032 / 2^30 x 0.087 = 0.00003986663...
    EXPECT_STREQ(eg_cost_shown(eg_money_of(492032, 87000000), "USD", buffer), "$0.0000399");
    EXPECT_STREQ(eg_cost_shown(eg_money_of(gib, 87000000), "USD", buffer), "$0.0870");
    EXPECT_STREQ(eg_cost_shown(eg_money_of(gib * 100, 87000000), "USD", buffer), "$8.70");
    EXPECT_STREQ(eg_cost_shown(eg_money_of(0, 87000000), "USD", buffer), "$0.00");
    EXPECT_STREQ(eg_cost_shown(eg_money_of(gib * 100, 80000000), "EUR", buffer), "8.00 EUR");
}

TEST(Units, RatesHaveThreeDecimalsAtLeast)
{
    char buffer[EG_MONEY_TEXT_MAX];
    EXPECT_STREQ(eg_rate_shown(50000000, buffer), "0.050");
    EXPECT_STREQ(eg_rate_shown(1000000000, buffer), "1.000");
    EXPECT_STREQ(eg_rate_shown(115500000, buffer), "0.1155");
}

TEST(Units, BitRatesHaveThreeFigures)
{
    char buffer[EG_COUNT_TEXT_MAX];
    EXPECT_STREQ(eg_bit_rate_text(1921536, INT64_C(53700000000), buffer), "286 kbit/s");
    EXPECT_STREQ(eg_bit_rate_text(1, INT64_C(1000000000), buffer), "8 bit/s");
    EXPECT_STREQ(eg_bit_rate_text(1250, INT64_C(1000000000), buffer), "10.0 kbit/s");
    EXPECT_STREQ(eg_bit_rate_text(1250, 0, buffer), "");
}

TEST(Units, TimesAreUtcWithNanoseconds)
{
    EXPECT_EQ(time_text(0), "1970-01-01T00:00:00.000000000Z");
    // date -u -d @1608382221 gives 2020-12-19 12:50:21
    EXPECT_EQ(time_text(INT64_C(1608382221000000001)), "2020-12-19T12:50:21.000000001Z");
    EXPECT_EQ(time_text(-1), "1969-12-31T23:59:59.999999999Z");
    EXPECT_EQ(time_text(INT64_C(951782400000000000)), "2000-02-29T00:00:00.000000000Z");
    EXPECT_EQ(time_text(EG_NO_TIME), "");
}

TEST(Units, DatesBecomeDays)
{
    int64_t days = 0;
    ASSERT_TRUE(eg_date_days("1970-01-02", &days));
    EXPECT_EQ(days, 1);
    ASSERT_TRUE(eg_date_days("2026-06-26", &days));
    EXPECT_EQ(days, 20630); // date -u -d 2026-06-26 +%s / 86400
    EXPECT_FALSE(eg_date_days("", &days));
    EXPECT_FALSE(eg_date_days("2026-13-01", &days));
}

TEST(Units, SpansOfTimeTakeTheUnitsThatMatter)
{
    char buffer[EG_COUNT_TEXT_MAX];
    const int64_t second = 1000000000;
    EXPECT_STREQ(eg_span_text(53 * second + 700000000, buffer), "53.7 s");
    EXPECT_STREQ(eg_span_text(725 * second, buffer), "12 min 5 s");
    EXPECT_STREQ(eg_span_text(12000 * second, buffer), "3 h 20 min");
    EXPECT_STREQ(eg_span_text(183600 * second, buffer), "2 d 3 h");
}

} // namespace
