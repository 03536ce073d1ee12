/*
 * egress: where a VM's outbound bytes went and what they cost.
 *
 * The only header a face (the egshark program, the Wireshark plugin) includes. The order of use:
 *
 *     eg_config_new, eg_config_set ...      settings by name, as options and preferences give them
 *     eg_rules_new                          settings checked; files read; immutable from here on
 *     eg_session_new                        one a thread
 *       eg_session_begin_input              for each capture
 *         eg_session_add_frame ...          the only door for packets
 *       eg_session_end_input
 *     eg_session_report                     direction, class and price are settled here
 *     eg_report_write                       text, csv, json, ndjson, html
 *
 * Nothing here prints, exits, or reads the environment. Objects are freed with their _free
 * function; free(NULL) is safe. Out parameters are written on success only.
 */
#ifndef EG_EGRESS_H
#define EG_EGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/hash.h"
#include "base/number.h"
#include "base/sink.h"
#include "base/utf8.h"
#include "capture/capture.h"
#include "capture/capture_part.h"
#include "capture/etl/etl_reader.h"
#include "capture/etl/etl_words.h"
#include "capture/pcapng_writer.h"
#include "packet/frame.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- settings ---------------------------------------------------------------------------------
 */

enum eg_setting_kind {
    EG_SETTING_TEXT,
    EG_SETTING_BOOL,   /* "true", "false" */
    EG_SETTING_NUMBER, /* decimal, without a sign */
    EG_SETTING_CHOICE, /* one of `choices` */
    EG_SETTING_FILE,   /* a path */
    EG_SETTING_FILES,  /* paths; eg_config_add() appends one */
};

/*
 * One setting. The command line spells the name with dashes (--month-to-date), Wireshark's
 * preferences and -o with underscores (egress.month_to_date).
 */
struct eg_rules;

struct eg_setting {
    const char *name; /* "month_to_date" */
    enum eg_setting_kind kind;
    const char *const *choices; /* NULL-terminated; CHOICE only */
    const char *initial;        /* the value when nothing is set; "" for none */
    const char *argument;       /* for help: "REGION" */
    const char *help;           /* one line, lower case, no full stop */
    /* Inside the core: checks a value that is not "" and puts it into rules. */
    enum eg_status (*apply)(struct eg_rules *rules, const char *value, struct eg_error *error);
};

const struct eg_setting *eg_settings(size_t *count);
const struct eg_setting *eg_setting_find(const char *name);

struct eg_config; /* opaque */

enum eg_status eg_config_new(struct eg_config **config);
void eg_config_free(struct eg_config *config);

/*
 * Replaces a setting. FILES take a list separated by ';'. EG_ERR_VALUE for an unknown name or a
 * value that cannot be; names of regions and the contents of files are checked by eg_rules_new().
 */
enum eg_status eg_config_set(struct eg_config *config, const char *name, const char *value,
                             struct eg_error *error);

/* Appends to a list: FILES (one path, taken whole) and "local". Others are replaced. */
enum eg_status eg_config_add(struct eg_config *config, const char *name, const char *value,
                             struct eg_error *error);

/* The value as text; "" when nothing is set. Valid until the setting changes. */
const char *eg_config_get(const struct eg_config *config, const char *name);

/* The items of a setting, and how many: more than one only of FILES and "local". */
size_t eg_config_items(const struct eg_config *config, const char *name, char *const **items);

/* ---- rules ------------------------------------------------------------------------------------
 */

/* A configuration with its ranges, sites and rates read and checked. Immutable; threads may share
 * it. */
struct eg_rules;

enum eg_status eg_rules_new(const struct eg_config *config, struct eg_rules **rules,
                            struct eg_error *error);
void eg_rules_free(struct eg_rules *rules);

/* "azure 2026-06-26, aws 2026-08-22, ...": what --version prints. Returns buffer. */
const char *eg_rules_ranges_text(const struct eg_rules *rules, char *buffer, size_t size);
const char *eg_rules_rates_text(const struct eg_rules *rules, char *buffer, size_t size);
/* "libloc 2022-10-29": where organisations and countries are from; "" from nowhere. */
const char *eg_rules_places_text(const struct eg_rules *rules, char *buffer, size_t size);

const char *eg_version(void); /* "0.1.0" */

/* ---- session ----------------------------------------------------------------------------------
 */

struct eg_session;

/* rules must outlive the session. seed: random where input may be hostile; results never depend on
 * it. */
enum eg_status eg_session_new(const struct eg_rules *rules, const struct eg_hash_key *seed,
                              struct eg_session **session);
void eg_session_free(struct eg_session *session);

