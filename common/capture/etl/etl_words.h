/*
 * What a trace says of itself, in words: the same in the report, in Wireshark and in a file that
 * is written of it.
 */
#ifndef EG_ETL_WORDS_H
#define EG_ETL_WORDS_H

#include "capture/etl/etl_reader.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
    EG_ETL_ORIGIN_TEXT = 48,
    EG_ETL_SYSTEM_TEXT = 64,
    EG_ETL_NOTE_TEXT = 200,
    EG_ETL_NOTES_MAX = 8,
};

/* "PID=4 TID=8", as etl2pcapng writes it. Returns buffer. */
const char *eg_etl_origin_text(const struct eg_etl_origin *origin, char buffer[EG_ETL_ORIGIN_TEXT]);

/* "Windows 10.0 build 20348". Returns buffer. */
const char *eg_etl_system_text(const struct eg_etl_facts *facts, char buffer[EG_ETL_SYSTEM_TEXT]);

/*
 * What a user should know of what is missing, or could only be guessed; without packets, whose
 * events the trace holds. Returns how many sentences were written.
 */
size_t eg_etl_notes(const struct eg_etl_facts *facts, bool all_components,
                    char notes[EG_ETL_NOTES_MAX][EG_ETL_NOTE_TEXT]);

/* EG_ERR_SYNTAX when not all of the trace could be read, with what could not. */
enum eg_status eg_etl_damage(const struct eg_etl_facts *facts, struct eg_error *error);

#ifdef __cplusplus
}
#endif

#endif
