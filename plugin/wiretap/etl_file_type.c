/*
 * egress-etl.so: Wireshark opens Windows event traces (.etl) by what is in them.
 *
 * The reader is the core's. It reads all of a trace when it is opened, then gives frames in the
 * order of time; their places are what Wireshark takes for offsets in the file.
 */
#define WS_BUILD_DLL
#include <wireshark.h>

#include "etl_trace.h"

#include <wiretap/wtap.h>

#include "ws_wtap.h"

WS_DLL_PUBLIC_DEF const gchar plugin_version[] = EG_VERSION;
WS_DLL_PUBLIC_DEF const int plugin_want_major = WIRESHARK_VERSION_MAJOR;
WS_DLL_PUBLIC_DEF const int plugin_want_minor = WIRESHARK_VERSION_MINOR;

WS_DLL_PUBLIC void plugin_register(void);

static int file_type = WTAP_FILE_TYPE_SUBTYPE_UNKNOWN;

/* ---- records ---- */

static void put_record(const struct etl_trace *trace, const struct eg_frame *frame, WS_READ_RECORD)
{
    etl_trace_record(trace, frame, rec);
    ws_buffer_set(ws_record_buffer, frame->data, frame->captured);
}

static ws_bool read_next(struct wtap *wth, WS_READ_RECORD, int *err, char **err_info,
                         int64_t *offset)
{
    struct eg_frame frame;
    struct etl_trace *trace = wth->priv;
    if (!etl_trace_next(trace, &frame, err, err_info))
        return FALSE;
    *offset = etl_trace_place(trace);
    put_record(trace, &frame, WS_PASS_RECORD);
    return TRUE;
}

static ws_bool read_again(struct wtap *wth, int64_t offset, WS_READ_RECORD, int *err,
                          char **err_info)
{
    struct eg_frame frame;
    struct etl_trace *trace = wth->priv;
    if (!etl_trace_again(trace, offset, &frame, err, err_info))
        return FALSE;
    put_record(trace, &frame, WS_PASS_RECORD);
    return TRUE;
}

/* ---- opening and closing ---- */

/* Wireshark closes fh here. */
static void end_reading(struct wtap *wth)
{
    etl_trace_use(wth->priv, wth->random_fh);
}

static void close_trace(struct wtap *wth)
{
    etl_trace_free(wth->priv);
    wth->priv = NULL; /* which Wireshark frees */
}

static wtap_open_return_val open_trace(struct wtap *wth, int *err, char **err_info)
{
    struct etl_trace *trace = NULL;
    const int64_t size = wth->ispipe ? 0 : wtap_file_size(wth, err);
    if (size <= 0)
        return WTAP_OPEN_NOT_MINE;
    if (!etl_trace_detect(wth->fh))
        return WTAP_OPEN_NOT_MINE;
    if (!etl_trace_new(wth->fh, (uint64_t)size, &trace, err, err_info))
        return WTAP_OPEN_ERROR;
    etl_trace_describe(trace, g_array_index(wth->shb_hdrs, wtap_block_t, 0), wth->interface_data);
    wth->priv = trace;
    wth->file_type_subtype = file_type;
    wth->file_encap = etl_trace_encapsulation(trace);
    wth->file_tsprec = WTAP_TSPREC_NSEC;
    wth->snapshot_length = 0;
    wth->subtype_read = read_next;
    wth->subtype_seek_read = read_again;
    wth->subtype_sequential_close = end_reading;
    wth->subtype_close = close_trace;
    return WTAP_OPEN_MINE;
}

/* ---- registering ---- */

static const struct supported_option_type section_options[] = {
    {OPT_COMMENT, MULTIPLE_OPTIONS_SUPPORTED},
    {OPT_SHB_OS, ONE_OPTION_SUPPORTED},
};

static const struct supported_option_type interface_options[] = {
    {OPT_IDB_NAME, ONE_OPTION_SUPPORTED},
    {OPT_IDB_DESCRIPTION, ONE_OPTION_SUPPORTED},
    {OPT_IDB_TSRESOL, ONE_OPTION_SUPPORTED},
    {OPT_IDB_OS, ONE_OPTION_SUPPORTED},
};

static const struct supported_option_type packet_options[] = {
    {OPT_COMMENT, MULTIPLE_OPTIONS_SUPPORTED},
    {OPT_PKT_FLAGS, ONE_OPTION_SUPPORTED},
};

static const struct supported_block_type blocks[] = {
    {WTAP_BLOCK_SECTION, ONE_BLOCK_SUPPORTED, OPTION_TYPES_SUPPORTED(section_options)},
    {WTAP_BLOCK_IF_ID_AND_INFO, MULTIPLE_BLOCKS_SUPPORTED,
     OPTION_TYPES_SUPPORTED(interface_options)},
    {WTAP_BLOCK_PACKET, MULTIPLE_BLOCKS_SUPPORTED, OPTION_TYPES_SUPPORTED(packet_options)},
};

static void register_trace(void)
{
    static const struct file_type_subtype_info type = {
        .description = "Windows event trace",
        .name = "etl",
        .default_file_extension = "etl",
        .num_supported_blocks = G_N_ELEMENTS(blocks),
        .supported_blocks = blocks,
    };
    /* Before all others, some of which take such a trace for theirs. */
    static struct open_info info = {
        .name = "Windows event trace", .type = OPEN_INFO_MAGIC, .open_routine = open_trace};
    file_type = wtap_register_file_type_subtype(&type);
    wtap_register_open_info(&info, TRUE);
}

void plugin_register(void)
{
    static const wtap_plugin plugin = {register_trace};
    wtap_register_plugin(&plugin);
}

#if WS_AT_LEAST(4, 4)
WS_DLL_PUBLIC uint32_t plugin_describe(void);

uint32_t plugin_describe(void)
{
    return WS_PLUGIN_DESC_FILE_TYPE;
}
#endif
