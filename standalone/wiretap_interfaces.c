#include "wiretap_interfaces.h"

#include <wiretap/pcap-encap.h>

#include "ws_compat.h"
#include "ws_frame.h"

/* Of the statistics of an interface the last ones count: each holds all since the start. */
static void add_drops(const wtapng_if_descr_mandatory_t *fixed,
                      struct eg_capture_interface *described)
{
    static const guint counters[] = {OPT_ISB_IFDROP, OPT_ISB_OSDROP};
    if (fixed->num_stat_entries == 0)
        return;
    const wtap_block_t statistics =
        g_array_index(fixed->interface_statistics, wtap_block_t, fixed->num_stat_entries - 1U);
    for (size_t i = 0; i < sizeof counters / sizeof counters[0]; i++) {
        guint64 drops = 0;
        if (wtap_block_get_uint64_option_value(statistics, counters[i], &drops) ==
            WTAP_OPTTYPE_SUCCESS) {
            described->drops_known = true;
            described->drops += drops;
        }
    }
}

/* What else than a text a filter can be is named. */
static const char *filter_of(wtap_block_t block)
{
    if_filter_opt_t filter;
    if (wtap_block_get_if_filter_option_value(block, OPT_IDB_FILTER, &filter) !=
        WTAP_OPTTYPE_SUCCESS)
        return NULL;
    return filter.type == if_filter_bpf ? "a BPF program" : filter.data.filter_str;
}

static const char *text_of(wtap_block_t block, guint option)
{
    char *text = NULL;
    return wtap_block_get_string_option_value(block, option, &text) == WTAP_OPTTYPE_SUCCESS ? text
                                                                                            : NULL;
}

static struct eg_capture_interface describe(wtap_block_t block)
{
    const wtapng_if_descr_mandatory_t *fixed = wtap_block_get_mandatory_data(block);
    struct eg_capture_interface described = {
        .snaplen = fixed->snap_len,
        .name = text_of(block, OPT_IDB_NAME),
        .description = text_of(block, OPT_IDB_DESCRIPTION),
        .filter = filter_of(block),
        .system = text_of(block, OPT_IDB_OS),
    };
    add_drops(fixed, &described);
    return described;
}

size_t wiretap_interfaces(wtap *wth)
{
    wtapng_iface_descriptions_t *all = wtap_file_get_idb_info(wth);
    const size_t count = all->interface_data->len;
    g_free(all);
    return count;
}

struct eg_capture_interface wiretap_interface_at(wtap *wth, size_t number)
{
    wtapng_iface_descriptions_t *all = wtap_file_get_idb_info(wth);
    struct eg_capture_interface described = {.name = NULL};
    if (number < all->interface_data->len)
        described = describe(g_array_index(all->interface_data, wtap_block_t, number));
    g_free(all);
    return described;
}

struct eg_capture_interface wiretap_interface_of(wtap *wth, const wtap_rec *rec)
{
    if (!(rec->presence_flags & WTAP_HAS_INTERFACE_ID))
        return (struct eg_capture_interface){.name = NULL};
    return wiretap_interface_at(wth, ws_record_interface(wth, rec));
}

int32_t wiretap_link(int encap)
{
    enum { COMMON = 50, BEHIND_LAST = 512 };
    if (encap <= WTAP_ENCAP_UNKNOWN || wtap_encap_requires_phdr(encap))
        return EG_LINK_OTHER;
    /* Most numbers below are those of one operating system each, for what has another one, too. */
    for (int number = COMMON; number < BEHIND_LAST; number++)
        if (wtap_pcap_encap_to_wtap_encap(number) == encap)
            return number;
    for (int number = 0; number < COMMON; number++)
        if (wtap_pcap_encap_to_wtap_encap(number) == encap)
            return number;
    return EG_LINK_OTHER;
}
