#include "base/number.h"

/* Refuses whatever is not a digit, and a value beyond `maximum`. */
static bool append_digit(char c, uint64_t maximum, uint64_t *value)
{
    if (c < '0' || c > '9')
        return false;
    const uint64_t digit = (uint64_t)(c - '0');
    if (digit > maximum || *value > (maximum - digit) / 10)
        return false;
    *value = *value * 10 + digit;
    return true;
}

bool eg_parse_u64(const char *text, size_t length, uint64_t maximum, uint64_t *value)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < length; i++)
        if (!append_digit(text[i], maximum, &sum))
            return false;
    if (length == 0)
        return false;
    *value = sum;
    return true;
}

bool eg_parse_decimal(const char *text, size_t length, unsigned decimals, uint64_t maximum,
                      uint64_t *value)
{
    uint64_t sum = 0;
    size_t i = 0;
    for (; i < length && text[i] != '.'; i++)
        if (!append_digit(text[i], maximum, &sum))
            return false;
    if (i < length)
        i++; /* the point */
    if (length == 0 || (i == length && text[i - 1] == '.'))
        return false;
    for (unsigned place = 0; place < decimals; place++)
        if (!append_digit(i < length ? text[i++] : '0', maximum, &sum))
            return false;
    for (; i < length; i++)
        if (text[i] != '0')
            return false;
    *value = sum;
    return true;
}
