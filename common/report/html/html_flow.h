/*
 * The flow of bytes as a picture has it: the VM's addresses, the classes of traffic, and what is
 * there, each cut to what can be drawn, the rest summed.
 */
#ifndef EG_HTML_FLOW_H
#define EG_HTML_FLOW_H

#include "report/html/html.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
    EG_FLOW_LOCALS = 6, /* and one of the others */
    EG_FLOW_PLACES = 10,
    EG_FLOW_ENDS = EG_FLOW_PLACES + EG_CLASSES, /* with the others of each class */
    EG_FLOW_NAME_MAX = 256,
};

/* One box. */
struct eg_flow_node {
    char name[EG_FLOW_NAME_MAX];
    enum eg_class class_; /* EG_CLASSES: of the VM's side */
    uint64_t bytes;
    unsigned y, height; /* in tenths of a pixel */
};

struct eg_flow_picture {
    struct eg_flow_node locals[EG_FLOW_LOCALS + 1];
    uint64_t by_class[EG_FLOW_LOCALS + 1][EG_CLASSES];
    size_t local_count;
    struct eg_flow_node classes[EG_CLASSES]; /* most bytes first */
    size_t class_count;
    struct eg_flow_node ends[EG_FLOW_ENDS]; /* in the order of their classes, then most bytes */
    size_t end_count;
};

/* False when there is nothing to draw: no bytes, rows of several classes, or both directions. */
bool eg_flow_picture_of(const struct eg_html *html, struct eg_flow_picture *picture);

#ifdef __cplusplus
}
#endif

#endif
