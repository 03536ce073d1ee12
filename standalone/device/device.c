#include "device.h"

#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "exit_status.h"
#include "message.h"

/* What lies before the frame's own bytes in cooked v2, which is cut with them. */
enum { COOKED_HEADER = 20 };

enum { RING_BYTES = 16 << 20 };

/* ---- messages ---- */

static void fail_permission(const char *name)
{
    char program[1024];
    const ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    program[length > 0 ? length : 0] = '\0';
    message_write("'%s': capturing needs the capability CAP_NET_RAW: run this with sudo, or give "
                  "it once to the program that captures: sudo setcap cap_net_raw+ep '%s'",
                  name, program);
}

static void fail_open(const char *name, int status, pcap_t *pcap)
{
    const char *why = pcap_geterr(pcap);
    if (status == PCAP_ERROR_PERM_DENIED || status == PCAP_ERROR_PROMISC_PERM_DENIED)
        fail_permission(name);
    else if (status == PCAP_ERROR_NO_SUCH_DEVICE)
        message_write("'%s': there is no such interface; 'egshark -D' lists them", name);
    else
        message_write("'%s': %s", name, *why ? why : pcap_statustostr(status));
}

/* ---- opening ---- */

/* Not promiscuous: what is for others is no traffic of this machine. */
static bool configure(pcap_t *pcap, int snaplen)
{
    return pcap_set_snaplen(pcap, snaplen) == 0 && pcap_set_promisc(pcap, 0) == 0 &&
           pcap_set_timeout(pcap, DEVICE_HOLD_MS) == 0 &&
           pcap_set_buffer_size(pcap, RING_BYTES) == 0 &&
           pcap_set_tstamp_precision(pcap, PCAP_TSTAMP_PRECISION_NANO) == 0;
}

/* NULL after telling why. */
static pcap_t *activate(const char *device, const struct device_wish *wish, int snaplen)
{
    char why[PCAP_ERRBUF_SIZE];
    pcap_t *pcap = pcap_create(device, why);
    if (!pcap) {
        message_write("'%s': %s", wish->name, why);
        return NULL;
    }
    const int status = configure(pcap, snaplen) ? pcap_activate(pcap) : PCAP_ERROR;
    if (status >= 0)
        return pcap;
    fail_open(wish->name, status, pcap);
    pcap_close(pcap);
    return NULL;
}

/*
 * A network device is captured as the part of "any" that crosses it: in cooked v2 each frame says
 * which way it went and on which device, which the device's own link layer does not. 0: it is none.
 */
static unsigned device_index(const char *name)
{
    return strcmp(name, "any") == 0 ? 0 : if_nametoindex(name);
}

/* DLT_ numbers are LINKTYPE_ numbers but for those that differ by system. */
static int32_t linktype_of(int datalink)
{
    return datalink == DLT_RAW ? 101 : datalink;
}

/* Tells where the filter is wrong by itself, without what is added to it. */
static bool compile(struct device *device, const struct device_wish *wish, const char *filter,
                    struct bpf_program *program)
{
    if (pcap_compile(device->pcap, program, filter, 1, PCAP_NETMASK_UNKNOWN) == 0)
        return true;
    message_write("'-f': %s: '%s'", pcap_geterr(device->pcap), wish->filter ? wish->filter : "");
    return false;
}

static bool set_filter(struct device *device, const struct device_wish *wish, unsigned index)
{
    struct bpf_program program;
    char text[4096] = "";
    const char *filter = wish->filter ? wish->filter : "";
    if (*filter && !compile(device, wish, filter, &program))
        return false;
    if (*filter)
        pcap_freecode(&program);
    if (strlen(filter) + 64 > sizeof text) {
        message_write("'-f' is longer than can be");
        return false;
    }
    if (index && *filter)
        snprintf(text, sizeof text, "ifindex %u and (%s)", index, filter);
    else if (index)
        snprintf(text, sizeof text, "ifindex %u", index);
    else
        snprintf(text, sizeof text, "%s", filter);
    if (!*text)
        return true;
    if (!compile(device, wish, text, &program))
        return false;
    const int status = pcap_setfilter(device->pcap, &program);
    pcap_freecode(&program);
    if (status != 0)
        message_write("'-f': %s", pcap_geterr(device->pcap));
    return status == 0;
}

static bool make_ready(struct device *device, const struct device_wish *wish, unsigned index)
{
    char why[PCAP_ERRBUF_SIZE];
    const bool cooked = index || strcmp(wish->name, "any") == 0;
    if (cooked && pcap_set_datalink(device->pcap, DLT_LINUX_SLL2) != 0 && index) {
        message_write("'%s': this libpcap has no cooked v2 frames: capture on 'any'", wish->name);
        return false;
    }
    if (pcap_setnonblock(device->pcap, 1, why) != 0) {
        message_write("'%s': %s", wish->name, why);
        return false;
    }
    device->fd = pcap_get_selectable_fd(device->pcap);
    device->linktype = linktype_of(pcap_datalink(device->pcap));
    return true;
}

int device_open(const struct device_wish *wish, struct device *device)
{
    int status = STATUS_INCOMPLETE;
    const unsigned index = device_index(wish->name);
    *device = (struct device){.fd = -1};
    device->pcap = activate(index ? "any" : wish->name, wish, wish->snaplen + COOKED_HEADER);
    if (!device->pcap)
        return status;
    if (make_ready(device, wish, index))
        status = set_filter(device, wish, index) ? STATUS_REPORTED : STATUS_USAGE;
    if (status != STATUS_REPORTED)
        device_close(device);
    return status;
}

void device_close(struct device *device)
{
    if (device->pcap)
        pcap_close(device->pcap);
    device->pcap = NULL;
}

bool device_counts(const struct device *device, struct device_counts *counts)
{
    struct pcap_stat statistics;
    if (pcap_stats(device->pcap, &statistics) != 0)
        return false;
    *counts = (struct device_counts){statistics.ps_recv, statistics.ps_drop, statistics.ps_ifdrop};
    return true;
}

/* ---- the list ---- */

/* Monitoring of buses and logs, which libpcap lists too, has no IP packets that leave. */
static bool is_shown(const pcap_if_t *interface)
{
    return strcmp(interface->name, "any") == 0 || if_nametoindex(interface->name) != 0;
}

bool device_list(void)
{
    char why[PCAP_ERRBUF_SIZE];
    pcap_if_t *all = NULL;
    unsigned number = 0;
    if (pcap_findalldevs(&all, why) != 0) {
        message_write("the interfaces cannot be listed: %s", why);
        return false;
    }
    for (const pcap_if_t *one = all; one; one = one->next)
        if (is_shown(one))
            printf("%u. %s%s\n", ++number, one->name,
                   one->flags & PCAP_IF_LOOPBACK   ? " (loopback)"
                   : strcmp(one->name, "any") == 0 ? " (all interfaces, each packet counted once)"
                                                   : "");
    pcap_freealldevs(all);
    return fflush(stdout) == 0;
}
