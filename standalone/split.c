/*
 * The parts of a capture are planned where a thread is free, read, and proven in the order of the
 * file: a part that has come to the place where the next one began compares what both know there
 * (capture_part.h, session_part.c). If the next one guessed wrong it is dropped, and the part
 * before it reads on through its place, as one thread would. What a thread has finished with, it
 * leaves for half of what another has still to read.
 *
 * The list of parts, their states, and what opens or ends them change under the lock. An open
 * part's reader and session are its thread's, until its state is ENDED; but where it began does not
 * change and may be compared by the thread of the part before.
 */
#include "split.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

#include "interrupt.h"

enum {
    THREADS_MAX = 64,
    PARTS_A_THREAD = 4, /* more only cost, if they are always wrong, or for the last few bytes */
    PARTS_MAX = THREADS_MAX * PARTS_A_THREAD,
    SHARES_MAX = 16, /* of the ceiling of cells; each thread may have one */
};

struct split {
    struct part_plan plan;
    struct eg_capture *like;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct part *first;
    struct part *parts[PARTS_MAX]; /* all there ever were */
    size_t part_count, parts_max;
    unsigned working; /* threads */
    unsigned busy;    /* those that have a part */
};

/* ---- the list ---- */

/* Puts a part behind `before` (NULL: at the front); NULL without memory or at PARTS_MAX. */
static struct part *plan_part(struct split *split, struct part *before, uint64_t planned)
{
    struct part *part = split->part_count < PARTS_MAX ? calloc(1, sizeof *part) : NULL;
    if (!part)
        return NULL;
    split->parts[split->part_count++] = part;
    part->planned = planned;
    part->next = before ? before->next : split->first;
    atomic_init(&part->limit, part->next ? part->next->planned : UINT64_MAX);
    atomic_init(&part->place, planned);
    atomic_init(&part->dropped, false);
    if (before) {
        before->next = part;
        atomic_store(&before->limit, planned);
    } else {
        split->first = part;
    }
    return part;
}

/* The part behind `part` was wrong. */
static void drop_next(struct part *part)
{
    struct part *wrong = part->next;
    if (wrong->state == PART_ENDED)
        part_clear(wrong); /* else its thread does */
    wrong->state = PART_DROPPED;
    atomic_store(&wrong->dropped, true);
    part->next = wrong->next;
    atomic_store(&part->limit, part->next ? part->next->planned : UINT64_MAX);
}

static uint64_t left_of(const struct part *part, uint64_t size)
{
    const uint64_t place = atomic_load(&part->place), limit = atomic_load(&part->limit);
    const uint64_t end = limit < size ? limit : size;
    return end > place ? end - place : 0;
}

/* Halves what is left of the part that has most left. */
static struct part *plan_half(struct split *split)
{
    const uint64_t size = own_reader_size(split->plan.whole);
    struct part *most = NULL;
    if (split->part_count >= split->parts_max)
        return NULL;
    uint64_t left = 2 * split->plan.sizes.part;
    for (struct part *part = split->first; part; part = part->next)
        if (part->state == PART_READING && left_of(part, size) > left) {
            most = part;
            left = left_of(part, size);
        }
    return most ? plan_part(split, most, atomic_load(&most->place) + left / 2) : NULL;
}

static struct part *find_planned(const struct split *split)
{
    for (struct part *part = split->first; part; part = part->next)
        if (part->state == PART_PLANNED)
            return part;
    return NULL;
}

static bool is_any_open(const struct split *split)
{
    for (const struct part *part = split->first; part; part = part->next)
        if (part->state == PART_OPENING || part->state == PART_READING)
            return true;
    return false;
}

static bool is_over(const struct split *split)
{
    return atomic_load(&split->plan.stopped) || interrupt_signal();
}

/* ---- one thread's work ---- */

/* With the lock. NULL: there is no more to do, or to come. */
static struct part *take_part(struct split *split)
{
    for (;;) {
        struct part *part = is_over(split) ? NULL : find_planned(split);
        if (!part && !is_over(split))
            part = plan_half(split);
        if (part) {
            part->state = PART_OPENING;
            return part;
        }
        if (is_over(split) || !is_any_open(split))
            return NULL;
        pthread_cond_wait(&split->changed, &split->lock);
    }
}

/* Whether the next part began where and as this one, which has come to its limit, would go on. */
static bool is_next_right(const struct split *split, const struct part *part, int64_t earliest)
{
    const struct part *next = part->next;
    const struct eg_capture *capture = own_reader_capture(part->reader);
    return (next->state == PART_READING || next->state == PART_ENDED) &&
           next->begin == eg_capture_offset(capture) &&
           eg_capture_is_like(capture, split->plan.like) &&
           eg_session_part_follows(part->session, next->session, earliest);
}

static bool is_next_soon_open(const struct split *split, const struct part *part)
{
    const enum part_state state = part->next->state;
    const bool taken = split->busy < split->working && !is_over(split);
    return state == PART_OPENING || (state == PART_PLANNED && taken);
}

