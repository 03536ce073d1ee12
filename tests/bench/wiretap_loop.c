/*
 * What reading through Wireshark's library costs: bytes per destination, or with -b nothing but
 * wtap_read().
 *
 *     wiretap_loop [-b] CAPTURE
 */
#include <wireshark.h>

#include <wiretap/wtap.h>

#include "tally.h"
#include "ws_compat.h"

G_GNUC_PRINTF(1, 0) static void complain(const char *format, va_list arguments)
{
    vfprintf(stderr, format, arguments);
}

/* 0, or an error of wtap_strerror(). */
static int read_all(const char *path, struct tally *tally, bool bare)
{
    struct ws_record record;
    int err = 0;
    char *info = NULL;
    wtap *capture = wtap_open_offline(path, WTAP_TYPE_AUTO, &err, &info, FALSE);
    if (capture == NULL)
        return err;
    ws_record_init(&record);
    const bool cooked2 = wtap_file_encap(capture) == WTAP_ENCAP_SLL2;
    while (ws_record_read(&record, capture, &err, &info)) {
        if (bare)
            tally->frames++;
        else
            tally_frame(tally, ws_record_bytes(&record), record.rec.rec_header.packet_header.caplen,
                        cooked2);
    }
    ws_record_free(&record);
    wtap_close(capture);
    return err;
}

int main(int argc, char **argv)
{
    const bool bare = argc == 3 && strcmp(argv[1], "-b") == 0;
    if (argc != 2 && !bare) {
        fputs("usage: wiretap_loop [-b] CAPTURE\n", stderr);
        return 1;
    }
    ws_start_log("wiretap_loop", complain);
    wtap_init(FALSE);
    struct tally tally = tally_new();
    const int err = read_all(argv[argc - 1], &tally, bare);
    if (err != 0)
        fprintf(stderr, "wiretap_loop: %s: %s\n", argv[argc - 1], wtap_strerror(err));
    tally_print(&tally);
    if (bare)
        printf("%" PRIu64 "\n", tally.frames);
    free(tally.slots);
    wtap_cleanup();
    return err != 0;
}
