#include "device_output.h"

#include <stdio.h>
#include <time.h>

#include "egress.h"

static enum eg_status write_stdout(void *context, const char *bytes, size_t length)
{
    (void)context;
    return fwrite(bytes, 1, length, stdout) == length ? EG_OK : EG_ERR_IO;
}

static struct eg_sink sink_of_stdout(void)
{
    return (struct eg_sink){write_stdout, NULL, EG_OK};
}

bool device_output_begin(const struct device_wish *wish, const struct device *device)
{
    struct eg_sink sink = sink_of_stdout();
    const struct eg_capture_interface interface = {
        .link = device->linktype,
        .snaplen = (uint32_t)pcap_snapshot(device->pcap),
        .name = wish->name,
        .filter = wish->filter,
    };
    eg_pcapng_put_section(&sink, "egshark");
    eg_pcapng_put_interface(&sink, &interface);
    return sink.status == EG_OK && device_output_flush();
}

bool device_output_frame(const struct device *device, const struct pcap_pkthdr *header,
                         const uint8_t *bytes)
{
    struct eg_sink sink = sink_of_stdout();
    const struct eg_frame frame = {
        .data = bytes,
        .captured = header->caplen,
        .wire = header->len,
        .link = device->linktype,
        .time = (int64_t)header->ts.tv_sec * 1000000000 + header->ts.tv_usec,
    };
    eg_pcapng_put_packet(&sink, 0, &frame, NULL);
    return sink.status == EG_OK;
}

bool device_output_counts(const struct device_counts *counts)
{
    struct eg_sink sink = sink_of_stdout();
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    const struct eg_pcapng_counts values = {
        .time = (int64_t)now.tv_sec * 1000000000 + now.tv_nsec,
        .received = counts->received,
        .dropped_at_card = counts->dropped_at_card,
        .dropped = counts->dropped,
    };
    eg_pcapng_put_counts(&sink, 0, &values);
    return sink.status == EG_OK && device_output_flush();
}

bool device_output_flush(void)
{
    return fflush(stdout) == 0;
}
