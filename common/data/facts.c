/*
 * egshark-facts: makes the built-in facts. Run by the build, and by hand to renew them; not
 * installed. docs/facts.md shows every command.
 */
#include "data/facts.h"

#include <stdio.h>
#include <string.h>

int facts_fail(const struct eg_error *error)
{
    char text[EG_ERROR_FILE_MAX + EG_ERROR_MESSAGE_MAX + 64];
    fprintf(stderr, "egshark-facts: %s\n", eg_error_text(error, text, sizeof text));
    return 1;
}

int facts_finish(void)
{
    if (fflush(stdout) == 0 && ferror(stdout) == 0)
        return 0;
    fputs("egshark-facts: standard output could not be written\n", stderr);
    return 1;
}

/* Octal takes three digits at most, so that no later character can become part of an escape. */
static void put_escaped(unsigned char c)
{
    if (c == '"' || c == '\\')
        printf("\\%c", c);
    else if (c >= ' ' && c <= '~' && c != '?')
        putchar(c);
    else if (c == '\n')
        fputs("\\n", stdout);
    else
        printf("\\%03o", (unsigned)c);
}

void facts_put_literal(const char *text, size_t length)
{
    putchar('"');
    for (size_t i = 0; i < length; i++)
        put_escaped((unsigned char)text[i]);
    putchar('"');
}

static int usage(void)
{
    fputs("usage: egshark-facts embed NAME FILE         a text as the C constant eg_builtin_NAME\n"
          "       egshark-facts reduce FILE             a provider's range file as a ranges text\n"
          "       egshark-facts compile-ranges FILE...  ranges texts as C tables\n"
          "       egshark-facts compile-regions FILE    regions.csv as a C table\n"
          "       egshark-facts renew-rates RATES REGIONS ANSWER SOURCE DATE\n"
          "                                             RATES with what the price API answered\n",
          stderr);
    return 1;
}

int main(int argc, char **argv)
{
    const char *command = argc > 1 ? argv[1] : "";
    if (argc == 4 && strcmp(command, "embed") == 0)
        return facts_embed(argv[2], argv[3]);
    if (argc == 3 && strcmp(command, "reduce") == 0)
        return facts_reduce(argv[2]);
    if (argc >= 3 && strcmp(command, "compile-ranges") == 0)
        return facts_compile_ranges(argv + 2, (size_t)argc - 2);
    if (argc == 3 && strcmp(command, "compile-regions") == 0)
        return facts_compile_regions(argv[2]);
    if (argc == 7 && strcmp(command, "renew-rates") == 0)
        return facts_renew_rates(argv[2], argv[3], argv[4], argv[5], argv[6]);
    return usage();
}
