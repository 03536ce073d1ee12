#include "capture_file.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <wireshark.h>

#include <wiretap/wtap.h>

#include "capture_error.h"
#include "capture_library.h"
#include "etl_input.h"
#include "interrupt.h"
#include "own_reader.h"
#include "record_batch.h"
#include "wiretap_interfaces.h"
#include "wiretap_names.h"
#include "ws_compat.h"
#include "ws_frame.h"
#include "ws_trace.h"

struct capture_file {
    const char *path;
    struct etl_input *trace; /* reads it: a Windows trace; NULL: it is none */
    struct own_reader *own;  /* reads it; NULL: libwiretap does */
    wtap *wth;               /* NULL while the core reads */
    struct wiretap_names names;
    struct ws_record record;
    bool has_record;
    struct record_batch *batch; /* of libwiretap's records; NULL: they came one by one so far */
    bool makes_records;         /* of a trace's frames */
    uint64_t records;           /* read so far, as Wireshark numbers frames */
    struct eg_capture_interface interface; /* of a trace's last record */
    char *filter;                          /* of capture_facts() */
    struct eg_record single;
};

/* ---- opening ---- */

/*
 * Whether nothing will come, as from a tcpdump that may not capture. Waits for the first bytes of
 * a pipe without taking them.
 */
static bool stdin_is_empty(void)
{
    struct pollfd wait = {.fd = STDIN_FILENO, .events = POLLIN};
    int waiting = 0;
    return poll(&wait, 1, -1) == 1 && (wait.revents & POLLHUP) &&
           ioctl(STDIN_FILENO, FIONREAD, &waiting) == 0 && waiting == 0;
}

static bool is_empty(const char *path)
{
    const bool standard = strcmp(path, "-") == 0;
    struct stat facts;
    if ((standard ? fstat(STDIN_FILENO, &facts) : stat(path, &facts)) != 0)
        return false;
    if (S_ISREG(facts.st_mode))
        return facts.st_size == 0;
    return standard && S_ISFIFO(facts.st_mode) && stdin_is_empty();
}

/* Wireshark also opens documents, each as one record; a figure of 0 bytes would be wrong of them.
 */
static bool is_document(wtap *wth)
{
    static const char *const formats[] = {"ber", "jpeg",    "json",         "mime",
                                          "mp4", "rfc7468", "ruby_marshal", "tnef"};
    const char *name = wtap_file_type_subtype_name(wtap_file_type_subtype(wth));
    for (size_t i = 0; name && i < sizeof formats / sizeof formats[0]; i++)
        if (strcmp(name, formats[i]) == 0)
            return true;
    return false;
}

static enum eg_status fail_document(const char *path, wtap *wth, struct eg_error *error)
{
    const int type = wtap_file_type_subtype(wth);
    wtap_close(wth);
    return capture_fail_foreign(path, wtap_file_type_subtype_description(type), error);
}

static enum eg_status open_locked(const char *path, wtap **wth, struct eg_error *error)
{
    int err = 0;
    char *info = NULL;
    if (interrupt_signal()) /* while its first bytes were waited for */
        return eg_fail(error, EG_ERR_IO, "interrupted");
    wtap *opened = wtap_open_offline(path, WTAP_TYPE_AUTO, &err, &info, FALSE);
    if (!opened && err == WTAP_ERR_FILE_UNKNOWN_FORMAT)
        return capture_fail_foreign(path, NULL, error);
    if (!opened)
        return capture_fail_open(err, info, error);
    if (is_document(opened))
        return fail_document(path, opened, error);
    *wth = opened;
    return EG_OK;
}

/* Buffers of records come from a pool that threads must not share, either. */
static void begin_record(struct capture_file *file)
{
    if (!file->has_record)
        ws_record_init(&file->record);
    file->has_record = true;
}

