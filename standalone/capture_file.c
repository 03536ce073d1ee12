#include "capture_file.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <wireshark.h>

#include <wiretap/wtap.h>
#include <wsutil/privileges.h>
#include <wsutil/report_message.h>

#include "capture_error.h"
#include "message.h"
#include "ws_compat.h"
#include "ws_frame.h"

struct capture_file {
    wtap *wth;
    struct ws_record record;
    uint64_t records; /* read so far, as Wireshark numbers frames */
    char *filter;     /* of capture_facts() */
};

/* ---- the library ---- */

void capture_library_start(const char *program)
{
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
}

#define TEXT_OF(number)              #number
#define VERSION(major, minor, micro) TEXT_OF(major) "." TEXT_OF(minor) "." TEXT_OF(micro)

const char *capture_library_version(void)
{
    return "libwiretap " VERSION(WIRESHARK_VERSION_MAJOR, WIRESHARK_VERSION_MINOR,
                                 WIRESHARK_VERSION_MICRO);
}

/* ---- opening ---- */

/*
 * Whether nothing will come, as from a tcpdump that may not capture. Waits for the first bytes of
 * a pipe without taking them.
 */
static bool stdin_is_empty(void)
{
    struct pollfd wait = {.fd = STDIN_FILENO, .events = POLLIN};
    int waiting = 0;
    return poll(&wait, 1, -1) == 1 && (wait.revents & POLLHUP) &&
           ioctl(STDIN_FILENO, FIONREAD, &waiting) == 0 && waiting == 0;
}

static bool is_empty(const char *path)
{
    const bool standard = strcmp(path, "-") == 0;
    struct stat facts;
    if ((standard ? fstat(STDIN_FILENO, &facts) : stat(path, &facts)) != 0)
        return false;
    if (S_ISREG(facts.st_mode))
        return facts.st_size == 0;
    return standard && S_ISFIFO(facts.st_mode) && stdin_is_empty();
}

/* Wireshark also opens documents, each as one record; a figure of 0 bytes would be wrong of them.
 */
static bool is_document(wtap *wth)
{
    static const char *const formats[] = {"ber", "jpeg",    "json",         "mime",
                                          "mp4", "rfc7468", "ruby_marshal", "tnef"};
    const char *name = wtap_file_type_subtype_name(wtap_file_type_subtype(wth));
    for (size_t i = 0; name && i < sizeof formats / sizeof formats[0]; i++)
        if (strcmp(name, formats[i]) == 0)
            return true;
    return false;
}

static enum eg_status fail_document(wtap *wth, struct eg_error *error)
{
    const int type = wtap_file_type_subtype(wth);
    eg_fail(error, EG_ERR_SYNTAX, "not a packet capture (%s)",
            wtap_file_type_subtype_description(type));
    wtap_close(wth);
    return EG_ERR_SYNTAX;
}

enum eg_status capture_open(const char *path, struct capture_file **file, struct eg_error *error)
{
    if (is_empty(path))
        return eg_fail(error, EG_ERR_SYNTAX, "empty");
    int err = 0;
    char *info = NULL;
    wtap *wth = wtap_open_offline(path, WTAP_TYPE_AUTO, &err, &info, FALSE);
    if (!wth)
        return capture_fail_open(err, info, error);
    if (is_document(wth))
        return fail_document(wth, error);
    struct capture_file *made = calloc(1, sizeof *made);
    if (!made) {
        wtap_close(wth);
        return eg_fail_no_memory(error);
    }
    made->wth = wth;
    ws_record_init(&made->record);
    *file = made;
    return EG_OK;
}

void capture_close(struct capture_file *file)
{
    if (!file)
        return;
    ws_record_free(&file->record);
    wtap_close(file->wth);
    free(file->filter);
    free(file);
}

/* ---- reading ---- */

enum eg_status capture_next(struct capture_file *file, struct eg_frame *frame, bool *more,
                            struct eg_error *error)
{
    int err = 0;
    char *info = NULL;
    while (ws_record_read(&file->record, file->wth, &err, &info)) {
        file->records++;
        /* Rule 1.1: records that are not packets are not frames. */
        if (ws_frame_of_record(&file->record.rec, ws_record_bytes(&file->record), frame)) {
            *more = true;
            return EG_OK;
        }
    }
    *more = false;
    return err == 0 ? EG_OK : capture_fail_read(err, info, file->records, error);
}

struct capture_record capture_record(struct capture_file *file)
{
    return (struct capture_record){file->wth, &file->record, file->records};
}

uint64_t capture_bytes_read(const struct capture_file *file)
{
    const gint64 read = wtap_read_so_far(file->wth);
    return read > 0 ? (uint64_t)read : 0;
}

/* ---- what the file says of the capture ---- */

/* Of the statistics of an interface the last ones count: each holds all since the start. */
static void add_drops(const wtapng_if_descr_mandatory_t *interface, struct eg_input_facts *facts)
{
    static const guint counters[] = {OPT_ISB_IFDROP, OPT_ISB_OSDROP};
    if (interface->num_stat_entries == 0)
        return;
    const wtap_block_t statistics = g_array_index(interface->interface_statistics, wtap_block_t,
                                                  interface->num_stat_entries - 1U);
    for (size_t i = 0; i < sizeof counters / sizeof counters[0]; i++) {
        guint64 drops = 0;
        if (wtap_block_get_uint64_option_value(statistics, counters[i], &drops) ==
            WTAP_OPTTYPE_SUCCESS) {
            facts->drops_known = true;
            facts->drops += drops;
        }
    }
}

/* NULL: none is recorded. */
static const char *filter_of(wtap_block_t interface)
{
    if_filter_opt_t filter;
    if (wtap_block_get_if_filter_option_value(interface, OPT_IDB_FILTER, &filter) !=
        WTAP_OPTTYPE_SUCCESS)
        return NULL;
    if (filter.type == if_filter_bpf)
        return "a BPF program";
    return filter.data.filter_str && *filter.data.filter_str ? filter.data.filter_str : NULL;
}

/* Filters of several interfaces that differ are shown together. */
static void add_filter(struct capture_file *file, const char *filter)
{
    if (!filter || (file->filter && strstr(file->filter, filter)))
        return;
    const size_t size = strlen(filter) + (file->filter ? strlen(file->filter) + 2 : 0) + 1;
    char *joined = malloc(size);
    if (!joined)
        return;
    snprintf(joined, size, "%s%s%s", file->filter ? file->filter : "", file->filter ? "; " : "",
             filter);
    free(file->filter);
    file->filter = joined;
}

void capture_facts(struct capture_file *file, struct eg_input_facts *facts)
{
    *facts = (struct eg_input_facts){
        .format = wtap_file_type_subtype_name(wtap_file_type_subtype(file->wth))};
    wtapng_iface_descriptions_t *interfaces = wtap_file_get_idb_info(file->wth);
    for (guint i = 0; i < interfaces->interface_data->len; i++) {
        const wtap_block_t interface = g_array_index(interfaces->interface_data, wtap_block_t, i);
        add_drops(wtap_block_get_mandatory_data(interface), facts);
        add_filter(file, filter_of(interface));
    }
    g_free(interfaces);
    facts->capture_filter = file->filter;
}
