#include "capture_error.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <wireshark.h>

#include <wiretap/wtap.h>

static const char *text_of(int err)
{
    switch (err) {
    case WTAP_ERR_NOT_REGULAR_FILE:
        return "neither a file nor a pipe";
    case WTAP_ERR_FILE_UNKNOWN_FORMAT:
        return "not a packet capture";
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
