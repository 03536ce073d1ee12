#include "traffic/hints.h"

#include <stdlib.h>

/* ARPHRD_ numbers of Linux, include/uapi/linux/if_arp.h. */
enum {
    HARDWARE_ETHERNET = 1,
    HARDWARE_PPP = 512,
    HARDWARE_TUNNEL = 768, /* IPIP */
    HARDWARE_TUNNEL6 = 769,
    HARDWARE_LOOPBACK = 772,
    HARDWARE_SIT = 776,
    HARDWARE_IPGRE = 778,
    HARDWARE_IP6GRE = 823,
    HARDWARE_NONE = 0xfffe, /* tun, WireGuard */
};

/* In sent_out: nobody sent there; several inputs did, and which one cannot be told. */
enum { SENT_BY_NONE = 0, SENT_BY_MANY = UINT32_MAX };

/* What one interface showed. Received frames of other hosts say nothing about this one. */
struct sightings {
    uint64_t received, received_for_public; /* IPv4 packets */
    uint64_t sent, sent_from_public;
    uint64_t unicast, unicast_for_others; /* any family: judge_forwarders() */
    bool seen;                            /* with a hint */
    bool overheard;                       /* frames for other hosts */
    bool told;                            /* the capture tells it from other interfaces */
    bool sent_any;                        /* of any family */
    bool sent_to_public;
    bool received_own; /* unicast frames, for this interface itself */
};

struct eg_hints {
    struct sightings seen[EG_INTERFACES_MAX + 1];
    uint8_t role[EG_INTERFACES_MAX + 1]; /* enum eg_role */
    uint32_t
        *sent_out; /* by address number, within judge_forwarders(): the input that sent there */
};

enum eg_status eg_hints_new(const struct eg_matrix *matrix, struct eg_hints **hints)
{
    struct eg_hints *made = calloc(1, sizeof *made);
    if (!made)
        return EG_ERR_NO_MEMORY;
    made->sent_out = calloc((size_t)eg_matrix_addresses(matrix) + 1, sizeof *made->sent_out);
    if (!made->sent_out) {
        free(made);
        return EG_ERR_NO_MEMORY;
    }
    *hints = made;
    return EG_OK;
}

void eg_hints_free(struct eg_hints *hints)
{
    if (!hints)
        return;
    free(hints->sent_out);
    free(hints);
}

enum eg_role eg_hints_role(const struct eg_hints *hints, uint16_t interface)
{
    return (enum eg_role)hints->role[interface];
}

static bool is_ethernet(const struct eg_interface *interface)
{
    return interface->has_hardware ? interface->hardware == HARDWARE_ETHERNET
                                   : interface->link == EG_LINKTYPE_ETHERNET;
}

/*
 * Loopback, tunnel or none: what it carries leaves again inside a packet of another device. PPP is
 * among them: next to an Ethernet device of a VM it is a VPN (L2TP, SSTP), never a modem.
 */
static bool is_virtual(const struct eg_interface *interface)
{
    static const uint16_t hardware[] = {
        HARDWARE_PPP, HARDWARE_TUNNEL, HARDWARE_TUNNEL6, HARDWARE_LOOPBACK,
        HARDWARE_SIT, HARDWARE_IPGRE,  HARDWARE_IP6GRE,  HARDWARE_NONE,
    };
    static const int32_t links[] = {
        EG_LINKTYPE_NULL, EG_LINKTYPE_PPP,  EG_LINKTYPE_RAW,
        EG_LINKTYPE_LOOP, EG_LINKTYPE_IPV4, EG_LINKTYPE_IPV6,
    };
    if (interface->has_hardware) {
        for (size_t i = 0; i < sizeof hardware / sizeof *hardware; i++)
            if (interface->hardware == hardware[i])
                return true;
        return false;
    }
    for (size_t i = 0; i < sizeof links / sizeof *links; i++)
        if (interface->link == links[i])
            return true;
    return false;
}

static bool is_hinted(const struct eg_cell *cell)
{
    return cell->hint == EG_HINT_SENT || cell->hint == EG_HINT_RECEIVED;
}

static void see_v4(const struct eg_group *group, const struct eg_cell *cell, struct sightings *seen)
{
    if (cell->hint == EG_HINT_RECEIVED) {
        seen->received += cell->packets;
        if (eg_scope_is_public(eg_group_scope(group, cell->destination)))
            seen->received_for_public += cell->packets;
    } else {
        seen->sent += cell->packets;
        if (eg_scope_is_public(eg_group_scope(group, cell->source)))
            seen->sent_from_public += cell->packets;
    }
}

