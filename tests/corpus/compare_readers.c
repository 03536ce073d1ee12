/*
 * The core's readers against libwiretap, frame by frame: compare_readers CAPTURE...
 *
 * What the core reads must be what Wireshark reads: bytes, lengths, time, interface, hint, link
 * layer, format, filter and drops. Where the core leaves a capture to another reader, or finds it
 * cut short, libwiretap must have given the same frames until then. Says how many captures the core
 * read to their end.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <wireshark.h>

#include <wiretap/wtap.h>

#include "egress.h"
#include "ws_compat.h"
#include "ws_frame.h"

static void EG_PRINTF(1, 0) complain(const char *format, va_list arguments)
{
    vfprintf(stderr, format, arguments);
}

static size_t read_bytes(void *context, void *buffer, size_t size)
{
    const ssize_t got = read(*(int *)context, buffer, size);
    return got > 0 ? (size_t)got : 0;
}

static bool frames_equal(const struct eg_frame *a, const struct eg_frame *b)
{
    return a->captured == b->captured && a->wire == b->wire && a->link == b->link &&
           a->time == b->time && a->interface == b->interface && a->hint == b->hint &&
           (a->captured == 0 || memcmp(a->data, b->data, a->captured) == 0);
}

static void show(const char *reader, const struct eg_frame *frame)
{
    printf("  %s: captured %" PRIu32 " wire %" PRIu32 " link %" PRId32 " time %" PRId64
           " interface %" PRIx64 " hint %d\n",
           reader, frame->captured, frame->wire, frame->link, frame->time, frame->interface,
           (int)frame->hint);
}

/* The next packet of libwiretap's; *err tells an error from the end. */
static bool next_frame(wtap *wth, struct ws_record *record, struct eg_frame *frame, int *err)
{
    char *info = NULL;
    while (ws_record_read(record, wth, err, &info))
        if (ws_frame_of_record(&record->rec, ws_record_bytes(record), frame))
            return true;
    g_free(info);
    return false;
}

/* Whether the end of the core's reading is libwiretap's, too. */
static bool ends_agree(wtap *wth, struct ws_record *record, enum eg_capture_result result,
                       const struct eg_capture *capture)
{
    struct eg_frame frame;
    int err = 0;
    if (result == EG_CAPTURE_FOREIGN)
        return true;
    if (next_frame(wth, record, &frame, &err))
        return false;
    if (strcmp(eg_capture_format(capture),
               wtap_file_type_subtype_name(wtap_file_type_subtype(wth))) != 0)
        return false;
    return result == EG_CAPTURE_CUT ? err == WTAP_ERR_SHORT_READ : err == 0;
}

static bool frames_agree(struct eg_capture *capture, wtap *wth, const char *path, unsigned *whole)
{
    struct ws_record record;
    struct eg_frame ours = {0}, theirs = {0};
    enum eg_capture_result result;
    uint64_t number = 0;
    int err = 0;
    bool good = true;
    ws_record_init(&record);
    while (good && (result = eg_capture_next(capture, &ours)) == EG_CAPTURE_FRAME) {
        number++;
        good = next_frame(wth, &record, &theirs, &err) && frames_equal(&ours, &theirs);
    }
    if (!good) {
        printf("%s: frame %" PRIu64 " differs (error %d)\n", path, number, err);
        show("core      ", &ours);
        show("libwiretap", &theirs);
    } else if (!ends_agree(wth, &record, result, capture)) {
        printf("%s: ends differ behind frame %" PRIu64 ", result %d\n", path, number, (int)result);
        good = false;
    } else if (result == EG_CAPTURE_FOREIGN) {
        printf("%s: left after %" PRIu64 " frames: %s\n", path, number, eg_capture_fault(capture));
    } else {
        ++*whole;
    }
    ws_record_free(&record);
    return good;
}

static bool compare(const char *path, unsigned *whole)
{
    int err = 0;
    char *info = NULL;
    uint8_t magic[EG_CAPTURE_MAGIC_BYTES] = {0};
    struct eg_capture *capture;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        printf("%s: cannot be opened\n", path);
        return false;
    }
    const bool ours = read(fd, magic, sizeof magic) == (ssize_t)sizeof magic &&
                      eg_capture_has_magic(magic) && lseek(fd, 0, SEEK_SET) == 0;
    bool good = true;
    if (ours && eg_capture_open(read_bytes, &fd, EG_CAPTURE_IF_SURE, &capture) == EG_OK) {
        wtap *wth = wtap_open_offline(path, WTAP_TYPE_AUTO, &err, &info, FALSE);
        struct eg_frame frame;
        if (wth)
            good = frames_agree(capture, wth, path, whole);
        else if (eg_capture_next(capture, &frame) != EG_CAPTURE_FOREIGN) {
            printf("%s: libwiretap does not open it\n", path);
            good = false;
        }
        g_free(info);
        if (wth)
            wtap_close(wth);
        eg_capture_close(capture);
    }
    close(fd);
    return good;
}

int main(int argc, char **argv)
{
    bool good = true;
    unsigned whole = 0;
    ws_start_log("compare_readers", complain);
    wtap_init(FALSE);
    for (int i = 1; i < argc; i++)
        good = compare(argv[i], &whole) && good;
    wtap_cleanup();
    printf("%u of %d captures read to their end by the core\n", whole, argc - 1);
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
