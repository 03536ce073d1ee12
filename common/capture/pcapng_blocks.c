/*
 * Options, and the blocks of a pcapng file that hold no packet.
 */
#include <stdlib.h>

#include "capture/reader.h"

static uint64_t read_u64(const struct eg_capture *capture, const uint8_t *bytes)
{
    const uint64_t first = eg_capture_u32(capture, bytes);
    const uint64_t second = eg_capture_u32(capture, bytes + 4);
    uint16_t one = 1;
    uint8_t low_byte;
    memcpy(&low_byte, &one, 1);
    const bool little_endian = (low_byte == 1) != capture->swapped;
    return little_endian ? second << 32 | first : first << 32 | second;
}

/*
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |      Option Code              |         Option Length         |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   /                Option Value, padded to 32 bits                /
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 */
bool eg_pcapng_option_next(struct eg_capture *capture, struct eg_cursor *options,
                           struct eg_pcapng_option *option)
{
    enum { END_OF_OPTIONS = 0, HEADER = 4 };
    if (eg_cursor_left(options) == 0)
        return false;
    uint8_t header[HEADER];
    if (eg_cursor_copy(options, header, sizeof header)) {
        option->code = eg_capture_u16(capture, header);
        option->length = eg_capture_u16(capture, header + 2);
        option->value = options->at;
        if (option->code == END_OF_OPTIONS && option->length == 0 && eg_cursor_left(options) == 0)
            return false;
        if (option->code != END_OF_OPTIONS &&
            eg_cursor_skip(options, (option->length + (size_t)3) & ~(size_t)3))
            return true;
    }
    eg_capture_is_foreign(capture, "options that do not fill their block");
    return false;
}

/* ---- interface description ----------------------------------------------------------------- */

/* Time units in a second from if_tsresol; 0 when they do not fit in 64 bits. */
static uint64_t units_of(uint8_t resolution)
{
    enum { BINARY = 0x80, TWOS_MAX = 63, TENS_MAX = 19 };
    const unsigned exponent = resolution & ~(unsigned)BINARY;
    if (resolution & BINARY)
        return exponent <= TWOS_MAX ? UINT64_C(1) << exponent : 0;
    if (exponent > TENS_MAX)
        return 0;
    uint64_t units = 1;
    for (unsigned i = 0; i < exponent; i++)
        units *= 10;
    return units;
}

static char *copy_text(const char *from, size_t length)
{
    char *text = malloc(length + 1);
    if (text) {
        memcpy(text, from, length);
        text[length] = '\0';
    }
    return text;
}

/* A capture filter's text; what else a filter can be is named. */
static char *filter_text(const struct eg_pcapng_option *option)
{
    static const char program[] = "a BPF program";
    enum { TEXT = 0, BPF = 1 };
    const bool is_text = option->value[0] == TEXT;
    if (!is_text && option->value[0] != BPF)
        return NULL;
    const char *from = is_text ? (const char *)option->value + 1 : program;
    return copy_text(from, is_text ? (size_t)option->length - 1 : sizeof program - 1);
}

/* Of an option that is there twice the first one counts. */
static bool take_interface_option(struct eg_capture *capture, const struct eg_pcapng_option *option,
                                  struct eg_pcapng_interface *interface, bool seen[])
{
    enum { NAME = 2, DESCRIPTION = 3, TSRESOL = 9, FILTER = 11, TSOFFSET = 14, STANDARD_MAX = 18 };
    if (option->code > STANDARD_MAX)
        return capture->care == EG_CAPTURE_ANYHOW;
    const bool first = !seen[option->code];
    seen[option->code] = true;
    switch (option->code) {
    case NAME:
        if (first)
            interface->name = copy_text((const char *)option->value, option->length);
        return true;
    case DESCRIPTION:
        if (first)
            interface->description = copy_text((const char *)option->value, option->length);
        return true;
    case TSRESOL:
        if (option->length != 1)
            return false;
        if (first)
            interface->units = units_of(option->value[0]);
        return interface->units != 0;
    case TSOFFSET:
        if (option->length != 8)
            return false;
        if (first)
            interface->offset = read_u64(capture, option->value);
        return true;
    case FILTER:
        if (option->length < 1)
            return false;
        if (!interface->filter)
            interface->filter = filter_text(option);
        return true;
    default:
        return true;
    }
}

