/*
 * What Wireshark looks for in a plugin's file.
 */
#define WS_BUILD_DLL
#include <wireshark.h>

#include <epan/proto.h>

#include "../ws_compat.h"
#include "packet-egress.h"

WS_DLL_PUBLIC_DEF const gchar plugin_version[] = EG_VERSION;
WS_DLL_PUBLIC_DEF const int plugin_want_major = WIRESHARK_VERSION_MAJOR;
WS_DLL_PUBLIC_DEF const int plugin_want_minor = WIRESHARK_VERSION_MINOR;

WS_DLL_PUBLIC void plugin_register(void);

void plugin_register(void)
{
    static proto_plugin plugin = {proto_register_egress, proto_reg_handoff_egress};
    proto_register_plugin(&plugin);
    egress_tables_watch();
}

#if WS_AT_LEAST(4, 4)
WS_DLL_PUBLIC uint32_t plugin_describe(void);

uint32_t plugin_describe(void)
{
    return WS_PLUGIN_DESC_DISSECTOR | WS_PLUGIN_DESC_EPAN | WS_PLUGIN_DESC_TAP_LISTENER;
}
#endif
