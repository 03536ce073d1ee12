/*
 * The texts of facts_reduce.c as C tables, flattened so that the program starts without building
 * anything.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/file.h"
#include "base/number.h"
#include "classify/prefix_table.h"
#include "classify/ranges.h"
#include "data/facts.h"

enum { TEXT_MAX = 64 << 20 };

/* One text. Strings point into it. */
struct ranges_text {
    char *text;
    const char *provider;
    const char *as_of;
    uint64_t prefixes;
    uint64_t prefixes_v6;
    struct eg_label *labels;
    size_t label_count;
    struct eg_prefix_entry *entries;
    size_t entry_count;
};

static void clear(struct ranges_text *ranges)
{
    free(ranges->text);
    free(ranges->labels);
    free(ranges->entries);
}

static const char *or_empty(const char *word)
{
    return strcmp(word, "-") == 0 ? "" : word;
}

/* Cuts the next word off a line; "" at its end. */
static char *next_word(char **line)
{
    char *word = *line + strspn(*line, " ");
    char *end = word + strcspn(word, " ");
    *line = *end == '\0' ? end : end + 1;
    *end = '\0';
    return word;
}

/* "[region service]" or "[region service cdn-origin]". */
static bool read_heading(struct ranges_text *ranges, char *line)
{
    const size_t length = strlen(line);
    if (line[length - 1] != ']')
        return false;
    line[length - 1] = '\0';
    line++;
    struct eg_label *label = &ranges->labels[ranges->label_count++];
    *label = (struct eg_label){.provider = ranges->provider};
    label->region = or_empty(next_word(&line));
    label->service = or_empty(next_word(&line));
    const char *flag = next_word(&line);
    if (strcmp(flag, "cdn-origin") == 0)
        label->flags = EG_LABEL_CDN_ORIGIN;
    return (flag[0] == '\0' || label->flags != 0) && *line == '\0';
}

static bool read_prefix(struct ranges_text *ranges, const char *line)
{
    struct eg_prefix_entry *entry = &ranges->entries[ranges->entry_count++];
    entry->value = (uint32_t)ranges->label_count - 1;
    return eg_prefix_parse(line, strlen(line), &entry->prefix);
}

/* "provider azure" and the like, in front of the first heading. */
static bool read_property(struct ranges_text *ranges, char *line)
{
    const char *name = next_word(&line);
    if (strcmp(name, "provider") == 0)
        ranges->provider = line;
    else if (strcmp(name, "as-of") == 0)
        ranges->as_of = or_empty(line);
    else if (strcmp(name, "prefixes") == 0)
        return eg_parse_u64(line, strlen(line), UINT32_MAX, &ranges->prefixes);
    else if (strcmp(name, "prefixes-v6") == 0)
        return eg_parse_u64(line, strlen(line), UINT32_MAX, &ranges->prefixes_v6);
    else
        return strcmp(name, "source") == 0;
    return true;
}

static bool read_line(struct ranges_text *ranges, char *line)
{
    if (line[0] == '\0' || line[0] == '#')
        return true;
    if (line[0] == '[')
        return read_heading(ranges, line);
    return ranges->label_count == 0 ? read_property(ranges, line) : read_prefix(ranges, line);
}

static size_t count_lines(const char *text)
{
    size_t lines = 1;
    for (const char *feed = text; (feed = strchr(feed, '\n')) != NULL; feed++)
        lines++;
    return lines;
}

/* Fills *ranges, which the caller clears whatever happens. */
static enum eg_status read_text(const char *path, struct ranges_text *ranges,
                                struct eg_error *error)
{
    size_t length;
    const enum eg_status status = eg_file_read(path, TEXT_MAX, &ranges->text, &length, error);
    if (status != EG_OK)
        return status;
    const size_t lines = count_lines(ranges->text); /* no more labels or entries than these */
    ranges->labels = calloc(lines, sizeof *ranges->labels);
    ranges->entries = calloc(lines, sizeof *ranges->entries);
    if (ranges->labels == NULL || ranges->entries == NULL)
        return eg_fail_no_memory(error);
    ranges->provider = ranges->as_of = "";
    char *line = ranges->text;
    for (unsigned number = 1; line != NULL; number++) {
        char *feed = strchr(line, '\n');
        if (feed != NULL)
            *feed = '\0';
        if (!read_line(ranges, line))
            return eg_fail_at(error, EG_ERR_SYNTAX, path, number, 1, "cannot be read");
        line = feed == NULL ? NULL : feed + 1;
    }
    if (ranges->provider[0] == '\0' || ranges->entry_count == 0)
        return eg_fail_at(error, EG_ERR_SYNTAX, path, 0, 0, "has no provider or no prefixes");
    return EG_OK;
}

