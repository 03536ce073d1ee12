#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "message.h"

bool output_streams_open(void)
{
    bool output = true;
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        if (fcntl(fd, F_GETFD) != -1 || errno != EBADF)
            continue;
        if (fd == STDOUT_FILENO)
            output = false;
        /* The wrong way round: reading or writing it still fails as on a closed one. */
        if (open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) != fd)
            return false;
    }
    return output;
}

static enum eg_status write_stdout(void *context, const char *bytes, size_t length)
{
    struct output *output = context;
    if (fwrite(bytes, 1, length, stdout) == length)
        return EG_OK;
    output->error = errno;
    return EG_ERR_IO;
}

struct eg_sink output_sink(struct output *output)
{
    *output = (struct output){0};
    return (struct eg_sink){write_stdout, output, EG_OK};
}

bool output_finish(struct output *output)
{
    /* Closing reports what some file systems (NFS, quotas) only then find out. */
    if (fclose(stdout) != 0 && output->error == 0)
        output->error = errno;
    if (output->error == 0 || output->error == EPIPE)
        return true;
    message_write("'standard output': %s", strerror(output->error));
    return false;
}
