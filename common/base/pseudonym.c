#include "base/pseudonym.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <gcrypt.h>

#include "base/file.h"

enum { DIGITS = 2 * EG_PSEUDONYM_KEY_BYTES, FILE_MAX = 4096, DIGEST_BYTES = 32 };

/* The program that loaded us may have done it, as Wireshark does; twice does no harm. */
static void start_library(void)
{
    gcry_check_version(NULL);
    if (gcry_control(GCRYCTL_INITIALIZATION_FINISHED_P))
        return;
    gcry_control(GCRYCTL_DISABLE_SECMEM, 0);
    gcry_control(GCRYCTL_INITIALIZATION_FINISHED, 0);
}

void eg_pseudonym_key_draw(struct eg_pseudonym_key *key)
{
    start_library();
    gcry_randomize(key->bytes, sizeof key->bytes, GCRY_STRONG_RANDOM);
}

/* ---- the file ---- */

static enum eg_status fail_file(const char *path, const char *what, struct eg_error *error)
{
    char reason[128];
    const int number = errno;
    if (strerror_r(number, reason, sizeof reason) != 0)
        snprintf(reason, sizeof reason, "error %d", number);
    return eg_fail_at(error, EG_ERR_IO, path, 0, 0, "the key cannot be %s: %s", what, reason);
}

static enum eg_status make_file(const char *path, int fd, struct eg_pseudonym_key *key,
                                struct eg_error *error)
{
    char text[DIGITS + 2];
    eg_pseudonym_key_draw(key);
    for (size_t i = 0; i < sizeof key->bytes; i++)
        snprintf(text + 2 * i, 3, "%02x", key->bytes[i]);
    text[DIGITS] = '\n';
    const bool written = write(fd, text, DIGITS + 1) == DIGITS + 1;
    const enum eg_status status = written ? EG_OK : fail_file(path, "written", error);
    if (close(fd) != 0 && written)
        return fail_file(path, "written", error);
    if (!written)
        unlink(path);
    return status;
}

static int digit_of(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

static bool parse(const char *text, size_t length, struct eg_pseudonym_key *key)
{
    while (length && (text[length - 1] == '\n' || text[length - 1] == '\r'))
        length--;
    if (length != DIGITS)
        return false;
    for (size_t i = 0; i < sizeof key->bytes; i++) {
        const int high = digit_of(text[2 * i]), low = digit_of(text[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        key->bytes[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}

/* What the file holds is never part of a message. */
static enum eg_status read_file(const char *path, struct eg_pseudonym_key *key,
                                struct eg_error *error)
{
    char *text = NULL;
    size_t length = 0;
    enum eg_status status = eg_file_read(path, FILE_MAX, &text, &length, error);
    if (status == EG_OK && !parse(text, length, key))
        status = eg_fail_at(error, EG_ERR_SYNTAX, path, 0, 0,
                            "not a key of egshark: %d hexadecimal digits are", DIGITS);
    free(text);
    return status;
}

enum eg_status eg_pseudonym_key_load(const char *path, struct eg_pseudonym_key *key,
                                     struct eg_error *error)
{
    const int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (fd >= 0)
        return make_file(path, fd, key, error);
    if (errno != EEXIST)
        return fail_file(path, "made", error);
    return read_file(path, key, error);
}

/* ---- texts ---- */

void eg_pseudonym(const struct eg_pseudonym_key *key, const char *kind, const void *data,
                  size_t length, size_t letters, char *text)
{
    /* Crockford's: none that is taken for another. */
    static const char alphabet[] = "0123456789abcdefghjkmnpqrstvwxyz";
    uint8_t digest[DIGEST_BYTES] = {0};
    gcry_buffer_t parts[3];
    memset(parts, 0, sizeof parts);
    parts[0].data = (void *)(uintptr_t)key->bytes;
    parts[0].len = sizeof key->bytes;
    parts[1].data = (void *)(uintptr_t)kind;
    parts[1].len = strlen(kind) + 1; /* its end keeps it apart from the data */
    parts[2].data = (void *)(uintptr_t)data;
    parts[2].len = length;
    start_library();
    const bool made =
        gcry_md_hash_buffers(GCRY_MD_SHA256, GCRY_MD_FLAG_HMAC, digest, parts, 3) == 0;
    for (size_t i = 0; i < letters; i++) {
        const size_t bit = 5 * i;
        const unsigned two = (unsigned)digest[bit / 8] << 8 | digest[bit / 8 + 1];
        /* Should the library refuse, nothing is told rather than too much. */
        text[i] = made ? alphabet[two >> (11 - bit % 8) & 31] : '-';
    }
    text[letters] = '\0';
}
