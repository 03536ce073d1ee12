#include "capture/etl/etl_words.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

const char *eg_etl_origin_text(const struct eg_etl_origin *origin, char buffer[EG_ETL_ORIGIN_TEXT])
{
    snprintf(buffer, EG_ETL_ORIGIN_TEXT, "PID=%" PRIu32 " TID=%" PRIu32, origin->process,
             origin->thread);
    return buffer;
}

const char *eg_etl_system_text(const struct eg_etl_facts *facts, char buffer[EG_ETL_SYSTEM_TEXT])
{
    snprintf(buffer, EG_ETL_SYSTEM_TEXT, "Windows %d.%d build %" PRIu32, facts->windows_major,
             facts->windows_minor, facts->windows_build);
    return buffer;
}

/* ---- notes ---- */

struct notes {
    char (*texts)[EG_ETL_NOTE_TEXT];
    size_t count;
};

static void note(struct notes *notes, const char *format, ...) EG_PRINTF(2, 3);

static void note(struct notes *notes, const char *format, ...)
{
    if (notes->count == EG_ETL_NOTES_MAX)
        return;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(notes->texts[notes->count++], EG_ETL_NOTE_TEXT, format, arguments);
    va_end(arguments);
}

/* "13599 of {394F321C-...}, 242 of ... and 3 more" */
static void list_providers(const struct eg_etl_facts *facts, char *text, size_t size)
{
    enum { SHOWN = 3 };
    size_t used = 0;
    for (size_t i = 0; i < facts->provider_count && i < SHOWN && used < size; i++)
        used += (size_t)snprintf(text + used, size - used, "%s%" PRIu64 " of %.40s", i ? ", " : "",
                                 facts->providers[i].events, facts->providers[i].name);
    if (facts->provider_count > SHOWN && used < size)
        snprintf(text + used, size - used, " and of %zu more", facts->provider_count - SHOWN);
}

static void note_no_packets(struct notes *notes, const struct eg_etl_facts *facts)
{
    char providers[EG_ETL_NOTE_TEXT] = "";
    list_providers(facts, providers, sizeof providers);
    note(notes, "holds no packets, but events: %s", *providers ? providers : "none");
    note(notes, "packets are captured with 'netsh trace start capture=yes', or with 'pktmon start "
                "--capture --pkt-size 0'");
    if (facts->events_lost)
        note(notes, "%" PRIu64 " events were lost", facts->events_lost);
}

static void note_losses(struct notes *notes, const struct eg_etl_facts *facts)
{
    if (facts->lossy_buffers && !facts->events_lost && !facts->buffers_lost)
        note(notes, "events were lost before %" PRIu64 " of its buffers", facts->lossy_buffers);
    if (facts->buffers_lost)
        note(notes, "%" PRIu64 " buffers of events were lost", facts->buffers_lost);
    if (!facts->closed)
        note(notes, "the trace was not stopped: its last events may be missing");
    if (facts->no_frames)
        note(notes, "%" PRIu64 " events hold packets without a link layer: not read",
             facts->no_frames);
    if (facts->unfinished)
        note(notes, "%" PRIu64 " packets were logged in part only: not read", facts->unfinished);
}

size_t eg_etl_notes(const struct eg_etl_facts *facts, bool all_components,
                    char texts[EG_ETL_NOTES_MAX][EG_ETL_NOTE_TEXT])
{
    struct notes notes = {texts, 0};
    if (facts->packet_events == 0)
        note_no_packets(&notes, facts);
    note_losses(&notes, facts);
    if (facts->guessed && !all_components)
        note(&notes, "which of its events log one packet again could only be guessed: compare "
                     "--etl-component all");
    if (facts->disordered)
        note(&notes,
             "%" PRIu64 " buffers were read late, for want of memory: some copies of "
             "packets may be counted",
             facts->disordered);
    return notes.count;
}

/* ---- damage ---- */

enum eg_status eg_etl_damage(const struct eg_etl_facts *facts, struct eg_error *error)
{
    if (facts->bad_buffers)
        return eg_fail(error, EG_ERR_SYNTAX,
                       "damaged: %" PRIu64 " of its buffers could not be read to the end",
                       facts->bad_buffers);
    if (facts->bad_packets)
        return eg_fail(error, EG_ERR_SYNTAX, "damaged: %" PRIu64 " of its packets make no sense",
                       facts->bad_packets);
    if (facts->cut)
        return eg_fail(error, EG_ERR_SYNTAX, "cut short behind buffer %" PRIu64, facts->buffers);
    return EG_OK;
}
