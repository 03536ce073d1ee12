/*
 * The program egshark-capture, started and read: frames of an interface as they come.
 */
#ifndef LIVE_SOURCE_H
#define LIVE_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * What is kept of a frame unless -s says otherwise. An MTU of 1500 with its link header: so DNS
 * answers, server names of TLS and the answers of the metadata service, from which the report has
 * names and the region, are there, and of super-frames of 64 KiB only the beginning is copied.
 */
enum { LIVE_SNAPLEN = 1600 };

struct live_wish {
    const char *interface;
    const char *filter;   /* of libpcap's language; NULL: none */
    unsigned snaplen;     /* bytes kept of a frame */
    uint64_t frames;      /* UINT64_MAX: until told */
    uint64_t duration_ms; /* 0: until told */
    uint64_t file_bytes;  /* of the file of -w; 0: until told */
};

struct live_source {
    int fd;      /* to read from */
    int process; /* its number */
    bool told;   /* to end */
};

/* False after telling why. */
bool live_source_start(const struct live_wish *wish, struct live_source *source);

/* Asks it to hand over what is still on its way, and to end. Once is enough. */
void live_source_stop(struct live_source *source);

/* Waits for its end; the exit status that it asks this program for. */
int live_source_finish(struct live_source *source);

/* -D: has it list the interfaces, and gives the exit status. */
int live_source_list(void);

#endif
