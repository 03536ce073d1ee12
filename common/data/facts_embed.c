#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "data/facts.h"

enum { TEXT_MAX = 16 << 20 };

static bool is_c_name(const char *name)
{
    for (const char *c = name; *c != '\0'; c++) {
        if (!isalnum((unsigned char)*c) && *c != '_')
            return false;
    }
    return *name != '\0';
}

/* One literal a line of the text, so that the generated file reads like it. */
static void put_lines(const char *text, size_t length)
{
    const char *end = text + length;
    while (text < end) {
        const char *feed = memchr(text, '\n', (size_t)(end - text));
        const char *behind = feed == NULL ? end : feed + 1;
        fputs("\n    ", stdout);
        facts_put_literal(text, (size_t)(behind - text));
        text = behind;
    }
}

int facts_embed(const char *name, const char *path)
{
    struct eg_error error;
    if (!is_c_name(name)) {
        eg_fail(&error, EG_ERR_VALUE, "'%s' cannot be part of a C name", name);
        return facts_fail(&error);
    }
    char *text;
    size_t length;
    if (eg_file_read(path, TEXT_MAX, &text, &length, &error) != EG_OK)
        return facts_fail(&error);
    printf("#include \"data/builtin.h\"\n\nconst char eg_builtin_%s[] = \"\"", name);
    put_lines(text, length);
    printf(";\n\nconst size_t eg_builtin_%s_length = sizeof eg_builtin_%s - 1;\n", name, name);
    free(text);
    return facts_finish();
}
