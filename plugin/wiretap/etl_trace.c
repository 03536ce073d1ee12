#include <wireshark.h>

#include "etl_trace.h"

#include <errno.h>
#include <stdlib.h>

#include <wiretap/pcap-encap.h>

#include "../ws_trace.h"
#include "ws_wtap.h"

struct etl_trace {
    FILE_T file;
    struct eg_etl_reader *reader;
    unsigned *numbers; /* Wireshark's of the reader's interfaces */
    int failure;       /* of the last read, and what it is about */
    char *failure_info;
};

/* ---- the file ---- */

static bool read_at(void *context, uint64_t offset, void *target, size_t size)
{
    struct etl_trace *trace = context;
    if (file_seek(trace->file, (int64_t)offset, SEEK_SET, &trace->failure) == -1)
        return false;
    for (size_t done = 0; done < size;) {
        const unsigned count = (unsigned)MIN(size - done, (size_t)G_MAXINT);
        const int got = file_read((char *)target + done, count, trace->file);
        if (got <= 0) {
            trace->failure = file_error(trace->file, &trace->failure_info);
            if (trace->failure == 0)
                trace->failure = WTAP_ERR_SHORT_READ; /* it became shorter */
            return false;
        }
        done += (size_t)got;
    }
    return true;
}

bool etl_trace_detect(FILE_T file)
{
    uint8_t bytes[EG_ETL_DETECT_BYTES];
    const int got = file_read(bytes, sizeof bytes, file);
    /* What is compressed is read from its start for each step back. */
    return got > 0 && eg_etl_detect(bytes, (size_t)got) && !file_iscompressed(file);
}

void etl_trace_use(struct etl_trace *trace, FILE_T file)
{
    trace->file = file;
}

/* ---- errors ---- */

/* Returns false. */
static bool fail(struct etl_trace *trace, const struct eg_error *error, int *err, char **err_info)
{
    if (error->status == EG_ERR_IO) {
        *err = trace->failure;
        *err_info = trace->failure_info;
        trace->failure_info = NULL;
    } else if (error->status == EG_ERR_NO_MEMORY) {
        *err = ENOMEM;
    } else {
        *err = WTAP_ERR_BAD_FILE;
        *err_info = g_strdup(error->message);
    }
    return false;
}

/* Behind the last frame. */
static bool fail_at_end(struct etl_trace *trace, int *err, char **err_info)
{
    struct eg_error error;
    const struct eg_etl_facts facts = eg_etl_reader_facts(trace->reader);
    *err = 0;
    if (eg_etl_damage(&facts, &error) == EG_OK)
        return false;
    if (facts.bad_buffers || facts.bad_packets)
        return fail(trace, &error, err, err_info);
    *err = WTAP_ERR_SHORT_READ;
    return false;
}

/* ---- opening ---- */

static bool number_interfaces(struct etl_trace *trace)
{
    const struct eg_etl_facts facts = eg_etl_reader_facts(trace->reader);
    unsigned next = 0;
    trace->numbers = calloc(facts.interface_count + 1, sizeof *trace->numbers);
    for (size_t i = 0; trace->numbers && i < facts.interface_count; i++)
        if (eg_etl_interface_is_chosen(&facts.interfaces[i]))
            trace->numbers[i] = next++;
    return trace->numbers != NULL;
}

bool etl_trace_new(FILE_T file, uint64_t size, struct etl_trace **trace, int *err, char **err_info)
{
    struct eg_error error = {.status = EG_OK};
    struct etl_trace *made = calloc(1, sizeof *made);
    if (!made) {
        *err = ENOMEM;
        return false;
    }
    made->file = file;
    const struct eg_etl_source source = {read_at, made, size};
    if (eg_etl_reader_new(&source, NULL, &made->reader, &error) == EG_OK &&
        !number_interfaces(made))
        eg_fail_no_memory(&error);
    if (error.status != EG_OK) {
        fail(made, &error, err, err_info);
        etl_trace_free(made);
        return false;
    }
    *trace = made;
    return true;
}

