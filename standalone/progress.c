#include "progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

static const int64_t second = 1000000000;
static const int64_t redraw_after = 200000000;

static int64_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * second + time.tv_nsec;
}

void progress_begin(struct progress *progress, bool on, uint64_t total)
{
    const int64_t start = on ? now() : 0;
    *progress = (struct progress){.on = on, .total = total, .start = start, .drawn = start};
}

void progress_begin_input(struct progress *progress, const char *path)
{
    progress->path = path;
    progress->seen = 0;
}

/* "412.3 MiB": tenths, as the report writes sizes. */
static const char *size_text(uint64_t bytes, char buffer[32])
{
    static const char *const units[] = {"KiB", "MiB", "GiB", "TiB"};
    unsigned unit = 0;
    uint64_t scale = 1024;
    while (bytes / scale >= 1024 && unit < 3) {
        scale *= 1024;
        unit++;
    }
    const uint64_t tenths = bytes / scale * 10 + bytes % scale * 10 / scale;
    snprintf(buffer, 32, "%" PRIu64 ".%" PRIu64 " %s", tenths / 10, tenths % 10, units[unit]);
    return buffer;
}

static int terminal_width(void)
{
    struct winsize size;
    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1)
        return size.ws_col;
    return 80;
}

static void draw(struct progress *progress, uint64_t read, int64_t elapsed)
{
    char done[32], all[32], each[32], line[512];
    const uint64_t bytes = progress->before + read;
    const uint64_t milliseconds = (uint64_t)elapsed / 1000000 + 1;
    const uint64_t rate = bytes * 1000 / milliseconds;
    size_text(bytes, done);
    size_text(rate, each);
    if (progress->total > bytes)
        snprintf(line, sizeof line,
                 "%s of %s (%" PRIu64 " %%), %s/s, %" PRIu64 " s left, reading %s", done,
                 size_text(progress->total, all), bytes * 100 / progress->total, each,
                 rate ? (progress->total - bytes) / rate : 0, progress->path);
    else
        snprintf(line, sizeof line, "%s, %s/s, reading %s", done, each, progress->path);
    /* One column less than there are: a full line would wrap, and then not be erased. */
    fprintf(stderr, "\r\033[K%.*s", terminal_width() - 1, line);
    fflush(stderr);
    progress->visible = true;
}

void progress_update(struct progress *progress, uint64_t read)
{
    /* The reader fetches blocks of some kB; between them the clock need not be asked. */
    if (!progress->on || read == progress->seen)
        return;
    if (progress->sum)
        atomic_fetch_add(progress->sum, read - progress->seen);
    progress->seen = read;
    if (progress->sum)
        return;
    const int64_t time = now();
    if (time - progress->drawn < redraw_after)
        return;
    progress->drawn = time;
    draw(progress, read, time - progress->start);
}

void progress_end_input(struct progress *progress)
{
    progress->before += progress->seen;
    progress->seen = 0;
}

void progress_erase(struct progress *progress)
{
    if (!progress->visible)
        return;
    fputs("\r\033[K", stderr);
    fflush(stderr);
    progress->visible = false;
}