static enum eg_status open_wiretap(struct capture_file *file, struct eg_error *error)
{
    capture_library_lock();
    begin_record(file);
    const enum eg_status status = open_locked(file->path, &file->wth, error);
    if (status == EG_OK)
        wiretap_names_listen(&file->names, file->wth);
    else
        capture_library_unlock();
    return status;
}

/* What of it is the library's. */
static void close_library(struct capture_file *file)
{
    if (!file->has_record)
        return;
    capture_library_lock();
    ws_record_free(&file->record);
    file->has_record = false;
    record_batch_free(file->batch);
    file->batch = NULL;
    if (file->wth) {
        wtap_close(file->wth);
        capture_library_unlock();
    }
    file->wth = NULL;
    capture_library_unlock();
}

/* Before libwiretap, which takes such a trace for something else. */
static enum eg_status open_any(struct capture_file *file, enum capture_reader reader,
                               bool all_components, struct eg_error *error)
{
    const bool trace = etl_input_is_trace(file->path);
    if (trace && file->makes_records) {
        capture_library_lock();
        begin_record(file);
        capture_library_unlock();
    }
    if (trace)
        return etl_input_open(file->path, all_components, &file->trace, error);
    if (reader == CAPTURE_FRAMES)
        file->own = own_reader_open(file->path);
    return file->own ? EG_OK : open_wiretap(file, error);
}

enum eg_status capture_open(const char *path, enum capture_reader reader, bool all_components,
                            struct capture_file **file, struct eg_error *error)
{
    if (is_empty(path))
        return eg_fail(error, EG_ERR_SYNTAX, "empty");
    struct capture_file *made = calloc(1, sizeof *made);
    if (!made)
        return eg_fail_no_memory(error);
    made->path = path;
    made->makes_records = reader == CAPTURE_RECORDS;
    const enum eg_status status = open_any(made, reader, all_components, error);
    if (status == EG_OK)
        *file = made;
    else
        capture_close(made);
    return status;
}

void capture_close(struct capture_file *file)
{
    if (!file)
        return;
    etl_input_close(file->trace);
    own_reader_close(file->own);
    close_library(file);
    wiretap_names_clear(&file->names);
    free(file->filter);
    free(file);
}

/* ---- reading ---- */

static enum eg_status read_record(void *of, struct ws_record *record, struct eg_frame *frame,
                                  bool *more, struct eg_error *error)
{
    struct capture_file *file = of;
    int err = 0;
    char *info = NULL;
    wiretap_names_expect(&file->names);
    while (ws_record_read(record, file->wth, &err, &info)) {
        file->records++;
        /* Rule 1.1: records that are not packets are not frames. */
        if (ws_frame_of_record(&record->rec, ws_record_bytes(record), frame)) {
            *more = true;
            return EG_OK;
        }
    }
    *more = false;
    return err == 0 ? EG_OK : capture_fail_read(err, info, file->records, error);
}

/*
 * Libwiretap begins again where the core gave up, behind the frames that it has read. They are the
 * same for both.
 */
static enum eg_status take_over(struct capture_file *file, struct eg_frame *frame, bool *more,
                                struct eg_error *error)
{
    enum eg_status status = open_wiretap(file, error);
    uint64_t before = file->records;
    if (status != EG_OK)
        return status;
    own_reader_close(file->own);
    file->own = NULL;
    file->records = 0;
    do
        status = read_record(file, &file->record, frame, more, error);
    while (status == EG_OK && *more && before-- > 0);
    return status;
}

/* Behind the last frame of the core's. */
static enum eg_status end_own(struct capture_file *file, enum eg_capture_result result,
                              struct eg_error *error)
{
    const int failure = own_reader_failure(file->own);
    if (failure != 0)
        return capture_fail_read(failure, NULL, file->records, error);
    if (result == EG_CAPTURE_CUT)
        return capture_fail_read(WTAP_ERR_SHORT_READ, NULL, file->records, error);
    if (result == EG_CAPTURE_FOREIGN)
        return capture_fail_read(WTAP_ERR_BAD_FILE,
                                 g_strdup(eg_capture_fault(own_reader_capture(file->own))),
                                 file->records, error);
    return EG_OK;
}

