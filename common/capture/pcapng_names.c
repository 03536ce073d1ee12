/*
 * Name resolution blocks: the names that a file itself gives to addresses.
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |      Record Type              |      Record Value Length      |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   /   address (4 or 16 bytes), names, each ended by a zero byte   /
 *   /                      padded to 32 bits                        /
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 */
#include "capture/reader.h"

/* Without memory for it a name is lost, and no number. */
static void read_record(struct eg_capture *capture, uint8_t bytes, struct eg_cursor value)
{
    struct eg_capture_name name = {.address = value.at, .address_bytes = bytes};
    if (!eg_cursor_skip(&value, bytes))
        return;
    while (eg_cursor_left(&value) != 0) {
        const uint8_t *end = memchr(value.at, 0, eg_cursor_left(&value));
        if (!end)
            return;
        name.text = (const char *)value.at;
        name.length = (size_t)(end - value.at);
        (void)eg_names_list_add(&capture->names, &name);
        value.at = end + 1;
    }
}

/* What is odd here is in no total: it is passed over. */
void eg_pcapng_names_block(struct eg_capture *capture, struct eg_cursor body)
{
    enum { HEADER = 4, END = 0, IPV4 = 1, IPV6 = 2 };
    uint8_t header[HEADER];
    while (eg_cursor_copy(&body, header, sizeof header)) {
        const uint16_t type = eg_capture_u16(capture, header);
        const uint16_t length = eg_capture_u16(capture, header + 2);
        const struct eg_cursor value = eg_cursor_over(body.at, length);
        if (type == END || !eg_cursor_skip(&body, (length + (size_t)3) & ~(size_t)3))
            return;
        if (type == IPV4 || type == IPV6)
            read_record(capture, type == IPV4 ? 4 : 16, value);
    }
}
