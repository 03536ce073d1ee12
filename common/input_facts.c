/*
 * Copies of what is known of an input: a report holds no reference to its session.
 */
#include "session.h"

#include <stdlib.h>
#include <string.h>

/* NULL stays NULL; false only without memory. */
static bool copy_text(const char *text, char **copy)
{
    *copy = text ? malloc(strlen(text) + 1) : NULL;
    if (*copy)
        memcpy(*copy, text, strlen(text) + 1);
    return !text || *copy;
}

static void free_list(char **list)
{
    for (size_t i = 0; list && list[i]; i++)
        free(list[i]);
    free(list);
}

/* An empty list becomes NULL. */
static bool copy_list(const char *const *list, char ***copy)
{
    size_t count = 0;
    while (list && list[count])
        count++;
    *copy = count ? calloc(count + 1, sizeof **copy) : NULL;
    for (size_t i = 0; i < count && *copy; i++)
        if (!copy_text(list[i], &(*copy)[i]))
            return false;
    return count == 0 || *copy;
}

static void forget(struct eg_input *input)
{
    input->path = input->format = input->capture_filter = input->system = NULL;
    input->interfaces = input->notes = NULL;
}

void eg_input_clear(struct eg_input *input)
{
    free(input->path);
    free(input->format);
    free(input->capture_filter);
    free(input->system);
    free_list(input->interfaces);
    free_list(input->notes);
    forget(input);
}

enum eg_status eg_input_set_path(struct eg_input *input, const char *path)
{
    return copy_text(path, &input->path) ? EG_OK : EG_ERR_NO_MEMORY;
}

enum eg_status eg_input_set_facts(struct eg_input *input, const struct eg_input_facts *facts)
{
    input->truncated_file = facts->truncated_file;
    input->drops_known = facts->drops_known;
    input->drops = facts->drops;
    const bool copied = copy_text(facts->format, &input->format) &&
                        copy_text(facts->capture_filter, &input->capture_filter) &&
                        copy_text(facts->system, &input->system) &&
                        copy_list(facts->interfaces, &input->interfaces) &&
                        copy_list(facts->notes, &input->notes);
    return copied ? EG_OK : EG_ERR_NO_MEMORY;
}

enum eg_status eg_input_copy(const struct eg_input *from, struct eg_input *to)
{
    const struct eg_input_facts facts = {
        .format = from->format,
        .capture_filter = from->capture_filter,
        .truncated_file = from->truncated_file,
        .drops_known = from->drops_known,
        .drops = from->drops,
        .system = from->system,
        .interfaces = (const char *const *)from->interfaces,
        .notes = (const char *const *)from->notes,
    };
    *to = *from;
    forget(to);
    const enum eg_status status = eg_input_set_path(to, from->path);
    return status == EG_OK ? eg_input_set_facts(to, &facts) : status;
}
