/*
 * A network interface, captured through libpcap.
 */
#ifndef DEVICE_H
#define DEVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <pcap/pcap.h>

struct device_wish {
    const char *name;   /* "eth0", "any" */
    const char *filter; /* of libpcap's language; NULL: none */
    int snaplen;        /* bytes kept of a frame's own, without what the link header adds */
};

struct device {
    pcap_t *pcap;
    int fd;           /* readable when frames wait */
    int32_t linktype; /* LINKTYPE_ number */
};

/* How long the kernel may hold a frame back to hand over several at once. */
enum { DEVICE_HOLD_MS = 100 };

/*
 * What was opened needs no privileges from then on. Else, after telling why, the exit status: 1
 * when the filter is none, 2 when the interface cannot be captured.
 */
int device_open(const struct device_wish *wish, struct device *device);
void device_close(struct device *device);

/* What could not be kept since the start: no room, or at the card. */
struct device_counts {
    uint64_t received, dropped, dropped_at_card;
};

bool device_counts(const struct device *device, struct device_counts *counts);

/* Prints a numbered line for each interface that can be captured; false after telling why not. */
bool device_list(void);

#endif
