/*
 * The flow picture: three columns of boxes and the bands between them, drawn twice, for a wide and
 * for a narrow page, and once more as a table.
 */
#include "report/html/html_flow.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "report/units.h"

/* Lengths are in tenths of a pixel: whole numbers are enough, and print the same everywhere. */
struct layout {
    const char *id;
    const char *class_;
    unsigned width;
    unsigned x[3]; /* of the columns' boxes */
    unsigned box;
    bool left_outside;    /* the first column's names stand before its boxes */
    size_t characters[3]; /* of a name in each column */
};

static const struct layout wide = {"flow-wide", "flow wide", 9600,        {1500, 4300, 7100},
                                   120,         true,        {20, 30, 31}};
static const struct layout narrow = {"flow-narrow", "flow small", 3600, {0, 1220, 2400}, 80,
                                     false,         {16, 16, 17}};

enum {
    BODY = 3000, /* what all bytes together are high */
    THIN = 25,   /* the thinnest box */
    SLOT = 340,  /* room for the two lines of a name */
    GAP = 60,    /* between boxes */
    LINE = 140,  /* of text */
};

static void print_px(const struct eg_html *html, const char *before, unsigned tenths)
{
    eg_sink_format(html->sink, "%s%u.%u", before, tenths / 10, tenths % 10);
}

static unsigned slot_of(const struct eg_flow_node *node)
{
    return node->height > SLOT ? node->height : SLOT;
}

/* Sets heights, and returns that of the column. */
static unsigned size_column(struct eg_flow_node *nodes, size_t count, uint64_t whole)
{
    unsigned height = 0;
    for (size_t i = 0; i < count; i++) {
        nodes[i].height = (unsigned)((eg_u128)nodes[i].bytes * BODY / whole);
        if (nodes[i].height < THIN)
            nodes[i].height = THIN;
        height += slot_of(&nodes[i]) + GAP;
    }
    return height;
}

static void place_column(struct eg_flow_node *nodes, size_t count, unsigned top)
{
    for (size_t i = 0; i < count; i++) {
        nodes[i].y = top + (slot_of(&nodes[i]) - nodes[i].height) / 2;
        top += slot_of(&nodes[i]) + GAP;
    }
}

static uint64_t bytes_of(const struct eg_flow_node *nodes, size_t count)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += nodes[i].bytes;
    return sum ? sum : 1;
}

/* Places all boxes, each column in the middle; returns the height of the picture. */
static unsigned arrange(struct eg_flow_picture *picture)
{
    struct {
        struct eg_flow_node *nodes;
        size_t count;
        unsigned height;
    } columns[] = {{picture->locals, picture->local_count, 0},
                   {picture->classes, picture->class_count, 0},
                   {picture->ends, picture->end_count, 0}};
    const uint64_t whole = bytes_of(picture->classes, picture->class_count);
    unsigned highest = 0;
    for (size_t i = 0; i < 3; i++) {
        columns[i].height = size_column(columns[i].nodes, columns[i].count, whole);
        if (columns[i].height > highest)
            highest = columns[i].height;
    }
    for (size_t i = 0; i < 3; i++)
        place_column(columns[i].nodes, columns[i].count, (highest - columns[i].height) / 2);
    return highest;
}

/* One end of a band: where it begins on its box, and how thick it is there. */
struct band_end {
    unsigned x, y, height;
};

static void put_band(const struct eg_html *html, struct band_end from, struct band_end to,
                     const char *color)
{
    const unsigned middle = (from.x + to.x) / 2;
    eg_sink_format(html->sink, "<path class=\"band %s\" d=\"", color);
    print_px(html, "M", from.x);
    print_px(html, " ", from.y);
    print_px(html, "C", middle);
    print_px(html, " ", from.y);
    print_px(html, " ", middle);
    print_px(html, " ", to.y);
    print_px(html, " ", to.x);
    print_px(html, " ", to.y);
    print_px(html, "v", to.height);
    print_px(html, "C", middle);
    print_px(html, " ", to.y + to.height);
    print_px(html, " ", middle);
    print_px(html, " ", from.y + from.height);
    print_px(html, " ", from.x);
    print_px(html, " ", from.y + from.height);
    eg_html_raw(html, "z\"/>\n");
}

