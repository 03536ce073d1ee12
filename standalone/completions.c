/*
 * Completions for bash and zsh, from the option table.
 */
#include "docs.h"
#include "options.h"

static void write_words(struct eg_sink *sink, const char *const *words)
{
    for (size_t i = 0; words[i]; i++)
        eg_sink_format(sink, "%s%s", i ? " " : "", words[i]);
}

/* The names that -o takes, "egress.region:", with the colon as the shell wants it. */
static void write_preferences(struct eg_sink *sink, const char *colon)
{
    size_t count = 0;
    const struct eg_setting *settings = eg_settings(&count);
    for (size_t i = 0; i < count; i++)
        eg_sink_format(sink, "%segress.%s%s", i ? " " : "", settings[i].name, colon);
}

/* ---- bash ---- */

static void write_bash_pattern(struct eg_sink *sink, const struct option_row *row)
{
    if (row->letter)
        eg_sink_format(sink, "-%c%s", row->letter, row->name ? "|" : "");
    if (row->name)
        eg_sink_format(sink, "--%s", row->name);
}

/* What completes the argument of an option. */
static void write_bash_case(struct eg_sink *sink, const struct option_row *row)
{
    const char *const *words = option_words(row);
    eg_sink_text(sink, "    ");
    write_bash_pattern(sink, row);
    eg_sink_text(sink, ")\n");
    if (words) {
        eg_sink_text(sink, "        COMPREPLY=($(compgen -W '");
        write_words(sink, words);
        eg_sink_text(sink, "' -- \"$current\"))\n");
    } else if (row->letter == 'o') {
        eg_sink_text(sink, "        COMPREPLY=($(compgen -W '");
        write_preferences(sink, ":");
        eg_sink_text(sink, "' -- \"$current\"))\n"
                           "        compopt -o nospace 2>/dev/null\n");
    } else if (!option_takes_file(row)) {
        eg_sink_text(sink, "        compopt +o default 2>/dev/null\n");
    }
    eg_sink_text(sink, "        return ;;\n");
}

void docs_write_bash(struct eg_sink *sink)
{
    size_t count = 0;
    const struct option_row *rows = option_table(&count);
    eg_sink_text(sink, "# bash completion for egshark\n"
                       "\n"
                       "_egshark()\n"
                       "{\n"
                       "    local current=${COMP_WORDS[COMP_CWORD]}\n"
                       "    local previous=${COMP_WORDS[COMP_CWORD - 1]}\n"
                       "    COMPREPLY=()\n"
                       "    # --by=class is three words here.\n"
                       "    [[ $current == = ]] && current=\n"
                       "    [[ $previous == = ]] && previous=${COMP_WORDS[COMP_CWORD - 2]}\n"
                       "    case $previous in\n");
    for (size_t i = 0; i < count; i++)
        if (option_argument(&rows[i]))
            write_bash_case(sink, &rows[i]);
    eg_sink_text(sink, "    esac\n"
                       "    # Everything else is a file, which is the default.\n"
                       "    [[ $current == -* ]] && COMPREPLY=($(compgen -W '");
    for (size_t i = 0; i < count; i++) {
        if (rows[i].letter)
            eg_sink_format(sink, "-%c ", rows[i].letter);
        if (rows[i].name)
            eg_sink_format(sink, "--%s ", rows[i].name);
    }
    eg_sink_text(sink, "' -- \"$current\"))\n"
                       "}\n"
                       "complete -o default -F _egshark egshark\n");
}

/* ---- zsh ---- */

/* A description within '[...]', within single quotes. */
static void write_zsh_help(struct eg_sink *sink, const char *help)
{
    for (; *help; help++) {
        if (*help == '\'')
            eg_sink_text(sink, "'\\''");
        else if (*help == '[' || *help == ']' || *help == ':')
            eg_sink_format(sink, "\\%c", *help);
        else
            eg_sink_bytes(sink, help, 1);
    }
}

/* ":REGION:", ":BASIS:(auto ip ethernet)", ":FILE:_files". */
static void write_zsh_argument(struct eg_sink *sink, const struct option_row *row)
{
    const char *const *words = option_words(row);
    eg_sink_text(sink, ":");
    write_zsh_help(sink, option_argument(row));
    eg_sink_text(sink, ":");
    if (words || row->letter == 'o') {
        eg_sink_text(sink, "(");
        if (words)
            write_words(sink, words);
        else
            write_preferences(sink, "\\:");
        eg_sink_text(sink, ")");
    } else if (option_takes_file(row)) {
        eg_sink_text(sink, "_files");
    }
}

static void write_zsh_option(struct eg_sink *sink, const struct option_row *row)
{
    const bool argument = option_argument(row) != NULL;
    eg_sink_text(sink, "    '*'");
    if (row->letter && row->name)
        eg_sink_format(sink, "{-%c%s,--%s%s}", row->letter, argument ? "+" : "", row->name,
                       argument ? "=" : "");
    else if (row->letter)
        eg_sink_format(sink, "-%c%s", row->letter, argument ? "+" : "");
    else
        eg_sink_format(sink, "--%s%s", row->name, argument ? "=" : "");
    eg_sink_text(sink, "'[");
    write_zsh_help(sink, option_help(row));
    eg_sink_text(sink, "]");
    if (argument)
        write_zsh_argument(sink, row);
    eg_sink_text(sink, "' \\\n");
}

void docs_write_zsh(struct eg_sink *sink)
{
    size_t count = 0;
    const struct option_row *rows = option_table(&count);
    eg_sink_text(sink, "#compdef egshark\n"
                       "\n"
                       "_arguments -s -S \\\n");
    for (size_t i = 0; i < count; i++)
        write_zsh_option(sink, &rows[i]);
    eg_sink_text(sink, "    '*:capture:_files'\n");
}
