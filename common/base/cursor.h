/*
 * A bounds-checked reader of hostile bytes.
 *
 * A cursor walks the captured bytes of a frame. A getter returns false and moves nothing when the
 * bytes are not there; nothing behind `end` is ever touched. Integers are big-endian unless the
 * name says le.
 */
#ifndef EG_CURSOR_H
#define EG_CURSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

struct eg_cursor {
    const uint8_t *at;
    const uint8_t *end;
};

static inline struct eg_cursor eg_cursor_over(const void *data, size_t length)
{
    const uint8_t *bytes = (const uint8_t *)data;
    struct eg_cursor c = {bytes, length ? bytes + length : bytes}; /* NULL + 0 is undefined in C */
    return c;
}

static inline size_t eg_cursor_left(const struct eg_cursor *c)
{
    return (size_t)(c->end - c->at);
}

static inline bool eg_cursor_skip(struct eg_cursor *c, size_t count)
{
    if (eg_cursor_left(c) < count)
        return false;
    c->at += count;
    return true;
}

/* Keeps at most `length` of the bytes that are left. */
static inline void eg_cursor_clip(struct eg_cursor *c, size_t length)
{
    if (eg_cursor_left(c) > length)
        c->end = c->at + length;
}

static inline bool eg_cursor_peek_u8(const struct eg_cursor *c, size_t offset, uint8_t *value)
{
    if (eg_cursor_left(c) <= offset)
        return false;
    *value = c->at[offset];
    return true;
}

static inline bool eg_cursor_peek_u16(const struct eg_cursor *c, size_t offset, uint16_t *value)
{
    if (eg_cursor_left(c) < 2 || eg_cursor_left(c) - 2 < offset)
        return false;
    *value = (uint16_t)(c->at[offset] << 8 | c->at[offset + 1]);
    return true;
}

static inline bool eg_cursor_u8(struct eg_cursor *c, uint8_t *value)
{
    return eg_cursor_peek_u8(c, 0, value) && eg_cursor_skip(c, 1);
}

static inline bool eg_cursor_u16(struct eg_cursor *c, uint16_t *value)
{
    return eg_cursor_peek_u16(c, 0, value) && eg_cursor_skip(c, 2);
}

static inline bool eg_cursor_u32(struct eg_cursor *c, uint32_t *value)
{
    if (eg_cursor_left(c) < 4)
        return false;
    *value =
        (uint32_t)c->at[0] << 24 | (uint32_t)c->at[1] << 16 | (uint32_t)c->at[2] << 8 | c->at[3];
    c->at += 4;
    return true;
}

static inline bool eg_cursor_le16(struct eg_cursor *c, uint16_t *value)
{
    if (eg_cursor_left(c) < 2)
        return false;
    *value = (uint16_t)(c->at[0] | c->at[1] << 8);
    c->at += 2;
    return true;
}

static inline bool eg_cursor_le32(struct eg_cursor *c, uint32_t *value)
{
    if (eg_cursor_left(c) < 4)
        return false;
    *value =
        (uint32_t)c->at[3] << 24 | (uint32_t)c->at[2] << 16 | (uint32_t)c->at[1] << 8 | c->at[0];
    c->at += 4;
    return true;
}

/* Copies `count` bytes out. */
static inline bool eg_cursor_copy(struct eg_cursor *c, void *target, size_t count)
{
    if (eg_cursor_left(c) < count)
        return false;
    memcpy(target, c->at, count);
    c->at += count;
    return true;
}

#ifdef __cplusplus
}
#endif

#endif
