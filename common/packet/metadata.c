/*
 * The VM's region out of an instance-metadata answer: rule 4.4.
 */
#include "packet/packet.h"

#include "base/cursor.h"

/* https://learn.microsoft.com/azure/virtual-machines/instance-metadata-service: plain HTTP. */
static bool is_metadata_answer(const struct eg_packet *packet)
{
    enum { HTTP = 80 };
    static const uint8_t service[4] = {169, 254, 169, 254};
    return packet->protocol == EG_PROTOCOL_TCP && packet->source_port == HTTP &&
           packet->source.family == EG_IPV4 && memcmp(packet->source.bytes, service, 4) == 0;
}

static bool skip_text(struct eg_cursor *c, const char *text)
{
    const size_t length = strlen(text);
    return eg_cursor_left(c) >= length && memcmp(c->at, text, length) == 0 &&
           eg_cursor_skip(c, length);
}

static void skip_blanks(struct eg_cursor *c)
{
    uint8_t byte;
    while (eg_cursor_peek_u8(c, 0, &byte) &&
           (byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n'))
        eg_cursor_skip(c, 1);
}

static bool is_region_letter(uint8_t byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9');
}

/* `: "eastus"` behind the member's name. */
static bool read_region(struct eg_cursor c, char region[EG_REGION_NAME_MAX])
{
    skip_blanks(&c);
    if (!skip_text(&c, ":"))
        return false;
    skip_blanks(&c);
    if (!skip_text(&c, "\""))
        return false;
    char name[EG_REGION_NAME_MAX] = {0};
    size_t length = 0;
    uint8_t byte = 0;
    while (eg_cursor_u8(&c, &byte) && is_region_letter(byte)) {
        if (length == sizeof name - 1)
            return false;
        name[length++] = (char)byte;
    }
    if (byte != '"' || length == 0)
        return false;
    memcpy(region, name, sizeof name);
    return true;
}

bool eg_packet_metadata_region(const struct eg_frame *frame, const struct eg_packet *packet,
                               char region[EG_REGION_NAME_MAX])
{
    if (!is_metadata_answer(packet))
        return false;
    struct eg_cursor c = eg_cursor_over(frame->data, frame->captured);
    if (!eg_cursor_skip(&c, packet->upper_offset))
        return false;
    eg_cursor_clip(&c, packet->upper_captured);
    if (!eg_cursor_skip(&c, packet->upper_header_bytes))
        return false;
    do {
        struct eg_cursor member = c;
        if (skip_text(&member, "\"location\"") && read_region(member, region))
            return true;
    } while (eg_cursor_skip(&c, 1));
    return false;
}