/* An empty one of the same rules and seed, which keeps times if that one does. */
enum eg_status eg_session_new_like(const struct eg_session *like, struct eg_session **session);

/*
 * Before the first frame: keep when packets come, for formats that show it (eg_format_has_times()).
 * Costs up to 16 MB and a quarter of the time; sessions that are merged must be alike in it. The
 * settings interval, project and budget ask for it by themselves.
 */
void eg_session_keep_times(struct eg_session *session);

/* Frames from here on belong to a new input. path is copied; "-" is standard input. */
enum eg_status eg_session_begin_input(struct eg_session *session, const char *path);

/* Copies what facts hold. Inputs that are never ended have none. */
enum eg_status eg_session_end_input(struct eg_session *session, const struct eg_input_facts *facts);

/* The buckets of rule 1.1. */
enum eg_bucket {
    EG_BUCKET_UNSUPPORTED_LINK,
    EG_BUCKET_NOT_IP,
    EG_BUCKET_TRUNCATED,
    EG_BUCKET_MALFORMED,
    EG_BUCKET_FILTERED,
    EG_BUCKET_DUPLICATE,
    EG_BUCKET_EGRESS,
    EG_BUCKET_INGRESS,
    EG_BUCKET_LOCAL,
    EG_BUCKET_INTERNAL,
    EG_BUCKET_TRANSIT,
    EG_BUCKETS,
};

const char *eg_bucket_name(enum eg_bucket bucket); /* "unsupported_link", ... */

#define EG_NO_CELL UINT32_MAX

/*
 * What became of one frame. Direction, class and price are settled later, over the whole input: ask
 * eg_report_frame() with the verdict.
 */
struct eg_verdict {
    enum eg_bucket bucket; /* EG_BUCKET_TRANSIT stands for "a packet; direction settled later" */
    uint32_t cell;         /* of the traffic matrix; EG_NO_CELL for frames that are in none */
    uint64_t ip_bytes;     /* rule 1.4; 0 when there is no packet */
    uint64_t more_bytes;   /* what segmentation adds to ip_bytes, rule 5.2 */
    uint64_t more_packets; /* and to the one packet */
    uint64_t resent_bytes; /* of both, what was sent before: of a whole segment with its headers */
};

/*
 * A name that the capture file itself gives to an address, of 4 or 16 bytes; what is no host name
 * is left out, and counted. Names in packets need no call. EG_ERR_NO_MEMORY only.
 */
enum eg_status eg_session_add_name(struct eg_session *session, const uint8_t *address, size_t bytes,
                                   const char *name, size_t length);

/*
 * The only door for packets (law 2). Never fails for what is in the frame: EG_ERR_NO_MEMORY only.
 * No allocation once a cell is known.
 */
enum eg_status eg_session_add_frame(struct eg_session *session, const struct eg_frame *frame,
                                    struct eg_verdict *verdict);

/*
 * The same for each of `count` frames of one interface in turn, in far less time. common: what they
 * share; its data, lengths and time are not looked at. verdicts: NULL, or one for each frame, set
 * up to the first error.
 */
enum eg_status eg_session_add_frames(struct eg_session *session, const struct eg_frame *common,
                                     const struct eg_record *records, size_t count,
                                     struct eg_verdict *verdicts);

/*
 * Adds all of `from`, whose inputs follow; both share the same rules. EG_ERR_VALUE when either has
 * filtered frames: those sessions cannot be merged.
 */
enum eg_status eg_session_merge(struct eg_session *into, const struct eg_session *from);

/*
 * Whether the `count` sessions, of the same rules and seed, can be merged without meeting a
 * ceiling. Merged in the order of their frames, such sessions give the report, byte for byte, of
 * one that had them all; beyond a ceiling it matters which frame came first. Counted as if they had
 * nothing in common.
 */
bool eg_session_has_room(const struct eg_session *into, const struct eg_session *const from[],
                         size_t count);

/*
 * One input in several sessions, so that threads can share it (session_part.c tells why this is
 * exact). Each has the same seed and begins the input. A part that has others before it then looks
 * at frames in front of its own, from far enough back, and begins; what it looked at is not
 * counted.
 */
bool eg_session_looks_back(const struct eg_session *session); /* false: needs no look */
enum eg_status eg_session_look_at(struct eg_session *session, const struct eg_frame *frame);
bool eg_session_has_seen_enough(const struct eg_session *session);
enum eg_status eg_session_begin_part(struct eg_session *session);

/*
 * Whether `part` began as `before`, which has come to the same place, would have gone on.
 * earliest: no frame of `part`, or of the parts behind it, is older. Reads of `part` only what
 * eg_session_begin_part() left, so another thread may be adding frames to it.
 */
