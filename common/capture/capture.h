/*
 * Captures read without Wireshark: pcap and pcapng, from front to back.
 *
 * What these readers are not sure to read as Wireshark would, they do not guess at: they say so,
 * and a program that has another reader lets that one begin again. Memory does not grow with the
 * packets.
 */
#ifndef EG_CAPTURE_H
#define EG_CAPTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "capture/names_list.h"
#include "packet/frame.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What only the reader of a file knows of it. */
struct eg_input_facts {
    const char *format;         /* "pcapng"; NULL unknown */
    const char *capture_filter; /* the recorded one; NULL none */
    bool truncated_file;        /* it ends within a record, or could not be read to its end */
    bool drops_known;
    uint64_t drops;                /* as recorded by the capturing program */
    const char *system;            /* where it was captured: "Windows build 20348"; NULL unknown */
    const char *const *interfaces; /* their names, ending with NULL; NULL: none */
    const char *const *notes;      /* sentences for the report's warnings; the same */
};

/* Up to `size` bytes of the capture into buffer, at least one; 0 at the end, or when it fails. */
typedef size_t eg_capture_read(void *context, void *buffer, size_t size);

/*
 * Whether another reader can take over. When one can, all that is out of the ordinary is left to
 * it. When none can (the bytes of a pipe come only once), unknown link layers and blocks are passed
 * on or passed over, and only what makes no sense ends the reading.
 */
enum eg_capture_care { EG_CAPTURE_IF_SURE, EG_CAPTURE_ANYHOW };

enum eg_capture_result {
    EG_CAPTURE_FRAME,
    EG_CAPTURE_END,
    EG_CAPTURE_CUT,     /* it ends within a record */
    EG_CAPTURE_FOREIGN, /* it goes on in a way that is not read here: eg_capture_fault() */
    EG_CAPTURE_STOPPED, /* at a limit, and not for good: eg_capture_next_before() alone says it */
};

struct eg_capture; /* opaque */

enum { EG_CAPTURE_MAGIC_BYTES = 4 };

/* Whether a capture that begins with these bytes is of a format that is read here. */
bool eg_capture_has_magic(const uint8_t bytes[EG_CAPTURE_MAGIC_BYTES]);

/*
 * Reads the capture's first few hundred kB. Only memory makes it fail: what the capture is worth,
 * the first eg_capture_next() says.
 */
enum eg_status eg_capture_open(eg_capture_read *read, void *context, enum eg_capture_care care,
                               struct eg_capture **capture);
void eg_capture_close(struct eg_capture *capture);

/*
 * The next frame; its bytes are valid until the next call. `filtered` is left false. Once the
 * result was not FRAME it stays so.
 */
enum eg_capture_result eg_capture_next(struct eg_capture *capture, struct eg_frame *frame);

/*
 * The next frames, as many as are of one interface and lie ready, at least one and at most `most`,
 * which is not 0: what differs between them in records, what they share in *common. They and their
 * bytes are valid until the next call. The same frames as one by one, in a fraction of the time.
 */
enum eg_capture_result eg_capture_next_frames(struct eg_capture *capture, uint64_t most,
                                              struct eg_frame *common,
                                              const struct eg_record **records, size_t *count);

/* Why the capture is FOREIGN, in lower case: "a packet of 300000 bytes"; "" when it is not. */
const char *eg_capture_fault(const struct eg_capture *capture);

/* As Wireshark calls it: "pcap", "nsecpcap", "pcapng"; NULL when the first bytes did not tell. */
const char *eg_capture_format(const struct eg_capture *capture);

/*
 * What is recorded of an interface. Texts are "" where there are none, and valid until the capture
 * is closed.
 */
struct eg_capture_interface {
    int32_t link;     /* LINKTYPE_ number */
    uint32_t snaplen; /* 0: no limit, or not known */
    const char *name;
    const char *description;
    const char *filter;
    const char *system; /* of the machine it belongs to */
    bool drops_known;   /* complete after the last frame, as are the drops */
    uint64_t drops;
};

size_t eg_capture_interfaces(const struct eg_capture *capture);
struct eg_capture_interface eg_capture_interface_at(const struct eg_capture *capture, size_t index);

/* The names that the file itself gives to addresses. Complete after the last frame. */
const struct eg_names_list *eg_capture_names(const struct eg_capture *capture);

/* Of the last frame. In pcap, which records no interfaces, it has a link layer only. */
struct eg_capture_interface eg_capture_interface_of(const struct eg_capture *capture,
                                                    const struct eg_frame *frame);

#ifdef __cplusplus
}
#endif

#endif
