/*
 * What a session holds between its frames and its report. Inside the core only.
 */
#ifndef EG_SESSION_H
#define EG_SESSION_H

#include "config.h"
#include "names/hosts.h"
#include "names/streams.h"
#include "traffic/copies.h"
#include "traffic/matrix.h"
#include "traffic/resent.h"
#include "traffic/selection.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { EG_SESSION_REGIONS_MAX = 8 };

struct eg_input {
    char *path;
    char *format;         /* NULL unknown */
    char *capture_filter; /* NULL none recorded */
    uint64_t frames;
    int64_t first_time; /* EG_NO_TIME */
    int64_t last_time;
    bool truncated_file;
    bool drops_known;
    uint64_t drops;
    char *system;      /* NULL unknown */
    char **interfaces; /* ends with NULL; NULL: none named */
    char **notes;      /* the same */
};

/* An input is zeroed first, and cleared whatever the outcome. EG_ERR_NO_MEMORY. */
enum eg_status eg_input_set_path(struct eg_input *input, const char *path);
enum eg_status eg_input_set_facts(struct eg_input *input, const struct eg_input_facts *facts);
enum eg_status eg_input_copy(const struct eg_input *from, struct eg_input *to);
void eg_input_clear(struct eg_input *input);

struct eg_link_count {
    int32_t link;
    const char *name;
    uint64_t frames;
};

struct eg_packet_counts {
    uint64_t packets, ip_bytes;
    uint64_t more_packets, more_bytes; /* what segmentation adds, rule 5.2 */
};

/* What some frames came to. */
struct eg_selection {
    uint64_t frames;
    uint64_t buckets[EG_BUCKETS]; /* packets of the matrix are in TRANSIT until they are settled */
    struct eg_packet_counts duplicate;
    struct eg_cell_parts parts;
};

/* What was noted of all frames. */
struct eg_session_notes {
    uint64_t no_key;
    uint64_t beyond_frame;
    uint64_t zero_length;
    uint64_t copies_evicted;  /* of merged sessions; the session's own are in copies */
    uint64_t flows_forgotten; /* the same, of resent */
    uint64_t heads_given_up;  /* the same, of streams */
    int64_t first_time, last_time;
    bool timeless; /* a frame had no time */
};

struct eg_session {
    const struct eg_rules *rules;
    struct eg_matrix *matrix;
    struct eg_copies *copies;
    struct eg_hosts *hosts;     /* NULL: names are off */
    struct eg_streams *streams; /* of messages that may hold names; NULL as hosts */
    struct eg_resent *resent;   /* NULL: what is sent again is not looked for */
    struct eg_selection
        counts; /* of every frame; its parts are kept only once a frame was filtered */
    bool has_filtered;
    bool keeps_times;
    uint32_t short_max; /* the longest IP packet that is never segmented, rule 5.2 */
    struct eg_session_notes notes;
    struct eg_input *inputs;
    size_t input_count;
    struct eg_link_count *links;
    size_t link_count;
    char regions[EG_SESSION_REGIONS_MAX][EG_REGION_NAME_MAX]; /* from metadata answers */
    size_t region_count;
    uint64_t looked;             /* frames in front of a part that were looked at */
    struct eg_part_start *start; /* of a part of an input that has parts before it; else NULL */
};

/* ---- among the files of the session --------------------------------------------------------- */

/* One more input at the end, zeroed; NULL without memory. */
struct eg_input *eg_session_add_input(struct eg_session *session);

/* The input that frames are of; NULL before the first. */
static inline struct eg_input *eg_session_input(const struct eg_session *session)
{
    return session->input_count ? &session->inputs[session->input_count - 1] : NULL;
}

static inline uint32_t eg_session_input_number(const struct eg_session *session)
{
    return session->input_count ? (uint32_t)session->input_count - 1 : 0;
}

/* Of the next frame: of those that were counted, and looked at in front of them. */
static inline uint64_t eg_session_next_frame(const struct eg_session *session)
{
    return session->looked + session->counts.frames;
}

/* Frames of a link layer that is not decoded. */
enum eg_status eg_session_count_link(struct eg_session *session, int32_t link, const char *name,
                                     uint64_t frames);

/* Regions that metadata answers name; more than a handful of different ones tell nothing. */
void eg_session_note_region(struct eg_session *session, const char *region);

/* Whether frames of the interface are known to be of no other: rule 2.2. */
bool eg_session_tells_apart(const struct eg_session *session, uint16_t interface);

void eg_part_start_free(struct eg_part_start *start);

#ifdef __cplusplus
}
#endif

#endif
