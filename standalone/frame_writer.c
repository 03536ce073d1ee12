#include "frame_writer.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "message.h"
#include "target_file.h"

/* An interface of the capture that is being read, and its number in the file. */
struct written_interface {
    uint64_t interface; /* as the frames of the capture have it */
    int32_t link;
    uint32_t number;
};

struct frame_writer {
    const char *path;
    struct target_file *file;
    struct written_interface *interfaces; /* of this capture, sorted */
    size_t interface_count, interface_room;
    size_t last;       /* found: frames come in runs */
    uint32_t first;    /* number of the first one */
    int64_t last_time; /* of its frames */
    uint32_t numbers;  /* interfaces of all captures */
    uint64_t frames;
    uint64_t without_number; /* frames of link layers that no pcapng file can name */
};

struct frame_writer *frame_writer_open(const char *path, const char *const inputs[],
                                       size_t input_count)
{
    struct frame_writer *writer = calloc(1, sizeof *writer);
    struct eg_error error;
    char application[64];
    enum eg_status status = writer ? EG_OK : eg_fail_no_memory(&error);
    if (status == EG_OK)
        status = target_file_open(path, inputs, input_count, &writer->file, &error);
    if (status != EG_OK) {
        message_write("'%s': %s", path, error.message);
        free(writer);
        return NULL;
    }
    writer->path = path;
    snprintf(application, sizeof application, "egshark %s", eg_version());
    eg_pcapng_put_section(target_file_sink(writer->file), application);
    return writer;
}

void frame_writer_close(struct frame_writer *writer)
{
    if (!writer)
        return;
    target_file_close(writer->file);
    free(writer->interfaces);
    free(writer);
}

void frame_writer_begin_input(struct frame_writer *writer)
{
    writer->interface_count = 0;
    writer->last = 0;
    writer->first = writer->numbers;
    writer->last_time = EG_NO_TIME;
}

/* A capture's drops are of all its interfaces together; the first one bears them. */
void frame_writer_end_input(struct frame_writer *writer, const struct eg_input_facts *facts)
{
    if (facts->drops_known && writer->interface_count)
        eg_pcapng_put_drops(target_file_sink(writer->file), writer->first, writer->last_time,
                            facts->drops);
}

/* ---- interfaces ---- */

static int compare(const struct written_interface *a, const struct written_interface *b)
{
    if (a->interface != b->interface)
        return a->interface < b->interface ? -1 : 1;
    return a->link < b->link ? -1 : a->link > b->link;
}

/* Sets writer->last to where the interface is, or would be. */
static bool find(struct frame_writer *writer, const struct written_interface *wanted)
{
    size_t low = 0, high = writer->interface_count;
    if (writer->last < high && compare(&writer->interfaces[writer->last], wanted) == 0)
        return true;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (compare(&writer->interfaces[middle], wanted) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    writer->last = low;
    return low < writer->interface_count && compare(&writer->interfaces[low], wanted) == 0;
}

static bool insert(struct frame_writer *writer, const struct written_interface *made)
{
    if (writer->interface_count == writer->interface_room) {
        const size_t room = writer->interface_room ? 2 * writer->interface_room : 16;
        struct written_interface *grown = realloc(writer->interfaces, room * sizeof *grown);
        if (!grown)
            return false;
        writer->interfaces = grown;
        writer->interface_room = room;
    }
    struct written_interface *at = &writer->interfaces[writer->last];
    memmove(at + 1, at, (writer->interface_count - writer->last) * sizeof *at);
    *at = *made;
    writer->interface_count++;
    return true;
}

/* Where frames are from: one of the two. */
struct origin {
    struct capture_file *file;
    const struct eg_capture *capture;
};

static struct eg_capture_interface interface_of(const struct origin *origin,
                                                const struct eg_frame *frame)
{
    if (origin->file)
        return capture_interface(origin->file, frame);
    return eg_capture_interface_of(origin->capture, frame);
}

/* The number of the frame's interface in the file, where it is described when it is new. */
static bool number_of(struct frame_writer *writer, const struct origin *origin,
                      const struct eg_frame *frame, uint32_t *number)
{
    struct eg_sink *sink = target_file_sink(writer->file);
    const struct written_interface wanted = {frame->interface, frame->link, writer->numbers};
    if (!find(writer, &wanted)) {
        struct eg_capture_interface interface = interface_of(origin, frame);
        interface.link = frame->link;
        if (!insert(writer, &wanted)) {
            sink->status = EG_ERR_NO_MEMORY;
            return false;
        }
        eg_pcapng_put_interface(sink, &interface);
        writer->numbers++;
    }
    *number = writer->interfaces[writer->last].number;
    return true;
}

/* ---- frames ---- */

/* comment: NULL for none. */
static bool add(struct frame_writer *writer, const struct origin *origin,
                const struct eg_frame *frame, int32_t link, const char *comment)
{
    struct eg_sink *sink = target_file_sink(writer->file);
    struct eg_frame written = *frame;
    uint32_t number;
    written.link = link;
    if (written.link == EG_LINK_OTHER) {
        writer->without_number++;
        return sink->status == EG_OK;
    }
    if (!number_of(writer, origin, &written, &number))
        return false;
    if (written.time > writer->last_time)
        writer->last_time = written.time;
    eg_pcapng_put_packet(sink, number, &written, comment);
    writer->frames++;
    return sink->status == EG_OK;
}

bool frame_writer_add(struct frame_writer *writer, struct capture_file *file,
                      const struct eg_frame *frame)
{
    char comment[CAPTURE_COMMENT_MAX];
    const struct origin origin = {.file = file};
    return add(writer, &origin, frame, capture_link(file, frame), capture_comment(file, comment));
}

bool frame_writer_add_read(struct frame_writer *writer, const struct eg_capture *capture,
                           const struct eg_frame *frame)
{
    const struct origin origin = {.capture = capture};
    return add(writer, &origin, frame, frame->link, NULL);
}

uint64_t frame_writer_bytes(const struct frame_writer *writer)
{
    return target_file_bytes(writer->file);
}

bool frame_writer_failed(struct frame_writer *writer)
{
    return target_file_sink(writer->file)->status != EG_OK;
}

uint64_t frame_writer_frames(const struct frame_writer *writer)
{
    return writer->frames;
}

/* ---- the end ---- */

bool frame_writer_keep(struct frame_writer *writer)
{
    struct eg_error error;
    if (target_file_sink(writer->file)->status == EG_ERR_NO_MEMORY) {
        frame_writer_give_up(writer, "out of memory");
        return false;
    }
    if (target_file_keep(writer->file, &error) != EG_OK) {
        message_write("'%s': %s", writer->path, error.message);
        return false;
    }
    if (writer->without_number)
        message_write("'%s': %" PRIu64 " frames have a link layer that pcapng files have no number "
                      "for: they are not in it",
                      writer->path, writer->without_number);
    return writer->without_number == 0;
}

void frame_writer_give_up(const struct frame_writer *writer, const char *why)
{
    message_write("'%s': not written: %s", writer->path, why);
}
