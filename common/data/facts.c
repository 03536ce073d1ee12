/*
 * egshark-facts: makes the built-in facts. Run by the build, and by hand to renew them; not
 * installed. docs/facts.md shows every command.
 */
#include <stdio.h>
#include <string.h>

#include "data/facts.h"

static int usage(void)
{
    fputs("usage: egshark-facts embed NAME FILE   a text as the C constant eg_builtin_NAME\n",
          stderr);
    return 1;
}

int main(int argc, char **argv)
{
    if (argc == 4 && strcmp(argv[1], "embed") == 0)
        return facts_embed(argv[2], argv[3]);
    return usage();
}
