/*
 * Captures that follow on one another are a job, so that small ones share a session. Threads take
 * the jobs in order and fill a session for each; the thread that called merges them in order.
 *
 * What is taken, done and merged changes under the lock. The run of a job is its thread's until it
 * is done, and then the caller's.
 */
#include "batch.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>

#include "interrupt.h"

enum { THREADS_MAX = 64 };

struct job {
    const char *const *paths;
    size_t count;
    struct input_run run;
    bool done;
};

struct batch {
    const struct input_run *like;
    struct eg_session *empty; /* those of jobs are like it */
    struct job *jobs;
    size_t job_count;
    size_t taken, merged;
    unsigned threads;
    bool over;                  /* nobody waits for the rest */
    atomic_uint_fast64_t bytes; /* read so far */
    pthread_mutex_t lock;
    pthread_cond_t changed;
};

/* ---- jobs ---- */

static uint64_t size_of(const char *path)
{
    struct stat facts;
    return stat(path, &facts) == 0 && facts.st_size > 0 ? (uint64_t)facts.st_size : 0;
}

/* Cuts the captures into jobs of some size; false without memory. */
static bool plan_jobs(struct batch *batch, const char *const paths[], size_t count)
{
    enum { CAPTURES_MAX = 64 };
    batch->jobs = calloc(count, sizeof *batch->jobs);
    uint64_t bytes = 0;
    for (size_t i = 0; i < count && batch->jobs; i++) {
        struct job *last = batch->job_count ? &batch->jobs[batch->job_count - 1] : NULL;
        if (!last || last->count == CAPTURES_MAX || bytes >= batch->like->sizes.part) {
            last = &batch->jobs[batch->job_count++];
            last->paths = paths + i;
            bytes = 0;
        }
        last->count++;
        bytes += size_of(paths[i]);
    }
    return batch->jobs != NULL;
}

static void clear_job(struct job *job)
{
    eg_session_free(job->run.session);
    free(job->run.faults);
    job->run.session = NULL;
    job->run.faults = NULL;
    job->run.fault_count = 0;
}

static void do_job(struct batch *batch, struct job *job)
{
    job->run = (struct input_run){
        .threads = 1,
        .all_components = batch->like->all_components,
        .frames_left = UINT64_MAX,
        .keeps_faults = true,
        .progress = {.on = batch->like->progress.on, .sum = &batch->bytes},
    };
    if (eg_session_new_like(batch->empty, &job->run.session) == EG_OK)
        input_read_all(&job->run, job->paths, job->count);
}

/* With the lock: waits until the job's turn is near, so that few sessions wait to be merged. */
static bool may_take(struct batch *batch)
{
    enum { WAITING_A_THREAD = 2 };
    while (batch->taken < batch->job_count && !batch->over && !interrupt_signal() &&
           batch->taken >= batch->merged + WAITING_A_THREAD * (size_t)batch->threads)
        pthread_cond_wait(&batch->changed, &batch->lock);
    return batch->taken < batch->job_count && !batch->over && !interrupt_signal();
}

static void *work(void *context)
{
    struct batch *batch = context;
    pthread_mutex_lock(&batch->lock);
    while (may_take(batch)) {
        struct job *job = &batch->jobs[batch->taken++];
        pthread_mutex_unlock(&batch->lock);
        do_job(batch, job);
        pthread_mutex_lock(&batch->lock);
        job->done = true;
        pthread_cond_broadcast(&batch->changed);
    }
    pthread_mutex_unlock(&batch->lock);
    return NULL;
}

/* ---- the caller ---- */

/* Until the job is done; false: a signal came before a thread took it. */
static bool wait_for(struct batch *batch, struct input_run *run, const struct job *job)
{
    enum { NS_A_LOOK = 100 * 1000 * 1000, NS_A_SECOND = 1000 * 1000 * 1000 };
    const size_t number = (size_t)(job - batch->jobs);
    pthread_mutex_lock(&batch->lock);
    while (!job->done && !(interrupt_signal() && batch->taken <= number)) {
        struct timespec until;
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_nsec += NS_A_LOOK;
        until.tv_sec += until.tv_nsec / NS_A_SECOND;
        until.tv_nsec %= NS_A_SECOND;
        pthread_cond_timedwait(&batch->changed, &batch->lock, &until);
        progress_update(&run->progress, atomic_load(&batch->bytes));
    }
    const bool done = job->done;
    pthread_mutex_unlock(&batch->lock);
    return done;
}

/* False: the captures have to be read again, by this thread. */
static bool merge(struct input_run *run, struct job *job)
{
    const struct eg_session *session = job->run.session;
    /* At a ceiling it matters in which order frames came; a signal leaves no time to ask. */
    if (!session || (!eg_session_has_room(run->session, &session, 1) && !interrupt_signal()))
        return false;
    run->opened += job->run.opened;
    run->complete = run->complete && job->run.complete;
    input_take_faults(run, &job->run);
    if (eg_session_merge(run->session, session) != EG_OK)
        input_give_up(run, job->paths[0]);
    return true;
}

static void merge_all(struct batch *batch, struct input_run *run)
{
    for (size_t i = 0; i < batch->job_count && run->frames_left; i++) {
        struct job *job = &batch->jobs[i];
        if (!wait_for(batch, run, job))
            break;
        if (!merge(run, job))
            for (size_t k = 0; k < job->count && !interrupt_signal(); k++)
                input_read_one(run, job->paths[k]);
        clear_job(job);
        pthread_mutex_lock(&batch->lock);
        batch->merged = i + 1;
        pthread_cond_broadcast(&batch->changed);
        pthread_mutex_unlock(&batch->lock);
    }
    pthread_mutex_lock(&batch->lock);
    batch->over = true;
    pthread_cond_broadcast(&batch->changed);
    pthread_mutex_unlock(&batch->lock);
}

/* How many could be started. Signals are for the thread that waits. */
static unsigned start_threads(struct batch *batch, pthread_t *threads)
{
    sigset_t all, before;
    unsigned count = 0;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    while (count < batch->threads && pthread_create(&threads[count], NULL, work, batch) == 0)
        count++;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return count;
}

void batch_read(struct input_run *run, const char *const paths[], size_t count)
{
    pthread_t threads[THREADS_MAX];
    struct batch batch = {.like = run,
                          .threads = run->threads < THREADS_MAX ? run->threads : THREADS_MAX};
    unsigned started = 0;
    pthread_mutex_init(&batch.lock, NULL);
    pthread_cond_init(&batch.changed, NULL);
    interrupt_begin_input(false);
    progress_begin_input(&run->progress, paths[0]);
    if (plan_jobs(&batch, paths, count) && eg_session_new_like(run->session, &batch.empty) == EG_OK)
        started = start_threads(&batch, threads);
    if (started)
        merge_all(&batch, run);
    for (unsigned i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
    progress_end_input(&run->progress);
    for (size_t i = 0; i < batch.job_count; i++)
        clear_job(&batch.jobs[i]);
    free(batch.jobs);
    eg_session_free(batch.empty);
    pthread_cond_destroy(&batch.changed);
    pthread_mutex_destroy(&batch.lock);
    for (size_t i = 0; !started && i < count && !interrupt_signal(); i++)
        input_read_one(run, paths[i]);
}
