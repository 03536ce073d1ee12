/*
 * egshark-capture: frames of an interface to standard output, for egshark.
 *
 * A program of its own, so that the capability that capturing needs is given to this little code
 * alone, and not to what reads captures, loads modules and writes reports; and so that libpcap and
 * the libraries behind it are loaded only by runs that capture. How it ends is its exit status; it
 * tells on standard error why, under the name of the program that the user started.
 */
#include <errno.h>
#include <linux/capability.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "device.h"
#include "device_output.h"
#include "exit_status.h"
#include "message.h"

enum {
    IDLE_ENDS_MS = 2 * DEVICE_HOLD_MS + 50, /* silence by which all was handed over */
    DRAIN_MAX_MS = 700,
    COUNTS_EVERY_MS = 1000,
};

struct task {
    struct device_wish wish;
    int64_t duration_ms; /* 0: until told */
    uint64_t frames;     /* still to be captured */
    struct device device;
    bool output_ends;      /* nobody reads any more */
    bool later;            /* a frame from after the end was seen */
    int64_t end_ns;        /* of frames, by the clock that stamps them; INT64_MAX: not yet */
    int64_t last_frame_ms; /* when one came */
    uint64_t told_drops;
};

static volatile sig_atomic_t stop_asked;

static void on_stop(int number)
{
    (void)number;
    stop_asked = 1;
}

static void watch_signals(void)
{
    struct sigaction action = {.sa_handler = on_stop, .sa_flags = SA_RESTART};
    sigemptyset(&action.sa_mask);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    action.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &action, NULL);
}

/* Once the device is open nothing needs them. */
static void drop_capabilities(void)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    const struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {{0, 0, 0}};
    syscall(SYS_capset, &header, none);
}

static int64_t clock_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int64_t wall_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static void on_frame(uint8_t *context, const struct pcap_pkthdr *header, const uint8_t *bytes)
{
    struct task *task = (struct task *)(void *)context;
    const int64_t time = (int64_t)header->ts.tv_sec * 1000000000 + header->ts.tv_usec;
    if (time > task->end_ns) {
        task->later = true;
        return;
    }
    if (task->frames == 0 || task->output_ends)
        return;
    task->frames--;
    task->output_ends = !device_output_frame(&task->device, header, bytes);
}

/* Whether nobody reads, which no write may come to tell. */
static bool is_reader_gone(struct pollfd *ends)
{
    return (ends[1].revents & (POLLERR | POLLHUP)) != 0;
}

static void tell_counts(struct task *task, bool always)
{
    struct device_counts counts;
    if (!device_counts(&task->device, &counts))
        return;
    const uint64_t drops = counts.dropped + counts.dropped_at_card;
    if (!always && drops == task->told_drops)
        return;
    task->told_drops = drops;
    task->output_ends |= !device_output_counts(&counts);
}

/* Waits for frames and passes them on; false when the device fails. */
static bool step(struct task *task)
{
    struct pollfd ends[] = {{.fd = task->device.fd, .events = POLLIN}, {.fd = STDOUT_FILENO}};
    if (poll(ends, 2, DEVICE_HOLD_MS / 2) < 0 && errno != EINTR)
        return false;
    const int taken = pcap_dispatch(task->device.pcap, -1, on_frame, (uint8_t *)(void *)task);
    if (taken > 0) {
        task->last_frame_ms = clock_ms();
        task->output_ends |= !device_output_flush();
    }
    task->output_ends |= is_reader_gone(ends);
    return taken >= 0;
}

static bool capture_until(struct task *task, int64_t end_ms)
{
    int64_t counts_ms = clock_ms() + COUNTS_EVERY_MS;
    while (!stop_asked && !task->output_ends && task->frames && clock_ms() < end_ms) {
        if (!step(task))
            return false;
        if (clock_ms() >= counts_ms) {
            tell_counts(task, false);
            counts_ms = clock_ms() + COUNTS_EVERY_MS;
        }
    }
    return true;
}

/*
 * What was seen before the end but not yet handed over belongs to the capture. A frame from after
 * the end comes behind it, and so does silence for longer than the kernel holds anything back.
 */
static bool drain(struct task *task)
{
    const int64_t start = clock_ms();
    task->end_ns = wall_ns();
    task->last_frame_ms = start;
    while (!task->later && !task->output_ends && task->frames) {
        const int64_t now = clock_ms();
        if (now - task->last_frame_ms > IDLE_ENDS_MS || now - start > DRAIN_MAX_MS)
            break;
        if (!step(task))
            return false;
    }
    return true;
}

static int capture(struct task *task)
{
    const int64_t end = task->duration_ms ? clock_ms() + task->duration_ms : INT64_MAX;
    task->output_ends = !device_output_begin(&task->wish, &task->device);
    const bool sound = capture_until(task, end) && drain(task);
    if (!sound)
        message_write("'%s': %s", task->wish.name, pcap_geterr(task->device.pcap));
    if (!task->output_ends)
        tell_counts(task, true);
    return sound ? STATUS_REPORTED : STATUS_INCOMPLETE;
}

/* The arguments come from egshark, which has checked them. */
static bool parse(int argc, char *argv[], struct task *task, bool *list)
{
    int letter;
    while ((letter = getopt(argc, argv, "Di:f:s:c:d:")) != -1) {
        switch (letter) {
        case 'D':
            *list = true;
            break;
        case 'i':
            task->wish.name = optarg;
            break;
        case 'f':
            task->wish.filter = optarg;
            break;
        case 's':
            task->wish.snaplen = (int)strtol(optarg, NULL, 10);
            break;
        case 'c':
            task->frames = strtoull(optarg, NULL, 10);
            break;
        case 'd':
            task->duration_ms = strtoll(optarg, NULL, 10);
            break;
        default:
            return false;
        }
    }
    return (*list || task->wish.name) && optind == argc;
}

int main(int argc, char *argv[])
{
    bool list = false;
    struct task task = {.wish = {.snaplen = 262144}, .frames = UINT64_MAX, .end_ns = INT64_MAX};
    if (!parse(argc, argv, &task, &list)) {
        message_write("egshark-capture is started by 'egshark -i'");
        return STATUS_INCOMPLETE;
    }
    if (list)
        return device_list() ? STATUS_REPORTED : STATUS_INCOMPLETE;
    watch_signals();
    int status = device_open(&task.wish, &task.device);
    if (status != STATUS_REPORTED)
        return status;
    drop_capabilities();
    status = capture(&task);
    device_close(&task.device);
    return status;
}
