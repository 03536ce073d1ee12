#include "terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "message.h"

/* The other screen, without cursor and without wrapping; and back. */
static const char enter_text[] = "\033[?1049h\033[?25l\033[?7l\033[2J\033[H";
static const char leave_text[] = "\033[?7h\033[?25h\033[?1049l";

static const int fatal[] = {SIGHUP, SIGQUIT, SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL};

static int fd = -1;
static struct termios before;
static volatile sig_atomic_t shown; /* the terminal is ours */
static volatile sig_atomic_t changed;

/* A write that a signal handler may make; what a closed terminal does not take is no matter. */
static void put(const char *text, size_t length)
{
    while (length) {
        const ssize_t written = write(fd, text, length);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return;
        text += written;
        length -= (size_t)written;
    }
}

static void enter(void)
{
    struct termios keys = before;
    keys.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
    keys.c_cc[VMIN] = 0;
    keys.c_cc[VTIME] = 0;
    shown = 1;
    tcsetattr(fd, TCSANOW, &keys);
    put(enter_text, sizeof enter_text - 1);
}

void terminal_restore(void)
{
    if (!shown)
        return;
    shown = 0;
    put(leave_text, sizeof leave_text - 1);
    tcsetattr(fd, TCSANOW, &before);
}

/* ---- signals ---- */

static void handle(int number, void (*handler)(int), int flags)
{
    struct sigaction action = {.sa_handler = handler, .sa_flags = flags};
    sigemptyset(&action.sa_mask);
    sigaction(number, &action, NULL);
}

static void on_fatal(int number)
{
    terminal_restore();
    raise(number); /* SA_RESETHAND: with its usual effect */
}

static void on_resize(int number)
{
    (void)number;
    changed = 1;
}

/* The usual effect of the signal, while the handler runs. */
static void on_stop(int number)
{
    const int failure = errno;
    sigset_t this_one;
    terminal_restore();
    handle(number, SIG_DFL, 0);
    sigemptyset(&this_one);
    sigaddset(&this_one, number);
    raise(number);
    sigprocmask(SIG_UNBLOCK, &this_one, NULL); /* here it stops, and goes on by SIGCONT */
    sigprocmask(SIG_BLOCK, &this_one, NULL);
    handle(number, on_stop, SA_RESTART);
    tcgetattr(fd, &before);
    enter();
    changed = 1;
    errno = failure;
}

static void watch_signals(void)
{
    for (size_t i = 0; i < sizeof fatal / sizeof fatal[0]; i++)
        handle(fatal[i], on_fatal, (int)SA_RESETHAND);
    handle(SIGTSTP, on_stop, SA_RESTART);
    handle(SIGWINCH, on_resize, SA_RESTART);
}

static void release_signals(void)
{
    for (size_t i = 0; i < sizeof fatal / sizeof fatal[0]; i++)
        handle(fatal[i], SIG_DFL, 0);
    handle(SIGTSTP, SIG_DFL, 0);
    handle(SIGWINCH, SIG_DFL, 0);
}

/* ---- opening ---- */

static bool knows_escapes(void)
{
    const char *type = getenv("TERM");
    return type && *type && strcmp(type, "dumb") != 0;
}

bool terminal_open(void)
{
    if (!knows_escapes()) {
        message_write("'--live' needs a terminal that can be redrawn; TERM says that this is none");
        return false;
    }
    fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    if (fd < 0 || tcgetattr(fd, &before) != 0) {
        message_write("'--live' needs a terminal, and there is none");
        if (fd >= 0)
            close(fd);
        fd = -1;
        return false;
    }
    watch_signals();
    atexit(terminal_close);
    enter();
    return true;
}

void terminal_close(void)
{
    if (fd < 0)
        return;
    terminal_restore();
    release_signals();
    close(fd);
    fd = -1;
}

/* ---- using it ---- */

int terminal_fd(void)
{
    return fd;
}

/* The next byte; '\0' when none waits. */
static char next_byte(void)
{
    char byte = '\0';
    return read(fd, &byte, 1) == 1 ? byte : '\0';
}

/* Behind an escape: the rest of what an arrow or function key sends, and no more. */
static void skip_sequence(void)
{
    char byte = next_byte();
    if (byte == '[' || byte == 'O')
        do
            byte = next_byte();
        while (byte != '\0' && !(byte >= '@' && byte <= '~'));
}

char terminal_key(void)
{
    char byte = next_byte();
    while (byte == '\033') {
        skip_sequence();
        byte = next_byte();
    }
    return byte;
}

void terminal_size(unsigned *columns, unsigned *rows)
{
    struct winsize size;
    const bool known = ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col && size.ws_row;
    *columns = known ? size.ws_col : 80;
    *rows = known ? size.ws_row : 24;
}

bool terminal_is_changed(void)
{
    const bool was = changed;
    changed = 0;
    return was;
}

void terminal_show(const char *text, size_t length)
{
    static const char wipe_line[] = "\033[K\r\n", wipe_rest[] = "\033[J";
    static char screen[1 << 16];
    size_t used = 0;
    screen[used++] = '\033', screen[used++] = '[', screen[used++] = 'H';
    for (size_t i = 0; i < length && used + 2 * sizeof wipe_line < sizeof screen; i++) {
        if (text[i] != '\n') {
            screen[used++] = text[i];
            continue;
        }
        /* No newline behind the last one: it would scroll a full screen. */
        const size_t piece = i + 1 < length ? sizeof wipe_line - 1 : 3;
        memcpy(screen + used, wipe_line, piece);
        used += piece;
    }
    memcpy(screen + used, wipe_rest, sizeof wipe_rest - 1);
    put(screen, used + sizeof wipe_rest - 1);
}
