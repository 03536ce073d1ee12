#include <wireshark.h>

#include "egress_column.h"

#include <epan/column-info.h>
#include <epan/column.h>

#include "../ws_compat.h"
#include "egress_host.h"

#define COLUMN_FIELD "egress.cost"

static ws_bool auto_column = TRUE;
static bool awaited; /* the preferences are about to be applied for the first time */

void egress_column_register(module_t *module)
{
    prefs_register_bool_preference(
        module, "auto_column", "Add the column at the next start",
        "Adds the column \"Egress cost\" when Wireshark starts, unless it is there; turns itself "
        "off then, so that a column you remove stays away.",
        &auto_column);
}

/*
 * prefs_apply_all() calls the apply callbacks of modules that changed, after the preferences are
 * read and before the columns are built. Setting a preference and setting it back marks ours.
 */
void egress_column_prepare(void)
{
    static const char *const settings[] = {"egress.auto_column:FALSE", "egress.auto_column:TRUE"};
    for (size_t i = 0; i < 2; i++) {
        char *setting = g_strdup(settings[i]), *message = NULL;
        prefs_set_pref(setting, &message);
        g_free(message);
        g_free(setting);
    }
    awaited = true;
}

/*
 * Also has it show its text: from 4.6 on, whoever presses OK in the preferences makes a column of
 * numbers one of values, "7.292e-09"; twelve decimals are the text.
 */
static bool find_column(void)
{
    bool found = false;
    for (GList *at = prefs.col_list; at; at = at->next) {
        fmt_data *column = at->data;
        if (column->fmt != COL_CUSTOM || !column->custom_fields ||
            strcmp(column->custom_fields, COLUMN_FIELD) != 0)
            continue;
        ws_resolve_column(column);
        found = true;
    }
    return found;
}

/* Before the last column, which is Info and as wide as there is room. */
static void add_column(void)
{
    fmt_data *column = g_new0(fmt_data, 1);
    column->title = g_strdup("Egress cost");
    column->fmt = COL_CUSTOM;
    column->custom_fields = g_strdup(COLUMN_FIELD);
    column->visible = TRUE;
    ws_resolve_column(column);
    const gint last = prefs.num_cols > 0 ? prefs.num_cols - 1 : 0;
    prefs.col_list = g_list_insert(prefs.col_list, column, last);
    prefs.num_cols++;
}

void egress_column_apply(void)
{
    const bool first = awaited, found = find_column();
    awaited = false;
    if (!first || !auto_column || !prefs.col_list || !egress_in_gui())
        return;
    if (!found)
        add_column();
    auto_column = FALSE;
}
