#include "report/spread.h"

__extension__ typedef __int128 i128;

/* The root rounded down. */
static uint64_t root_of(eg_u128 value)
{
    uint64_t root = 0;
    for (uint64_t bit = UINT64_C(1) << 63; bit; bit >>= 1)
        if ((eg_u128)(root | bit) * (root | bit) <= value)
            root |= bit;
    return root;
}

/* Each value's share of the mean, less one, in millionths. */
static void center(const eg_u128 *values, size_t count, int64_t *deviations)
{
    eg_u128 sum = 0;
    unsigned shift = 0; /* so that the products fit */
    for (size_t i = 0; i < count; i++)
        sum += values[i];
    while (sum >> shift >> 90)
        shift++;
    sum >>= shift;
    for (size_t i = 0; i < count; i++)
        deviations[i] =
            sum ? (int64_t)((values[i] >> shift) * count * EG_MILLION / sum) - EG_MILLION : 0;
}

static i128 product_sum(const int64_t *deviations, size_t count, size_t lag)
{
    i128 sum = 0;
    for (size_t i = 0; i + lag < count; i++)
        sum += (i128)deviations[i] * deviations[i + lag];
    return sum;
}

/*
 * Of samples whose neighbours are correlated by r, n tell as much of the mean as n (1 - r) / (1 +
 * r) that are not (a first-order autoregressive process). At least two: fewer tell nothing.
 */
static uint64_t effective_count(const int64_t *deviations, size_t count, i128 squares)
{
    const i128 products = product_sum(deviations, count, 1);
    uint64_t effective = (uint64_t)count * 1000;
    if (products > 0 && squares > 0)
        effective = (uint64_t)((i128)effective * (squares - products) / (squares + products));
    return effective < 2000 ? 2000 : effective;
}

/* Student's t for 95 % on both sides, in thousandths, by degrees of freedom. */
static uint64_t student(uint64_t freedom)
{
    static const uint16_t table[] = {0,    12706, 4303, 3182, 2776, 2571, 2447,
                                     2365, 2306,  2262, 2228, 2201, 2179, 2160,
                                     2145, 2131,  2120, 2110, 2101, 2093, 2086};
    if (freedom < sizeof table / sizeof table[0])
        return table[freedom];
    return freedom < 30 ? 2080 : freedom < 60 ? 2042 : 2000;
}

/* Days, and hours of a day, are taken to differ by half of their mean: 2 x 0.5 / sqrt(days). */
static uint64_t unseen_of(int64_t span)
{
    const uint64_t day = UINT64_C(86400) * 1000000000;
    return root_of((eg_u128)EG_MILLION * EG_MILLION * day / (uint64_t)span);
}

struct eg_spread eg_spread_of(const eg_u128 *values, size_t count, bool apart, int64_t span)
{
    int64_t deviations[EG_SPREAD_SAMPLES_MAX];
    struct eg_spread spread = {.samples = count, .unseen = unseen_of(span)};
    center(values, count, deviations);
    const i128 squares = product_sum(deviations, count, 0);
    spread.effective = apart ? (uint64_t)count * 1000 : effective_count(deviations, count, squares);
    const eg_u128 variance = (eg_u128)squares / (count - 1);
    spread.seen =
        root_of(variance * 1000 / spread.effective) * student(spread.effective / 1000 - 1) / 1000;
    const eg_u128 both =
        (eg_u128)spread.seen * spread.seen + (eg_u128)spread.unseen * spread.unseen;
    spread.factor = EG_MILLION + root_of(both);
    return spread;
}

eg_u128 eg_spread_low(eg_u128 value, uint64_t factor)
{
    return (value * EG_MILLION + factor / 2) / factor;
}

eg_u128 eg_spread_high(eg_u128 value, uint64_t factor)
{
    return (value * factor + EG_MILLION / 2) / EG_MILLION;
}
