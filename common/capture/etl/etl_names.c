#include "capture/etl/etl_names.h"

#include <inttypes.h>
#include <stdio.h>

static void name_card(struct eg_etl_interface *interface, const struct eg_etl_components *cards)
{
    const struct eg_etl_port *port = &interface->port;
    const struct eg_etl_component *card = eg_etl_components_find(cards, port->where);
    if (card && card->name[0])
        snprintf(interface->name, sizeof interface->name, "%s", card->name);
    else
        snprintf(interface->name, sizeof interface->name, "interface %" PRIu32, port->where);
    if (port->layer == port->where)
        snprintf(interface->description, sizeof interface->description, "IfIndex %" PRIu32,
                 port->where);
    else
        snprintf(interface->description, sizeof interface->description,
                 "IfIndex %" PRIu32 ", layer %" PRIu32, port->where, port->layer);
}

static void name_switch_port(struct eg_etl_interface *interface)
{
    const struct eg_etl_port *port = &interface->port;
    snprintf(interface->name, sizeof interface->name, "switch port %" PRIu32, port->where);
    if (port->layer)
        snprintf(interface->description, sizeof interface->description, "VLAN %" PRIu32,
                 port->layer);
}

static const char *edge_name(uint32_t edge)
{
    static const char *const names[] = {"no edge", "upper edge", "lower edge"};
    return edge < sizeof names / sizeof *names ? names[edge] : "further edge";
}

/* "netvsc.sys, upper edge, IfIndex 4, 00-0D-3A-6F-01-02" */
static void describe_component(struct eg_etl_interface *interface,
                               const struct eg_etl_component *component)
{
    char *text = interface->description;
    const size_t size = sizeof interface->description;
    size_t used =
        (size_t)snprintf(text, size, "%s%s%s", component->name, component->name[0] ? ", " : "",
                         edge_name(interface->port.layer));
    if (component->has_index && used < size)
        used += (size_t)snprintf(text + used, size - used, ", IfIndex %" PRIu32, component->index);
    const uint8_t *mac = component->mac;
    if (component->has_mac && used < size)
        snprintf(text + used, size - used, ", %02X-%02X-%02X-%02X-%02X-%02X", mac[0], mac[1],
                 mac[2], mac[3], mac[4], mac[5]);
}

static void name_component(struct eg_etl_interface *interface,
                           const struct eg_etl_components *components)
{
    const struct eg_etl_component *component =
        eg_etl_components_find(components, interface->port.where);
    const char *name = !component                  ? ""
                       : component->description[0] ? component->description
                                                   : component->name;
    if (*name)
        snprintf(interface->name, sizeof interface->name, "%s", name);
    else
        snprintf(interface->name, sizeof interface->name, "component %" PRIu32,
                 interface->port.where);
    if (component)
        describe_component(interface, component);
    else
        snprintf(interface->description, sizeof interface->description, "%s",
                 edge_name(interface->port.layer));
}

void eg_etl_name_interfaces(struct eg_etl_interfaces *interfaces,
                            const struct eg_etl_components *cards,
                            const struct eg_etl_components *components)
{
    for (size_t i = 0; i < interfaces->count; i++) {
        struct eg_etl_interface *interface = &interfaces->items[i];
        switch (interface->port.tap) {
        case EG_ETL_TAP_NDIS:
            name_card(interface, cards);
            break;
        case EG_ETL_TAP_SWITCH:
            name_switch_port(interface);
            break;
        case EG_ETL_TAP_RAS:
            snprintf(interface->name, sizeof interface->name, "VPN tunnels");
            break;
        case EG_ETL_TAP_PKTMON:
        case EG_ETL_TAP_PKTMON_FURTHER:
        case EG_ETL_TAP_PKTMON_DROP:
            name_component(interface, components);
            break;
        }
    }
}
