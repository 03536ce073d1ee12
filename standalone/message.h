/*
 * Messages on standard error: "egshark: 'file': message".
 */
#ifndef MESSAGE_H
#define MESSAGE_H

#include <stdarg.h>

#include "base/error.h"

/* One line. Control characters, which file names and captures may carry, are shown as '?'. */
void message_write(const char *format, ...) EG_PRINTF(1, 2);
void message_write_v(const char *format, va_list arguments) EG_PRINTF(1, 0);

#endif
