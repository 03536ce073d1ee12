/*
 * What a small program over libpcap costs: bytes per destination.
 *
 *     pcap_loop CAPTURE
 */
#include <pcap/pcap.h>

#include "tally.h"

int main(int argc, char **argv)
{
    char error[PCAP_ERRBUF_SIZE];
    pcap_t *capture = argc == 2 ? pcap_open_offline(argv[1], error) : NULL;
    if (capture == NULL) {
        fprintf(stderr, "pcap_loop: %s\n", argc == 2 ? error : "usage: pcap_loop CAPTURE");
        return 1;
    }
    const bool cooked2 = pcap_datalink(capture) == DLT_LINUX_SLL2;
    struct tally tally = tally_new();
    struct pcap_pkthdr *header;
    const u_char *bytes;
    int result;
    while ((result = pcap_next_ex(capture, &header, &bytes)) == 1)
        tally_frame(&tally, bytes, header->caplen, cooked2);
    pcap_close(capture);
    tally_print(&tally);
    free(tally.slots);
    return result == PCAP_ERROR_BREAK ? 0 : 1; /* the end of the file */
}
