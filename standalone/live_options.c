#include "live_options.h"

#include <string.h>

#include "base/number.h"

enum { SNAPLEN_MAX = 262144 };

enum eg_status take_interface(struct options *options, const struct option_row *row,
                              const char *argument, struct eg_error *error)
{
    (void)row;
    if (options->live.interface)
        return eg_fail(error, EG_ERR_VALUE,
                       "'-i' is given twice: 'any' captures on all interfaces");
    if (!*argument)
        return eg_fail(error, EG_ERR_VALUE, "'-i' is not an interface: ''");
    options->live.interface = argument;
    return EG_OK;
}

enum eg_status take_capture_filter(struct options *options, const struct option_row *row,
                                   const char *argument, struct eg_error *error)
{
    (void)row, (void)error;
    options->live.filter = argument;
    return EG_OK;
}

/* "60", "0.5": seconds, in ms. Days are long enough. */
static bool parse_seconds(const char *text, uint64_t *ms)
{
    const size_t whole = strcspn(text, ".");
    const char *rest = text + whole + (text[whole] == '.');
    uint64_t seconds = 0, thousandths = 0;
    char digits[] = "000";
    if (strlen(rest) > 3 || (text[whole] == '.' && !*rest) ||
        !eg_parse_u64(text, whole, UINT32_MAX, &seconds))
        return false;
    memcpy(digits, rest, strlen(rest));
    if (!eg_parse_u64(digits, 3, 999, &thousandths))
        return false;
    *ms = seconds * 1000 + thousandths;
    return *ms > 0;
}

enum eg_status take_autostop(struct options *options, const struct option_row *row,
                             const char *argument, struct eg_error *error)
{
    static const char duration[] = "duration:", packets[] = "packets:", size[] = "filesize:";
    uint64_t count = 0;
    (void)row;
    if (strncmp(argument, duration, sizeof duration - 1) == 0 &&
        parse_seconds(argument + sizeof duration - 1, &options->live.duration_ms))
        return EG_OK;
    const char *number = argument + sizeof packets - 1;
    if (strncmp(argument, packets, sizeof packets - 1) == 0 &&
        eg_parse_u64(number, strlen(number), UINT64_MAX, &count) && count > 0) {
        options->live.frames = count;
        return EG_OK;
    }
    number = argument + sizeof size - 1;
    if (strncmp(argument, size, sizeof size - 1) == 0 &&
        eg_parse_u64(number, strlen(number), UINT32_MAX, &count) && count > 0) {
        options->live.file_bytes = count * 1000; /* a kB, as dumpcap counts them */
        return EG_OK;
    }
    return eg_fail(error, EG_ERR_VALUE,
                   "'-a' is not duration:SECONDS, packets:COUNT or filesize:KB: '%s'", argument);
}

enum eg_status take_snaplen(struct options *options, const struct option_row *row,
                            const char *argument, struct eg_error *error)
{
    uint64_t bytes = 0;
    (void)row;
    if (!eg_parse_u64(argument, strlen(argument), SNAPLEN_MAX, &bytes))
        return eg_fail(error, EG_ERR_VALUE, "'-s' is not a number of bytes up to %d: '%s'",
                       SNAPLEN_MAX, argument);
    options->live.snaplen = bytes ? (unsigned)bytes : SNAPLEN_MAX;
    return EG_OK;
}

enum eg_status take_live(struct options *options, const struct option_row *row,
                         const char *argument, struct eg_error *error)
{
    (void)row, (void)argument, (void)error;
    options->live_screen = true;
    return EG_OK;
}

enum eg_status take_list(struct options *options, const struct option_row *row,
                         const char *argument, struct eg_error *error)
{
    (void)row, (void)argument, (void)error;
    options->wish = WISH_INTERFACES;
    return EG_OK;
}

enum eg_status live_options_check(const struct options *options, struct eg_error *error)
{
    const struct live_wish *live = &options->live;
    const struct {
        const char *name;
        bool given;
    } of_captures[] = {{"-f", live->filter != NULL},
                       {"-a", live->duration_ms || live->frames != UINT64_MAX || live->file_bytes},
                       {"-s", live->snaplen != LIVE_SNAPLEN},
                       {"--live", options->live_screen}};
    for (size_t i = 0; !live->interface && i < sizeof of_captures / sizeof of_captures[0]; i++)
        if (of_captures[i].given)
            return eg_fail(error, EG_ERR_VALUE, "'%s' is for capturing: it needs -i INTERFACE",
                           of_captures[i].name);
    if (live->interface && options->input_count)
        return eg_fail(error, EG_ERR_VALUE,
                       "'-i' captures, and '%s' is to be read: one of them a run",
                       options->inputs[0]);
    if (live->interface && options->filter)
        return eg_fail(error, EG_ERR_VALUE,
                       "'-Y' reads captures; what -i captures is chosen with -f");
    if (live->interface && options->write_file && !options->write_all)
        return eg_fail(error, EG_ERR_VALUE,
                       "'-w' of what is egress reads a capture twice, and -i keeps none: write all "
                       "frames with --write all");
    if (live->file_bytes && !options->write_file)
        return eg_fail(error, EG_ERR_VALUE,
                       "'-a filesize' is of the file that -w writes, and there is no -w");
    return EG_OK;
}
