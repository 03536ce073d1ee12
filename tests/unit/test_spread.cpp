// How far a capture's rate may be from the month's. Each number is worked out by hand, by the
// formulas of docs/projection.md.
#include <gtest/gtest.h>

#include <vector>

#include "report/spread.h"

namespace
{

constexpr int64_t DAY = INT64_C(86400) * 1000000000;

eg_spread spread_of(const std::vector<uint64_t> &numbers, bool apart, int64_t span = DAY)
{
    const std::vector<eg_u128> values(numbers.begin(), numbers.end());
    return eg_spread_of(values.data(), values.size(), apart, span);
}

double part(uint64_t millionths)
{
    return static_cast<double>(millionths) / 1e6;
}

TEST(Spread, ASteadyRateIsLeftWithWhatTheLengthLeavesOpen)
{
    const struct {
        int64_t span;
        double unseen; // 1 / sqrt(days)
    } cases[] = {{DAY, 1.0}, {4 * DAY, 0.5}, {100 * DAY, 0.1}, {DAY / 16, 4.0}, {DAY / 144, 12.0}};
    for (const auto &x : cases) {
        const eg_spread spread = spread_of({7, 7, 7, 7, 7}, false, x.span);
        EXPECT_EQ(spread.seen, 0u);
        EXPECT_DOUBLE_EQ(part(spread.unseen), x.unseen);
        EXPECT_DOUBLE_EQ(part(spread.factor), 1 + x.unseen);
    }
}

TEST(Spread, ALongerCaptureLeavesLessOpen)
{
    uint64_t before = UINT64_MAX;
    for (int64_t span = DAY / 144; span < 40 * DAY; span += DAY / 9) {
        const uint64_t factor = spread_of({1, 2, 3, 2, 1}, true, span).factor;
        EXPECT_LT(factor, before);
        before = factor;
    }
}

TEST(Spread, DaysThatDifferWidenIt)
{
    // Shares of the mean 0.5, 1, 1.5: variance (0.25 + 0 + 0.25) / 2 = 0.25, of the mean
    // 0.25 / 3, its root 0.288675; Student's t of two degrees is 4.303: 1.242169. With the day's
    // 1.0 left open: sqrt(1.242169^2 + 1) = 1.594672.
    const eg_spread spread = spread_of({1, 2, 3}, true);
    EXPECT_EQ(spread.effective, 3000u);
    EXPECT_NEAR(part(spread.seen), 1.242169, 5e-6);
    EXPECT_NEAR(part(spread.factor), 2.594672, 5e-6);
}

TEST(Spread, NeighboursThatAreAlikeTellLess)
{
    // Runs of four, ten of them: of 39 pairs of neighbours 30 are alike (+1) and 9 are not (-1),
    // so the correlation is 21 / 40 and 40 samples tell as much as 40 x 19 / 61 = 12.459.
    // Variance 40 / 39; sqrt(1.025641 / 12.459) = 0.286920; t of 11 degrees 2.201: 0.631511.
    std::vector<uint64_t> runs, alternating;
    for (unsigned i = 0; i < 40; i++) {
        runs.push_back(i / 4 % 2 ? 2000 : 0);
        alternating.push_back(i % 2 ? 2000 : 0);
    }
    const eg_spread spread = spread_of(runs, false);
    EXPECT_EQ(spread.effective, 12459u);
    EXPECT_NEAR(part(spread.seen), 0.631511, 2e-5);
    // Neighbours that are opposites are taken as independent: t of 39 degrees is 2.042 here;
    // sqrt(1.025641 / 40) x 2.042 = 0.326983.
    EXPECT_EQ(spread_of(alternating, false).effective, 40000u);
    EXPECT_NEAR(part(spread_of(alternating, false).seen), 0.326983, 2e-5);
}

TEST(Spread, OneBurstIsNearlyNothingKnown)
{
    // All in one of 100 samples: shares 100 and 0. Sum of squares 99^2 + 99 = 9900, variance 100,
    // of the mean 1, t of 99 degrees 2.0: 2.0.
    std::vector<uint64_t> values(100, 0);
    values[17] = UINT64_C(1) << 62; // large numbers do not overflow
    EXPECT_NEAR(part(spread_of(values, false).seen), 2.0, 1e-5);
    // All in one half, at its end: neighbours say that it tells as little as two samples.
    std::vector<uint64_t> half(100, 0);
    for (size_t i = 50; i < 100; i++)
        half[i] = 1;
    EXPECT_EQ(spread_of(half, false).effective, 2000u);
    EXPECT_GT(part(spread_of(half, false).seen), 8.9);
}

TEST(Spread, NothingAtAllVariesByNothing)
{
    EXPECT_EQ(spread_of({0, 0, 0}, true).seen, 0u);
}

TEST(Spread, TheEndsAreDividedAndMultiplied)
{
    EXPECT_TRUE(eg_spread_low(900, 1500000) == 600);
    EXPECT_TRUE(eg_spread_high(900, 1500000) == 1350);
    EXPECT_TRUE(eg_spread_low(100, 3000000) == 33); // 33.3
    EXPECT_TRUE(eg_spread_low(200, 3000000) == 67); // 66.7
}

} // namespace
