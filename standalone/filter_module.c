/*
 * The module egshark-filter.so: display filters over libwireshark.
 */
#define WS_BUILD_DLL
#include <wireshark.h>

#include "filter.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include <epan/epan.h>
#include <epan/prefs-int.h>
#include <epan/prefs.h>
#include <epan/proto.h>
#include <wsutil/privileges.h>
#include <wsutil/report_message.h>

#include "message.h"
#include "ws_compat.h"

#define EGRESS "egress"

/* What dissectors ask the program for. */
struct packet_provider_data {
    struct capture_record record; /* the one that is dissected, or was last */
    GPtrArray *frames;            /* frame_data by record; NULL: there is one pass */
    /* Copies of what time differences refer to. */
    frame_data first;
    frame_data last_shown;
    frame_data last;
};

struct display_filter {
    struct filter filter;
    dfilter_t *compiled; /* NULL: every frame passes */
    epan_t *session;
    epan_dissect_t *edt;
    struct packet_provider_data provider;
    const frame_data *reference; /* NULL: no frame came yet */
    nstime_t elapsed;
    guint32 cumulative;
};

/* ---- what dissectors ask for ---- */

static const nstime_t *time_of_frame(struct packet_provider_data *provider, guint32 number)
{
    const frame_data *copies[] = {&provider->last, &provider->last_shown, &provider->first};
    for (size_t i = 0; i < G_N_ELEMENTS(copies); i++)
        if (copies[i]->num == number)
            return &copies[i]->abs_ts;
    if (!provider->frames || number == 0 || number > provider->frames->len)
        return NULL;
    const frame_data *frame = g_ptr_array_index(provider->frames, number - 1);
    return frame ? &frame->abs_ts : NULL;
}

static const char *option_of_interface(struct packet_provider_data *provider, unsigned interface,
                                       unsigned option)
{
    wtapng_iface_descriptions_t *interfaces = wtap_file_get_idb_info(provider->record.wth);
    char *text = NULL;
    if (interface >= interfaces->interface_data->len ||
        wtap_block_get_string_option_value(
            g_array_index(interfaces->interface_data, wtap_block_t, interface), option, &text) !=
            WTAP_OPTTYPE_SUCCESS)
        text = NULL;
    g_free(interfaces);
    return text;
}

static const char *name_of_interface(struct packet_provider_data *provider, WS_INTERFACE_PARAMETERS)
{
    if (!provider->record.wth)
        return provider->record.interface_name;
    return option_of_interface(provider, ws_interface_number(provider->record.wth), OPT_IDB_NAME);
}

static const char *description_of_interface(struct packet_provider_data *provider,
                                            WS_INTERFACE_PARAMETERS)
{
    if (!provider->record.wth)
        return provider->record.interface_description;
    return option_of_interface(provider, ws_interface_number(provider->record.wth),
                               OPT_IDB_DESCRIPTION);
}

static const struct packet_provider_funcs provider_functions = {
    .get_frame_ts = time_of_frame,
    .get_interface_name = name_of_interface,
    .get_interface_description = description_of_interface,
};

/* ---- captures and passes ---- */

static void free_frame(gpointer data)
{
    frame_data *frame = data;
    if (frame)
        frame_data_destroy(frame);
    g_free(frame);
}

static void begin_pass(struct filter *base)
{
    struct display_filter *filter = (struct display_filter *)base;
    memset(&filter->provider.first, 0, sizeof filter->provider.first);
    memset(&filter->provider.last, 0, sizeof filter->provider.last);
    memset(&filter->provider.last_shown, 0, sizeof filter->provider.last_shown);
    filter->reference = NULL;
    nstime_set_zero(&filter->elapsed);
    filter->cumulative = 0;
}

static void begin_input(struct filter *base)
{
    struct display_filter *filter = (struct display_filter *)base;
    if (filter->filter.two_passes)
        filter->provider.frames = g_ptr_array_new_with_free_func(free_frame);
    filter->session = epan_new(&filter->provider, &provider_functions);
    filter->edt = epan_dissect_new(filter->session, TRUE, FALSE);
}

static void end_input(struct filter *base)
{
    struct display_filter *filter = (struct display_filter *)base;
    epan_dissect_free(filter->edt);
    if (filter->provider.frames)
        g_ptr_array_free(filter->provider.frames, TRUE);
    filter->provider.frames = NULL;
    epan_free(filter->session);
}

static bool dissect(struct display_filter *filter, const struct capture_record *at,
                    frame_data *frame)
{
    struct packet_provider_data *provider = &filter->provider;
    epan_dissect_prime_with_dfilter(filter->edt, filter->compiled);
    frame_data_set_before_dissect(frame, &filter->elapsed, &filter->reference,
                                  provider->last_shown.num ? &provider->last_shown : NULL);
    if (filter->reference == frame) {
        provider->first = *frame;
        filter->reference = &provider->first;
    }
    ws_dissect(filter->edt,
               at->wth ? wtap_file_type_subtype(at->wth) : WTAP_FILE_TYPE_SUBTYPE_UNKNOWN,
               at->record, frame);
    const bool passed = dfilter_apply_edt(filter->compiled, filter->edt);
    frame_data_set_after_dissect(frame, &filter->cumulative);
    provider->last = *frame;
    if (passed)
        provider->last_shown = *frame;
    epan_dissect_reset(filter->edt);
    return passed;
}

