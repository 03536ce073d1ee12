#include "base/file.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { FIRST_CAPACITY = 1 << 16 };

static enum eg_status fail_errno(const char *path, const char *what, struct eg_error *error)
{
    char reason[128];
    const int number = errno;
    if (strerror_r(number, reason, sizeof reason) != 0)
        snprintf(reason, sizeof reason, "error %d", number);
    return eg_fail_at(error, EG_ERR_IO, path, 0, 0, "cannot be %s: %s", what, reason);
}

/* Doubles the room; one byte more than `maximum` is enough to see that a file is too large. */
static bool grow(char **text, size_t maximum, size_t *capacity)
{
    const size_t limit = maximum < SIZE_MAX - 2 ? maximum + 2 : SIZE_MAX;
    size_t wanted = *capacity == 0 ? FIRST_CAPACITY : *capacity * 2;
    if (wanted > limit)
        wanted = limit;
    char *larger = realloc(*text, wanted);
    if (larger == NULL)
        return false;
    *text = larger;
    *capacity = wanted;
    return true;
}

static enum eg_status read_all(FILE *file, const char *path, size_t maximum, char **text,
                               size_t *length, struct eg_error *error)
{
    size_t capacity = 0;
    for (;;) {
        if (*length + 1 >= capacity && !grow(text, maximum, &capacity))
            return eg_fail_no_memory(error);
        *length += fread(*text + *length, 1, capacity - 1 - *length, file);
        if (ferror(file))
            return fail_errno(path, "read", error);
        if (*length > maximum)
            return eg_fail_at(error, EG_ERR_LIMIT, path, 0, 0, "is larger than %zu bytes", maximum);
        if (feof(file))
            break;
    }
    (*text)[*length] = '\0';
    return EG_OK;
}

enum eg_status eg_file_read(const char *path, size_t maximum, char **text, size_t *length,
                            struct eg_error *error)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return fail_errno(path, "opened", error);
    char *content = NULL;
    size_t size = 0;
    struct stat information;
    enum eg_status status;
    if (fstat(fileno(file), &information) == 0 && S_ISDIR(information.st_mode))
        status = eg_fail_at(error, EG_ERR_IO, path, 0, 0, "is a directory");
    else
        status = read_all(file, path, maximum, &content, &size, error);
    fclose(file);
    if (status != EG_OK) {
        free(content);
        return status;
    }
    *text = content;
    *length = size;
    return EG_OK;
}
