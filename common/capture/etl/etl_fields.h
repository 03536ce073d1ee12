/*
 * The kinds of field that a trace has and the cursor does not: all little-endian.
 */
#ifndef EG_ETL_FIELDS_H
#define EG_ETL_FIELDS_H

#include "base/cursor.h"

#ifdef __cplusplus
extern "C" {
#endif

static inline bool eg_etl_u64(struct eg_cursor *c, uint64_t *value)
{
    uint32_t low = 0, high = 0;
    if (eg_cursor_left(c) < 8)
        return false;
    eg_cursor_le32(c, &low);
    eg_cursor_le32(c, &high);
    *value = (uint64_t)high << 32 | low;
    return true;
}

static inline bool eg_etl_i64(struct eg_cursor *c, int64_t *value)
{
    uint64_t bits = 0;
    if (!eg_etl_u64(c, &bits))
        return false;
    memcpy(value, &bits, sizeof *value);
    return true;
}

/* Two numbers that read as the text does: {head of 8-4-4, tail of 4-12}. */
struct eg_etl_guid {
    uint64_t head; /* the first three groups */
    uint64_t tail; /* the last two */
};

/* EG_ETL_GUID(0x2ED6006E, 0x4729, 0x4609, 0xB4233EE7BCD678EF) */
#define EG_ETL_GUID(a, b, c, tail)                                                                 \
    {                                                                                              \
        (uint64_t)(a) << 32 | (uint64_t)(b) << 16 | (c), tail                                      \
    }

static inline bool eg_etl_guid_equal(const struct eg_etl_guid *a, const struct eg_etl_guid *b)
{
    return a->head == b->head && a->tail == b->tail;
}

static inline int eg_etl_guid_compare(const struct eg_etl_guid *a, const struct eg_etl_guid *b)
{
    if (a->head != b->head)
        return a->head < b->head ? -1 : 1;
    return a->tail < b->tail ? -1 : a->tail > b->tail;
}

static inline bool eg_etl_read_guid(struct eg_cursor *c, struct eg_etl_guid *guid)
{
    uint32_t a = 0, high = 0, low = 0;
    uint16_t b = 0, d = 0;
    if (eg_cursor_left(c) < 16)
        return false;
    eg_cursor_le32(c, &a);
    eg_cursor_le16(c, &b);
    eg_cursor_le16(c, &d);
    eg_cursor_u32(c, &high);
    eg_cursor_u32(c, &low);
    guid->head = (uint64_t)a << 32 | (uint64_t)b << 16 | d;
    guid->tail = (uint64_t)high << 32 | low;
    return true;
}

/* "{2ED6006E-4729-4609-B423-3EE7BCD678EF}" */
enum { EG_ETL_GUID_TEXT = 39 };
void eg_etl_guid_text(const struct eg_etl_guid *guid, char text[EG_ETL_GUID_TEXT]);

/*
 * UTF-16 up to its terminator as UTF-8, cut to size; a control character, or what is none,
 * becomes U+FFFD. False when nothing terminates it within c.
 */
bool eg_etl_text(struct eg_cursor *c, char *text, size_t size);

#ifdef __cplusplus
}
#endif

#endif
