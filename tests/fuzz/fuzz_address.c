/*
 * Any text, read as a prefix: what is read has one text, and that reads back the same.
 */
#include "fuzz.h"

#include <string.h>

#include "base/address.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct eg_prefix prefix;
    if (!eg_prefix_parse((const char *)data, size, &prefix))
        return 0;
    EG_FUZZ_CHECK(prefix.length <= eg_address_bits(&prefix.address));
    EG_FUZZ_CHECK(eg_prefix_contains(&prefix, &prefix.address));
    char text[EG_PREFIX_TEXT_MAX];
    struct eg_prefix again;
    eg_prefix_text(&prefix, text);
    EG_FUZZ_CHECK(eg_prefix_parse(text, strlen(text), &again));
    EG_FUZZ_CHECK(eg_address_equal(&prefix.address, &again.address));
    EG_FUZZ_CHECK(prefix.length == again.length);
    return 0;
}
