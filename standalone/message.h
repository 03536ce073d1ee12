/*
 * Messages on standard error: "egshark: 'file': message".
 */
#ifndef MESSAGE_H
#define MESSAGE_H

#include "base/error.h"

/* One line. Control characters, which file names and captures may carry, are shown as '?'. */
void message_write(const char *format, ...) EG_PRINTF(1, 2);

#endif
