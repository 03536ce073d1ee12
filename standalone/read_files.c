#include "read_files.h"

#include <stdlib.h>

/* 0 of settings that are no files. */
static size_t paths_of(const struct options *options, const struct eg_setting *setting,
                       char *const **paths)
{
    if (setting->kind != EG_SETTING_FILE && setting->kind != EG_SETTING_FILES)
        return 0;
    return eg_config_items(options->config, setting->name, paths);
}

const char **read_files_list(const struct options *options, size_t *count)
{
    size_t settings_count, most = options->input_count;
    char *const *paths;
    const struct eg_setting *settings = eg_settings(&settings_count);
    for (size_t i = 0; i < settings_count; i++)
        most += paths_of(options, &settings[i], &paths);
    const char **list = calloc(most + 1, sizeof *list);
    if (!list)
        return NULL;
    *count = 0;
    for (size_t i = 0; i < options->input_count; i++)
        list[(*count)++] = options->inputs[i];
    for (size_t i = 0; i < settings_count; i++) {
        const size_t more = paths_of(options, &settings[i], &paths);
        for (size_t k = 0; k < more; k++)
            list[(*count)++] = paths[k];
    }
    return list;
}
