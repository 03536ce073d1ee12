/*
 * Pseudonyms: short texts that stand for something that must not be told. The same thing has the
 * same one under the same key; without the key nobody can tell what it stands for, nor whether it
 * stands for something that he guesses.
 *
 * HMAC-SHA-256 of libgcrypt, cut off. The hash of base/hash.h is made to be fast in tables and not
 * to be shown to anyone.
 */
#ifndef EG_PSEUDONYM_H
#define EG_PSEUDONYM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { EG_PSEUDONYM_KEY_BYTES = 32 };

struct eg_pseudonym_key {
    uint8_t bytes[EG_PSEUDONYM_KEY_BYTES];
};

/* A new one. */
void eg_pseudonym_key_draw(struct eg_pseudonym_key *key);

/*
 * The key of a file: 64 hexadecimal digits and a newline. A file that is not there is made, with a
 * new key, so that only its owner may read it. EG_ERR_IO, EG_ERR_SYNTAX.
 */
enum eg_status eg_pseudonym_key_load(const char *path, struct eg_pseudonym_key *key,
                                     struct eg_error *error);

/*
 * Writes `letters` of a-z and 0-9, five bits each, and a zero byte. The same data under another
 * kind is something else. Some us; may be called from several threads.
 */
enum { EG_PSEUDONYM_LETTERS_MAX = 32 };
void eg_pseudonym(const struct eg_pseudonym_key *key, const char *kind, const void *data,
                  size_t length, size_t letters, char *text);

#ifdef __cplusplus
}
#endif

#endif
