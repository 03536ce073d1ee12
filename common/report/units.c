/*
 * Sizes, rates and money as people read them: rule 8.1.
 */
#include "report/units.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

const struct eg_unit *eg_unit_for(uint64_t bytes)
{
    static const struct eg_unit units[] = {
        {"KiB", 10}, {"MiB", 20}, {"GiB", 30}, {"TiB", 40}, {"PiB", 50}};
    size_t i = 0;
    while (i + 1 < sizeof units / sizeof units[0] && bytes >> units[i].shift >= 10000)
        i++;
    return &units[i];
}

/* value / 2^shift with `decimals` places, rounded half to even; exact for 64 bits. */
const char *eg_size_number(uint64_t bytes, const struct eg_unit *unit,
                           char buffer[EG_COUNT_TEXT_MAX])
{
    char whole[EG_COUNT_TEXT_MAX];
    const eg_u128 tenths = (eg_u128)bytes * 10;
    uint64_t shown = (uint64_t)(tenths >> unit->shift);
    const eg_u128 rest = tenths - ((eg_u128)shown << unit->shift);
    const eg_u128 half = (eg_u128)1 << unit->shift >> 1;
    if (rest > half || (rest == half && half && shown % 2))
        shown++;
    snprintf(buffer, EG_COUNT_TEXT_MAX, "%.24s.%" PRIu64, eg_count_text(shown / 10, whole),
             shown % 10);
    return buffer;
}

const char *eg_size_text(uint64_t bytes, char buffer[EG_COUNT_TEXT_MAX])
{
    char number[EG_COUNT_TEXT_MAX];
    const struct eg_unit *unit = eg_unit_for(bytes);
    snprintf(buffer, EG_COUNT_TEXT_MAX, "%.24s %s", eg_size_number(bytes, unit, number),
             unit->name);
    return buffer;
}

const char *eg_bit_rate_text(uint64_t bytes, int64_t ns, char buffer[EG_COUNT_TEXT_MAX])
{
    static const char *const units[] = {"bit/s", "kbit/s", "Mbit/s", "Gbit/s", "Tbit/s"};
    buffer[0] = '\0';
    if (ns <= 0)
        return buffer;
    eg_u128 tenths = (eg_u128)bytes * 8 * 10 * 1000000000u / (uint64_t)ns;
    size_t unit = 0;
    while (tenths >= 10000 && unit < 4) {
        tenths /= 1000;
        unit++;
    }
    if (tenths >= 1000 || unit == 0)
        snprintf(buffer, EG_COUNT_TEXT_MAX, "%" PRIu64 " %s", (uint64_t)((tenths + 5) / 10),
                 units[unit]);
    else
        snprintf(buffer, EG_COUNT_TEXT_MAX, "%" PRIu64 ".%" PRIu64 " %s", (uint64_t)(tenths / 10),
                 (uint64_t)(tenths % 10), units[unit]);
    return buffer;
}

/* Three figures below one unit of money, else two decimals. */
static unsigned money_decimals(struct eg_money money)
{
    char text[EG_MONEY_TEXT_MAX];
    eg_money_text(money, 12, text);
    if (text[0] != '0')
        return 2;
    const size_t zeros = strspn(text + 2, "0");
    if (zeros >= 12)
        return 2;
    return zeros + 3 > 12 ? 12 : zeros == 0 ? 3 : (unsigned)zeros + 3;
}

const char *eg_cost_shown(struct eg_money money, const char *currency,
                          char buffer[EG_MONEY_TEXT_MAX])
{
    char number[EG_MONEY_TEXT_MAX];
    eg_money_text(money, money_decimals(money), number);
    if (strcmp(currency, "USD") == 0)
        snprintf(buffer, EG_MONEY_TEXT_MAX, "$%.48s", number);
    else
        snprintf(buffer, EG_MONEY_TEXT_MAX, "%.48s %.8s", number, currency);
    return buffer;
}

const char *eg_rate_shown(uint64_t nano_per_gb, char buffer[EG_MONEY_TEXT_MAX])
{
    eg_rate_number(nano_per_gb, buffer);
    size_t length = strlen(buffer);
    const char *point = strchr(buffer, '.');
    size_t decimals = point ? length - (size_t)(point - buffer) - 1 : 0;
    if (!point)
        buffer[length++] = '.';
    for (; decimals < 3; decimals++)
        buffer[length++] = '0';
    buffer[length] = '\0';
    return buffer;
}

const char *eg_percent_text(uint64_t part, uint64_t whole, char buffer[EG_COUNT_TEXT_MAX])
{
    const uint64_t tenths = whole ? (uint64_t)(((eg_u128)part * 1000 + whole / 2) / whole) : 0;
    snprintf(buffer, EG_COUNT_TEXT_MAX, "%" PRIu64 ".%" PRIu64 " %%", tenths / 10, tenths % 10);
    return buffer;
}

const char *eg_width_text(int64_t ns, char buffer[EG_COUNT_TEXT_MAX])
{
    static const struct {
        const char *name;
        int64_t ns;
    } units[] = {{"d", 86400 * INT64_C(1000000000)},
                 {"h", 3600 * INT64_C(1000000000)},
                 {"min", 60 * INT64_C(1000000000)},
                 {"s", INT64_C(1000000000)},
                 {"ms", 1000000},
                 {"ns", 1}};
    size_t i = 0;
    while (ns % units[i].ns != 0)
        i++;
    snprintf(buffer, EG_COUNT_TEXT_MAX, "%" PRId64 " %s", ns / units[i].ns, units[i].name);
    return buffer;
}

const char *eg_span_text(int64_t ns, char buffer[EG_COUNT_TEXT_MAX])
{
    const int64_t seconds = ns / 1000000000;
    if (seconds < 120)
        snprintf(buffer, EG_COUNT_TEXT_MAX, "%d.%d s", (int)seconds, (int)(ns / 100000000 % 10));
    else if (seconds < 7200)
        snprintf(buffer, EG_COUNT_TEXT_MAX, "%d min %d s", (int)(seconds / 60),
                 (int)(seconds % 60));
    else if (seconds < 172800)
        snprintf(buffer, EG_COUNT_TEXT_MAX, "%d h %d min", (int)(seconds / 3600),
                 (int)(seconds / 60 % 60));
    else
        snprintf(buffer, EG_COUNT_TEXT_MAX, "%" PRId64 " d %d h", seconds / 86400,
                 (int)(seconds / 3600 % 24));
    return buffer;
}
