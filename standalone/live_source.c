#include "live_source.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "exit_status.h"
#include "message.h"

extern char **environ;

#define PROGRAM "egshark-capture"

enum { PATH_BYTES = 1024, NUMBER_BYTES = 24, ARGUMENTS_MAX = 16 };

/* ---- where it is ---- */

/* Beside this program, as it is built, or in the folder of its modules, as it is installed. */
static bool find_program(char path[PATH_BYTES])
{
    static const char *const places[] = {"/" PROGRAM, "/" EG_MODULE_PATH "/" PROGRAM};
    char own[PATH_BYTES];
    const ssize_t length = readlink("/proc/self/exe", own, sizeof own - 1);
    own[length > 0 ? length : 0] = '\0';
    char *name = strrchr(own, '/');
    if (name)
        *name = '\0';
    for (size_t i = 0; name && i < sizeof places / sizeof places[0]; i++)
        if (snprintf(path, PATH_BYTES, "%s%s", own, places[i]) < PATH_BYTES &&
            access(path, X_OK) == 0)
            return true;
    message_write("'-i' needs the program " PROGRAM " beside this one, and it is not there");
    return false;
}

/* ---- starting ---- */

/* output: what its standard output becomes; -1: this program's. False after telling why. */
static bool start(char *const arguments[], int output, int *process)
{
    char path[PATH_BYTES];
    posix_spawn_file_actions_t actions;
    pid_t started = -1;
    if (!find_program(path))
        return false;
    posix_spawn_file_actions_init(&actions);
    if (output >= 0)
        posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    const int failure = posix_spawn(&started, path, &actions, NULL, arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    if (failure)
        message_write("'%s': %s", path, strerror(failure));
    *process = (int)started;
    return failure == 0;
}

static bool start_writing(const struct live_wish *wish, int output, int *process)
{
    char snaplen[NUMBER_BYTES], frames[NUMBER_BYTES], duration[NUMBER_BYTES];
    const char *arguments[ARGUMENTS_MAX] = {PROGRAM, "-i", wish->interface, "-s", snaplen};
    size_t count = 5;
    snprintf(snaplen, sizeof snaplen, "%u", wish->snaplen);
    snprintf(frames, sizeof frames, "%" PRIu64, wish->frames);
    snprintf(duration, sizeof duration, "%" PRIu64, wish->duration_ms);
    const char *const pairs[][2] = {
        {"-f", wish->filter ? wish->filter : ""}, {"-c", frames}, {"-d", duration}};
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        arguments[count++] = pairs[i][0];
        arguments[count++] = pairs[i][1];
    }
    return start((char *const *)arguments, output, process);
}

bool live_source_start(const struct live_wish *wish, struct live_source *source)
{
    int ends[2];
    if (pipe(ends) != 0) {
        message_write("'%s': %s", wish->interface, strerror(errno));
        return false;
    }
    fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    fcntl(ends[1], F_SETFD, FD_CLOEXEC);
    *source = (struct live_source){.fd = ends[0]};
    const bool started = start_writing(wish, ends[1], &source->process);
    close(ends[1]);
    if (!started)
        close(ends[0]);
    return started;
}

/* ---- ending ---- */

void live_source_stop(struct live_source *source)
{
    if (!source->told)
        kill((pid_t)source->process, SIGTERM);
    source->told = true;
}

/* What it said went to standard error as our own messages do; so does how it ended. */
static int wait_for(int process)
{
    int how = 0;
    while (waitpid((pid_t)process, &how, 0) < 0)
        if (errno != EINTR)
            return STATUS_INCOMPLETE;
    if (WIFEXITED(how))
        return WEXITSTATUS(how);
    if (WTERMSIG(how) == SIGINT || WTERMSIG(how) == SIGTERM)
        return STATUS_SIGNAL + WTERMSIG(how); /* before it could do anything */
    message_write(PROGRAM " was ended by signal %d", WTERMSIG(how));
    return STATUS_INCOMPLETE;
}

int live_source_finish(struct live_source *source)
{
    close(source->fd); /* it ends when nobody reads */
    return wait_for(source->process);
}

int live_source_list(void)
{
    char *const arguments[] = {PROGRAM, "-D", NULL};
    int process = 0;
    fflush(stdout);
    return start(arguments, -1, &process) ? wait_for(process) : STATUS_INCOMPLETE;
}
