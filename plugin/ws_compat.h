/*
 * Every difference between Wireshark 4.0, 4.4 and 4.6, and nothing else.
 *
 * Include it behind <wireshark.h>.
 */
#ifndef WS_COMPAT_H
#define WS_COMPAT_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include <ws_version.h>

#include <epan/dfilter/dfilter.h>
#include <epan/epan_dissect.h>
#include <wsutil/buffer.h>
#include <wsutil/filesystem.h>
#include <wsutil/wslog.h>

#include <wiretap/wtap.h>

#define WS_AT_LEAST(major, minor)                                                                  \
    (WIRESHARK_VERSION_MAJOR > (major) ||                                                          \
     (WIRESHARK_VERSION_MAJOR == (major) && WIRESHARK_VERSION_MINOR >= (minor)))

#if WS_AT_LEAST(4, 4)
#include <wsutil/plugins.h>
#endif

/* What a yes-or-no preference, parameter and callback result are. */
#if WS_AT_LEAST(4, 4)
typedef bool ws_bool;
#else
typedef gboolean ws_bool;
#endif

typedef void ws_message_function(const char *format, va_list arguments);

/*
 * Comes first in a program: without it wiretap prints debug lines for every packet. What wiretap
 * warns of while it finds out what a file is, is not for users.
 */
static inline void ws_start_log(const char *program, ws_message_function *complain)
{
#if WS_AT_LEAST(4, 6)
    (void)program;
    ws_log_init(complain);
#else
    ws_log_init(program, complain);
#endif
    ws_log_set_level(LOG_LEVEL_CRITICAL);
}

/* NULL, or an error text to g_free(). */
static inline char *ws_find_configuration(const char *argv0)
{
#if WS_AT_LEAST(4, 6)
    return configuration_init(argv0);
#else
    return configuration_init(argv0, NULL);
#endif
}

/* A record and its bytes; from 4.6 on the bytes are inside the record. */
struct ws_record {
    wtap_rec rec;
#if !WS_AT_LEAST(4, 6)
    Buffer bytes;
#endif
};

enum { WS_RECORD_BYTES = 2048 }; /* to begin with; it grows */

static inline void ws_record_init(struct ws_record *record)
{
#if WS_AT_LEAST(4, 6)
    wtap_rec_init(&record->rec, WS_RECORD_BYTES);
#else
    wtap_rec_init(&record->rec);
    ws_buffer_init(&record->bytes, WS_RECORD_BYTES);
#endif
}

static inline void ws_record_free(struct ws_record *record)
{
    wtap_rec_cleanup(&record->rec);
#if !WS_AT_LEAST(4, 6)
    ws_buffer_free(&record->bytes);
#endif
}

/* An empty packet of an encapsulation. */
static inline void ws_begin_packet(wtap_rec *rec, int encap)
{
#if WS_AT_LEAST(4, 6)
    wtap_setup_packet_rec(rec, encap);
#else
    rec->rec_type = REC_TYPE_PACKET;
    rec->rec_header.packet_header.pkt_encap = encap;
#endif
}

/* Replaces the record by the next one. False at the end (*err 0) or on an error, as wtap_read(). */
static inline bool ws_record_read(struct ws_record *record, wtap *wth, int *err, char **err_info)
{
    int64_t offset;
    wtap_rec_reset(&record->rec);
#if WS_AT_LEAST(4, 6)
    return wtap_read(wth, &record->rec, err, err_info, &offset);
#else
    return wtap_read(wth, &record->rec, &record->bytes, err, err_info, &offset);
#endif
}

/* Of a packet record: caplen bytes, valid until the next read. */
static inline const uint8_t *ws_record_bytes(const struct ws_record *record)
{
#if WS_AT_LEAST(4, 6)
    return ws_buffer_start_ptr(&record->rec.data);
#else
    return ws_buffer_start_ptr(&record->bytes);
#endif
}

/* Replaces the bytes of a buffer of Wireshark's, or of a record. */
static inline void ws_buffer_set(Buffer *buffer, const uint8_t *bytes, size_t size)
{
    ws_buffer_clean(buffer);
    ws_buffer_assure_space(buffer, size);
    memcpy(ws_buffer_start_ptr(buffer), bytes, size);
}