bool eg_session_part_follows(const struct eg_session *before, const struct eg_session *part,
                             int64_t earliest);

/* The times of the oldest frame and of the newest; EG_NO_TIME: none had one. */
struct eg_span {
    int64_t first, last;
};

struct eg_span eg_session_span(const struct eg_session *session);

/* False: what frames leave for those behind them goes over no border, so one session has to have
 * all frames of an input. */
bool eg_session_may_be_parted(const struct eg_session *session);

/* Adds the next part of into's last input. EG_ERR_VALUE when either has filtered frames. */
enum eg_status eg_session_merge_part(struct eg_session *into, const struct eg_session *from);

uint64_t eg_session_frames(const struct eg_session *session);

/* Cells of the traffic matrix: what settling a report costs grows with them. */
uint64_t eg_session_cells(const struct eg_session *session);
uint64_t eg_session_cells_max(const struct eg_session *session); /* their ceiling */

/*
 * A part of a session's frames, named by their verdicts, as a filter of the face's own chooses
 * them: direction and price are those of the whole session, the counts are the part's.
 */
struct eg_selection;

enum eg_status eg_selection_new(struct eg_selection **selection);
void eg_selection_free(struct eg_selection *selection);
/* time: the frame's, or EG_NO_TIME. */
enum eg_status eg_selection_add(struct eg_selection *selection, const struct eg_verdict *verdict,
                                int64_t time);

/* ---- report -----------------------------------------------------------------------------------
 */

enum eg_format { EG_FORMAT_TEXT, EG_FORMAT_CSV, EG_FORMAT_JSON, EG_FORMAT_NDJSON, EG_FORMAT_HTML };

bool eg_format_parse(const char *name, enum eg_format *format);

/* Whether a report in this format shows when the packets came. */
bool eg_format_has_times(enum eg_format format);

enum eg_view_by {
    EG_BY_DESTINATION,
    EG_BY_SERVICE,
    EG_BY_REGION,
    EG_BY_CLASS,
    EG_BY_PORT,
    EG_BY_PROTOCOL,
    EG_BY_HOST,
    EG_BY_ORG,
    EG_BY_COUNTRY,
    EG_BY_ASN,
};

enum eg_view_direction { EG_VIEW_EGRESS, EG_VIEW_INGRESS, EG_VIEW_ANY };

/* How to look at a session; the settings by, direction and top give the one of a plain run. */
struct eg_view {
    enum eg_view_by by;
    enum eg_view_direction direction;
};

struct eg_view eg_rules_view(const struct eg_rules *rules);

/* A report holds no reference to its session, only to the rules. */
struct eg_report;

/* view NULL: that of the rules. The session stays usable. */
enum eg_status eg_session_report(const struct eg_session *session, const struct eg_view *view,
                                 struct eg_report **report, struct eg_error *error);

/* The same over a part of the session; all other frames are counted as filtered. */
enum eg_status eg_session_report_selection(const struct eg_session *session,
                                           const struct eg_selection *selection,
                                           const struct eg_view *view, struct eg_report **report,
                                           struct eg_error *error);
void eg_report_free(struct eg_report *report);

struct eg_style {
    enum eg_format format;
    uint64_t top;   /* rows; 0: all */
    bool color;     /* text only: ANSI escapes */
    unsigned width; /* text only: columns of the terminal; 0: unknown */
};

/* The rows that the setting "top" asks for; without it 20 in text, 500 in html, else 0 (all). */
uint64_t eg_report_top(const struct eg_report *report, enum eg_format format);

/* Writes the whole report; a failing sink's status is returned. */
enum eg_status eg_report_write(const struct eg_report *report, const struct eg_style *style,
                               struct eg_sink *sink);

/* What the settled report says of one frame. Strings belong to the report. */
struct eg_frame_facts {
    enum eg_bucket bucket; /* final */
    const char *class_;    /* "internet", ...; "" when the frame has no remote address */
    const char *provider, *region, *service, *label;
    const char *host;          /* of the remote address, as the capture names it; "" unknown */
    const char *host_source;   /* "tls", "quic", "http", "dns", "mdns", "file", "dns-ptr" or
                                  "dns-cname" */
    const char *org, *country; /* who holds it; "" unknown */
    uint32_t asn;              /* 0 unknown */
    uint64_t ip_bytes;
    uint64_t billable_bytes; /* 0 unless egress or ingress */
    bool priced;
    uint64_t nano_per_gb;  /* the sum of the charges on this frame's direction */
    uint64_t charges;      /* how many they are */
    bool supersegment;     /* an offloaded frame that leaves as several packets, rule 5.2 */
    bool unlisted_private; /* unpriced, since no sites file names the private address */
    bool settled;          /* no later frame can change any of this, rule 3.8 */
    unsigned marks;        /* enum eg_price_mark of price/charges.h */
};