/* Returns whether there was any hint. */
static bool see_all(const struct eg_group *group, struct sightings *seen)
{
    bool any = false;
    for (uint32_t i = 0; i < group->cell_count; i++) {
        const struct eg_cell cell = eg_group_cell(group, i);
        struct sightings *here = &seen[cell.interface];
        here->overheard |= cell.hint == EG_HINT_OTHER_HOST;
        if (!is_hinted(&cell))
            continue;
        any = here->seen = true;
        here->sent_any |= cell.hint == EG_HINT_SENT;
        here->received_own |= cell.hint == EG_HINT_RECEIVED && eg_group_is_unicast(group, &cell);
        here->sent_to_public |= cell.hint == EG_HINT_SENT &&
                                eg_scope_is_public(eg_group_scope(group, cell.destination));
        here->told =
            eg_matrix_interface(group->matrix, cell.interface)->kind != EG_INTERFACE_COOKED1_OTHER;
        if (eg_group_family(group, &cell) == EG_IPV4)
            see_v4(group, &cell, here);
    }
    return any;
}

static bool is_percent(uint64_t part, uint64_t whole)
{
    return part > 0 && part * 100 >= whole;
}

/* A cloud NIC has private addresses; the leg of a bridge, a container or a router does this. */
static bool carries_for_others(const struct sightings *seen)
{
    return is_percent(seen->received_for_public, seen->received) ||
           is_percent(seen->sent_from_public, seen->sent);
}

static const struct eg_interface *interface_at(const struct eg_group *group, uint32_t i)
{
    return eg_matrix_interface(group->matrix, group->interfaces[i]);
}

static bool any_ethernet(const struct eg_hints *hints, const struct eg_group *group)
{
    for (uint32_t i = 0; i < group->interface_count; i++)
        if (hints->seen[group->interfaces[i]].seen && is_ethernet(interface_at(group, i)))
            return true;
    return false;
}

/* Returns whether an uplink was found, or nothing that could be one. */
static bool give_roles(struct eg_hints *hints, const struct eg_group *group)
{
    const bool ethernet = any_ethernet(hints, group);
    bool uplink = false, internal = false;
    for (uint32_t i = 0; i < group->interface_count; i++) {
        const uint16_t number = group->interfaces[i];
        const struct sightings *seen = &hints->seen[number];
        if (!seen->seen || !seen->told)
            continue;
        const bool inside =
            carries_for_others(seen) || (ethernet && is_virtual(interface_at(group, i)));
        hints->role[number] = inside ? EG_ROLE_INTERNAL : EG_ROLE_UPLINK;
        internal |= inside;
        uplink |= !inside;
    }
    return uplink || !internal;
}

static void make_all_uplinks(struct eg_hints *hints, const struct eg_group *group)
{
    for (uint32_t i = 0; i < group->interface_count; i++)
        if (hints->role[group->interfaces[i]] == EG_ROLE_INTERNAL)
            hints->role[group->interfaces[i]] = EG_ROLE_UPLINK;
}

/*
 * What cooked v1 received may have been received inside the host, and would then teach the
 * addresses of containers' peers: it counts as an uplink only where nothing was sent to learn from.
 */
static void decide_untold(struct eg_hints *hints, const struct eg_group *group)
{
    for (uint32_t i = 0; i < group->interface_count; i++) {
        const uint16_t number = group->interfaces[i];
        if (hints->role[number] == EG_ROLE_UPLINK && hints->seen[number].sent_any)
            return;
    }
    for (uint32_t i = 0; i < group->interface_count; i++) {
        const uint16_t number = group->interfaces[i];
        if (hints->seen[number].seen && !hints->seen[number].told)
            hints->role[number] = EG_ROLE_UPLINK;
    }
}

static bool is_way_out(const struct eg_hints *hints, uint16_t interface)
{
    return hints->role[interface] == EG_ROLE_UPLINK && hints->seen[interface].sent_to_public;
}

static uint32_t input_of(const struct eg_group *group, const struct eg_cell *cell)
{
    return eg_matrix_interface(group->matrix, cell->interface)->input + 1;
}

static void mark_sent_out(struct eg_hints *hints, const struct eg_group *group)
{
    for (uint32_t i = 0; i < group->cell_count; i++) {
        const struct eg_cell cell = eg_group_cell(group, i);
        if (cell.hint != EG_HINT_SENT || !is_way_out(hints, cell.interface))
            continue;
        uint32_t *mark = &hints->sent_out[cell.destination];
        const uint32_t input = input_of(group, &cell);
        *mark = *mark == SENT_BY_NONE || *mark == input ? input : (uint32_t)SENT_BY_MANY;
    }
}

