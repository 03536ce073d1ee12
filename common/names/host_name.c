#include "names/host_name.h"

#include "base/text.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || is_digit(c) || c == '-' || c == '_';
}

/* The length of the label that text begins with; 0 when it is none. */
static size_t label_of(const char *text, size_t length)
{
    enum { LABEL_MAX = 63 };
    size_t i = 0;
    while (i < length && text[i] != '.' && is_letter(text[i]))
        i++;
    const bool ends = i == length || text[i] == '.';
    return ends && i <= LABEL_MAX && text[0] != '-' ? i : 0;
}

static bool is_number(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (!is_digit(text[i]))
            return false;
    return true;
}

static bool has_labels(const char *name, size_t length)
{
    for (size_t at = 0;;) {
        const size_t label = label_of(name + at, length - at);
        if (label == 0)
            return false;
        if (at + label == length)
            return !is_number(name + at, label);
        at += label + 1;
    }
}

bool eg_host_name_read(const void *bytes, size_t length, char name[EG_HOST_NAME_MAX])
{
    const char *text = bytes;
    char lower[EG_HOST_NAME_MAX];
    if (length && text[length - 1] == '.')
        length--;
    if (length == 0 || length >= EG_HOST_NAME_MAX)
        return false;
    for (size_t i = 0; i < length; i++)
        lower[i] = eg_lower(text[i]);
    if (!has_labels(lower, length))
        return false;
    for (size_t i = 0; i < length; i++)
        name[i] = lower[i];
    name[length] = '\0';
    return true;
}