void eg_pcapng_interface_clear(struct eg_pcapng_interface *interface)
{
    free(interface->name);
    free(interface->description);
    free(interface->filter);
}

bool eg_pcapng_add_interface(struct eg_capture *capture,
                             const struct eg_pcapng_interface *interface)
{
    enum { FIRST_ROOM = 4 };
    if (capture->interface_count == capture->interface_room) {
        const size_t room = capture->interface_room ? 2 * capture->interface_room : FIRST_ROOM;
        struct eg_pcapng_interface *grown = realloc(capture->interfaces, room * sizeof *grown);
        if (!grown)
            return false;
        capture->interfaces = grown;
        capture->interface_room = room;
    }
    capture->interfaces[capture->interface_count++] = *interface;
    return true;
}

/* Link type (2 bytes), reserved (2), snapshot length (4), options. */
bool eg_pcapng_interface_block(struct eg_capture *capture, struct eg_cursor body)
{
    enum { FIXED = 8, MICROSECONDS = 1000000 };
    uint8_t fixed[FIXED];
    bool seen[32] = {false};
    struct eg_pcapng_option option;
    if (!eg_cursor_copy(&body, fixed, sizeof fixed)) {
        eg_capture_is_foreign(capture, "an interface block too short");
        return false;
    }
    struct eg_pcapng_interface interface = {
        .link = eg_capture_u16(capture, fixed),
        .snaplen = eg_capture_u32(capture, fixed + 4),
        .units = MICROSECONDS,
    };
    if (capture->care == EG_CAPTURE_IF_SURE && !eg_capture_link_is_plain((uint32_t)interface.link))
        eg_capture_is_foreign(capture, "link type %d", (int)interface.link);
    while (!capture->fault[0] && eg_pcapng_option_next(capture, &body, &option))
        if (!take_interface_option(capture, &option, &interface, seen))
            eg_capture_is_foreign(capture, "option %u of an interface block", option.code);
    if (!capture->fault[0] && eg_pcapng_add_interface(capture, &interface))
        return true;
    eg_pcapng_interface_clear(&interface);
    if (!capture->fault[0])
        eg_capture_is_foreign(capture, "out of memory");
    return false;
}

/* ---- interface statistics ------------------------------------------------------------------ */

/* Interface (4 bytes), time (8), options. */
bool eg_pcapng_statistics_block(struct eg_capture *capture, struct eg_cursor body)
{
    enum { FIXED = 12, IF_DROP = 5, OS_DROP = 7, COUNTER = 8 };
    uint8_t fixed[FIXED];
    struct eg_pcapng_option option;
    if (!eg_cursor_copy(&body, fixed, sizeof fixed)) {
        eg_capture_is_foreign(capture, "a statistics block too short");
        return false;
    }
    const size_t number = eg_capture_u32(capture, fixed);
    if (number >= capture->interface_count - capture->section_first) {
        eg_capture_is_foreign(capture, "statistics of interface %zu, which is none", number);
        return false;
    }
    struct eg_pcapng_interface *interface = &capture->interfaces[capture->section_first + number];
    interface->if_drop_known = interface->os_drop_known = false; /* the last statistics count */
    interface->if_drop = interface->os_drop = 0;
    interface->has_statistics = true;
    while (eg_pcapng_option_next(capture, &body, &option)) {
        const bool counter = option.length == COUNTER;
        if (option.code == IF_DROP && counter && !interface->if_drop_known) {
            interface->if_drop_known = true;
            interface->if_drop = read_u64(capture, option.value);
        } else if (option.code == OS_DROP && counter && !interface->os_drop_known) {
            interface->os_drop_known = true;
            interface->os_drop = read_u64(capture, option.value);
        }
    }
    return !capture->fault[0];
}
