#include <wireshark.h>

#include "egress_prefs.h"

#include <epan/prefs.h>
#include <wsutil/report_message.h>

#include "../ws_compat.h"
#include "egress_column.h"
#include "egress_host.h"
#include "egress_state.h"

enum { SETTINGS_MAX = 32, CHOICES_MAX = 12 };

/*
 * Where Wireshark puts the value of a preference; which member depends on what it is registered as.
 *
 * An unknown word for a choice is the default to Wireshark, and any but "true" is false, in
 * silence: -o egress.redact:privat would show everything. Only its windows need to know of choices
 * and switches; without them all settings are texts, which the core checks.
 */
struct value {
    bool is_text;
    const char *text;
    ws_bool yes;
    gint choice;
    enum_val_t choices[CHOICES_MAX + 1];
    char *good; /* as text_of() gave it when all settings were good; NULL: they never were */
};

/* One for each setting of the core, in their order. Wireshark uses them until the program ends. */
static struct value values[SETTINGS_MAX];

static const char *text_of(const struct eg_setting *setting, const struct value *value)
{
    const char *text = value->text ? value->text : "";
    switch (setting->kind) {
    case EG_SETTING_BOOL:
        return value->is_text ? text : value->yes ? "true" : "false";
    case EG_SETTING_CHOICE:
        return value->is_text ? text : setting->choices[value->choice];
    default:
        return text;
    }
}

static const char *last_good(const struct eg_setting *setting, const struct value *value)
{
    return value->good ? value->good : setting->initial;
}

static void complain(const struct eg_error *error)
{
    char text[EG_ERROR_FILE_MAX + EG_ERROR_MESSAGE_MAX + 32];
    report_failure("Egress cost: %s\nThe last good settings stay in force.",
                   eg_error_text(error, text, sizeof text));
}

/* What the user wants hidden is hidden, whatever else is wrong. */
static bool hides(const struct eg_setting *setting)
{
    return strcmp(setting->name, "redact") == 0;
}

/* good: the last good settings, but for what hides. */
static enum eg_status configure(struct eg_config *config, bool good, struct eg_error *error)
{
    size_t count = 0;
    const struct eg_setting *settings = eg_settings(&count);
    for (size_t i = 0; i < count; i++) {
        const char *text = good && !hides(&settings[i]) ? last_good(&settings[i], &values[i])
                                                        : text_of(&settings[i], &values[i]);
        /* A default that is left alone stays "not given": it is then shown as assumed. */
        if (strcmp(text, settings[i].initial) == 0)
            continue;
        const enum eg_status status = eg_config_set(config, settings[i].name, text, error);
        if (status != EG_OK)
            return status;
    }
    return EG_OK;
}

static enum eg_status make_rules(bool good, struct eg_rules **rules, struct eg_error *error)
{
    struct eg_config *config = NULL;
    enum eg_status status = eg_config_new(&config);
    if (status == EG_OK)
        status = configure(config, good, error);
    if (status == EG_OK)
        status = eg_rules_new(config, rules, error);
    eg_config_free(config);
    return status;
}

static void keep_good(void)
{
    size_t count = 0;
    const struct eg_setting *settings = eg_settings(&count);
    for (size_t i = 0; i < count; i++) {
        g_free(values[i].good);
        values[i].good = g_strdup(text_of(&settings[i], &values[i]));
    }
}

/* After any change, and once at start: a mistake is reported and changes nothing else. */
static void apply(void)
{
    struct eg_rules *rules = NULL;
    struct eg_error error = {EG_OK, 0, 0, "", ""}, again = error;
    egress_column_apply();
    if (make_rules(false, &rules, &error) == EG_OK) {
        keep_good();
        egress_state_set_rules(rules);
        return;
    }
    complain(&error);
    if (make_rules(true, &rules, &again) == EG_OK)
        egress_state_set_rules(rules);
}

static void register_choice(module_t *module, const struct eg_setting *setting, struct value *value,
                            const char *title)
{
    for (size_t i = 0; setting->choices[i]; i++) {
        g_assert(i < CHOICES_MAX);
        value->choices[i].name = setting->choices[i];
        value->choices[i].description = setting->choices[i];
        value->choices[i].value = (gint)i;
        if (strcmp(setting->choices[i], setting->initial) == 0)
            value->choice = (gint)i;
    }
    prefs_register_enum_preference(module, setting->name, title, setting->help, &value->choice,
                                   value->choices, FALSE);
}

/* "month_to_date" is shown as "Month to date". Lives as long as the program. */
static const char *title_of(const char *name)
{
    if (strcmp(name, "public_ip") == 0)
        return "Public IP address";
    if (strcmp(name, "mtu") == 0)
        return "MTU";
    char *title = g_strdelimit(g_strdup(name), "_", ' ');
    title[0] = g_ascii_toupper(title[0]);
    const char *kept = g_intern_string(title);
    g_free(title);
    return kept;
}

static void register_one(module_t *module, const struct eg_setting *setting, struct value *value)
{
    const char *title = title_of(setting->name);
    const bool picked = setting->kind == EG_SETTING_BOOL || setting->kind == EG_SETTING_CHOICE;
    value->is_text = !picked || !egress_in_gui();
    if (value->is_text) {
        value->text = setting->initial;
        if (setting->kind == EG_SETTING_FILE)
            prefs_register_filename_preference(module, setting->name, title, setting->help,
                                               &value->text, FALSE);
        else
            prefs_register_string_preference(module, setting->name, title, setting->help,
                                             &value->text);
    } else if (setting->kind == EG_SETTING_BOOL) {
        value->yes = strcmp(setting->initial, "true") == 0;
        prefs_register_bool_preference(module, setting->name, title, setting->help, &value->yes);
    } else {
        register_choice(module, setting, value, title);
    }
}

void egress_prefs_register(int proto)
{
    size_t count = 0;
    const struct eg_setting *settings = eg_settings(&count);
    module_t *module = prefs_register_protocol(proto, apply);
    g_assert(count <= SETTINGS_MAX);
    for (size_t i = 0; i < count; i++)
        register_one(module, &settings[i], &values[i]);
    egress_column_register(module);
    apply();
}
