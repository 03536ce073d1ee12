#include "price/money.h"

#include <string.h>

/* Units of struct eg_money in one unit of the currency: 10^9 nano-units of 2^30 parts, < 2^60. */
static const uint64_t units_per_one = UINT64_C(1000000000) << 30;

enum { MONEY_DECIMALS_MAX = 12 };

struct eg_money eg_money_of(uint64_t bytes, uint64_t nano_per_gb)
{
    return (struct eg_money){(eg_u128)bytes * nano_per_gb};
}

struct eg_money eg_money_add(struct eg_money a, struct eg_money b)
{
    return (struct eg_money){a.units + b.units};
}

struct eg_money eg_money_subtract(struct eg_money a, struct eg_money b)
{
    return (struct eg_money){a.units - b.units};
}

/* A product that 128 bits do not hold is divided first: then the rest is far below what is shown.
 */
struct eg_money eg_money_scale(struct eg_money money, uint64_t times, uint64_t divisor)
{
    const eg_u128 most = ~(eg_u128)0;
    if (divisor == 0 || times == 0)
        return (struct eg_money){0};
    if (money.units <= most / times)
        return (struct eg_money){money.units * times / divisor};
    const eg_u128 part = money.units / divisor;
    return (struct eg_money){part <= most / times ? part * times : most};
}

int eg_money_compare(struct eg_money a, struct eg_money b)
{
    return (a.units > b.units) - (a.units < b.units);
}

/* An amount as whole + fraction / 10^decimals. */
struct rounded {
    eg_u128 whole;
    uint64_t fraction;
    uint64_t scale; /* 10^decimals */
};

static struct rounded round_half_even(struct eg_money money, unsigned decimals)
{
    struct rounded r = {.whole = money.units / units_per_one, .scale = 1};
    for (unsigned i = 0; i < decimals; i++)
        r.scale *= 10;

    /* Below 2^60 x 10^12 < 2^100: exact. */
    const eg_u128 scaled = money.units % units_per_one * r.scale;
    r.fraction = (uint64_t)(scaled / units_per_one);
    const uint64_t rest = (uint64_t)(scaled % units_per_one);

    const bool odd = (decimals ? r.fraction : (uint64_t)r.whole) & 1;
    if (rest > units_per_one / 2 || (rest == units_per_one / 2 && odd))
        r.fraction++;
    if (r.fraction == r.scale) {
        r.fraction = 0;
        r.whole++;
    }
    return r;
}

/* Writes the digits of value in front of `end`, at least `least` of them; returns their start. */
static char *digits_before(char *end, eg_u128 value, unsigned least)
{
    for (unsigned count = 0; count < least || value > 0; count++) {
        *--end = (char)('0' + (unsigned)(value % 10));
        value /= 10;
    }
    return end;
}

/* At the end of buffer, so that it can be shortened at its end; returns its start. */
static char *write_amount(struct eg_money money, unsigned decimals, char *end)
{
    const struct rounded r = round_half_even(money, decimals);
    char *start = end;
    if (decimals > 0) {
        start = digits_before(start, r.fraction, decimals);
        *--start = '.';
    }
    return digits_before(start, r.whole, 1);
}

static const char *move_to_front(char *buffer, const char *start, const char *end)
{
    const size_t length = (size_t)(end - start);
    memmove(buffer, start, length);
    buffer[length] = '\0';
    return buffer;
}

const char *eg_money_text(struct eg_money money, unsigned decimals, char buffer[EG_MONEY_TEXT_MAX])
{
    char *end = buffer + EG_MONEY_TEXT_MAX;
    if (decimals > MONEY_DECIMALS_MAX)
        decimals = MONEY_DECIMALS_MAX;
    return move_to_front(buffer, write_amount(money, decimals, end), end);
}

const char *eg_money_number(struct eg_money money, char buffer[EG_MONEY_TEXT_MAX])
{
    char *end = buffer + EG_MONEY_TEXT_MAX;
    const char *start = write_amount(money, MONEY_DECIMALS_MAX, end);
    while (end[-1] == '0')
        end--;
    if (end[-1] == '.')
        end--;
    return move_to_front(buffer, start, end);
}

const char *eg_rate_number(uint64_t nano_per_gb, char buffer[EG_MONEY_TEXT_MAX])
{
    return eg_money_number(eg_money_of(UINT64_C(1) << 30, nano_per_gb), buffer);
}
