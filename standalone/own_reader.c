#include "own_reader.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "interrupt.h"
#include "peek.h"

struct own_reader {
    int fd;
    bool owned; /* fd is not standard input */
    bool seekable;
    struct eg_capture *capture;
    uint64_t offset; /* of the next byte to read */
    int failure;
};

/* A regular file is read by place, so that several readers can share it. */
static ssize_t read_some(const struct own_reader *reader, void *buffer, size_t size)
{
    if (reader->seekable)
        return pread(reader->fd, buffer, size, (off_t)reader->offset);
    return read(reader->fd, buffer, size);
}

static size_t read_bytes(void *context, void *buffer, size_t size)
{
    struct own_reader *reader = context;
    while (!interrupt_signal()) {
        const ssize_t got = read_some(reader, buffer, size);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            reader->failure = errno;
        if (got <= 0)
            return 0;
        reader->offset += (uint64_t)got;
        return (size_t)got;
    }
    return 0;
}

/* ---- what it begins with ---- */

static bool has_magic(const struct own_reader *reader)
{
    uint8_t magic[EG_CAPTURE_MAGIC_BYTES];
    return peek_bytes(reader->fd, reader->seekable, magic, sizeof magic) == sizeof magic &&
           eg_capture_has_magic(magic);
}

/*
 * Whether the first frame can be read. What is odd so early may be no capture at all, and then that
 * is what libwiretap has to say.
 */
static bool begins_well(struct own_reader *reader)
{
    struct eg_capture *capture;
    struct eg_frame frame;
    if (eg_capture_open(read_bytes, reader, EG_CAPTURE_IF_SURE, &capture) != EG_OK)
        return false;
    const enum eg_capture_result result = eg_capture_next(capture, &frame);
    eg_capture_close(capture);
    reader->offset = 0;
    return result != EG_CAPTURE_FOREIGN && reader->failure == 0;
}

/* ---- opening ---- */

/* Of pipes only standard input: a named one that is closed for libwiretap may lose its writer. */
static bool open_bytes(struct own_reader *reader, const char *path)
{
    struct stat facts;
    const bool standard = strcmp(path, "-") == 0;
    if ((standard ? fstat(STDIN_FILENO, &facts) : stat(path, &facts)) != 0)
        return false;
    reader->seekable = S_ISREG(facts.st_mode);
    if (!reader->seekable && !(standard && S_ISFIFO(facts.st_mode)))
        return false;
    reader->owned = !standard;
    reader->fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    return reader->fd >= 0 && (!reader->seekable || lseek(reader->fd, 0, SEEK_CUR) == 0);
}

static bool begin(struct own_reader *reader, const char *path)
{
    if (!open_bytes(reader, path) || !has_magic(reader) ||
        (reader->seekable && !begins_well(reader)))
        return false;
    const enum eg_capture_care care = reader->seekable ? EG_CAPTURE_IF_SURE : EG_CAPTURE_ANYHOW;
    return eg_capture_open(read_bytes, reader, care, &reader->capture) == EG_OK;
}

struct own_reader *own_reader_open(const char *path)
{
    struct own_reader *made = calloc(1, sizeof *made);
    if (!made)
        return NULL;
    made->fd = -1;
    if (begin(made, path))
        return made;
    own_reader_close(made);
    return NULL;
}

void own_reader_close(struct own_reader *reader)
{
    if (!reader)
        return;
    eg_capture_close(reader->capture);
    if (reader->owned && reader->fd >= 0)
        close(reader->fd);
    free(reader);
}

bool own_reader_is_seekable(const struct own_reader *reader)
{
    return reader->seekable;
}

struct eg_capture *own_reader_capture(const struct own_reader *reader)
{
    return reader->capture;
}

int own_reader_failure(const struct own_reader *reader)
{
    return reader->failure;
}

uint64_t own_reader_bytes_read(const struct own_reader *reader)
{
    return reader->offset;
}

/* ---- parts --------------------------------------------------------------------------------- */

uint64_t own_reader_size(const struct own_reader *reader)
{
    struct stat facts;
    const bool known = reader->seekable && fstat(reader->fd, &facts) == 0 && facts.st_size > 0;
    return known ? (uint64_t)facts.st_size : 0;
}

size_t own_reader_peek(const struct own_reader *reader, uint64_t offset, void *bytes, size_t size)
{
    size_t done = 0;
    ssize_t got = 1;
    while (done < size && got > 0) {
        got = pread(reader->fd, (char *)bytes + done, size - done, (off_t)(offset + done));
        done += got > 0 ? (size_t)got : 0;
    }
    return done;
}

struct own_reader *own_reader_part(const struct own_reader *reader, const struct eg_capture *like,
                                   uint64_t offset)
{
    struct own_reader *made = calloc(1, sizeof *made);
    if (!made)
        return NULL;
    made->fd = reader->fd;
    made->seekable = true;
    made->offset = offset;
    if (eg_capture_open_part(like, offset, read_bytes, made, &made->capture) == EG_OK)
        return made;
    free(made);
    return NULL;
}

void own_reader_replace(struct own_reader **reader, struct own_reader *part)
{
    part->owned = (*reader)->owned;
    (*reader)->owned = false;
    own_reader_close(*reader);
    *reader = part;
}
