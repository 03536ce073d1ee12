/*
 * Windows event traces (.etl) as an input: what the core's reader tells, in the program's words.
 */
#ifndef ETL_INPUT_H
#define ETL_INPUT_H

#include <stdbool.h>
#include <stdint.h>

#include "egress.h"

/* Whether path ("-": standard input) begins as a trace does. None of its bytes are taken. */
bool etl_input_is_trace(const char *path);

struct etl_input; /* opaque */

/*
 * Reads all of the trace once. EG_ERR_IO when it cannot be read, EG_ERR_SYNTAX when it is no
 * trace, or none that can be read twice; the message is without the path.
 */
enum eg_status etl_input_open(const char *path, bool all_components, struct etl_input **input,
                              struct eg_error *error);
void etl_input_close(struct etl_input *input);

/* As capture_next(). What is damaged is stepped over, and an error behind the last frame. */
enum eg_status etl_input_next(struct etl_input *input, struct eg_frame *frame, bool *more,
                              struct eg_error *error);

/* Of the last frame; texts are valid until the input is closed. */
struct eg_capture_interface etl_input_interface(struct etl_input *input,
                                                const struct eg_frame *frame);

struct eg_etl_origin etl_input_origin(const struct etl_input *input);

uint64_t etl_input_bytes_read(const struct etl_input *input);

/* Complete behind the last frame; strings are valid until the input is closed. */
void etl_input_facts(struct etl_input *input, struct eg_input_facts *facts);

#endif
