/*
 * What the capturing program writes: pcapng on standard output.
 */
#ifndef DEVICE_OUTPUT_H
#define DEVICE_OUTPUT_H

#include <stdbool.h>

#include "device.h"

/* All of these are false once the output does not take any more. */
bool device_output_begin(const struct device_wish *wish, const struct device *device);
/* The header's times are in ns. */
bool device_output_frame(const struct device *device, const struct pcap_pkthdr *header,
                         const uint8_t *bytes);
bool device_output_counts(const struct device_counts *counts);
bool device_output_flush(void);

#endif
