#include "message.h"

#include <stdio.h>
#include <string.h>

#include "egress.h"

enum { LINE_MAX_BYTES = 2048 };

/* What is read from outside must do nothing to the terminal. */
static void hide_unseen(char *line)
{
    char *to = line;
    for (size_t step; *line; line += step) {
        const size_t length = eg_utf8_sequence(line);
        step = length ? length : 1;
        if (length && eg_utf8_is_unseen(line, length)) {
            *to++ = '?';
        } else {
            memmove(to, line, step);
            to += step;
        }
    }
    *to = '\0';
}

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
    hide_unseen(line);
    fprintf(stderr, "egshark: %s\n", line);
}
