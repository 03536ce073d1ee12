#include "base/utf8.h"

size_t eg_utf8_sequence(const char *bytes)
{
    const unsigned char *text = (const unsigned char *)bytes;
    static const struct {
        unsigned char lead_first, lead_last;
        unsigned char second_first, second_last;
        unsigned char length;
    } forms[] = {
        {0x01, 0x7f, 0x00, 0xff, 1}, {0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3},
        {0xe1, 0xec, 0x80, 0xbf, 3}, {0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3},
        {0xf0, 0xf0, 0x90, 0xbf, 4}, {0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4},
    };
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        if (text[0] < forms[i].lead_first || text[0] > forms[i].lead_last)
            continue;
        if (text[1] < forms[i].second_first || text[1] > forms[i].second_last)
            return 0;
        for (size_t k = 2; k < forms[i].length; k++)
            if (text[k] < 0x80 || text[k] > 0xbf)
                return 0;
        return forms[i].length;
    }
    return 0;
}

uint32_t eg_utf8_code(const char *sequence, size_t length)
{
    static const uint8_t lead_bits[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
    uint32_t code = (uint8_t)sequence[0] & lead_bits[length];
    for (size_t i = 1; i < length; i++)
        code = code << 6 | ((uint8_t)sequence[i] & 0x3f);
    return code;
}

bool eg_utf8_is_unseen(const char *sequence, size_t length)
{
    static const struct {
        uint16_t first, last;
    } unseen[] = {
        {0x0000, 0x001f}, {0x007f, 0x009f}, {0x061c, 0x061c},
        {0x200e, 0x200f}, {0x202a, 0x202e}, {0x2066, 0x2069},
    };
    const uint32_t code = eg_utf8_code(sequence, length);
    for (size_t i = 0; i < sizeof unseen / sizeof unseen[0]; i++)
        if (code >= unseen[i].first && code <= unseen[i].last)
            return true;
    return false;
}
