/*
 * A configuration: settings as text, each value checked when it is set.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

/* A list for FILES and "local", at most one item for the others. */
struct value {
    char **items;
    size_t count;
    char *text; /* the items joined, for eg_config_get(); NULL: none */
};

struct eg_config {
    struct value *values; /* one a setting, in their order */
    size_t count;
};

static void value_clear(struct value *value)
{
    for (size_t i = 0; i < value->count; i++)
        free(value->items[i]);
    free(value->items);
    free(value->text);
    *value = (struct value){NULL, 0, NULL};
}

enum eg_status eg_config_new(struct eg_config **config)
{
    struct eg_config *made = calloc(1, sizeof *made);
    if (!made)
        return EG_ERR_NO_MEMORY;
    eg_settings(&made->count);
    made->values = calloc(made->count, sizeof *made->values);
    if (!made->values) {
        free(made);
        return EG_ERR_NO_MEMORY;
    }
    *config = made;
    return EG_OK;
}

void eg_config_free(struct eg_config *config)
{
    if (!config)
        return;
    for (size_t i = 0; i < config->count; i++)
        value_clear(&config->values[i]);
    free(config->values);
    free(config);
}

static struct value *value_of(const struct eg_config *config, const struct eg_setting *setting)
{
    size_t count = 0;
    return &config->values[setting - eg_settings(&count)];
}

static bool is_list(const struct eg_setting *setting)
{
    return setting->kind == EG_SETTING_FILES || strcmp(setting->name, "local") == 0;
}

static char separator_of(const struct eg_setting *setting)
{
    return setting->kind == EG_SETTING_FILES ? ';' : ',';
}

/* Joins the items anew; NULL text stays when there are none. False without memory. */
static bool join(struct value *value, char separator)
{
    size_t length = 1;
    for (size_t i = 0; i < value->count; i++)
        length += strlen(value->items[i]) + 1;
    char *text = malloc(length);
    if (!text)
        return false;
    char *at = text;
    for (size_t i = 0; i < value->count; i++) {
        const size_t size = strlen(value->items[i]);
        if (i)
            *at++ = separator;
        memcpy(at, value->items[i], size);
        at += size;
    }
    *at = '\0';
    free(value->text);
    value->text = text;
    return true;
}

static bool append(struct value *value, const char *text, size_t length)
{
    char **items = realloc(value->items, (value->count + 1) * sizeof *items);
    if (!items)
        return false;
    value->items = items;
    char *item = malloc(length + 1);
    if (!item)
        return false;
    memcpy(item, text, length);
    item[length] = '\0';
    value->items[value->count++] = item;
    return true;
}

/* Splits FILES at ';' and takes everything else whole. */
static bool append_all(struct value *value, const struct eg_setting *setting, const char *text)
{
    if (setting->kind != EG_SETTING_FILES)
        return append(value, text, strlen(text));
    for (const char *at = text; *at;) {
        const size_t length = strcspn(at, ";");
        if (length && !append(value, at, length))
            return false;
        at += length + (at[length] == ';');
    }
    return true;
}

/* The spelling of the command line: "month-to-date". */
static const char *shown_name(const struct eg_setting *setting, char buffer[64])
{
    size_t i = 0;
    for (; setting->name[i] && i < 63; i++)
        buffer[i] = setting->name[i] == '_' ? '-' : setting->name[i];
    buffer[i] = '\0';
    return buffer;
}

static enum eg_status fail_choice(const struct eg_setting *setting, const char *value,
                                  struct eg_error *error)
{
    char name[64], list[160] = "";
    for (size_t i = 0; setting->choices[i]; i++) {
        const char *const before = i == 0 ? "" : setting->choices[i + 1] ? ", " : " or ";
        eg_text_append(list, sizeof list, "%s%s", before, setting->choices[i]);
    }
    return eg_fail(error, EG_ERR_VALUE, "'%s' is not %s: '%s'", shown_name(setting, name), list,
                   value);
}

/*
 * A word in its one spelling: "true" for "TRUE", as Wireshark writes its preferences. What is no
 * word of the setting's is left for check() to refuse.
 */
static const char *spelled(const struct eg_setting *setting, const char *value)
{
    static const char *const truths[] = {"true", "false", NULL};
    const char *const *words = setting->kind == EG_SETTING_BOOL ? truths : setting->choices;
    for (size_t i = 0; words && words[i]; i++)
        if (eg_text_compare(words[i], value) == 0)
            return words[i];
    return value;
}

static bool is_choice(const struct eg_setting *setting, const char *value)
{
    for (size_t i = 0; setting->choices[i]; i++)
        if (strcmp(setting->choices[i], value) == 0)
            return true;
    return false;
}

/* Checks by applying to rules that are then thrown away. */
static enum eg_status check(const struct eg_setting *setting, const char *value,
                            struct eg_error *error)
{
    char name[64];
    if (setting->kind == EG_SETTING_CHOICE && !is_choice(setting, value))
        return fail_choice(setting, value, error);
    if (setting->kind == EG_SETTING_BOOL && strcmp(value, "true") != 0 &&
        strcmp(value, "false") != 0)
        return eg_fail(error, EG_ERR_VALUE, "'%s' is not true or false: '%s'",
                       shown_name(setting, name), value);
    struct eg_rules scratch;
    eg_rules_init(&scratch);
    const enum eg_status status = setting->apply(&scratch, value, error);
    eg_rules_clear(&scratch);
    return status;
}

/* Replaces the value of setting by what `made` holds, which is emptied. */
static enum eg_status install(struct eg_config *config, const struct eg_setting *setting,
                              struct value *made, struct eg_error *error)
{
    if (made->count && !join(made, separator_of(setting))) {
        value_clear(made);
        return eg_fail_no_memory(error);
    }
    struct value *value = value_of(config, setting);
    value_clear(value);
    *value = *made;
    return EG_OK;
}

enum eg_status eg_config_set(struct eg_config *config, const char *name, const char *value,
                             struct eg_error *error)
{
    const struct eg_setting *setting = eg_setting_find(name);
    if (!setting)
        return eg_fail(error, EG_ERR_VALUE, "there is no setting '%s'", name);
    struct value made = {NULL, 0, NULL};
    if (*value != '\0') {
        const char *const word = spelled(setting, value);
        const enum eg_status status = check(setting, word, error);
        if (status != EG_OK)
            return status;
        if (!append_all(&made, setting, word)) {
            value_clear(&made);
            return eg_fail_no_memory(error);
        }
    }
    return install(config, setting, &made, error);
}

enum eg_status eg_config_add(struct eg_config *config, const char *name, const char *value,
                             struct eg_error *error)
{
    const struct eg_setting *setting = eg_setting_find(name);
    if (!setting || !is_list(setting))
        return eg_config_set(config, name, value, error);
    const enum eg_status status = check(setting, value, error);
    if (status != EG_OK)
        return status;
    struct value *current = value_of(config, setting);
    if (!append(current, value, strlen(value)) || !join(current, separator_of(setting)))
        return eg_fail_no_memory(error);
    return EG_OK;
}

const char *eg_config_get(const struct eg_config *config, const char *name)
{
    const struct eg_setting *setting = eg_setting_find(name);
    const char *text = setting ? value_of(config, setting)->text : NULL;
    return text ? text : "";
}

size_t eg_config_items(const struct eg_config *config, const char *name, char *const **items)
{
    const struct value *value = value_of(config, eg_setting_find(name));
    *items = value->items;
    return value->count;
}
