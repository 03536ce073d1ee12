/*
 * The report: rows and totals, settled, sorted, and not yet formatted. Rules 7 and 8. Inside the
 * core only.
 */
#ifndef EG_REPORT_H
#define EG_REPORT_H

#include "classify/classify.h"
#include "config.h"
#include "egress.h"
#include "names/hosts.h"
#include "names/places.h"
#include "price/charges.h"
#include "price/money.h"
#include "report/findings.h"
#include "report/interval.h"
#include "report/projection.h"
#include "session.h"
#include "traffic/direction.h"

#ifdef __cplusplus
extern "C" {
#endif

enum eg_opener { EG_OPENED_UNKNOWN = 0, EG_OPENED_VM = 1, EG_OPENED_PEER = 2, EG_OPENED_BOTH = 3 };

/* One kind of destination: what is at the far end, and so its class and its charges (law 4). */
struct eg_tariff {
    struct eg_destination destination;
    struct eg_charges charges;
};

/* Packets, their IP lengths, and what is billed of them on the run's byte basis. */
struct eg_tally {
    uint64_t packets;
    uint64_t ip_bytes;
    uint64_t billable_bytes;
};

struct eg_row_charge {
    const struct eg_rate *rate;
    enum eg_charge_direction direction; /* egress, ingress or both */
    uint64_t billable_bytes;            /* of that direction */
};

struct eg_row_port {
    uint8_t protocol;
    uint8_t opened_by; /* enum eg_opener */
    uint16_t port;     /* EG_PORT_NONE, EG_PORT_DYNAMIC */
    uint64_t ip_bytes; /* of the view's direction */
};

/* A name of a far end. */
struct eg_row_name {
    const char *text;
    enum eg_name_source source;
};

/* All names of one address, the one to be shown first; one name may be there from many sources. */
struct eg_row_hosts {
    bool cut; /* there were more than are kept */
    size_t count;
    struct eg_row_name names[];
};

struct eg_far_end {
    struct eg_address address;  /* family 0: names are off */
    struct eg_row_hosts *hosts; /* NULL: no name */
};

struct eg_row {
    struct eg_address address; /* family 0: a row of --by, named by key */
    uint32_t address_number;   /* in the matrix, of a row by destination */
    const char *key;           /* static, or owned by the rules; "" for an address */
    uint8_t protocol;          /* --by port and protocol, whose key is these two */
    uint16_t port;
    uint32_t key_asn;                 /* --by asn: the key, unless it is 0 */
    const char *host;                 /* the name to be shown; "" none, or several */
    const struct eg_row_hosts *hosts; /* of one address; NULL: no name, or several addresses */
    struct eg_place place;            /* of rows by host, org, country and asn: eg_row_place() */
    const struct eg_tariff *tariff;   /* NULL: of several kinds */
    enum eg_class class_;             /* EG_CLASSES: several */
    struct eg_tally shown;            /* of the view's direction */
    struct eg_tally egress;
    struct eg_tally ingress;
    uint64_t wire_packets;   /* shown.packets after segmentation, rule 5.2 */
    uint64_t unpriced_bytes; /* billable bytes of the view without a price */
    struct eg_money cost;    /* of what has a price */
    uint64_t nano_per_gb;    /* the sum of the charges on the view's direction, if one_rate */
    bool one_rate;
    bool priced;        /* something has a price, and nothing is without one */
    bool partly_priced; /* something has a price */
    uint8_t opened_by;
    unsigned marks;                    /* enum eg_price_mark */
    size_t first_charge, charge_count; /* of report->charges */
    size_t first_port, port_count;     /* of report->ports, most ip_bytes first */
    int64_t first_time, last_time;
};

struct eg_class_total {
    size_t rows;
    struct eg_tally shown;
    uint64_t unpriced_bytes;
    bool priced;
    struct eg_money cost;
};

/* What one of the VM's addresses sent, or received in a view of that. */
struct eg_flow {
    struct eg_address local;
    uint64_t bytes; /* billable */
    uint64_t by_class[EG_CLASSES];
};

enum {
    EG_WARNING_MAX = 320,
    EG_WARNING_SHOWN_MAX = 640,
    EG_MISSING_MAX = EG_CLASSES + EG_VIAS_MAX
};

struct eg_warning {
    bool unsure; /* a figure hangs on something the user can settle; else the input is at fault */
    char text[EG_WARNING_MAX];
    char shown[EG_WARNING_SHOWN_MAX]; /* the same in the language of the HTML report */
};

/* What the report knows of one cell of the matrix, for eg_report_frame(). */
struct eg_cell_facts {
    uint8_t direction; /* enum eg_direction */
    bool fixed;        /* no later frame can change it, rule 3.8 */
    uint32_t tariff;   /* of its far end; EG_NO_TARIFF */
    uint32_t far;      /* the far end's number in the matrix, if it has a tariff */
};

#define EG_NO_TARIFF UINT32_MAX

/* What left the VM and was sent before. */
struct eg_resent_bill {
    uint64_t packets; /* after segmentation; whole ones */
    uint64_t bytes;   /* billable */
    struct eg_money cost;
    struct eg_address most; /* where most of it went; family 0: there is none */
    uint64_t most_bytes;
    uint64_t flows_forgotten;
};

struct eg_report {
    const struct eg_rules *rules;
    struct eg_view view;
    struct eg_input *inputs; /* sorted by path, then first time */
    size_t input_count;

    char region[EG_REGION_NAME_MAX]; /* "" unknown */
    enum eg_region_source region_source;
    size_t metadata_regions; /* how many different ones the capture's metadata answers name */
    char metadata_region[EG_REGION_NAME_MAX];   /* the one known region that they name; "" none */
    char region_suggestion[EG_REGION_NAME_MAX]; /* rule 4.4; "" none */
    struct eg_pricing pricing;                  /* with the region found */
    uint64_t free_gb; /* the free grant of internet traffic, rule 6.2; 0 none */

    struct eg_settlement *settlement;
    uint64_t buckets[EG_BUCKETS];
    uint64_t frames;
    uint64_t no_key_frames; /* kept for lack of a key, rule 2.2 */
    uint64_t beyond_frame;  /* length_beyond_frame, rule 1.4 */
    uint64_t zero_length;   /* lengths taken from the wire, rule 1.4 */
    uint64_t copies_evicted;
    uint64_t duplicate_ip_bytes, duplicate_bytes; /* billable */
    uint64_t segmentation_bytes;                  /* billable, rule 5.2, of the view */
    struct eg_link_count *links;                  /* unsupported ones, most frames first */
    size_t link_count;
    struct eg_matrix_overflow overflow;
    int64_t first_time, last_time; /* of all frames */

    struct eg_row *rows; /* in the order of rule 7.1 */
    size_t row_count;
    struct eg_row_charge *charges; /* of all rows */
    size_t charge_count;
    struct eg_row_port *ports; /* of all rows */
    size_t port_count;
    struct eg_class_total classes[EG_CLASSES];
    struct eg_class_total total;  /* of the view */
    uint64_t moved_bytes;         /* of the total: that left or entered the VM; all but in "any" */
    uint64_t billed_bytes;        /* of these: with a price above 0, */
    uint64_t platform_bytes;      /* to platform addresses; what remains is free or unpriced */
    struct eg_money inbound_cost; /* of the total's cost, in a view of what left: for what came */
    uint64_t inbound_bytes;       /* in, which are these */
    uint64_t other_basis_bytes;   /* billable_bytes of the total on the other basis, rule 5.1 */
    unsigned marks;               /* of all rows */
    const char *missing[EG_MISSING_MAX]; /* classes and ways that rows have no rate for, by name */
    size_t missing_count;

    struct eg_interval interval; /* when, in buckets of --interval */
    struct eg_interval rhythm;   /* the totals in the usual buckets */

    struct eg_flow *flows; /* most bytes first; none in a view of both directions */
    size_t flow_count;

    struct eg_projection projection; /* the month */
    struct eg_volume *volumes;       /* billable bytes, one a tariff */
    struct eg_what_if what_ifs[EG_WHAT_IFS_MAX];
    size_t what_if_count;
    struct eg_resent_bill resent; /* zeroed unless it is looked for */
    struct eg_finding findings[EG_FINDINGS_MAX];
    size_t finding_count;

    struct eg_warning *warnings;
    size_t warning_count;

    struct eg_cell_facts *cells; /* one a cell of the matrix */
    struct eg_far_end *far_ends; /* one an address of the matrix; NULL: names are off */
    uint32_t far_end_count;
    struct eg_hosts_left_out names_left_out;
    uint64_t heads_given_up; /* messages that may hold names, too long or in too many pieces */
    bool has_public;         /* a row is of an internet address */
    struct eg_tariffs *tariffs;
};

/* ---- the steps of eg_session_report(), in their order ---- */

struct eg_session;

/* There is traffic, and nothing of it has a price: what it costs is not known. */
bool eg_report_is_unpriced(const struct eg_report *report);

/* Rule 4.4: finds the VM's region, and what is priced by it. */
void eg_report_find_region(struct eg_report *report, const struct eg_session *session);

/* Tariffs by address; each is made once. */
struct eg_tariffs;
enum eg_status eg_tariffs_new(const struct eg_report *report, const struct eg_matrix *matrix,
                              struct eg_tariffs **tariffs);
void eg_tariffs_free(struct eg_tariffs *tariffs);
/* The number of the tariff of an address of the matrix. */
enum eg_status eg_tariffs_of(struct eg_tariffs *tariffs, uint32_t address, uint32_t *number);
uint32_t eg_tariffs_count(const struct eg_tariffs *tariffs);
/* Pointers stay valid until eg_tariffs_free(). */
const struct eg_tariff *eg_tariffs_at(const struct eg_tariffs *tariffs, uint32_t number);
/* What `bytes` that leave cost by a tariff; nothing where it has no price. */
struct eg_money eg_tariff_cost(const struct eg_tariff *tariff, uint64_t bytes);

/* far_ends.c: copies the names of the matrix' addresses; hosts NULL: names are off. */
enum eg_status eg_report_name_far_ends(struct eg_report *report, const struct eg_matrix *matrix,
                                       const struct eg_hosts *hosts);
void eg_report_free_far_ends(struct eg_report *report);
const struct eg_far_end *eg_report_far_end(const struct eg_report *report, uint32_t address);

/*
 * Who holds an address, and a row's: looked up where it is asked for, since a lookup in libloc
 * takes 5 us, and most rows of a table are not shown.
 */
struct eg_place eg_report_place(const struct eg_report *report, const struct eg_address *address);
struct eg_place eg_row_place(const struct eg_report *report, const struct eg_row *row);
void eg_row_join_far_end(struct eg_row *group, const struct eg_row *row);

/* Rows of the selected parts (NULL: of all) by the view's key in the order of rule 7.1, and the
 * totals; needs cells and tariffs. */
enum eg_status eg_report_make_rows(struct eg_report *report, const struct eg_matrix *matrix,
                                   const struct eg_cell_parts *parts);

/* Class totals, the total, and the suggestion of a region, from rows by destination (and port). */
void eg_report_sum(struct eg_report *report);

/* Fills report->resent. Needs tariffs. */
enum eg_status eg_report_bill_resent(struct eg_report *report, const struct eg_matrix *matrix,
                                     const struct eg_cell_parts *parts);

enum eg_status eg_report_make_flows(struct eg_report *report, const struct eg_matrix *matrix,
                                    const struct eg_cell_parts *parts);

enum eg_status eg_report_warn(struct eg_report *report);

/* Adds what one cell counted, on a basis of link_bytes a packet. */
void eg_tally_add(struct eg_tally *tally, const struct eg_cell_part *part, unsigned link_bytes);

/* Which of a row's bytes the view's charges are on. */
enum eg_charge_direction eg_view_charges(const struct eg_view *view);

/* ---- words shared by the writers ---- */

/* The row's key: an address, "tcp/443", "AzureMonitor". Returns buffer or a longer-lived string. */
enum { EG_ROW_KEY_MAX = 64 };
const char *eg_row_key(const struct eg_report *report, const struct eg_row *row,
                       char buffer[EG_ROW_KEY_MAX]);
/* A host's name, or of a long one the end, which tells whose it is. Returns buffer or host. */
enum { EG_HOST_SHOWN_MAX = 49 };
const char *eg_host_shown(const char *host, char buffer[EG_HOST_SHOWN_MAX]);
const char *eg_port_text(uint8_t protocol, uint16_t port, char buffer[EG_ROW_KEY_MAX]);
const char *eg_protocol_text(uint8_t protocol, char buffer[EG_ROW_KEY_MAX]);
/* "vm", "peer", "both", "". */
const char *eg_opener_name(uint8_t opened_by);
const char *eg_basis_name(enum eg_byte_basis basis);
const char *eg_dedup_name(enum eg_dedup dedup);
const char *eg_budget_name(enum eg_budget budget); /* "kept"; "" for none */
const char *eg_redact_name(enum eg_redact redact); /* "" when nothing is redacted */
const char *eg_local_source_name(enum eg_local_source source);
const char *eg_region_source_name(enum eg_region_source source);
/* "2020-12-19T12:50:21.000000000Z"; "" for EG_NO_TIME. */
enum { EG_TIME_TEXT_MAX = 64 };
const char *eg_time_text(int64_t time, char buffer[EG_TIME_TEXT_MAX]);
/* Days since 1970-01-01 of "2026-06-26"; false when it is no date. */
bool eg_date_days(const char *date, int64_t *days);
/* "cost_usd", "usd_per_gb": names that hold the currency in lower case, rule 8.2. */
const char *eg_currency_name(const char *currency, const char *before, const char *after,
                             char buffer[32]);
/* "Azure", "AWS": a provider as people write it. */
const char *eg_provider_text(const char *provider);

/* "1,234,567": with thousands separators. Returns buffer. */
enum { EG_COUNT_TEXT_MAX = 32 };
const char *eg_count_text(uint64_t value, char buffer[EG_COUNT_TEXT_MAX]);

/* Rows of the HTML report at most: more would make a file too large to open at once. */
enum { EG_HTML_ROWS_MAX = 500 };

/* How many rows the style shows, and what the rows behind the first `shown` add up to. */
size_t eg_report_shown_rows(const struct eg_report *report, const struct eg_style *style);
struct eg_class_total eg_report_rest(const struct eg_report *report, size_t shown);

enum eg_status eg_report_write_text(const struct eg_report *report, const struct eg_style *style,
                                    struct eg_sink *sink);
enum eg_status eg_report_write_csv(const struct eg_report *report, const struct eg_style *style,
                                   struct eg_sink *sink);
enum eg_status eg_report_write_json(const struct eg_report *report, const struct eg_style *style,
                                    struct eg_sink *sink);
/*
 * The same on one line, with at most `rows` rows, and `items` in each list within: the members
 * "rest", "ports_rest", "inputs_rest" and "warnings_rest" say what is behind them; buckets of time
 * are joined until they are few enough.
 */
enum { EG_PART_BUCKETS = 200 };
enum eg_status eg_report_write_json_part(const struct eg_report *report, size_t rows, size_t items,
                                         struct eg_sink *sink);
enum eg_status eg_report_write_html(const struct eg_report *report, const struct eg_style *style,
                                    struct eg_sink *sink);
enum eg_status eg_report_write_ndjson(const struct eg_report *report, const struct eg_style *style,
                                      struct eg_sink *sink);

#ifdef __cplusplus
}
#endif

#endif
