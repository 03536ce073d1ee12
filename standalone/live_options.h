/*
 * The options of `egshark -i`, for the table.
 */
#ifndef LIVE_OPTIONS_H
#define LIVE_OPTIONS_H

#include "options.h"

/* Takers, as struct option_row has them. */
enum eg_status take_interface(struct options *options, const struct option_row *row,
                              const char *argument, struct eg_error *error);
enum eg_status take_capture_filter(struct options *options, const struct option_row *row,
                                   const char *argument, struct eg_error *error);
enum eg_status take_autostop(struct options *options, const struct option_row *row,
                             const char *argument, struct eg_error *error);
enum eg_status take_snaplen(struct options *options, const struct option_row *row,
                            const char *argument, struct eg_error *error);
enum eg_status take_live(struct options *options, const struct option_row *row,
                         const char *argument, struct eg_error *error);
enum eg_status take_list(struct options *options, const struct option_row *row,
                         const char *argument, struct eg_error *error);

/* Whether what captures and what reads a file were not mixed. EG_ERR_VALUE. */
enum eg_status live_options_check(const struct options *options, struct eg_error *error);

#endif