/* With the lock, at the limit. Whether the part ends here. */
static bool ends_at_next(struct split *split, struct part *part)
{
    if (!part->next ||
        eg_capture_offset(own_reader_capture(part->reader)) < atomic_load(&part->limit))
        return false; /* the limit has moved away */
    while (part->state != PART_DROPPED && is_next_soon_open(split, part))
        pthread_cond_wait(&split->changed, &split->lock);
    /* That no frame behind here is older than those before, only the end of all will tell. */
    if (part->state == PART_DROPPED ||
        is_next_right(split, part, eg_session_span(part->session).last))
        return true;
    drop_next(part);
    return false;
}

static void read_part(struct split *split, struct part *part)
{
    enum eg_capture_result result;
    bool ended = false;
    while (!ended) {
        result = part_read(part, &split->plan);
        pthread_mutex_lock(&split->lock);
        ended = result != EG_CAPTURE_STOPPED || part->state == PART_DROPPED ||
                ends_at_next(split, part);
        if (!ended)
            pthread_cond_broadcast(&split->changed);
        else if (part->state == PART_DROPPED)
            part_clear(part);
        else
            part->state = PART_ENDED;
        part->result = result;
        pthread_mutex_unlock(&split->lock);
    }
}

static void do_part(struct split *split, struct part *part)
{
    const bool open = part->session || part_open(part, &split->plan); /* the first one is */
    pthread_mutex_lock(&split->lock);
    if (!open) /* the one before comes here and goes on */
        part_clear(part);
    if (part->state == PART_OPENING)
        part->state = open ? PART_READING : PART_DROPPED;
    pthread_cond_broadcast(&split->changed);
    pthread_mutex_unlock(&split->lock);
    if (open)
        read_part(split, part);
}

static void *work(void *context)
{
    struct split *split = context;
    pthread_mutex_lock(&split->lock);
    for (struct part *part; (part = take_part(split)) != NULL;) {
        split->busy++;
        pthread_mutex_unlock(&split->lock);
        do_part(split, part);
        pthread_mutex_lock(&split->lock);
        split->busy--;
        pthread_cond_broadcast(&split->changed);
    }
    split->working--; /* if over, others may wait for a part that will not be taken */
    pthread_cond_broadcast(&split->changed);
    pthread_mutex_unlock(&split->lock);
    return NULL;
}

/* ---- all of them ---- */

static void tell_progress(const struct split_job *job, const struct split *split)
{
    uint64_t bytes = 0;
    for (const struct part *part = split->first; part; part = part->next)
        bytes += atomic_load(&part->place) - part->planned;
    if (job->progress)
        job->progress(job->context, bytes);
}

/* With the lock. */
static void wait_for_all(const struct split_job *job, struct split *split)
{
    enum { NS_A_LOOK = 100 * 1000 * 1000, NS_A_SECOND = 1000 * 1000 * 1000 };
    while (split->working > 0) {
        struct timespec until;
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_nsec += NS_A_LOOK;
        until.tv_sec += until.tv_nsec / NS_A_SECOND;
        until.tv_nsec %= NS_A_SECOND;
        pthread_cond_timedwait(&split->changed, &split->lock, &until);
        tell_progress(job, split);
    }
}

static unsigned threads_of(const struct split_job *job)
{
    return job->threads < THREADS_MAX ? job->threads : THREADS_MAX;
}

