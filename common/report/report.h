/*
 * The report: rows and totals, settled, sorted, and not yet formatted. Rules 7 and 8. Inside the
 * core only.
 */
#ifndef EG_REPORT_H
#define EG_REPORT_H

#include "classify/classify.h"
#include "config.h"
#include "egress.h"
#include "price/charges.h"
#include "price/money.h"
#include "session.h"
#include "traffic/direction.h"

#ifdef __cplusplus
extern "C" {
#endif

enum eg_opener { EG_OPENED_UNKNOWN = 0, EG_OPENED_VM = 1, EG_OPENED_PEER = 2, EG_OPENED_BOTH = 3 };

struct eg_row_charge {
    const struct eg_rate *rate;
    enum eg_charge_direction direction; /* egress, ingress or both */
    uint64_t billable_bytes;            /* of that direction */
};

struct eg_row_port {
    uint8_t protocol;
    uint16_t port;     /* EG_PORT_NONE, EG_PORT_DYNAMIC */
    uint8_t opened_by; /* enum eg_opener */
    uint64_t ip_bytes; /* of the view's direction */
};

struct eg_row {
    char *key;                 /* the address in text, or the name of --by */
    struct eg_address address; /* family 0 unless by destination */
    enum eg_class class_;
    bool mixed_class;     /* rows of --by that hold several */
    const char *provider; /* "" none or several, as the next three */
    const char *region;
    const char *service;
    const char *label;
    uint64_t packets, ip_bytes, billable_bytes; /* of the view's direction */
    uint64_t egress_packets, egress_ip_bytes, egress_billable_bytes;
    uint64_t ingress_packets, ingress_ip_bytes, ingress_billable_bytes;
    uint64_t unpriced_bytes; /* billable bytes without a price; 0 or all of a destination's */
    struct eg_row_charge *charges;
    size_t charge_count;
    bool priced;               /* every byte of it has a price */
    bool one_rate;             /* nano_per_gb holds for all of its egress bytes */
    uint64_t nano_per_gb;      /* sum of the egress charges */
    struct eg_money cost;      /* of what has a price */
    unsigned marks;            /* enum eg_price_mark */
    char missing[32];          /* EG_PRICE_NONE_RATE */
    struct eg_row_port *ports; /* most ip_bytes first */
    size_t port_count;
    uint8_t opened_by; /* enum eg_opener */
    int64_t first_time;
    int64_t last_time;
};

struct eg_class_total {
    uint64_t packets, ip_bytes, billable_bytes, unpriced_bytes;
    bool priced;
    struct eg_money cost;
};

enum { EG_WARNING_MAX = 240 };

struct eg_report {
    const struct eg_rules *rules;
    struct eg_view view;
    struct eg_input *inputs; /* sorted by path, then first time */
    size_t input_count;

    char region[64]; /* "" unknown */
    enum eg_region_source region_source;
    char region_suggestion[64]; /* rule 4.4; "" none */
    struct eg_pricing pricing;  /* with the region found */

    struct eg_settlement *settlement;
    uint64_t buckets[EG_BUCKETS];
    uint64_t frames;
    uint64_t no_key_frames; /* kept for lack of a key, rule 2.2 */
    uint64_t beyond_frame;  /* length_beyond_frame, rule 1.4 */
    uint64_t zero_length;   /* lengths taken from the wire, rule 1.4 */
    uint64_t copies_evicted;
    uint64_t duplicate_ip_bytes, duplicate_bytes; /* billable */
    uint64_t segmentation_bytes, super_frames;    /* rule 5.2, of the view */
    uint64_t filtered_ip_bytes;
    struct eg_link_count *links; /* unsupported ones, most frames first */
    size_t link_count;
    struct eg_matrix_overflow overflow;
    int64_t first_time, last_time; /* of all frames */

    struct eg_row *rows; /* in the order of rule 7.1 */
    size_t row_count;
    struct eg_class_total classes[EG_CLASSES];
    struct eg_class_total total; /* of the view */
    uint64_t other_basis_bytes;  /* billable_bytes of the total on the other basis, rule 5.1 */
    unsigned marks;              /* of all rows */

    char (*warnings)[EG_WARNING_MAX];
    size_t warning_count;

    /* For eg_report_frame(): per cell of the matrix its destination's facts. */
    struct eg_cell_facts *cells;
    uint32_t cell_count;
    struct eg_destination *remotes;
    struct eg_charges *remote_charges;
    size_t remote_count;
};

struct eg_cell_facts {
    uint8_t direction; /* enum eg_direction */
    uint32_t remote;   /* into remotes; UINT32_MAX none */
};

enum eg_status eg_report_write_text(const struct eg_report *report, const struct eg_style *style,
                                    struct eg_sink *sink);
enum eg_status eg_report_write_csv(const struct eg_report *report, const struct eg_style *style,
                                   struct eg_sink *sink);
enum eg_status eg_report_write_json(const struct eg_report *report, const struct eg_style *style,
                                    struct eg_sink *sink);
enum eg_status eg_report_write_ndjson(const struct eg_report *report, const struct eg_style *style,
                                      struct eg_sink *sink);

#ifdef __cplusplus
}
#endif

#endif
