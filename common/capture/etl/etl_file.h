/*
 * The container: a trace is buffers one behind the other, each of one CPU, without an index. A
 * buffer is a header of 72 bytes and events, which may be compressed.
 */
#ifndef EG_ETL_FILE_H
#define EG_ETL_FILE_H

#include "base/error.h"
#include "capture/etl/etl_source.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
    EG_ETL_BUFFER_HEADER = 0x48,
    EG_ETL_BUFFER_MIN = 0x200, /* uncompressed */
    EG_ETL_BUFFER_MAX = 64 << 20,
    EG_ETL_DETECT_BYTES = 0x98, /* what eg_etl_detect() needs of a file's start */
};

/* Flags of a buffer. */
enum {
    EG_ETL_EVENTS_LOST = 0x02,
    EG_ETL_BUFFER_LOST = 0x04,
    EG_ETL_COMPRESSED = 0x40,
};

struct eg_etl_buffer {
    uint64_t offset;  /* in the file */
    uint32_t size;    /* in the file, header included */
    uint32_t present; /* of size: less where the file ends before */
    uint32_t used;    /* header and events, once decoded */
    uint16_t cpu;
    uint16_t flags;
    bool heads_log; /* it has a log-file header: the first one of a log */
};

/* Whether a file starts as a trace does: about 100 bits are fixed. */
bool eg_etl_detect(const void *bytes, size_t size);

/* A way from buffer to buffer. The two middle members come from the log-file header. */
struct eg_etl_walk {
    const struct eg_etl_source *source;
    uint32_t nominal; /* size of uncompressed buffers; 0: not known */
    bool compressed;
    uint64_t offset;
    bool cut;     /* the file ends within a buffer */
    uint64_t bad; /* headers that cannot be */
};

/* *more is false at the end. EG_ERR_IO only. */
enum eg_status eg_etl_walk_next(struct eg_etl_walk *walk, struct eg_etl_buffer *buffer, bool *more);

/* The events of one buffer, decoded. Start with {0}. */
struct eg_etl_area {
    uint8_t *bytes;
    size_t size;
    size_t capacity;
};

void eg_etl_area_free(struct eg_etl_area *area);

/* What loading shares between areas. Start with source and budget. */
struct eg_etl_loader {
    const struct eg_etl_source *source;
    uint64_t
        budget; /* bytes that may still be decoded: a small file must not make work for hours */
    struct eg_etl_area packed;
};

void eg_etl_loader_clear(struct eg_etl_loader *loader);

/*
 * Reads and decodes a buffer. *sound is false when it is not whole, or the budget is spent: area
 * then has what could be decoded. EG_ERR_IO, EG_ERR_NO_MEMORY.
 */
enum eg_status eg_etl_load(struct eg_etl_loader *loader, const struct eg_etl_buffer *buffer,
                           struct eg_etl_area *area, bool *sound);

#ifdef __cplusplus
}
#endif

#endif
