#include "capture/etl/etl_fields.h"

#include <inttypes.h>
#include <stdio.h>

void eg_etl_guid_text(const struct eg_etl_guid *guid, char text[EG_ETL_GUID_TEXT])
{
    snprintf(text, EG_ETL_GUID_TEXT,
             "{%08" PRIX32 "-%04" PRIX16 "-%04" PRIX16 "-%04" PRIX16 "-%012" PRIX64 "}",
             (uint32_t)(guid->head >> 32), (uint16_t)(guid->head >> 16), (uint16_t)guid->head,
             (uint16_t)(guid->tail >> 48), guid->tail & UINT64_C(0xffffffffffff));
}

static bool is_high_surrogate(uint16_t unit)
{
    return unit >= 0xd800 && unit < 0xdc00;
}

static bool is_low_surrogate(uint16_t unit)
{
    return unit >= 0xdc00 && unit < 0xe000;
}

static bool is_text(uint16_t unit)
{
    const bool control = unit < 0x20 || (unit >= 0x7f && unit < 0xa0);
    return !control && !is_high_surrogate(unit) && !is_low_surrogate(unit);
}

/* The next character; 0 at the terminator. False at the end of c. */
static bool next_character(struct eg_cursor *c, uint32_t *character)
{
    uint16_t unit = 0, second = 0;
    if (!eg_cursor_le16(c, &unit))
        return false;
    struct eg_cursor ahead = *c;
    if (is_high_surrogate(unit) && eg_cursor_le16(&ahead, &second) && is_low_surrogate(second)) {
        *c = ahead;
        *character = 0x10000 + ((uint32_t)(unit - 0xd800) << 10) + (second - 0xdc00U);
    } else {
        *character = is_text(unit) || unit == 0 ? unit : 0xfffd;
    }
    return true;
}

/* RFC 3629. Returns how many of the four bytes are used. */
static size_t encode(uint32_t character, char bytes[4])
{
    static const unsigned char leads[] = {0, 0, 0xc0, 0xe0, 0xf0};
    const size_t count = character < 0x80 ? 1 : character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
    for (size_t i = count; i-- > 1; character >>= 6)
        bytes[i] = (char)(0x80 | (character & 0x3f));
    bytes[0] = (char)(leads[count] | character);
    return count;
}

bool eg_etl_text(struct eg_cursor *c, char *text, size_t size)
{
    size_t used = 0;
    bool room = true;
    uint32_t character = 0;
    while (next_character(c, &character)) {
        if (character == 0) {
            text[used] = '\0';
            return true;
        }
        char bytes[4];
        const size_t count = encode(character, bytes);
        room = room && size - used > count;
        if (room) {
            memcpy(text + used, bytes, count);
            used += count;
        }
    }
    return false;
}