/* From `bytes` of a box of `node`, the part that lies behind `before` bytes. */
static struct band_end end_of(const struct eg_flow_node *node, unsigned x, uint64_t before,
                              uint64_t bytes)
{
    const unsigned top = (unsigned)((eg_u128)node->height * before / node->bytes);
    const unsigned end = (unsigned)((eg_u128)node->height * (before + bytes) / node->bytes);
    return (struct band_end){x, node->y + top, end > top ? end - top : 1};
}

static void put_left_bands(const struct eg_html *html, const struct layout *layout,
                           const struct eg_flow_picture *picture)
{
    uint64_t entered[EG_CLASSES] = {0};
    for (size_t i = 0; i < picture->local_count; i++) {
        uint64_t left = 0;
        for (size_t c = 0; c < picture->class_count; c++) {
            const struct eg_flow_node *class_ = &picture->classes[c];
            const uint64_t bytes = picture->by_class[i][class_->class_];
            if (bytes == 0)
                continue;
            put_band(html, end_of(&picture->locals[i], layout->x[0] + layout->box, left, bytes),
                     end_of(class_, layout->x[1], entered[c], bytes),
                     eg_html_color(class_->class_));
            left += bytes;
            entered[c] += bytes;
        }
    }
}

static void put_right_bands(const struct eg_html *html, const struct layout *layout,
                            const struct eg_flow_picture *picture)
{
    for (size_t c = 0; c < picture->class_count; c++) {
        const struct eg_flow_node *class_ = &picture->classes[c];
        uint64_t left = 0;
        for (size_t i = 0; i < picture->end_count; i++) {
            const struct eg_flow_node *end = &picture->ends[i];
            if (end->class_ != class_->class_)
                continue;
            put_band(html, end_of(class_, layout->x[1] + layout->box, left, end->bytes),
                     end_of(end, layout->x[2], 0, end->bytes), eg_html_color(end->class_));
            left += end->bytes;
        }
    }
}

/* As much of a name as there is room for. */
static void put_cut(const struct eg_html *html, const char *name, size_t characters)
{
    char piece[EG_FLOW_NAME_MAX];
    size_t length = 0;
    for (size_t seen = 0; name[length]; length++) {
        const unsigned char c = (unsigned char)name[length];
        if ((c & 0xc0) != 0x80) /* letters of East Asia are twice as wide */
            seen += c >= 0xe3 ? 2 : 1;
        if (seen > characters)
            break;
    }
    snprintf(piece, sizeof piece, "%.*s", (int)length, name);
    eg_html_text(html, piece);
    if (name[length])
        eg_html_raw(html, "…");
}

static void put_node(const struct eg_html *html, const struct layout *layout, unsigned column,
                     const struct eg_flow_node *node)
{
    char size[EG_COUNT_TEXT_MAX];
    const bool before = column == 0 && layout->left_outside;
    const unsigned x = layout->x[column];
    const unsigned middle = node->y + node->height / 2;
    eg_sink_format(html->sink, "<rect class=\"box %s\"",
                   node->class_ == EG_CLASSES ? "c-vm" : eg_html_color(node->class_));
    print_px(html, " x=\"", x);
    print_px(html, "\" y=\"", node->y);
    print_px(html, "\" width=\"", layout->box);
    print_px(html, "\" height=\"", node->height);
    eg_sink_format(html->sink, "\"/><text%s", before ? " text-anchor=\"end\"" : "");
    const unsigned at = before ? x - 80 : x + layout->box + 60;
    print_px(html, " x=\"", at);
    print_px(html, "\" y=\"", middle > 30 ? middle - 30 : middle);
    eg_html_raw(html, "\">");
    put_cut(html, node->name, layout->characters[column]);
    print_px(html, "<tspan class=\"size\" x=\"", at);
    print_px(html, "\" dy=\"", LINE);
    eg_sink_format(html->sink, "\">%s</tspan></text>\n", eg_size_text(node->bytes, size));
}

