#include "capture/capture.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "capture/reader.h"

enum { PCAPNG_SECTION = 0x0a0d0d0a };

static uint32_t magic_of(const uint8_t bytes[EG_CAPTURE_MAGIC_BYTES])
{
    uint32_t magic;
    memcpy(&magic, bytes, sizeof magic);
    return magic;
}

/* Times in microseconds, in nanoseconds. Modified variants have magic numbers of their own. */
static bool is_pcap(uint32_t magic)
{
    return magic == 0xa1b2c3d4 || magic == 0xa1b23c4d;
}

bool eg_capture_has_magic(const uint8_t bytes[EG_CAPTURE_MAGIC_BYTES])
{
    const uint32_t magic = magic_of(bytes);
    return magic == PCAPNG_SECTION || is_pcap(magic) || is_pcap(eg_swap32(magic));
}

/* A result that is not FRAME stays. */
static enum eg_capture_result stay_foreign(struct eg_capture *capture, struct eg_frame *frame)
{
    (void)capture, (void)frame;
    return EG_CAPTURE_FOREIGN;
}

static enum eg_capture_result stay_at_end(struct eg_capture *capture, struct eg_frame *frame)
{
    (void)capture, (void)frame;
    return EG_CAPTURE_END;
}

static enum eg_capture_result stay_cut(struct eg_capture *capture, struct eg_frame *frame)
{
    (void)capture, (void)frame;
    return EG_CAPTURE_CUT;
}

enum eg_capture_result eg_capture_is_foreign(struct eg_capture *capture, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(capture->fault, sizeof capture->fault, format, arguments);
    va_end(arguments);
    capture->next = stay_foreign;
    capture->more = NULL;
    return EG_CAPTURE_FOREIGN;
}

enum eg_capture_result eg_capture_ends(struct eg_capture *capture)
{
    const bool whole = eg_cursor_left(&capture->feed.ahead) == 0;
    capture->next = whole ? stay_at_end : stay_cut;
    capture->more = NULL;
    return whole ? EG_CAPTURE_END : EG_CAPTURE_CUT;
}

bool eg_capture_link_is_plain(uint32_t link)
{
    switch (link) {
    case EG_LINKTYPE_NULL:
    case EG_LINKTYPE_ETHERNET:
    case EG_LINKTYPE_RAW:
    case EG_LINKTYPE_IEEE802_11:
    case EG_LINKTYPE_LOOP:
    case EG_LINKTYPE_LINUX_SLL:
    case EG_LINKTYPE_IEEE802_11_RADIOTAP:
    case EG_LINKTYPE_IPV4:
    case EG_LINKTYPE_IPV6:
    case EG_LINKTYPE_LINUX_SLL2:
        return true;
    default:
        return false;
    }
}

static enum eg_capture_result begin(struct eg_capture *capture)
{
    if (!eg_feed_has(&capture->feed, EG_CAPTURE_MAGIC_BYTES))
        return eg_capture_is_foreign(capture, "less than a file header");
    const uint32_t magic = magic_of(capture->feed.ahead.at);
    capture->swapped = is_pcap(eg_swap32(magic));
    if (magic == PCAPNG_SECTION)
        return eg_pcapng_begin(capture);
    if (capture->swapped || is_pcap(magic))
        return eg_pcap_begin(capture);
    return eg_capture_is_foreign(capture, "neither pcap nor pcapng");
}

static enum eg_capture_result next_of_any(struct eg_capture *capture, struct eg_frame *frame)
{
    const enum eg_capture_result result = begin(capture);
    return result == EG_CAPTURE_FRAME ? eg_capture_next(capture, frame) : result;
}

enum eg_status eg_capture_open(eg_capture_read *read, void *context, enum eg_capture_care care,
                               struct eg_capture **capture)
{
    struct eg_capture *made = calloc(1, sizeof *made);
    if (!made || !eg_feed_begin(&made->feed, read, context)) {
        free(made);
        return EG_ERR_NO_MEMORY;
    }
    made->care = care;
    made->limit = UINT64_MAX;
    made->next = next_of_any;
    *capture = made;
    return EG_OK;
}

void eg_capture_close(struct eg_capture *capture)
{
    if (!capture)
        return;
    for (size_t i = 0; i < capture->interface_count; i++)
        eg_pcapng_interface_clear(&capture->interfaces[i]);
    free(capture->interfaces);
    eg_names_list_clear(&capture->names);
    eg_feed_end(&capture->feed);
    free(capture);
}

enum eg_capture_result eg_capture_next(struct eg_capture *capture, struct eg_frame *frame)
{
    return capture->next(capture, frame);
}

/* Of the bytes ahead, those before the limit: what is cut by it, capture->next() has to see to. */
static size_t take_more(struct eg_capture *capture, const struct eg_frame *common, size_t most)
{
    struct eg_cursor *ahead = &capture->feed.ahead;
    const uint8_t *const end = ahead->end;
    const uint64_t offset = eg_feed_offset(&capture->feed);
    if (offset >= capture->limit)
        return 0;
    if (capture->limit - offset < eg_cursor_left(ahead))
        ahead->end = ahead->at + (size_t)(capture->limit - offset);
    const size_t count = capture->more(capture, common, capture->records + 1, most);
    ahead->end = end;
    return count;
}

enum eg_capture_result eg_capture_next_frames(struct eg_capture *capture, uint64_t most,
                                              struct eg_frame *common,
                                              const struct eg_record **records, size_t *count)
{
    const enum eg_capture_result result = capture->next(capture, common);
    if (result != EG_CAPTURE_FRAME)
        return result;
    capture->records[0] = eg_record_of(common);
    *count = 1;
    if (most > EG_RECORDS)
        most = EG_RECORDS;
    if (capture->more && most > 1)
        *count += take_more(capture, common, (size_t)most - 1);
    *records = capture->records;
    return EG_CAPTURE_FRAME;
}

const char *eg_capture_fault(const struct eg_capture *capture)
{
    return capture->fault;
}

const char *eg_capture_format(const struct eg_capture *capture)
{
    return capture->format;
}

const struct eg_names_list *eg_capture_names(const struct eg_capture *capture)
{
    return &capture->names;
}

size_t eg_capture_interfaces(const struct eg_capture *capture)
{
    return capture->interface_count;
}

static const char *text_or_none(const char *text)
{
    return text ? text : "";
}

struct eg_capture_interface eg_capture_interface_at(const struct eg_capture *capture, size_t index)
{
    const struct eg_pcapng_interface *interface = &capture->interfaces[index];
    return (struct eg_capture_interface){
        .link = interface->link,
        .snaplen = interface->snaplen,
        .name = text_or_none(interface->name),
        .description = text_or_none(interface->description),
        .filter = text_or_none(interface->filter),
        .system = "",
        .drops_known = interface->if_drop_known || interface->os_drop_known,
        .drops = interface->if_drop + interface->os_drop,
    };
}

struct eg_capture_interface eg_capture_interface_of(const struct eg_capture *capture,
                                                    const struct eg_frame *frame)
{
    /* The last frame is of the last section, and its interface's number is below the section's. */
    const size_t index = capture->section_first + (uint32_t)frame->interface;
    if (frame->interface != EG_NO_INTERFACE && index < capture->interface_count)
        return eg_capture_interface_at(capture, index);
    return (struct eg_capture_interface){
        .link = frame->link, .name = "", .description = "", .filter = "", .system = ""};
}
