#include "filter.h"

#include <dlfcn.h>
#include <string.h>

#include "egress.h"
#include "message.h"

/* Found by the run path of the program. */
#define MODULE_FILE "egshark-filter.so"

static const struct filter_module *load(void)
{
    void *library = dlopen(MODULE_FILE, RTLD_LAZY | RTLD_LOCAL);
    const struct filter_module *module = library ? dlsym(library, FILTER_MODULE_SYMBOL) : NULL;
    if (!module)
        message_write("'-Y' needs " MODULE_FILE ": %s", dlerror());
    else if (strcmp(module->version, eg_version()) != 0)
        message_write("'-Y' needs " MODULE_FILE " of version %s, not %s", eg_version(),
                      module->version);
    else
        return module;
    return NULL;
}

/* Both faces obey the same rules: what this run was given, not what Wireshark's user has set. */
static void hand_over(const struct filter_module *module, const struct eg_config *config)
{
    size_t count = 0;
    const struct eg_setting *settings = eg_settings(&count);
    for (size_t i = 0; i < count; i++) {
        const char *value = eg_config_get(config, settings[i].name);
        if (*value)
            module->set_egress_preference(settings[i].name, value);
    }
}

struct filter *filter_new(const char *text, const struct eg_config *config)
{
    const struct filter_module *module = load();
    if (!module || !module->start())
        return NULL;
    hand_over(module, config);
    return module->compile(text);
}

void filter_free(struct filter *filter)
{
    if (filter)
        filter->free(filter);
}