static enum eg_status next_of_trace(struct capture_file *file, struct eg_frame *frame, bool *more,
                                    struct eg_error *error)
{
    const enum eg_status status = etl_input_next(file->trace, frame, more, error);
    if (status != EG_OK || !*more)
        return status;
    file->records++;
    if (!file->makes_records)
        return EG_OK;
    const struct eg_etl_origin origin = etl_input_origin(file->trace);
    wtap_rec_reset(&file->record.rec);
    ws_record_of_trace(frame, &origin, (unsigned)frame->interface, &file->record.rec);
    ws_record_set_bytes(&file->record, frame->data, frame->captured);
    file->interface = etl_input_interface(file->trace, frame);
    return EG_OK;
}

static enum eg_status next_by_other(struct capture_file *file, struct eg_frame *frame, bool *more,
                                    struct eg_error *error)
{
    if (file->trace)
        return next_of_trace(file, frame, more, error);
    return read_record(file, &file->record, frame, more, error);
}

static enum eg_status next_single(struct capture_file *file, struct eg_frame *common,
                                  const struct eg_record **records, size_t *count,
                                  struct eg_error *error)
{
    bool more = false;
    const enum eg_status status = next_by_other(file, common, &more, error);
    file->single = eg_record_of(common);
    *records = &file->single;
    *count = status == EG_OK && more;
    return status;
}

static struct record_batch *new_batch(void)
{
    capture_library_lock();
    struct record_batch *batch = record_batch_new();
    capture_library_unlock();
    return batch;
}

enum eg_status capture_next_frames(struct capture_file *file, uint64_t most,
                                   struct eg_frame *common, const struct eg_record **records,
                                   size_t *count, struct eg_error *error)
{
    *count = 0;
    *common = (struct eg_frame){.data = NULL};
    if (!file->own && !file->batch && most > 1 && !file->trace && !file->makes_records &&
        !(file->batch = new_batch()))
        return eg_fail_no_memory(error);
    if (file->batch)
        return record_batch_next(file->batch, read_record, file, most, common, records, count,
                                 error);
    if (!file->own)
        return next_single(file, common, records, count, error);
    const enum eg_capture_result result =
        eg_capture_next_frames(own_reader_capture(file->own), most, common, records, count);
    if (result == EG_CAPTURE_FRAME) {
        file->records += *count;
        return EG_OK;
    }
    if (result != EG_CAPTURE_FOREIGN || !own_reader_is_seekable(file->own))
        return end_own(file, result, error);
    bool more = false;
    const enum eg_status status = take_over(file, common, &more, error);
    file->single = eg_record_of(common);
    *records = &file->single;
    *count = status == EG_OK && more;
    return status;
}

enum eg_status capture_next(struct capture_file *file, struct eg_frame *frame, bool *more,
                            struct eg_error *error)
{
    const struct eg_record *records;
    size_t count;
    const enum eg_status status = capture_next_frames(file, 1, frame, &records, &count, error);
    *more = count > 0;
    if (*more)
        *frame = eg_frame_of(frame, records);
    return status;
}

/* ---- a capture that others read in parts ---- */

struct own_reader **capture_own_reader(struct capture_file *file)
{
    return file->own ? &file->own : NULL;
}

void capture_skip_to(struct capture_file *file, uint64_t frames)
{
    file->records = frames;
}

enum eg_status capture_rewind(struct capture_file *file, struct eg_error *error)
{
    own_reader_close(file->own);
    close_library(file);
    file->own = NULL;
    file->records = 0;
    return open_any(file, CAPTURE_FRAMES, false, error);
}

struct capture_record capture_record(struct capture_file *file)
{
    return (struct capture_record){
        .wth = file->wth,
        .record = &file->record,
        .number = file->records,
        .interface_name = file->interface.name,
        .interface_description = file->interface.description,
    };
}

