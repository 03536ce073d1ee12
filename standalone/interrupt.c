#include "interrupt.h"

#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <unistd.h>

enum { DRAIN_SECONDS = 1 };

/* A signal handler has no other way to tell, and other threads than its own listen. */
static atomic_int reading_pipe;
static atomic_int asked; /* the signal that came */
static atomic_int over;
static void (*volatile restore_first)(void);

/* A signal that is ignored, as a shell does for jobs in the background, stays so. */
static void handle(int number, void (*handler)(int), unsigned flags)
{
    struct sigaction before;
    struct sigaction action = {.sa_handler = handler, .sa_flags = (int)flags};
    sigemptyset(&action.sa_mask);
    if (sigaction(number, NULL, &before) == 0 && before.sa_handler != SIG_IGN)
        sigaction(number, &action, NULL);
}

static void on_repeat(int number)
{
    restore_first();
    raise(number); /* SA_RESETHAND: with its usual effect */
}

static void on_request(int number)
{
    asked = number;
    if (restore_first)
        handle(number, on_repeat, SA_RESETHAND);
    if (reading_pipe)
        alarm(DRAIN_SECONDS);
    else
        over = 1;
}

static void on_alarm(int number)
{
    (void)number;
    over = 1;
    /* Again, in case this one came just before a read that blocks. */
    alarm(DRAIN_SECONDS);
}

void interrupt_watch(void)
{
    handle(SIGINT, on_request, SA_RESTART | SA_RESETHAND);
    handle(SIGTERM, on_request, SA_RESTART | SA_RESETHAND);
    handle(SIGALRM, on_alarm, 0); /* it is there to end a read that blocks: no SA_RESTART */
    handle(SIGPIPE, SIG_IGN, 0);
    handle(SIGXFSZ, SIG_IGN, 0); /* a file that must not grow is told as a full disk is */
}

void interrupt_restore_with(void (*restore)(void))
{
    restore_first = restore;
}

void interrupt_begin_input(bool pipe)
{
    if (asked)
        over = 1;
    reading_pipe = pipe;
}

void interrupt_end_inputs(void)
{
    alarm(0);
}

bool interrupt_is_asked(void)
{
    return asked != 0;
}

int interrupt_signal(void)
{
    return atomic_load_explicit(&over, memory_order_relaxed) ? atomic_load(&asked) : 0;
}

void interrupt_release(void)
{
    alarm(0);
    handle(SIGINT, SIG_DFL, 0);
    handle(SIGTERM, SIG_DFL, 0);
}