void etl_trace_free(struct etl_trace *trace)
{
    if (!trace)
        return;
    eg_etl_reader_free(trace->reader);
    g_free(trace->failure_info);
    free(trace->numbers);
    free(trace);
}

/* ---- frames ---- */

bool etl_trace_next(struct etl_trace *trace, struct eg_frame *frame, int *err, char **err_info)
{
    struct eg_error error;
    bool more = false;
    if (eg_etl_reader_next(trace->reader, frame, &more, &error) != EG_OK)
        return fail(trace, &error, err, err_info);
    return more || fail_at_end(trace, err, err_info);
}

bool etl_trace_again(struct etl_trace *trace, int64_t place, struct eg_frame *frame, int *err,
                     char **err_info)
{
    struct eg_error error;
    if (eg_etl_reader_again(trace->reader, (uint64_t)place, frame, &error) != EG_OK)
        return fail(trace, &error, err, err_info);
    return true;
}

int64_t etl_trace_place(const struct etl_trace *trace)
{
    return (int64_t)eg_etl_reader_place(trace->reader);
}

void etl_trace_record(const struct etl_trace *trace, const struct eg_frame *frame, wtap_rec *rec)
{
    const struct eg_etl_origin origin = eg_etl_reader_origin(trace->reader);
    ws_record_of_trace(frame, &origin, trace->numbers[frame->interface], rec);
}

/* ---- what is known of the capture ---- */

static void add_interface(const struct eg_etl_interface *interface, const char *system,
                          GArray *interfaces)
{
    enum { NANOSECONDS = 9 };
    wtap_block_t block = wtap_block_create(WTAP_BLOCK_IF_ID_AND_INFO);
    wtapng_if_descr_mandatory_t *fixed = wtap_block_get_mandatory_data(block);
    fixed->wtap_encap = wtap_pcap_encap_to_wtap_encap(interface->port.link);
    fixed->time_units_per_second = 1000000000;
    fixed->tsprecision = WTAP_TSPREC_NSEC;
    fixed->snap_len = WTAP_MAX_PACKET_SIZE_STANDARD;
    wtap_block_add_uint8_option(block, OPT_IDB_TSRESOL, NANOSECONDS);
    wtap_block_add_string_option_format(block, OPT_IDB_NAME, "%s", interface->name);
    if (interface->description[0])
        wtap_block_add_string_option_format(block, OPT_IDB_DESCRIPTION, "%s",
                                            interface->description);
    wtap_block_add_string_option_format(block, OPT_IDB_OS, "%s", system);
    g_array_append_val(interfaces, block);
}

void etl_trace_describe(struct etl_trace *trace, wtap_block_t section, GArray *interfaces)
{
    char system[EG_ETL_SYSTEM_TEXT];
    char notes[EG_ETL_NOTES_MAX][EG_ETL_NOTE_TEXT];
    const struct eg_etl_facts facts = eg_etl_reader_facts(trace->reader);
    const size_t count = eg_etl_notes(&facts, false, notes);
    eg_etl_system_text(&facts, system);
    wtap_block_add_string_option_format(section, OPT_SHB_OS, "%s", system);
    for (size_t i = 0; i < count; i++)
        wtap_block_add_string_option_format(section, OPT_COMMENT, "%s", notes[i]);
    for (size_t i = 0; i < facts.interface_count; i++)
        if (eg_etl_interface_is_chosen(&facts.interfaces[i]))
            add_interface(&facts.interfaces[i], system, interfaces);
}

int etl_trace_encapsulation(const struct etl_trace *trace)
{
    const struct eg_etl_facts facts = eg_etl_reader_facts(trace->reader);
    int32_t link = EG_LINK_OTHER;
    for (size_t i = 0; i < facts.interface_count; i++) {
        const struct eg_etl_interface *interface = &facts.interfaces[i];
        if (!eg_etl_interface_is_chosen(interface))
            continue;
        if (link != EG_LINK_OTHER && link != interface->port.link)
            return WTAP_ENCAP_PER_PACKET;
        link = interface->port.link;
    }
    return wtap_pcap_encap_to_wtap_encap(link == EG_LINK_OTHER ? EG_LINKTYPE_ETHERNET : link);
}
