/*
 * Rule 6.3: money is exact until it is shown, and then rounded half to even.
 */
#include "price/money.h"

#include <gtest/gtest.h>

#include <string>

namespace
{

constexpr uint64_t GB = UINT64_C(1) << 30;
constexpr uint64_t PIB = UINT64_C(1) << 50;
constexpr uint64_t DOLLAR = UINT64_C(1000000000); /* nano-units */

std::string text(eg_money money, unsigned decimals)
{
    char buffer[EG_MONEY_TEXT_MAX];
    return eg_money_text(money, decimals, buffer);
}

std::string number(eg_money money)
{
    char buffer[EG_MONEY_TEXT_MAX];
    return eg_money_number(money, buffer);
}

std::string rate(uint64_t nano)
{
    char buffer[EG_MONEY_TEXT_MAX];
    return eg_rate_number(nano, buffer);
}

TEST(Money, AGigabyteCostsItsRate)
{
    EXPECT_EQ(text(eg_money_of(GB, 87 * DOLLAR / 1000), 12), "0.087000000000");
    EXPECT_EQ(number(eg_money_of(GB, 87 * DOLLAR / 1000)), "0.087");
}

TEST(Money, OneByteIsShownToTheTwelfthDecimal)
{
    /* 0.087 / 1,073,741,824 = 0.000 000 000 081 025 ... */
    EXPECT_EQ(text(eg_money_of(1, 87 * DOLLAR / 1000), 12), "0.000000000081");
    /* 1500 of them: 130.5 / 1,073,741,824 = 0.000 000 121 537 6... */
    EXPECT_EQ(text(eg_money_of(1500, 87 * DOLLAR / 1000), 12), "0.000000121538");
}

TEST(Money, TenPebibytesAreExact)
{
    /* 10 PiB = 10 x 2^20 GB = 10,485,760 GB; x 0.087 = 912,261.12 */
    EXPECT_EQ(text(eg_money_of(10 * PIB, 87 * DOLLAR / 1000), 12), "912261.120000000000");
    EXPECT_EQ(number(eg_money_of(10 * PIB, 87 * DOLLAR / 1000)), "912261.12");
    /* and one byte more: + 0.000 000 000 081 */
    EXPECT_EQ(text(eg_money_of(10 * PIB + 1, 87 * DOLLAR / 1000), 12), "912261.120000000081");
}

TEST(Money, TheLargestProductIsExact)
{
    /* (2^64 - 1) x 10^15 / (10^9 x 2^30) = 17,179,869,184 x 10^6 - 10^6 / 2^30,
     * and 10^6 / 2^30 = 0.000 931 322 574 6... */
    const eg_money most = eg_money_of(UINT64_MAX, EG_RATE_MAX);
    EXPECT_EQ(text(most, 12), "17179869183999999.999068677425");
    EXPECT_EQ(text(most, 0), "17179869184000000");
}

TEST(Money, TiesGoToTheEvenLastDigit)
{
    /* 0.5, 1.5, 2.5 whole units */
    EXPECT_EQ(text(eg_money_of(GB / 2, 1 * DOLLAR), 0), "0");
    EXPECT_EQ(text(eg_money_of(GB / 2, 3 * DOLLAR), 0), "2");
    EXPECT_EQ(text(eg_money_of(GB / 2, 5 * DOLLAR), 0), "2");
    /* 0.005, 0.015, 0.025 */
    EXPECT_EQ(text(eg_money_of(GB, DOLLAR / 1000 * 5), 2), "0.00");
    EXPECT_EQ(text(eg_money_of(GB, DOLLAR / 1000 * 15), 2), "0.02");
    EXPECT_EQ(text(eg_money_of(GB, DOLLAR / 1000 * 25), 2), "0.02");
    /* 2^26 bytes at 10^-9: 1/16 of it = 62.5 x 10^-12; three times that = 187.5 x 10^-12 */
    EXPECT_EQ(text(eg_money_of(1 << 26, 1), 12), "0.000000000062");
    EXPECT_EQ(text(eg_money_of(3 << 26, 1), 12), "0.000000000188");
}

TEST(Money, OneUnitBesideATieDecides)
{
    /* 0.5 x 10^-9 at 9 decimals, and 10^-9 / 2^30 on either side of it */
    EXPECT_EQ(text(eg_money_of(GB / 2 - 1, 1), 9), "0.000000000");
    EXPECT_EQ(text(eg_money_of(GB / 2, 1), 9), "0.000000000");
    EXPECT_EQ(text(eg_money_of(GB / 2 + 1, 1), 9), "0.000000001");
    EXPECT_EQ(text(eg_money_of(GB / 2 + GB - 1, 1), 9), "0.000000001");
    EXPECT_EQ(text(eg_money_of(GB / 2 + GB, 1), 9), "0.000000002");
}

TEST(Money, RoundingCarriesIntoTheWhole)
{
    EXPECT_EQ(text(eg_money_of(GB, DOLLAR / 1000 * 995), 2), "1.00");  /* 0.995: 99.5 -> 100 */
    EXPECT_EQ(text(eg_money_of(GB, DOLLAR / 1000 * 9985), 2), "9.98"); /* 9.985: 998.5 -> 998 */
    EXPECT_EQ(text(eg_money_of(GB, DOLLAR / 1000 * 9995), 2), "10.00");
    /* 2 - 10^-9 / 2^30 */
    EXPECT_EQ(text(eg_money_of(2 * DOLLAR * GB / DOLLAR - 1, 1 * DOLLAR), 8), "2.00000000");
}

TEST(Money, MoreThanTwelveDecimalsAreTwelve)
{
    EXPECT_EQ(text(eg_money_of(1, 87 * DOLLAR / 1000), 13), "0.000000000081");
}

TEST(Money, ASumIsOfExactAmountsNotOfShownOnes)
{
    /* Each is 0.4 x 10^-9, shown as 0; three are 1.2 x 10^-9. 0.4 GB is not whole: 2 bytes of 5. */
    const eg_money part = eg_money_of(GB / 5 * 2, 1);
    EXPECT_EQ(text(part, 9), "0.000000000");
    EXPECT_EQ(text(eg_money_add(eg_money_add(part, part), part), 9), "0.000000001");
}

TEST(Money, ATotalOfBytesIsTheSumOfItsRows)
{
    const uint64_t nano = 87 * DOLLAR / 1000;
    const eg_money rows = eg_money_add(eg_money_of(1234567, nano), eg_money_of(7654321, nano));
    EXPECT_EQ(eg_money_compare(rows, eg_money_of(1234567 + 7654321, nano)), 0);
}

TEST(Money, AnHoursCostIsThatOfTheSpanTimesWhatIsMissing)
{
    char text[EG_MONEY_TEXT_MAX];
    const eg_money gigabyte = eg_money_of(UINT64_C(1) << 30, 87000000); // $0.087
    // 0.087 x 3600 / 90 = 3.48
    EXPECT_STREQ(eg_money_text(eg_money_scale(gigabyte, 3600000, 90000), 12, text),
                 "3.480000000000");
    EXPECT_STREQ(eg_money_text(eg_money_scale(gigabyte, 3600000, 0), 12, text), "0.000000000000");
    // 10^32 units times 3.6 x 10^6 are more than 2^128, some 3.4 x 10^38, and a thousandth of them
    // is not: 3.6 x 10^35 units of 10^-9 / 2^30 are 335276126861572265.625.
    const eg_money much = eg_money_of(UINT64_C(100000000000000000), EG_RATE_MAX);
    EXPECT_STREQ(eg_money_text(eg_money_scale(much, 3600000, 1000), 0, text), "335276126861572266");
    // What 128 bits do not hold at all stays the most that they hold.
    EXPECT_GT(eg_money_compare(eg_money_scale(much, UINT64_MAX, 1), much), 0);
}

TEST(Money, AmountsAreOrdered)
{
    EXPECT_LT(eg_money_compare(eg_money_of(1, 1), eg_money_of(1, 2)), 0);
    EXPECT_GT(eg_money_compare(eg_money_of(GB, DOLLAR), eg_money_of(GB - 1, DOLLAR)), 0);
    EXPECT_EQ(eg_money_compare(eg_money_of(2, 3), eg_money_of(3, 2)), 0);
}

TEST(Money, ANumberHasNoTrailingZerosAndIsNeverEmpty)
{
    EXPECT_EQ(number(eg_money_of(0, DOLLAR)), "0");
    EXPECT_EQ(number(eg_money_of(GB, 100 * DOLLAR)), "100");
    EXPECT_EQ(number(eg_money_of(GB, DOLLAR / 2)), "0.5");
    EXPECT_EQ(number(eg_money_of(1, 1)), "0"); /* 10^-9 / 2^30 is below half of 10^-12 */
}

TEST(Money, ARateIsShownWhole)
{
    EXPECT_EQ(rate(0), "0");
    EXPECT_EQ(rate(1), "0.000000001");
    EXPECT_EQ(rate(78750000), "0.07875"); /* 0.07875 x 10^9 */
    EXPECT_EQ(rate(EG_RATE_MAX), "1000000");
}

} // namespace