static void put_string(const char *text)
{
    facts_put_literal(text, strlen(text));
}

static void put_labels(const struct ranges_text *ranges)
{
    printf("\nstatic const struct eg_label %s_labels[] = {\n", ranges->provider);
    for (size_t i = 0; i < ranges->label_count; i++) {
        const struct eg_label *label = &ranges->labels[i];
        fputs("    {", stdout);
        put_string(label->provider);
        fputs(", ", stdout);
        put_string(label->region);
        fputs(", ", stdout);
        put_string(label->service);
        printf(", %u},\n", label->flags);
    }
    fputs("};\n", stdout);
}

static void put_value(uint32_t value, uint8_t length)
{
    if (value == EG_PREFIX_NONE)
        fputs("NONE, 0},\n", stdout);
    else
        printf("%" PRIu32 ", %u},\n", value, length);
}

/* C has no empty arrays: a family without ranges gets one that no count includes. */
static void put_table(const char *provider, const struct eg_prefix_table *table)
{
    printf("\nstatic const struct eg_range4 %s_v4[] = {\n", provider);
    for (size_t i = 0; i < table->v4_count; i++) {
        printf("    {0x%08" PRIx32 ", ", table->v4[i].first);
        put_value(table->v4[i].value, table->v4[i].length);
    }
    fputs(table->v4_count == 0 ? "    {0, NONE, 0},\n};\n" : "};\n", stdout);
    printf("\nstatic const struct eg_range6 %s_v6[] = {\n", provider);
    for (size_t i = 0; i < table->v6_count; i++) {
        printf("    {0x%" PRIx64 ", 0x%" PRIx64 ", ", table->v6[i].first_high,
               table->v6[i].first_low);
        put_value(table->v6[i].value, table->v6[i].length);
    }
    fputs(table->v6_count == 0 ? "    {0, 0, NONE, 0},\n};\n" : "};\n", stdout);
}

static enum eg_status put_arrays(const struct ranges_text *ranges, struct eg_error *error)
{
    struct eg_prefix_table table;
    if (eg_prefix_table_build(ranges->entries, ranges->entry_count, &table) != EG_OK)
        return eg_fail_no_memory(error);
    put_labels(ranges);
    put_table(ranges->provider, &table);
    printf("\nenum { %s_V4 = %zu, %s_V6 = %zu };\n", ranges->provider, table.v4_count,
           ranges->provider, table.v6_count);
    eg_prefix_table_clear(&table);
    return EG_OK;
}

static void put_provider(const struct ranges_text *ranges)
{
    const char *name = ranges->provider;
    printf("    {.source = {.provider = \"%s\", .as_of = ", name);
    put_string(ranges->as_of);
    printf(",\n                .prefixes = %" PRIu64 ", .prefixes_v6 = %" PRIu64 "},\n",
           ranges->prefixes, ranges->prefixes_v6);
    printf("     .labels = %s_labels, .label_count = %zu,\n", name, ranges->label_count);
    printf("     .prefixes = {%s_v4, %s_V4, %s_v6, %s_V6}},\n", name, name, name, name);
}

int facts_compile_ranges(char *const paths[], size_t count)
{
    struct eg_error error;
    struct ranges_text *texts = calloc(count, sizeof *texts);
    enum eg_status status = texts == NULL ? eg_fail_no_memory(&error) : EG_OK;
    fputs("#include \"data/builtin.h\"\n#include \"classify/range_table.h\"\n\n"
          "#define NONE EG_PREFIX_NONE\n",
          stdout);
    for (size_t i = 0; status == EG_OK && i < count; i++) {
        status = read_text(paths[i], &texts[i], &error);
        if (status == EG_OK)
            status = put_arrays(&texts[i], &error);
    }
    fputs("\nstatic const struct eg_range_table tables[] = {\n", stdout);
    for (size_t i = 0; status == EG_OK && i < count; i++)
        put_provider(&texts[i]);
    printf("};\n\nconst struct eg_range_table *const eg_builtin_ranges = tables;\n"
           "const size_t eg_builtin_ranges_count = %zu;\n",
           count);
    for (size_t i = 0; texts != NULL && i < count; i++)
        clear(&texts[i]);
    free(texts);
    return status == EG_OK ? facts_finish() : facts_fail(&error);
}
