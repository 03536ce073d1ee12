#include "capture_library.h"

#include <pthread.h>

#include <wireshark.h>

#include <wiretap/wtap.h>
#include <wsutil/privileges.h>
#include <wsutil/report_message.h>

#include "message.h"
#include "ws_compat.h"

static pthread_mutex_t library_lock;

static void library_lock_start(void)
{
    pthread_mutexattr_t kind;
    pthread_mutexattr_init(&kind);
    pthread_mutexattr_settype(&kind, PTHREAD_MUTEX_RECURSIVE);
    pthread_mutex_init(&library_lock, &kind);
    pthread_mutexattr_destroy(&kind);
}

void capture_library_start(const char *program)
{
    library_lock_start();
    /* Of a plugin that cannot be loaded, for one. */
    static const struct report_message_routines routines = {
        .vreport_failure = message_write_v,
        .vreport_warning = message_write_v,
    };
    /* First of all: before it libwiretap prints what it does, packet by packet. */
    ws_start_log(program, message_write_v);
    init_process_policies();
    g_free(ws_find_configuration(program)); /* why it does not know its own folder */
    init_report_message(program, &routines);
    wtap_init(TRUE);
}

void capture_library_stop(void)
{
    wtap_cleanup();
    pthread_mutex_destroy(&library_lock);
}

#define TEXT_OF(number)              #number
#define VERSION(major, minor, micro) TEXT_OF(major) "." TEXT_OF(minor) "." TEXT_OF(micro)

const char *capture_library_version(void)
{
    return "libwiretap " VERSION(WIRESHARK_VERSION_MAJOR, WIRESHARK_VERSION_MINOR,
                                 WIRESHARK_VERSION_MICRO);
}

void capture_library_lock(void)
{
    pthread_mutex_lock(&library_lock);
}

void capture_library_unlock(void)
{
    pthread_mutex_unlock(&library_lock);
}
