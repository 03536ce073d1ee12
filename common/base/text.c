#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int eg_text_compare(const char *a, const char *b)
{
    while (*a != '\0' && eg_lower(*a) == eg_lower(*b)) {
        a++;
        b++;
    }
    return (unsigned char)eg_lower(*a) - (unsigned char)eg_lower(*b);
}

void eg_text_append(char *buffer, size_t size, const char *format, ...)
{
    const size_t used = strlen(buffer);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(buffer + used, size - used, format, arguments);
    va_end(arguments);
}
