#include "read_files.h"

#include <stdlib.h>
#include <string.h>

static const char *value_of(const struct options *options, const struct eg_setting *setting)
{
    const bool is_file = setting->kind == EG_SETTING_FILE || setting->kind == EG_SETTING_FILES;
    return is_file ? eg_config_get(options->config, setting->name) : "";
}

/* Each is cut off at the ';' between it and the next. Returns the first free byte. */
static char *add_value(struct read_files *files, const char *value, char *free_text)
{
    const size_t length = strlen(value);
    memcpy(free_text, value, length + 1);
    for (char *path = free_text; *path;) {
        const size_t own = strcspn(path, ";");
        const bool more = path[own] == ';';
        path[own] = '\0';
        files->paths[files->count++] = path;
        path += own + more;
    }
    return free_text + length + 1;
}

enum eg_status read_files_list(const struct options *options, struct read_files *files)
{
    size_t count, length = 0;
    const struct eg_setting *settings = eg_settings(&count);
    for (size_t i = 0; i < count; i++)
        length += strlen(value_of(options, &settings[i])) + 1;
    /* A path takes a byte at least, and so is never one of more than those. */
    *files = (struct read_files){.paths = calloc(options->input_count + length + 1, sizeof(char *)),
                                 .texts = malloc(length + 1)};
    if (!files->paths || !files->texts)
        return EG_ERR_NO_MEMORY;
    for (size_t i = 0; i < options->input_count; i++)
        files->paths[files->count++] = options->inputs[i];
    char *free_text = files->texts;
    for (size_t i = 0; i < count; i++)
        free_text = add_value(files, value_of(options, &settings[i]), free_text);
    return EG_OK;
}

void read_files_clear(struct read_files *files)
{
    free(files->paths);
    free(files->texts);
}
