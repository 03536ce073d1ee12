#include "data/facts.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static bool is_c_name(const char *name)
{
    for (const char *c = name; *c != '\0'; c++) {
        if (!isalnum((unsigned char)*c) && *c != '_')
            return false;
    }
    return *name != '\0';
}

/* Octal takes three digits at most, so that no later character can become part of an escape. */
static void put_escaped(int c)
{
    if (c == '"' || c == '\\')
        printf("\\%c", c);
    else if (c >= ' ' && c <= '~' && c != '?')
        putchar(c);
    else
        printf("\\%03o", (unsigned)c);
}

/* One literal a line of the text, so that the generated file reads like it. */
static void put_text(FILE *file)
{
    bool open = false;
    for (int c = getc(file); c != EOF; c = getc(file)) {
        if (!open)
            fputs("    \"", stdout);
        open = c != '\n';
        if (open)
            put_escaped(c);
        else
            fputs("\\n\"\n", stdout);
    }
    fputs(open ? "\";\n" : "    \"\";\n", stdout);
}

int facts_embed(const char *name, const char *path)
{
    if (!is_c_name(name)) {
        fprintf(stderr, "egshark-facts: '%s' cannot be part of a C name\n", name);
        return 1;
    }
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        fprintf(stderr, "egshark-facts: '%s': %s\n", path, strerror(errno));
        return 1;
    }
    printf("#include \"data/builtin.h\"\n\nconst char eg_builtin_%s[] =\n", name);
    put_text(file);
    printf("\nconst size_t eg_builtin_%s_length = sizeof eg_builtin_%s - 1;\n", name, name);
    const bool failed = ferror(file) != 0;
    fclose(file);
    if (failed || fflush(stdout) != 0) {
        fprintf(stderr, "egshark-facts: '%s': could not be copied\n", path);
        return 1;
    }
    return 0;
}
