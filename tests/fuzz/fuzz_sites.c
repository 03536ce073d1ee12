/*
 * Any text, read as a sites file: refused with its place, or taken, and then its rows are found as
 * they were checked.
 */
#include "fuzz.h"

#include <stdbool.h>
#include <string.h>

#include "classify/ranges.h"
#include "classify/sites.h"

static void check_site(const struct eg_site *site)
{
    EG_FUZZ_CHECK(site->class_ <= EG_CLASS_AUTO && site->via_count <= EG_VIAS_MAX);
    EG_FUZZ_CHECK(site->region != NULL && site->label != NULL && site->line > 1);
    EG_FUZZ_CHECK(site->class_ != EG_CLASS_GLOBAL_PEERING || site->region[0] != '\0');
    for (size_t i = 0; i < site->via_count; i++) {
        const bool metered = site->via[i].kind == EG_VIA_ER_METERED;
        EG_FUZZ_CHECK(site->via[i].kind <= EG_VIA_ER_METERED);
        EG_FUZZ_CHECK((site->via[i].zone[0] != '\0') == metered);
    }
}

/* Asks for addresses that the text spells out, so that rows are hit. */
static void look_up(const struct eg_sites *sites, const char *text, size_t size)
{
    size_t start = 0;
    for (size_t i = 0; i <= size; i++) {
        struct eg_address address;
        if (i < size && strchr("0123456789abcdefABCDEF.:", text[i]) != NULL && text[i] != '\0')
            continue;
        if (eg_address_parse(text + start, i - start, &address)) {
            const struct eg_site *site = eg_sites_find(sites, &address);
            EG_FUZZ_CHECK(site == NULL || eg_prefix_contains(&site->prefix, &address));
            if (site != NULL)
                check_site(site);
        }
        start = i + 1;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;
    struct eg_ranges *ranges;
    struct eg_sites *sites;
    struct eg_error error;
    EG_FUZZ_CHECK(eg_ranges_new(&ranges) == EG_OK);
    if (eg_sites_load_text(text, size, "fuzz.csv", "azure", ranges, &sites, &error) == EG_OK) {
        look_up(sites, text, size);
        eg_sites_free(sites);
    } else {
        EG_FUZZ_CHECK(error.status != EG_OK && error.message[0] != '\0');
        EG_FUZZ_CHECK(strcmp(error.file, "fuzz.csv") == 0);
        EG_FUZZ_CHECK(error.line >= 1 && error.column >= 1);
    }
    eg_ranges_free(ranges);
    return 0;
}
