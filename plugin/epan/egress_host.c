#include <wireshark.h>

#include "egress_host.h"

#include <epan/plugin_if.h>

/* Only the GUI answers, and says so. NULL elsewhere. */
static const ws_info_t *gui_info(void)
{
    ws_info_t *info = NULL;
    plugin_if_get_ws_info(&info);
    return info && info->ws_info_supported ? info : NULL;
}

bool egress_in_gui(void)
{
    return gui_info() != NULL;
}

bool egress_is_reading(void)
{
    const ws_info_t *info = gui_info();
    return info && info->cf_state == FILE_READ_IN_PROGRESS;
}

const char *egress_capture_path(void)
{
    const ws_info_t *info = gui_info();
    return info && info->cf_filename && info->cf_filename[0] ? info->cf_filename : NULL;
}