static inline void ws_record_set_bytes(struct ws_record *record, const uint8_t *bytes, size_t size)
{
#if WS_AT_LEAST(4, 6)
    ws_buffer_set(&record->rec.data, bytes, size);
#else
    ws_buffer_set(&record->bytes, bytes, size);
#endif
}

/* A mistake in a display filter. */
struct ws_filter_mistake {
    char *message; /* to g_free() */
    long start;    /* byte of the text; negative: not known */
    size_t length;
};

/* *filter is NULL for a text of blanks, which every frame passes. */
static inline bool ws_filter_compile(const char *text, dfilter_t **filter,
                                     struct ws_filter_mistake *mistake)
{
#if WS_AT_LEAST(4, 4)
    df_error_t *error = NULL;
    if (dfilter_compile(text, filter, &error))
        return true;
    *mistake =
        (struct ws_filter_mistake){g_strdup(error->msg), error->loc.col_start, error->loc.col_len};
    df_error_free(&error);
    return false;
#else
    dfilter_loc_t place = {-1, 0};
    if (dfilter_compile2(text, filter, &mistake->message, &place))
        return true;
    mistake->start = place.col_start;
    mistake->length = place.col_len;
    return false;
#endif
}

/* Dissects a packet record. */
static inline void ws_dissect(epan_dissect_t *edt, int file_type, struct ws_record *record,
                              frame_data *frame)
{
#if WS_AT_LEAST(4, 6)
    epan_dissect_run(edt, file_type, &record->rec, frame, NULL);
#else
    const guint wire = frame->pkt_len > G_MAXINT ? G_MAXINT : frame->pkt_len;
    epan_dissect_run(edt, file_type, &record->rec,
                     tvb_new_real_data(ws_record_bytes(record), frame->cap_len, (gint)wire), frame,
                     NULL);
#endif
}

/*
 * The interface that dissectors ask a program about: the parameters of its functions, and the
 * number among all of the file. From 4.4 on each section of a pcapng file counts anew.
 */
#if WS_AT_LEAST(4, 4)
#define WS_INTERFACE_PARAMETERS  uint32_t interface, unsigned section
#define ws_interface_number(wth) wtap_file_get_shb_global_interface_id(wth, section, interface)
#else
#define WS_INTERFACE_PARAMETERS  guint32 interface
#define ws_interface_number(wth) interface
#endif

/* The same of a record that has an interface. */
static inline unsigned ws_record_interface(wtap *wth, const wtap_rec *rec)
{
    const uint32_t interface = rec->rec_header.packet_header.interface_id;
#if WS_AT_LEAST(4, 4)
    const unsigned section =
        rec->presence_flags & WTAP_HAS_SECTION_NUMBER ? rec->section_number : 0;
#else
    (void)wth;
#endif
    return ws_interface_number(wth);
}

/*
 * How libwiretap hands out names of addresses: what it says besides address and name, from 4.4 on
 * whether it is for good; and what an IPv6 address is.
 */
#if WS_AT_LEAST(4, 4)
#define WS_NAME_PARAMETERS , const bool is_static _U_
#else
#define WS_NAME_PARAMETERS
#endif
#if WS_AT_LEAST(4, 6)
#define WS_NAME_IPV6 ws_in6_addr
#else
#define WS_NAME_IPV6 void
#endif

/* What the start of a -z option returns: from 4.6 on, that it succeeded. */
#if WS_AT_LEAST(4, 6)
typedef bool ws_started;
#define WS_STARTED true
#else
typedef void ws_started;
#define WS_STARTED
#endif

/* A column shows names rather than numbers. Needs <epan/column.h>; a macro, for egshark has none.
 */
#if WS_AT_LEAST(4, 6)
#define ws_resolve_column(column) ((column)->display = COLUMN_DISPLAY_STRINGS)
#else
#define ws_resolve_column(column) ((column)->resolved = TRUE)
#endif

#endif