static void put_picture(const struct eg_html *html, const struct layout *layout,
                        const struct eg_flow_picture *picture, unsigned height)
{
    eg_sink_format(html->sink,
                   "<svg class=\"%s\" role=\"img\" aria-labelledby=\"%s-t %s-d\" "
                   "viewBox=\"0 0 %u %u\">",
                   layout->class_, layout->id, layout->id, layout->width / 10, height / 10 + 1);
    eg_sink_format(html->sink, "<title id=\"%s-t\">", layout->id);
    eg_html_say(html, EG_SAY_FLOW_TITLE);
    eg_sink_format(html->sink, "</title><desc id=\"%s-d\">", layout->id);
    eg_html_say(html, EG_SAY_FLOW_DESC);
    eg_html_raw(html, "</desc>\n");
    put_left_bands(html, layout, picture);
    put_right_bands(html, layout, picture);
    for (size_t i = 0; i < picture->local_count; i++)
        put_node(html, layout, 0, &picture->locals[i]);
    for (size_t i = 0; i < picture->class_count; i++)
        put_node(html, layout, 1, &picture->classes[i]);
    for (size_t i = 0; i < picture->end_count; i++)
        put_node(html, layout, 2, &picture->ends[i]);
    eg_html_raw(html, "</svg>\n");
}

static void put_step(const struct eg_html *html, const char *from, const char *to, uint64_t bytes)
{
    eg_html_raw(html, "<tr><th scope=\"row\">");
    eg_html_name(html, from);
    eg_html_raw(html, "</th><td>");
    eg_html_name(html, to);
    eg_html_raw(html, "</td>");
    eg_html_cell_bytes(html, bytes);
    eg_html_raw(html, "</tr>\n");
}

static void put_table(const struct eg_html *html, const struct eg_flow_picture *picture)
{
    eg_html_raw(html, "<details><summary>");
    eg_html_say(html, EG_SAY_SAME_AS_TABLE);
    eg_html_raw(html, "</summary>\n");
    eg_html_open_table(html, "flows", false, EG_SAY_FLOW_TITLE);
    eg_html_raw(html, "<thead><tr>");
    eg_html_head(html, EG_HTML_WORDS, EG_SAY_FROM);
    eg_html_head(html, EG_HTML_WORDS, EG_SAY_TO);
    eg_html_head(html, EG_HTML_NUMBERS, EG_SAY_BYTES);
    eg_html_raw(html, "</tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < picture->local_count; i++)
        for (size_t c = 0; c < picture->class_count; c++) {
            const struct eg_flow_node *class_ = &picture->classes[c];
            const uint64_t bytes = picture->by_class[i][class_->class_];
            if (bytes)
                put_step(html, picture->locals[i].name, class_->name, bytes);
        }
    for (size_t i = 0; i < picture->end_count; i++)
        put_step(html, eg_html_class(html, picture->ends[i].class_), picture->ends[i].name,
                 picture->ends[i].bytes);
    eg_html_raw(html, "</tbody>\n");
    eg_html_close_table(html);
    eg_html_raw(html, "</details>\n");
}

void eg_html_flow(const struct eg_html *html)
{
    struct eg_flow_picture picture;
    if (!eg_flow_picture_of(html, &picture))
        return;
    const unsigned height = arrange(&picture);
    eg_html_raw(html, "<figure>\n");
    eg_html_line(html, "figcaption", EG_SAY_FLOW_TITLE);
    put_picture(html, &wide, &picture, height);
    put_picture(html, &narrow, &picture, height);
    put_table(html, &picture);
    eg_html_raw(html, "</figure>\n");
}