/* Signals are for the thread that waits. */
static void start_threads(const struct split_job *job, struct split *split, pthread_t *threads)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    for (unsigned i = 0; i < threads_of(job); i++) {
        if (pthread_create(&threads[split->working], NULL, work, split) != 0)
            break;
        split->working++;
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

static void run_threads(const struct split_job *job, struct split *split)
{
    pthread_t threads[THREADS_MAX];
    pthread_mutex_lock(&split->lock);
    start_threads(job, split, threads);
    const unsigned count = split->working;
    wait_for_all(job, split);
    pthread_mutex_unlock(&split->lock);
    for (unsigned i = 0; i < count; i++)
        pthread_join(threads[i], NULL);
}

/* The first part, with the first frame in it, and as many others as there are threads. */
static bool plan_parts(const struct split_job *job, struct split *split,
                       const struct eg_frame *frame)
{
    const uint64_t start = eg_capture_offset(split->like);
    const uint64_t size = own_reader_size(split->plan.whole);
    const uint64_t threads = threads_of(job);
    struct eg_verdict verdict;
    struct part *part = plan_part(split, NULL, start);
    if (!part)
        return false;
    part->begin = start;
    part->reader = own_reader_part(split->plan.whole, split->like, start);
    part->session = part_session(&split->plan);
    part->frames = 1;
    if (!part->reader || !part->session ||
        eg_session_add_frame(part->session, frame, &verdict) != EG_OK)
        return false;
    split->plan.cells_max =
        eg_session_cells_max(part->session) / (threads < SHARES_MAX ? threads : SHARES_MAX);
    for (uint64_t i = 1; i < threads && part; i++) {
        const uint64_t planned = start + (size - start) / threads * i;
        if (planned - part->planned >= job->sizes.part)
            part = plan_part(split, part, planned);
    }
    return true;
}

static bool prepare(const struct split_job *job, const struct own_reader *reader,
                    struct split *split)
{
    struct eg_frame frame;
    struct eg_capture *capture = own_reader_capture(reader);
    split->plan = (struct part_plan){
        .session = job->session, .path = job->path, .sizes = job->sizes, .whole = reader};
    if (eg_capture_next(capture, &frame) != EG_CAPTURE_FRAME ||
        eg_capture_open_part(capture, eg_capture_offset(capture), NULL, NULL, &split->like) !=
            EG_OK)
        return false;
    split->plan.like = split->like;
    split->parts_max = (size_t)threads_of(job) * PARTS_A_THREAD;
    return plan_parts(job, split, &frame);
}

/* ---- the proof ---- */

/* Of the frames of a part and those behind it. */
static int64_t earliest_from(const struct part *part)
{
    int64_t earliest = EG_NO_TIME;
    for (; part; part = part->next) {
        const int64_t time =
            part->state == PART_ENDED ? eg_session_span(part->session).first : EG_NO_TIME;
        if (earliest == EG_NO_TIME || (time != EG_NO_TIME && time < earliest))
            earliest = time;
    }
    return earliest;
}

/* Cuts the list behind the last part that is proven, which is returned. */
static struct part *prove(struct split *split)
{
    struct part *part = split->first;
    eg_capture_inherit(own_reader_capture(part->reader), own_reader_capture(split->plan.whole));
    while (part->next && part->result == EG_CAPTURE_STOPPED &&
           is_next_right(split, part, earliest_from(part->next))) {
        eg_capture_inherit(own_reader_capture(part->next->reader),
                           own_reader_capture(part->reader));
        part = part->next;
    }
    while (part->next)
        drop_next(part);
    return part;
}

bool split_is_worth_it(const struct split_job *job, const struct own_reader *reader)
{
    return job->threads > 1 && eg_session_may_be_parted(job->session) &&
           own_reader_is_seekable(reader) && own_reader_size(reader) >= job->sizes.least;
}

struct split *split_read(const struct split_job *job, struct own_reader **reader)
{
    struct split *split = calloc(1, sizeof *split);
    if (!split)
        return NULL;
    pthread_mutex_init(&split->lock, NULL);
    pthread_cond_init(&split->changed, NULL);
    const bool prepared = prepare(job, *reader, split);
    if (prepared)
        run_threads(job, split);
    if (!prepared || atomic_load(&split->plan.stopped) || split->first->state != PART_ENDED) {
        split_free(split);
        return NULL;
    }
    struct part *last = prove(split);
    own_reader_replace(reader, last->reader);
    last->reader = NULL;
    return split;
}

void split_free(struct split *split)
{
    if (!split)
        return;
    for (size_t i = 0; i < split->part_count; i++) {
        part_clear(split->parts[i]);
        free(split->parts[i]);
    }
    eg_capture_close(split->like);
    pthread_cond_destroy(&split->changed);
    pthread_mutex_destroy(&split->lock);
    free(split);
}

uint64_t split_frames(const struct split *split)
{
    uint64_t frames = 0;
    for (const struct part *part = split->first; part; part = part->next)
        frames += part->frames;
    return frames;
}

size_t split_parts(const struct split *split)
{
    size_t parts = 0;
    for (const struct part *part = split->first; part; part = part->next)
        parts++;
    return parts;
}

struct eg_session *split_session(struct split *split)
{
    struct part *part = split->first;
    while (part->next)
        part = part->next;
    return part->session;
}

static enum split_outcome merge_into(struct eg_session *session, struct part *part)
{
    const struct eg_session *from = part->session;
    if (!eg_session_has_room(session, &from, 1) && !interrupt_signal())
        return SPLIT_NO_ROOM;
    return eg_session_merge_part(session, from) == EG_OK ? SPLIT_JOINED : SPLIT_NO_MEMORY;
}

/* The parts are merged into the first one, so that nothing else has changed if a ceiling is met. */
enum split_outcome split_join(struct split *split, bool empty, struct eg_session **session)
{
    struct part *first = split->first;
    for (struct part *part = first->next; part; part = part->next) {
        const enum split_outcome outcome = merge_into(first->session, part);
        if (outcome != SPLIT_JOINED)
            return SPLIT_NO_ROOM; /* without memory one thread may do */
        part_clear(part);
    }
    if (!empty)
        return merge_into(*session, first);
    eg_session_free(*session);
    *session = first->session;
    first->session = NULL;
    return SPLIT_JOINED;
}
