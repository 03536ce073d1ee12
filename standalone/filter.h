/*
 * -Y: a display filter of Wireshark decides which frames are reported.
 *
 * Linking libwireshark costs the start 40 ms and starting it a quarter of a second, so the code
 * over it is the module egshark-filter.so, which is loaded when there is a filter.
 */
#ifndef FILTER_H
#define FILTER_H

#include <stdbool.h>

#include "capture_file.h"

struct eg_config;

/* Made by the module. */
struct filter {
    bool two_passes; /* fields of egress are final only once every frame was seen, rule 3.8 */

    /* Around each capture. */
    void (*begin_input)(struct filter *filter);
    void (*end_input)(struct filter *filter);

    /*
     * Then, once or (two_passes) twice: from here on the records of the capture follow from its
     * first one, each of which passes or not. What the first of two passes says does not count.
     */
    void (*begin_pass)(struct filter *filter);
    bool (*passes)(struct filter *filter, struct capture_record record);

    void (*free)(struct filter *filter);
};

/* What the module exports, as an object of the name FILTER_MODULE_SYMBOL. */
#define FILTER_MODULE_SYMBOL "filter_module"
struct filter_module {
    const char *version; /* of egshark: only a module of the same build fits */

    /* Starts libwireshark with the user's preferences, but those of egress at their defaults. */
    bool (*start)(void); /* false after telling why */
    void (*set_egress_preference)(const char *name, const char *value);
    /* NULL when the text is no filter, after telling why. */
    struct filter *(*compile)(const char *text);
};

/*
 * Loads the module and compiles the filter; fields of egress are as config has them. After
 * capture_library_start(). NULL after telling on standard error what is wrong.
 */
struct filter *filter_new(const char *text, const struct eg_config *config);
void filter_free(struct filter *filter);

#endif
