/*
 * The databases that are open, and what they have said: each address is asked for once, and a
 * reader of reports finds the answer again in some nanoseconds.
 */
#include "names/places.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/hash.h"
#include "base/text.h"
#include "names/places_source.h"

enum { SOURCES_MAX = 8, FIRST_SLOTS = 256, ANSWERS_MAX = 1 << 17 };

struct answer {
    struct eg_address address; /* family 0: a free place */
    struct eg_place place;
};

/* Texts, each once: an open table, never more than half full. */
struct texts {
    char **slots;
    size_t slot_count, count;
};

struct eg_places {
    pthread_mutex_t lock; /* over all below it but the sources, and over libloc's counters */
    struct eg_places_source sources[SOURCES_MAX];
    size_t source_count;
    struct answer *answers; /* open, never more than half full */
    size_t slot_count, count;
    struct texts texts;
};

enum eg_status eg_places_new(struct eg_places **places)
{
    struct eg_places *made = calloc(1, sizeof *made);
    if (!made)
        return EG_ERR_NO_MEMORY;
    if (pthread_mutex_init(&made->lock, NULL) != 0) {
        free(made);
        return EG_ERR_NO_MEMORY;
    }
    *places = made;
    return EG_OK;
}

void eg_places_free(struct eg_places *places)
{
    if (!places)
        return;
    for (size_t i = 0; i < places->source_count; i++)
        places->sources[i].close(places->sources[i].handle);
    for (size_t i = 0; i < places->texts.slot_count; i++)
        free(places->texts.slots[i]);
    free(places->texts.slots);
    free(places->answers);
    pthread_mutex_destroy(&places->lock);
    free(places);
}

enum eg_status eg_places_add(struct eg_places *places, const char *path, struct eg_error *error)
{
    if (places->source_count == SOURCES_MAX)
        return eg_fail_at(error, EG_ERR_LIMIT, path, 0, 0, "is one database too many: %d are open",
                          SOURCES_MAX);
    struct eg_places_source *source = &places->sources[places->source_count];
    const enum eg_status status = eg_places_is_loc(path) ? eg_places_open_loc(path, source, error)
                                                         : eg_places_open_mmdb(path, source, error);
    places->source_count += status == EG_OK;
    return status;
}

bool eg_places_add_system(struct eg_places *places)
{
    /* Where the updates of the package `location` go, and what libloc-database brings. */
    static const char *const paths[] = {"/var/lib/location/database.db",
                                        "/usr/share/libloc-location/location.db"};
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
        if (eg_places_is_loc(paths[i]) && eg_places_add(places, paths[i], NULL) == EG_OK)
            return true;
    return false;
}

bool eg_places_any(const struct eg_places *places)
{
    return places->source_count != 0;
}

/* ---- texts ---- */

static size_t text_slot(char *const *slots, size_t count, const char *text)
{
    uint64_t hash = UINT64_C(14695981039346656037); /* FNV-1a; the databases are the user's own */
    for (const char *c = text; *c; c++)
        hash = (hash ^ (unsigned char)*c) * UINT64_C(1099511628211);
    size_t slot = (size_t)hash & (count - 1);
    while (slots[slot] && strcmp(slots[slot], text) != 0)
        slot = (slot + 1) & (count - 1);
    return slot;
}

static bool grow_texts(struct texts *texts)
{
    const size_t count = texts->slot_count ? texts->slot_count * 2 : FIRST_SLOTS;
    char **slots = calloc(count, sizeof *slots);
    if (!slots)
        return false;
    for (size_t i = 0; i < texts->slot_count; i++)
        if (texts->slots[i])
            slots[text_slot(slots, count, texts->slots[i])] = texts->slots[i];
    free(texts->slots);
    texts->slots = slots;
    texts->slot_count = count;
    return true;
}

/* The text kept; "" without memory: then it is as if it was not known. */
static const char *keep(struct texts *texts, const char *text)
{
    if (!text[0] || ((texts->count + 1) * 2 > texts->slot_count && !grow_texts(texts)))
        return "";
    char **slot = &texts->slots[text_slot(texts->slots, texts->slot_count, text)];
    if (!*slot) {
        const size_t size = strlen(text) + 1;
        *slot = malloc(size);
        if (!*slot)
            return "";
        memcpy(*slot, text, size);
        texts->count++;
    }
    return *slot;
}

/* ---- answers ---- */

static size_t answer_slot(const struct answer *answers, size_t count,
                          const struct eg_address *address)
{
    static const struct eg_hash_key no_key = {0, 0}; /* bounded: a slow table is no deep harm */
    uint64_t a, b;
    memcpy(&a, address->bytes, sizeof a);
    memcpy(&b, address->bytes + sizeof a, sizeof b);
    size_t slot = (size_t)eg_hash_words(&no_key, a, b) & (count - 1);
    while (answers[slot].address.family && !eg_address_equal(&answers[slot].address, address))
        slot = (slot + 1) & (count - 1);
    return slot;
}

static bool grow_answers(struct eg_places *places)
{
    const size_t count = places->slot_count ? places->slot_count * 2 : FIRST_SLOTS;
    struct answer *answers = calloc(count, sizeof *answers);
    if (!answers)
        return false;
    for (size_t i = 0; i < places->slot_count; i++)
        if (places->answers[i].address.family)
            answers[answer_slot(answers, count, &places->answers[i].address)] = places->answers[i];
    free(places->answers);
    places->answers = answers;
    places->slot_count = count;
    return true;
}

static struct eg_place ask(struct eg_places *places, const struct eg_address *address)
{
    struct eg_place place = {.org = "", .country = ""};
    for (size_t i = 0; i < places->source_count; i++) {
        struct eg_place_found found = {0};
        places->sources[i].find(places->sources[i].handle, address, &found);
        if (place.asn == 0)
            place.asn = found.asn;
        if (!place.org[0])
            place.org = keep(&places->texts, found.org);
        if (!place.country[0])
            place.country = keep(&places->texts, found.country);
    }
    return place;
}

static struct eg_place find(struct eg_places *places, const struct eg_address *address)
{
    const bool full = (places->count + 1) * 2 > places->slot_count;
    if (full && (places->count == ANSWERS_MAX || !grow_answers(places)))
        return ask(places, address);
    struct answer *answer =
        &places->answers[answer_slot(places->answers, places->slot_count, address)];
    if (!answer->address.family) {
        *answer = (struct answer){*address, ask(places, address)};
        places->count++;
    }
    return answer->place;
}

struct eg_place eg_places_find(struct eg_places *places, const struct eg_address *address)
{
    if (places->source_count == 0)
        return (struct eg_place){.org = "", .country = ""};
    pthread_mutex_lock(&places->lock);
    const struct eg_place place = find(places, address);
    pthread_mutex_unlock(&places->lock);
    return place;
}

const char *eg_places_text(const struct eg_places *places, char *buffer, size_t size)
{
    buffer[0] = '\0';
    for (size_t i = 0; i < places->source_count; i++) {
        const struct eg_places_source *source = &places->sources[i];
        const time_t made = (time_t)source->made;
        struct tm tm;
        char date[16] = "";
        if (gmtime_r(&made, &tm))
            strftime(date, sizeof date, "%Y-%m-%d", &tm);
        eg_text_append(buffer, size, "%s%s %s", i ? ", " : "", source->kind, date);
    }
    return buffer;
}
