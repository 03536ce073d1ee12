#include "capture/capture_part.h"

#include <stdlib.h>

#include "capture/reader.h"

uint64_t eg_capture_offset(const struct eg_capture *capture)
{
    return eg_feed_offset(&capture->feed);
}

enum eg_capture_result eg_capture_next_before(struct eg_capture *capture, uint64_t limit,
                                              struct eg_frame *frame)
{
    if (eg_feed_offset(&capture->feed) >= limit)
        return EG_CAPTURE_STOPPED;
    capture->limit = limit;
    const enum eg_capture_result result = capture->next(capture, frame);
    capture->limit = UINT64_MAX;
    return result;
}

enum eg_capture_result eg_capture_next_frames_before(struct eg_capture *capture, uint64_t limit,
                                                     uint64_t most, struct eg_frame *common,
                                                     const struct eg_record **records,
                                                     size_t *count)
{
    if (eg_feed_offset(&capture->feed) >= limit)
        return EG_CAPTURE_STOPPED;
    capture->limit = limit;
    const enum eg_capture_result result =
        eg_capture_next_frames(capture, most, common, records, count);
    capture->limit = UINT64_MAX;
    return result;
}

/* ---- guessing ------------------------------------------------------------------------------ */

typedef size_t record_like(const struct eg_capture *capture, const uint8_t *bytes, size_t left);

static bool is_pcapng(const struct eg_capture *capture)
{
    return capture->fraction == 0;
}

/* Whether enough records follow on one another from `at` on. */
static bool is_chain(const struct eg_capture *like, const struct eg_capture_piece *piece, size_t at,
                     record_like *length_of)
{
    enum { RECORDS = 16 };
    for (unsigned i = 0; i < RECORDS; i++) {
        if (at == piece->size)
            return piece->to_the_end && i > 0;
        const size_t length = length_of(like, piece->bytes + at, piece->size - at);
        if (length == 0 || (length > piece->size - at && i + 1 < RECORDS))
            return false;
        at += length;
    }
    return true;
}

bool eg_capture_guess(const struct eg_capture *like, const struct eg_capture_piece *piece,
                      uint64_t *at)
{
    /* The lengths of pcapng blocks are multiples of 4. */
    const size_t step = is_pcapng(like) ? 4 : 1;
    record_like *const length_of = is_pcapng(like) ? eg_pcapng_block_like : eg_pcap_record_like;
    for (size_t i = (size_t)(0 - piece->offset) & (step - 1); i < piece->size; i += step)
        if (is_chain(like, piece, i, length_of)) {
            *at = piece->offset + i;
            return true;
        }
    return false;
}

/* ---- parts --------------------------------------------------------------------------------- */

/* NULL stays NULL; false without memory. */
static bool copy_text(const char *text, char **copy)
{
    *copy = text ? malloc(strlen(text) + 1) : NULL;
    if (*copy)
        memcpy(*copy, text, strlen(text) + 1);
    return !text || *copy;
}

static bool copy_interface(struct eg_capture *capture, const struct eg_pcapng_interface *from)
{
    struct eg_pcapng_interface made = *from;
    made.has_statistics = false;
    made.name = made.description = made.filter = NULL;
    if (copy_text(from->name, &made.name) && copy_text(from->description, &made.description) &&
        copy_text(from->filter, &made.filter) && eg_pcapng_add_interface(capture, &made))
        return true;
    eg_pcapng_interface_clear(&made);
    return false;
}

static bool copy_interfaces(struct eg_capture *capture, const struct eg_capture *like)
{
    for (size_t i = 0; i < like->interface_count; i++)
        if (!copy_interface(capture, &like->interfaces[i]))
            return false;
    return true;
}

enum eg_status eg_capture_open_part(const struct eg_capture *like, uint64_t offset,
                                    eg_capture_read *read, void *context,
                                    struct eg_capture **capture)
{
    struct eg_capture *made;
    const enum eg_status status = eg_capture_open(read, context, like->care, &made);
    if (status != EG_OK)
        return status;
    if (!copy_interfaces(made, like)) {
        eg_capture_close(made);
        return EG_ERR_NO_MEMORY;
    }
    made->feed.end = offset;
    made->next = like->next;
    made->more = like->more;
    made->format = like->format;
    made->swapped = like->swapped;
    made->link = like->link;
    made->fraction = like->fraction;
    made->first_seconds = like->first_seconds;
    made->section_first = like->section_first;
    made->section = like->section;
    *capture = made;
    return EG_OK;
}

bool eg_capture_is_like(const struct eg_capture *capture, const struct eg_capture *like)
{
    if (capture->next != like->next || capture->swapped != like->swapped ||
        capture->section != like->section || capture->section_first != like->section_first ||
        capture->interface_count != like->interface_count)
        return false;
    for (size_t i = like->section_first; i < like->interface_count; i++) {
        const struct eg_pcapng_interface *a = &capture->interfaces[i], *b = &like->interfaces[i];
        if (a->link != b->link || a->snaplen != b->snaplen || a->units != b->units ||
            a->offset != b->offset)
            return false;
    }
    return true;
}

void eg_capture_begin_part(struct eg_capture *capture)
{
    capture->names.size = 0;
}

void eg_capture_inherit(struct eg_capture *capture, const struct eg_capture *before)
{
    struct eg_names_list own = capture->names;
    capture->names = (struct eg_names_list){0};
    /* Without memory for it a name is lost, and no number. */
    (void)eg_names_list_add_all(&capture->names, &before->names);
    (void)eg_names_list_add_all(&capture->names, &own);
    eg_names_list_clear(&own);
    for (size_t i = 0; i < before->interface_count && i < capture->interface_count; i++) {
        struct eg_pcapng_interface *to = &capture->interfaces[i];
        const struct eg_pcapng_interface *from = &before->interfaces[i];
        if (to->has_statistics || !from->has_statistics)
            continue;
        to->if_drop_known = from->if_drop_known;
        to->os_drop_known = from->os_drop_known;
        to->if_drop = from->if_drop;
        to->os_drop = from->os_drop;
        to->has_statistics = true;
    }
}
