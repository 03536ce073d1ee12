/*
 * Runs files through a fuzz target without libFuzzer: replay FILE|FOLDER...
 *
 * So any compiler and every test run keeps the inputs that once mattered. Fails when there are
 * none, or when one cannot be read; the target itself aborts when it finds something.
 */
#include "fuzz.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"

enum { INPUT_MAX = 64 << 20 };

static bool replay_file(const char *path)
{
    char *text;
    size_t length;
    struct eg_error error;
    if (eg_file_read(path, INPUT_MAX, &text, &length, &error) != EG_OK) {
        fprintf(stderr, "replay: '%s': %s\n", path, error.message);
        return false;
    }
    /* A copy of the exact size: a sanitizer sees the first byte read beyond it. */
    uint8_t *bytes = malloc(length == 0 ? 1 : length);
    const bool copied = bytes != NULL;
    if (copied) {
        memcpy(bytes, text, length);
        LLVMFuzzerTestOneInput(bytes, length);
    }
    free(bytes);
    free(text);
    return copied;
}

/* Adds to *count what was replayed. Folders are not searched for folders. */
static bool replay_folder(DIR *folder, const char *path, unsigned *count)
{
    bool good = true;
    for (const struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        if (entry->d_name[0] == '.')
            continue;
        char name[4096];
        snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
        good = replay_file(name) && good;
        ++*count;
    }
    return good;
}

int main(int argc, char *argv[])
{
    bool good = true;
    unsigned count = 0;
    for (int i = 1; i < argc; i++) {
        DIR *folder = opendir(argv[i]);
        if (folder != NULL) {
            good = replay_folder(folder, argv[i], &count) && good;
            closedir(folder);
        } else {
            good = replay_file(argv[i]) && good;
            count++;
        }
    }
    printf("replay: %u inputs\n", count);
    return good && count > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
