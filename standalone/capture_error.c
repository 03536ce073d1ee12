#include "capture_error.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <wireshark.h>

#include <wiretap/wtap.h>

#include "peek.h"

/* ---- what is no capture ---- */

enum { MAGIC_MAX = 6, TAR_OFFSET = 257 };

struct kind {
    unsigned offset;
    unsigned length;
    char magic[MAGIC_MAX + 1];
    const char *message;
};

/* What captures come in, and pcapng (draft-ietf-opsawg-pcapng 4.1), whose first block is cut. */
static const struct kind kinds[] = {
    {0, 4, "\n\r\r\n", "cut short or damaged in its first block"},
    {0, 4, "PK\3\4", "not a packet capture (a zip archive: unpack it first)"},
    {0, 6, "7z\xbc\xaf\x27\x1c", "not a packet capture (a 7-Zip archive: unpack it first)"},
    {0, 4, "MSCF", "not a packet capture (a cabinet: unpack it first)"},
    {0, 3, "BZh", "not a packet capture (compressed by bzip2: decompress it first)"},
    {0, 6, "\xfd\x37zXZ", "not a packet capture (compressed by xz: decompress it first)"},
    {0, 2, "\x1f\x8b", "not a packet capture (compressed by gzip: decompress it first)"},
    {TAR_OFFSET, 5, "ustar", "not a packet capture (a tar archive: unpack it first)"},
};

static const char *message_for(const char *path)
{
    char start[TAR_OFFSET + MAGIC_MAX];
    const int fd = strcmp(path, "-") == 0 ? -1 : open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return NULL;
    const size_t got = peek_bytes(fd, true, start, sizeof start);
    close(fd);
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (kinds[i].offset + kinds[i].length <= got &&
            memcmp(start + kinds[i].offset, kinds[i].magic, kinds[i].length) == 0)
            return kinds[i].message;
    return NULL;
}

enum eg_status capture_fail_foreign(const char *path, const char *kind, struct eg_error *error)
{
    const char *const message = message_for(path);
    if (message)
        return eg_fail(error, EG_ERR_SYNTAX, "%s", message);
    return eg_fail(error, EG_ERR_SYNTAX, "not a packet capture%s%s%s", kind ? " (" : "",
                   kind ? kind : "", kind ? ")" : "");
}

/* ---- what libwiretap says ---- */

static const char *text_of(int err)
{
    switch (err) {
    case WTAP_ERR_NOT_REGULAR_FILE:
        return "neither a file nor a pipe";
    case WTAP_ERR_UNSUPPORTED:
        return "holds what Wireshark does not read";
    case WTAP_ERR_SHORT_READ:
        return "cut short";
    case WTAP_ERR_BAD_FILE:
        return "damaged";
    case WTAP_ERR_DECOMPRESS:
        return "cannot be decompressed";
    case WTAP_ERR_DECOMPRESSION_NOT_SUPPORTED:
        return "compressed in a way that this Wireshark does not read";
    default:
        return wtap_strerror(err);
    }
}

/* ": bytes of packet beyond the limit", or nothing. */
static enum eg_status fail(int err, char *info, const char *what, const char *place,
                           struct eg_error *error)
{
    const enum eg_status status = err > 0 ? EG_ERR_IO : EG_ERR_SYNTAX;
    eg_fail(error, status, "%s%s%s%s%s", what, text_of(err), place, info ? ": " : "",
            info ? info : "");
    g_free(info);
    return status;
}

enum eg_status capture_fail_open(int err, char *info, struct eg_error *error)
{
    return fail(err, info, err > 0 ? "cannot be opened: " : "", "", error);
}

enum eg_status capture_fail_read(int err, char *info, uint64_t records, struct eg_error *error)
{
    char place[64] = " before the first frame";
    if (records)
        snprintf(place, sizeof place, " after frame %" PRIu64, records);
    return fail(err, info, err > 0 ? "cannot be read: " : "", place, error);
}
