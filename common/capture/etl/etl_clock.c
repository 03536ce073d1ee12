#include "capture/etl/etl_clock.h"

#include "packet/frame.h"

__extension__ typedef __int128 wide;

enum { COUNTER = 1, SYSTEM_TIME = 2, CYCLES = 3, FILETIME_HZ = 10000000 };

static const int64_t unix_epoch = INT64_C(116444736000000000); /* as FILETIME */
static const int64_t day = INT64_C(864000000000);
static const int64_t nanoseconds = 1000000000;

static bool is_near(int64_t a, int64_t b)
{
    const wide apart = (wide)a - b;
    return apart > -(wide)day && apart < day;
}

/* Readings of system time are times themselves: the header's own only counts if it agrees. */
static struct eg_etl_clock system_clock(const struct eg_etl_log *log)
{
    struct eg_etl_clock clock = {log->start_clock, log->start, FILETIME_HZ};
    if (!is_near(log->start_clock, log->start))
        clock.origin = clock.start = 0;
    return clock;
}

struct eg_etl_clock eg_etl_clock_of(const struct eg_etl_log *log)
{
    const bool counts = log->clock == COUNTER || (log->clock == 0 && log->frequency > 0);
    if (!counts && log->clock != CYCLES)
        return system_clock(log);
    const int64_t hz = counts ? log->frequency : (int64_t)log->cpu_mhz * 1000000;
    return (struct eg_etl_clock){log->start_clock, log->start, hz > 0 ? hz : 0};
}

int64_t eg_etl_clock_ns(const struct eg_etl_clock *clock, int64_t reading)
{
    if (clock->frequency == 0)
        return EG_NO_TIME;
    const wide ticks = (wide)reading - clock->origin;
    wide whole = ticks / clock->frequency;
    wide part = ticks % clock->frequency;
    if (part < 0) {
        whole--;
        part += clock->frequency;
    }
    const wide ns = ((wide)clock->start - unix_epoch) * 100 + whole * nanoseconds +
                    part * nanoseconds / clock->frequency;
    return ns > INT64_MIN && ns <= INT64_MAX ? (int64_t)ns : EG_NO_TIME;
}
