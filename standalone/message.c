#include "message.h"

#include <stdio.h>

enum { LINE_MAX_BYTES = 2048 };

void message_write(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    message_write_v(format, arguments);
    va_end(arguments);
}

void message_write_v(const char *format, va_list arguments)
{
    char line[LINE_MAX_BYTES];
    if (vsnprintf(line, sizeof line, format, arguments) < 0)
        return;
    for (char *at = line; *at; at++)
        if ((unsigned char)*at < ' ' || *at == 0x7f)
            *at = '?';
    fprintf(stderr, "egshark: %s\n", line);
}