/* The frame as the first pass left it, or a new one. */
static frame_data *frame_of(struct display_filter *filter, const struct capture_record *at)
{
    GPtrArray *frames = filter->provider.frames;
    const guint place = (guint)(at->number - 1);
    if (frames && frames->len > place && g_ptr_array_index(frames, place))
        return g_ptr_array_index(frames, place);
    frame_data *frame = g_new(frame_data, 1);
    frame_data_init(frame, (guint32)at->number, &at->record->rec, 0, filter->cumulative);
    if (frames) {
        if (frames->len <= place)
            g_ptr_array_set_size(frames, (gint)place + 1);
        g_ptr_array_index(frames, place) = frame;
    }
    return frame;
}

static bool passes(struct filter *base, struct capture_record record)
{
    struct display_filter *filter = (struct display_filter *)base;
    if (!filter->compiled)
        return true;
    const bool kept = filter->provider.frames != NULL;
    filter->provider.record = record;
    frame_data *frame = frame_of(filter, &record);
    const bool passed = dissect(filter, &record, frame);
    if (!kept)
        free_frame(frame);
    return passed;
}

/* ---- compiling ---- */

/* The bytes of a mistake as columns of a terminal; continuation bytes of UTF-8 take none. */
static int columns_of(const char *text, size_t length)
{
    int columns = 0;
    for (size_t i = 0; i < length && text[i]; i++)
        columns += ((unsigned char)text[i] & 0xc0) != 0x80;
    return columns;
}

/*
 *     egshark: '-Y': "ip.adr" is not a valid protocol or protocol field
 *       ip.adr == 10.1.0.4
 *       ^~~~~~
 */
static void tell_mistake(const char *text, const struct ws_filter_mistake *mistake)
{
    const size_t end = strlen(mistake->message);
    message_write("'-Y': %.*s", (int)(end && mistake->message[end - 1] == '.' ? end - 1 : end),
                  mistake->message);
    if (mistake->start < 0)
        return;
    char *shown = g_strdup(text);
    for (char *at = shown; *at; at++)
        if (g_ascii_iscntrl(*at))
            *at = ' ';
    const size_t start = MIN((size_t)mistake->start, strlen(text));
    fprintf(stderr, "  %s\n  %*s^", shown, columns_of(text, start), "");
    for (int i = columns_of(text + start, mistake->length); i > 1; i--)
        fputc('~', stderr);
    fputc('\n', stderr);
    g_free(shown);
}

static void tell_missing_plugin(void)
{
    message_write("fields of egress need the plugin egress.so, which Wireshark has not loaded; "
                  "'tshark -G plugins' shows those it loads%s",
                  geteuid() == 0 ? ", and for root only those installed for everyone" : "");
}

/* Whether it looks at what the plugin settles only after the last frame. */
static bool mentions_egress(struct display_filter *filter)
{
    const int proto = proto_get_id_by_filter_name(EGRESS);
    if (proto < 0 || !filter->compiled)
        return false;
    begin_input(&filter->filter);
    epan_dissect_prime_with_dfilter(filter->edt, filter->compiled);
    const bool mentioned = proto_field_is_referenced(filter->edt->tree, proto);
    end_input(&filter->filter);
    return mentioned;
}

static void free_filter(struct filter *base)
{
    struct display_filter *filter = (struct display_filter *)base;
    dfilter_free(filter->compiled);
    g_free(filter);
    epan_cleanup();
}

static struct filter *compile(const char *text)
{
    struct ws_filter_mistake mistake = {NULL, -1, 0};
    dfilter_t *compiled = NULL;
    prefs_apply_all();
    if (!ws_filter_compile(text, &compiled, &mistake)) {
        tell_mistake(text, &mistake);
        if (strstr(text, EGRESS ".") && proto_get_id_by_filter_name(EGRESS) < 0)
            tell_missing_plugin();
        g_free(mistake.message);
        epan_cleanup();
        return NULL;
    }
    struct display_filter *filter = g_new0(struct display_filter, 1);
    filter->filter = (struct filter){.begin_input = begin_input,
                                     .end_input = end_input,
                                     .begin_pass = begin_pass,
                                     .passes = passes,
                                     .free = free_filter};
    filter->compiled = compiled;
    filter->filter.two_passes = mentions_egress(filter);
    return &filter->filter;
}

/* ---- the library ---- */

static guint reset_preference(pref_t *preference, gpointer data)
{
    (void)data;
    reset_pref(preference);
    return 0;
}

static void tell_open_failure(const char *file, int err, ws_bool writing)
{
    (void)writing;
    message_write("'%s': cannot be opened: %s", file, g_strerror(err));
}

static void tell_read_failure(const char *file, int err)
{
    message_write("'%s': cannot be read: %s", file, g_strerror(err));
}

static bool start(void)
{
    /* Of the user's settings; captures are the program's own business. */
    static const struct report_message_routines routines = {
        .vreport_failure = message_write_v,
        .vreport_warning = message_write_v,
        .report_open_failure = tell_open_failure,
        .report_read_failure = tell_read_failure,
    };
    init_report_message("egshark", &routines);
    relinquish_special_privs_perm();
    if (!epan_init(NULL, NULL, TRUE)) {
        message_write("'-Y': libwireshark does not start");
        return false;
    }
    epan_load_settings();
    module_t *egress = prefs_find_module(EGRESS);
    if (egress)
        prefs_pref_foreach(egress, reset_preference, NULL);
    return true;
}

static void set_egress_preference(const char *name, const char *value)
{
    char *setting = g_strdup_printf(EGRESS ".%s:%s", name, value), *message = NULL;
    prefs_set_pref(setting, &message);
    g_free(message);
    g_free(setting);
}

WS_DLL_PUBLIC const struct filter_module filter_module;

WS_DLL_PUBLIC_DEF const struct filter_module filter_module = {
    EG_VERSION,
    start,
    set_egress_preference,
    compile,
};
