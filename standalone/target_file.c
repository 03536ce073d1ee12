#define _XOPEN_SOURCE 700 /* realpath */
#include "target_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BUFFER_SIZE = 256 * 1024 };

struct target_file {
    char *path; /* without symbolic links */
    char *beside;
    FILE *stream;
    char *buffer;
    struct eg_sink sink;
    uint64_t bytes; /* written to it */
    int failure;    /* errno of the first one; 0: none */
};

/* ---- what may be written over ---- */

static bool is_same(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

static bool is_input(const struct stat *target, const char *const inputs[], size_t count)
{
    struct stat input;
    for (size_t i = 0; i < count; i++) {
        const bool standard = strcmp(inputs[i], "-") == 0;
        if ((standard ? fstat(STDIN_FILENO, &input) : stat(inputs[i], &input)) == 0 &&
            is_same(target, &input))
            return true;
    }
    return false;
}

static enum eg_status check(const char *path, const char *const inputs[], size_t count,
                            struct eg_error *error)
{
    struct stat target, report;
    if (path[0] == '\0')
        return eg_fail(error, EG_ERR_VALUE, "names no file");
    if (strcmp(path, "-") == 0)
        return eg_fail(error, EG_ERR_VALUE, "standard output has the report: name a file");
    if (stat(path, &target) != 0 && lstat(path, &target) == 0)
        return eg_fail(error, EG_ERR_VALUE, "a symbolic link to nothing");
    if (stat(path, &target) != 0)
        return EG_OK; /* free; or else making a file beside it tells why not */
    if (S_ISDIR(target.st_mode))
        return eg_fail(error, EG_ERR_VALUE, "a directory");
    if (!S_ISREG(target.st_mode))
        return eg_fail(error, EG_ERR_VALUE, "not a regular file");
    if (is_input(&target, inputs, count))
        return eg_fail(error, EG_ERR_VALUE, "it is an input, too");
    if (fstat(STDOUT_FILENO, &report) == 0 && is_same(&target, &report))
        return eg_fail(error, EG_ERR_VALUE, "the report goes there");
    if (access(path, W_OK) != 0) /* renaming would not ask */
        return eg_fail(error, EG_ERR_VALUE, "cannot be written: %s", strerror(errno));
    return EG_OK;
}

/* ---- opening ---- */

/* Of the folder's own bytes; the rest is the name in it. */
static size_t folder_length(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? (size_t)(slash - path) + 1 : 0;
}

/* The folder, "" for this one, and a name; NULL without memory. */
static char *in_folder(const char *folder, size_t length, const char *name)
{
    const size_t size = length + strlen(name) + 2;
    char *path = malloc(size);
    const char *slash = length && folder[length - 1] != '/' ? "/" : "";
    if (path)
        snprintf(path, size, "%.*s%s%s", (int)length, folder, slash, name);
    return path;
}

/*
 * The path without symbolic links, so that the file behind one is replaced, not the link; of a file
 * that is not there, its folder's. NULL without memory.
 */
static char *place_of(const char *path)
{
    char *place = realpath(path, NULL);
    if (place)
        return place;
    const size_t length = folder_length(path);
    char *given = in_folder(path, length, length ? "" : ".");
    char *folder = given ? realpath(given, NULL) : NULL;
    place = folder ? in_folder(folder, strlen(folder), path + length) : strdup(path);
    free(given);
    free(folder);
    return place;
}

/* A file of one folder can be renamed within it at once. */
static char *name_beside(const char *path)
{
    return in_folder(path, folder_length(path), ".egshark.XXXXXX");
}

/* That of the old file, or of any new one. */
static mode_t mode_of(const char *path)
{
    struct stat old;
    if (stat(path, &old) == 0)
        return old.st_mode & 0777;
    const mode_t mask = umask(0);
    umask(mask);
    return 0666 & ~mask;
}

static enum eg_status write_target(void *context, const char *bytes, size_t length)
{
    struct target_file *file = context;
    file->bytes += length;
    if (fwrite(bytes, 1, length, file->stream) == length)
        return EG_OK;
    file->failure = errno;
    return EG_ERR_IO;
}

static enum eg_status begin(struct target_file *file, const char *path, struct eg_error *error)
{
    file->path = place_of(path);
    file->beside = file->path ? name_beside(file->path) : NULL;
    file->buffer = malloc(BUFFER_SIZE);
    if (!file->beside || !file->buffer)
        return eg_fail_no_memory(error);
    const int fd = mkstemp(file->beside);
    if (fd < 0) {
        eg_fail(error, EG_ERR_VALUE, "cannot be written: %s", strerror(errno));
        free(file->beside);
        file->beside = NULL;
        return EG_ERR_VALUE;
    }
    fcntl(fd, F_SETFD, FD_CLOEXEC);
    file->stream = fdopen(fd, "wb");
    if (!file->stream) {
        close(fd);
        return eg_fail_no_memory(error);
    }
    setvbuf(file->stream, file->buffer, _IOFBF, BUFFER_SIZE);
    file->sink = (struct eg_sink){write_target, file, EG_OK};
    return EG_OK;
}

enum eg_status target_file_open(const char *path, const char *const inputs[], size_t input_count,
                                struct target_file **file, struct eg_error *error)
{
    enum eg_status status = check(path, inputs, input_count, error);
    if (status != EG_OK)
        return status;
    struct target_file *made = calloc(1, sizeof *made);
    if (!made)
        return eg_fail_no_memory(error);
    status = begin(made, path, error);
    if (status == EG_OK)
        *file = made;
    else
        target_file_close(made);
    return status;
}

bool target_file_is_place(const struct target_file *file, const char *path)
{
    char *place = place_of(path);
    const bool same = place && strcmp(place, file->path) == 0;
    free(place);
    return same;
}

void target_file_close(struct target_file *file)
{
    if (!file)
        return;
    if (file->stream)
        fclose(file->stream);
    if (file->beside)
        unlink(file->beside);
    free(file->beside);
    free(file->path);
    free(file->buffer);
    free(file);
}

/* ---- writing ---- */

uint64_t target_file_bytes(const struct target_file *file)
{
    return file->bytes;
}

struct eg_sink *target_file_sink(struct target_file *file)
{
    return &file->sink;
}

/* Some file systems (NFS, quotas) tell only here that there is no room. */
static int end_writing(struct target_file *file)
{
    const int fd = fileno(file->stream);
    int failure = 0;
    if (fchmod(fd, mode_of(file->path)) != 0 || fflush(file->stream) != 0 || fsync(fd) != 0)
        failure = errno;
    if (fclose(file->stream) != 0 && failure == 0)
        failure = errno;
    file->stream = NULL;
    return failure;
}

enum eg_status target_file_keep(struct target_file *file, struct eg_error *error)
{
    if (file->failure == 0)
        file->failure = end_writing(file);
    if (file->failure == 0 && rename(file->beside, file->path) != 0)
        file->failure = errno;
    if (file->failure != 0)
        return eg_fail(error, EG_ERR_IO, "not written: %s", strerror(file->failure));
    free(file->beside);
    file->beside = NULL;
    return EG_OK;
}