uint64_t capture_bytes_read(const struct capture_file *file)
{
    if (file->trace)
        return etl_input_bytes_read(file->trace);
    if (file->own)
        return own_reader_bytes_read(file->own);
    const gint64 read = wtap_read_so_far(file->wth);
    return read > 0 ? (uint64_t)read : 0;
}

/* ---- what the file says of the capture ---- */

/* Filters of several interfaces that differ are shown together. */
static void add_filter(struct capture_file *file, const char *filter)
{
    if (!filter || !*filter || (file->filter && strstr(file->filter, filter)))
        return;
    const size_t size = strlen(filter) + (file->filter ? strlen(file->filter) + 2 : 0) + 1;
    char *joined = malloc(size);
    if (!joined)
        return;
    snprintf(joined, size, "%s%s%s", file->filter ? file->filter : "", file->filter ? "; " : "",
             filter);
    free(file->filter);
    file->filter = joined;
}

static void add_interface(struct capture_file *file, const struct eg_capture_interface *interface,
                          struct eg_input_facts *facts)
{
    facts->drops_known |= interface->drops_known;
    facts->drops += interface->drops;
    add_filter(file, interface->filter);
}

static void wiretap_facts(struct capture_file *file, struct eg_input_facts *facts)
{
    facts->format = wtap_file_type_subtype_name(wtap_file_type_subtype(file->wth));
    for (size_t i = 0; i < wiretap_interfaces(file->wth); i++) {
        const struct eg_capture_interface interface = wiretap_interface_at(file->wth, i);
        add_interface(file, &interface, facts);
    }
}

static void own_facts(struct capture_file *file, struct eg_input_facts *facts)
{
    const struct eg_capture *capture = own_reader_capture(file->own);
    facts->format = eg_capture_format(capture);
    for (size_t i = 0; i < eg_capture_interfaces(capture); i++) {
        const struct eg_capture_interface interface = eg_capture_interface_at(capture, i);
        add_interface(file, &interface, facts);
    }
}

void capture_facts(struct capture_file *file, struct eg_input_facts *facts)
{
    *facts = (struct eg_input_facts){0};
    if (file->trace) {
        etl_input_facts(file->trace, facts);
        return;
    }
    if (file->own)
        own_facts(file, facts);
    else
        wiretap_facts(file, facts);
    facts->capture_filter = file->filter;
}

enum eg_status capture_names(const struct capture_file *file, struct eg_session *session)
{
    const struct eg_names_list *list =
        file->own ? eg_capture_names(own_reader_capture(file->own)) : &file->names.list;
    enum eg_status status = file->names.without_memory ? EG_ERR_NO_MEMORY : EG_OK;
    struct eg_capture_name name;
    for (size_t at = 0; status == EG_OK && eg_names_list_next(list, &at, &name);)
        status =
            eg_session_add_name(session, name.address, name.address_bytes, name.text, name.length);
    return status;
}

/* ---- what goes with a frame into another file ---- */

/* Those that the core decodes have one. */
int32_t capture_link(const struct capture_file *file, const struct eg_frame *frame)
{
    if (frame->link != EG_LINK_OTHER || !file->wth)
        return frame->link;
    return wiretap_link(file->record.rec.rec_header.packet_header.pkt_encap);
}

struct eg_capture_interface capture_interface(struct capture_file *file,
                                              const struct eg_frame *frame)
{
    if (file->trace)
        return etl_input_interface(file->trace, frame);
    if (file->own)
        return eg_capture_interface_of(own_reader_capture(file->own), frame);
    return wiretap_interface_of(file->wth, &file->record.rec);
}

const char *capture_comment(const struct capture_file *file, char buffer[CAPTURE_COMMENT_MAX])
{
    if (!file->trace)
        return NULL;
    const struct eg_etl_origin origin = etl_input_origin(file->trace);
    return eg_etl_origin_text(&origin, buffer);
}
