/*
 * What a reader of files needs of libwiretap's insides. Wireshark 4.6 has a header for it; those
 * before have not, so the head of struct wtap is repeated here, and what they export declared.
 */
#ifndef WS_WTAP_H
#define WS_WTAP_H

#include <wireshark.h>

#include <wiretap/wtap.h>

#include "../ws_compat.h"

#if WS_AT_LEAST(4, 6)

#include <wiretap/wtap_module.h>

#define WS_READ_RECORD   wtap_rec *rec
#define WS_PASS_RECORD   rec
#define ws_record_buffer (&rec->data)

#else

#if WS_AT_LEAST(4, 4)
#include <wsutil/array.h>
#endif

typedef ws_bool ws_read_function(struct wtap *, wtap_rec *, Buffer *, int *, char **, int64_t *);
typedef ws_bool ws_seek_read_function(struct wtap *, int64_t, wtap_rec *, Buffer *, int *, char **);

/* As far as it is used. */
struct wtap {
    FILE_T fh;        /* read from front to back */
    FILE_T random_fh; /* to look at frames again; NULL: that is not going to be */
    ws_bool ispipe;
    int file_type_subtype;
    unsigned snapshot_length;
    GArray *shb_hdrs;
#if WS_AT_LEAST(4, 4)
    GArray *shb_iface_to_global;
#endif
    GArray *interface_data;
    unsigned next_interface_data;
    GArray *nrbs;
    GArray *dsbs;
#if WS_AT_LEAST(4, 4)
    GArray *meta_events;
#endif
    char *pathname;
    void *priv;
    void *wslua_data;
    ws_read_function *subtype_read;
    ws_seek_read_function *subtype_seek_read;
    void (*subtype_sequential_close)(struct wtap *);
    void (*subtype_close)(struct wtap *);
    int file_encap;
    int file_tsprec;
};

#define WS_READ_RECORD   wtap_rec *rec, Buffer *buffer
#define WS_PASS_RECORD   rec, buffer
#define ws_record_buffer buffer

#endif

/* file_wrappers.h has more than is exported. */
WS_DLL_PUBLIC int64_t file_seek(FILE_T stream, int64_t offset, int whence, int *err);
WS_DLL_PUBLIC ws_bool file_iscompressed(FILE_T stream);
WS_DLL_PUBLIC int file_read(void *buffer, unsigned count, FILE_T stream);
WS_DLL_PUBLIC int file_error(FILE_T stream, char **err_info);

#endif
