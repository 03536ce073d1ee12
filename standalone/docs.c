/*
 * egshark-docs man|bash|zsh: writes the man page or a completion to standard output. Run by the
 * build, not installed.
 */
#include "docs.h"

#include <stdlib.h>
#include <string.h>

#include "message.h"
#include "output.h"

static const struct {
    const char *name;
    void (*write)(struct eg_sink *sink);
} documents[] = {
    {"man", docs_write_man},
    {"bash", docs_write_bash},
    {"zsh", docs_write_zsh},
};

int main(int argc, char *argv[])
{
    struct output output;
    struct eg_sink sink = output_sink(&output);
    for (size_t i = 0; argc == 2 && i < sizeof documents / sizeof documents[0]; i++) {
        if (strcmp(argv[1], documents[i].name) == 0) {
            documents[i].write(&sink);
            return output_finish(&output) ? EXIT_SUCCESS : EXIT_FAILURE;
        }
    }
    message_write("usage: egshark-docs man|bash|zsh");
    return EXIT_FAILURE;
}