static void unmark_sent_out(struct eg_hints *hints, const struct eg_group *group)
{
    for (uint32_t i = 0; i < group->cell_count; i++)
        hints->sent_out[eg_group_cell(group, i).destination] = SENT_BY_NONE;
}

/* Packets on their way to a peer of the host, and answers on their way from one. */
static void count_for_others(struct eg_hints *hints, const struct eg_group *group)
{
    for (uint32_t i = 0; i < group->cell_count; i++) {
        const struct eg_cell cell = eg_group_cell(group, i);
        struct sightings *seen = &hints->seen[cell.interface];
        if (!is_hinted(&cell) || !eg_group_is_unicast(group, &cell))
            continue;
        const uint32_t far = cell.hint == EG_HINT_SENT ? cell.source : cell.destination;
        seen->unicast += cell.packets;
        if (hints->sent_out[far] == input_of(group, &cell))
            seen->unicast_for_others += cell.packets;
    }
}

/*
 * The leg of a pod that talks to private addresses only, or by IPv6 only, carries nothing that
 * rule 3.3's test of public IPv4 addresses can see. It gives itself away by whose packets it
 * carries: most are for, or from, addresses that a way out of the host sends to. No NIC receives
 * what is for its peers. Taken for an uplink, it would teach those peers as local, and their egress
 * would be lost.
 */
static void judge_forwarders(struct eg_hints *hints, const struct eg_group *group)
{
    mark_sent_out(hints, group);
    count_for_others(hints, group);
    unmark_sent_out(hints, group);
    for (uint32_t i = 0; i < group->interface_count; i++) {
        const uint16_t number = group->interfaces[i];
        const struct sightings *seen = &hints->seen[number];
        if (hints->role[number] == EG_ROLE_UPLINK && !is_way_out(hints, number) &&
            seen->unicast_for_others > seen->unicast / 2)
            hints->role[number] = EG_ROLE_INTERNAL;
    }
}

/*
 * A port of a bridge takes what its container sends for frames of another host, since they are not
 * for the port's own link address, and never receives one for itself. With an uplink elsewhere,
 * such an interface is inside the host.
 */
static bool is_bridge_port(const struct sightings *seen)
{
    return seen->overheard && !seen->received_own;
}

static void judge_bridge_ports(struct eg_hints *hints, const struct eg_group *group)
{
    bool uplink = false;
    for (uint32_t i = 0; i < group->interface_count; i++) {
        const uint16_t number = group->interfaces[i];
        uplink |= hints->role[number] == EG_ROLE_UPLINK && !is_bridge_port(&hints->seen[number]);
    }
    for (uint32_t i = 0; i < group->interface_count && uplink; i++)
        if (is_bridge_port(&hints->seen[group->interfaces[i]]) &&
            interface_at(group, i)->kind != EG_INTERFACE_COOKED1_OTHER)
            hints->role[group->interfaces[i]] = EG_ROLE_INTERNAL;
}

bool eg_hints_judge(struct eg_hints *hints, const struct eg_group *group, bool *no_uplink)
{
    const bool any = see_all(group, hints->seen);
    const bool found = give_roles(hints, group);
    if (!found)
        make_all_uplinks(hints, group);
    else
        judge_forwarders(hints, group);
    judge_bridge_ports(hints, group);
    decide_untold(hints, group);
    *no_uplink = !found;
    return any;
}

/* Platform addresses are no one's own, and a public IPv4 address is never a cloud NIC's. */
static void learn(const struct eg_group *group, uint32_t address)
{
    const enum eg_scope scope = eg_group_scope(group, address);
    const bool v6 = eg_matrix_family(group->matrix, address) == EG_IPV6;
    if (scope == EG_SCOPE_PRIVATE || (v6 && scope == EG_SCOPE_PUBLIC))
        group->local[address] = true;
}

void eg_hints_learn(const struct eg_hints *hints, const struct eg_group *group)
{
    for (uint32_t i = 0; i < group->cell_count; i++) {
        const struct eg_cell cell = eg_group_cell(group, i);
        if (eg_hints_role(hints, cell.interface) != EG_ROLE_UPLINK)
            continue;
        if (cell.hint == EG_HINT_SENT)
            learn(group, cell.source);
        else if (cell.hint == EG_HINT_RECEIVED && eg_group_is_unicast(group, &cell))
            learn(group, cell.destination);
    }
}