void eg_report_frame(const struct eg_report *report, const struct eg_verdict *verdict,
                     struct eg_frame_facts *facts);

/*
 * The same as a sentence: "egress to www.example.com, internet (in no address range of Azure):
 * 1,514 billable bytes, at 0.087 USD per GB = $0.000000123". Returns buffer.
 */
enum { EG_WHY_MAX = 480 };
const char *eg_report_why(const struct eg_report *report, const struct eg_verdict *verdict,
                          char buffer[EG_WHY_MAX]);

/* How many frames the report covers; a session that has grown since needs a new one. */
uint64_t eg_report_frames(const struct eg_report *report);
uint64_t eg_report_bucket(const struct eg_report *report, enum eg_bucket bucket);

/*
 * One row of a report, or its total, for a table that is not one of the writers'. Strings belong to
 * the report and are "" where the row has several of them, or none.
 */
enum { EG_ROW_KEY_TEXT_MAX = 256, EG_ROW_TEXT_MAX = 64, EG_ROW_NOTE_MAX = 128 };
struct eg_row_facts {
    char key[EG_ROW_KEY_TEXT_MAX]; /* by the view: "192.0.2.7", "internet", "tcp/443"; total: "" */
    const char *class_, *provider, *region, *service, *label;
    const char *host, *host_source, *org, *country; /* as struct eg_frame_facts has them */
    uint32_t asn;
    uint64_t packets, ip_bytes, billable_bytes; /* of the view's direction */
    uint64_t unpriced_bytes;                    /* of the billable ones: without a price */
    char rate[EG_ROW_TEXT_MAX]; /* per GB, with 9 decimals; "" unless all of it bears one rate */
    char cost[EG_ROW_TEXT_MAX]; /* of what has a price, with 12 decimals; "" when nothing has */
    char note[EG_ROW_NOTE_MAX]; /* what the price rests on, or why there is none: "upper bound" */
};

/* Rows in the order of rule 7.1. */
size_t eg_report_rows(const struct eg_report *report);
void eg_report_row(const struct eg_report *report, size_t index, struct eg_row_facts *facts);
void eg_report_total(const struct eg_report *report, struct eg_row_facts *facts);

/* What is uncertain, and the option that settles it; NULL behind the last. */
const char *eg_report_warning(const struct eg_report *report, size_t index);

/*
 * Whether the projected month keeps the setting budget. It is passed where even the low end of the
 * projection, or the capture's own cost, is above it; at risk where only the high end is; unknown
 * where there is no projection.
 */
enum eg_budget {
    EG_BUDGET_NONE, /* none was given */
    EG_BUDGET_KEPT,
    EG_BUDGET_AT_RISK,
    EG_BUDGET_PASSED,
    EG_BUDGET_UNKNOWN,
};

enum eg_budget eg_report_budget(const struct eg_report *report);

const char *eg_report_currency(const struct eg_report *report); /* "USD" */

/* Whether pseudonyms stand for what is of the house, or for all; what was filtered for, too, is
 * then not to be shown. */
bool eg_report_is_redacted(const struct eg_report *report);

/* The address that costs most, never a pseudonym, in a view by destination; "" when none costs.
 * Returns buffer. */
const char *eg_report_costliest(const struct eg_report *report, char buffer[EG_ROW_TEXT_MAX]);

/* The names of the traffic classes of rule 4, static; NULL behind the last. */
const char *eg_class_at(size_t index);

/*
 * Amounts as the text report writes them: "1,306.4 KiB"; "286 kbit/s", "" when the time is 0;
 * "12 min 5 s". Each returns buffer.
 */
const char *eg_shown_size(uint64_t bytes, char buffer[EG_ROW_TEXT_MAX]);
const char *eg_shown_speed(uint64_t bytes, int64_t ns, char buffer[EG_ROW_TEXT_MAX]);
const char *eg_shown_span(int64_t ns, char buffer[EG_ROW_TEXT_MAX]);

/*
 * The cost of a row, or from eg_report_rows() on of the total, times `times` / `divisor` as for
 * another span of time: "$0.0123". Nothing when divisor is 0. Returns buffer.
 */
const char *eg_report_shown_cost(const struct eg_report *report, size_t index, uint64_t times,
                                 uint64_t divisor, char buffer[EG_ROW_TEXT_MAX]);

/* Cost of `bytes` at a rate, with 12 decimals, rounded half to even: "0.000000081025". */
const char *eg_cost_text(uint64_t bytes, uint64_t nano_per_gb, char buffer[64]);

#ifdef __cplusplus
}
#endif

#endif
