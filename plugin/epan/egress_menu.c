/*
 * Statistics > Egress Report and Filters: saves the report, and shows the packets that are billed,
 * free or of one class, and those to the costliest destination.
 */
#include <wireshark.h>

#include <epan/packet.h>
#include <epan/plugin_if.h>
#include <wsutil/report_message.h>

#include "egress_state.h"
#include "packet-egress.h"

static void apply_filter(ext_menubar_gui_type gui _U_, gpointer object _U_, gpointer filter)
{
    plugin_if_apply_filter(filter, TRUE);
}

static void apply_class(ext_menubar_gui_type gui, gpointer object, gpointer class_)
{
    char *filter = g_strdup_printf("egress.direction == \"egress\" && egress.class == \"%s\"",
                                   (const char *)class_);
    apply_filter(gui, object, filter);
    g_free(filter);
}

static void apply_costliest(ext_menubar_gui_type gui, gpointer object, gpointer data _U_)
{
    static const struct eg_view view = {EG_BY_DESTINATION, EG_VIEW_EGRESS};
    char address[EG_ROW_TEXT_MAX] = "";
    struct eg_report *report = egress_state_new_report(NULL, &view);
    if (report)
        eg_report_costliest(report, address);
    eg_report_free(report);
    if (address[0] == '\0') {
        report_warning("Egress cost: no destination has a price above zero");
        return;
    }
    char *filter = g_strdup_printf("egress.direction == \"egress\" && %s.dst == %s",
                                   strchr(address, ':') ? "ipv6" : "ip", address);
    apply_filter(gui, object, filter);
    g_free(filter);
}

static void save_report(ext_menubar_gui_type gui _U_, gpointer object _U_, gpointer data _U_)
{
    egress_save_report();
}

void egress_menu_register(int proto)
{
    static const struct {
        const char *label, *tooltip;
        char *filter;
    } filters[] = {
        {"Billed", "Packets with a price above zero", "egress.cost > 0"},
        {"Free", "Egress that costs nothing", "egress.direction == \"egress\" && egress.cost == 0"},
        {"Unpriced", "Egress without a price", "egress.direction == \"egress\" && !egress.cost"},
        {"Copies", "Packets that were captured before", "egress.duplicate == 1"},
    };
    ext_menu_t *menu = ext_menubar_register_menu(proto, "Egress Report and Filters", TRUE);
    ext_menubar_set_parentmenu(menu, "Statistics");
    ext_menubar_add_entry(menu, "Save Report", "The report as one HTML file, beside the capture",
                          save_report, NULL);
    ext_menubar_add_separator(menu);
    for (size_t i = 0; i < array_length(filters); i++)
        ext_menubar_add_entry(menu, filters[i].label, filters[i].tooltip, apply_filter,
                              filters[i].filter);
    ext_menubar_add_entry(menu, "Costliest Destination", "Packets to the address that costs most",
                          apply_costliest, NULL);
    ext_menubar_add_separator(menu);
    const char *class_;
    for (size_t i = 0; (class_ = eg_class_at(i)); i++) {
        char *label = g_strdup_printf("Class: %s", class_);
        ext_menubar_add_entry(menu, label, "Egress of this class", apply_class, (gpointer)class_);
        g_free(label);
    }
}
