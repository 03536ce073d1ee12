/*
 * Names in TCP: of a segment by itself, which is nearly always enough, or of several.
 *
 * A SYN opens a head, so that the segment behind the first may come before it; so does a segment
 * that begins what is not at its end. A head closes with its name, when there can be none, and when
 * a segment was not captured to its end.
 */
#include "names/packet_names.h"

#include "names/name_readers.h"

static bool is_dns(const struct eg_name_packet *from)
{
    return from->packet->source_port == EG_DNS_PORT;
}

/* RFC 9293, 3.1: the sequence number is behind the ports. */
static uint32_t sequence_of(const struct eg_name_packet *from)
{
    struct eg_cursor c = eg_cursor_over(from->frame->data, from->frame->captured);
    uint32_t sequence = 0;
    if (eg_cursor_skip(&c, from->packet->upper_offset) && eg_cursor_skip(&c, 4))
        eg_cursor_u32(&c, &sequence);
    return sequence;
}

/* Whether what may be a message's beginning has the header of an answer: RFC 1035, 4.1.1. */
static bool may_be_answer(struct eg_cursor bytes, uint16_t length)
{
    enum { HEADER = 12, ANSWER = 0x80, OPCODE = 0x78 };
    uint8_t flags = 0;
    return length >= HEADER && length <= EG_PIECES_MAX - 2 &&
           (!eg_cursor_peek_u8(&bytes, 2, &flags) || (flags & (ANSWER | OPCODE)) == ANSWER);
}

/*
 * RFC 1035, 4.2.2: each message with its length in front. Takes the whole ones from *bytes; what is
 * left begins another one, or is nothing.
 */
static enum eg_status take_dns(const struct eg_name_packet *from, struct eg_cursor *bytes,
                               enum eg_found *found)
{
    enum eg_status status = EG_OK;
    struct eg_cursor next = *bytes;
    uint16_t length = 0;
    while (status == EG_OK && eg_cursor_u16(&next, &length) && length != 0 &&
           eg_cursor_left(&next) >= length) {
        if (from->hosts)
            status = eg_dns_take(from->hosts, eg_cursor_over(next.at, length), false);
        eg_cursor_skip(&next, length);
        *bytes = next;
    }
    const bool begun =
        eg_cursor_left(bytes) == 1 || (eg_cursor_left(bytes) > 1 && may_be_answer(next, length));
    *found = begun ? EG_FOUND_MORE : EG_FOUND_NONE;
    return status;
}

static enum eg_status take_hello_or_request(const struct eg_name_packet *from,
                                            struct eg_cursor bytes, enum eg_found *found)
{
    uint8_t room[EG_HELLO_MAX];
    struct eg_cursor name;
    *found = eg_tls_server_name(bytes, room, &name);
    if (*found == EG_FOUND)
        return eg_name_keep(from, EG_NAME_TLS, &name);
    if (*found == EG_FOUND_NONE)
        *found = eg_http_host(bytes, &name);
    else
        return EG_OK;
    return *found == EG_FOUND ? eg_name_keep(from, EG_NAME_HTTP, &name) : EG_OK;
}

/* What the bytes from a message's beginning on hold; they begin with what is to be kept then. */
static enum eg_status read_bytes(const struct eg_name_packet *from, struct eg_cursor *bytes,
                                 enum eg_found *found)
{
    return is_dns(from) ? take_dns(from, bytes, found) : take_hello_or_request(from, *bytes, found);
}

/* A segment that no head awaits. */
static enum eg_status take_alone(const struct eg_name_packet *from, uint32_t sequence)
{
    struct eg_cursor bytes = from->payload;
    enum eg_found found = EG_FOUND_NONE;
    if (!is_dns(from) &&
        (eg_cursor_left(&bytes) < EG_NAME_NEEDED || !eg_looks_like_request(bytes.at)))
        return EG_OK;
    const enum eg_status status = read_bytes(from, &bytes, &found);
    if (status != EG_OK || found != EG_FOUND_MORE || !from->whole)
        return status;
    const struct eg_stream_key key = eg_stream_key_of(from->packet);
    struct eg_head *head = eg_streams_open(from->streams, &key, from->number);
    if (!head)
        return EG_ERR_NO_MEMORY;
    head->base = sequence + (uint32_t)(bytes.at - from->payload.at);
    return eg_pieces_put(&head->pieces, 0, bytes);
}

/* What a head has, with the piece that has just made it longer. */
static enum eg_status read_head(const struct eg_name_packet *from, struct eg_head *head)
{
    const struct eg_cursor whole = eg_pieces_whole(&head->pieces);
    struct eg_cursor bytes = whole;
    enum eg_found found = EG_FOUND_NONE;
    const enum eg_status status = read_bytes(from, &bytes, &found);
    const size_t read = (size_t)(bytes.at - whole.at);
    if (found == EG_FOUND_MORE && read == 0 &&
        (head->pieces.grown >= EG_HEAD_GROWN_MAX || eg_cursor_left(&whole) == EG_PIECES_MAX)) {
        from->streams->given_up++;
        found = EG_FOUND_NONE;
    }
    /* Behind whole answers what lies beyond the gap is of the next one. */
    const bool next = is_dns(from) && eg_cursor_left(&bytes) == 0 && head->pieces.count > 1;
    if (found != EG_FOUND_MORE && !next) {
        eg_streams_close(from->streams, head);
        return status;
    }
    if (read != 0) { /* the next message has what the last one had */
        eg_pieces_drop(&head->pieces, read);
        head->base += (uint32_t)read;
        head->pieces.grown = 0;
    }
    return status;
}

/* A segment that a head may await; *taken: it was one of its own. */
static enum eg_status take_awaited(const struct eg_name_packet *from, struct eg_head *head,
                                   uint32_t sequence, bool *taken)
{
    struct eg_cursor bytes = from->payload;
    uint32_t offset = sequence - head->base;
    if (offset > UINT32_MAX / 2 && eg_cursor_skip(&bytes, 0 - offset))
        offset = 0; /* it begins before the head */
    *taken = offset < EG_PIECES_MAX;
    if (!*taken)
        return EG_OK;
    const uint8_t grown = head->pieces.grown;
    enum eg_status status = eg_pieces_put(&head->pieces, offset, bytes);
    if (status == EG_ERR_LIMIT) {
        from->streams->given_up++;
        eg_streams_close(from->streams, head);
        return EG_OK;
    }
    if (status == EG_OK && head->pieces.grown != grown)
        status = read_head(from, head);
    if (head->open && !from->whole)
        eg_streams_close(from->streams, head);
    return status;
}

/* A SYN of a client, or of a server whose answers are read. */
static enum eg_status open_at_syn(const struct eg_name_packet *from, uint32_t sequence)
{
    const struct eg_stream_key key = eg_stream_key_of(from->packet);
    struct eg_head *head = eg_streams_open(from->streams, &key, from->number);
    if (!head)
        return EG_ERR_NO_MEMORY;
    head->base = sequence;
    return EG_OK;
}

enum eg_status eg_tcp_take(const struct eg_name_packet *from)
{
    const uint8_t flags = from->packet->tcp_flags;
    uint32_t sequence = sequence_of(from);
    enum eg_status status = EG_OK;
    eg_streams_expire(from->streams, from->number);
    if (flags & EG_TCP_SYN) {
        sequence++; /* it counts as one byte in front */
        if (!(flags & EG_TCP_ACK) || is_dns(from))
            status = open_at_syn(from, sequence);
    }
    if (status != EG_OK || eg_cursor_left(&from->payload) == 0)
        return status;
    const struct eg_stream_key key = eg_stream_key_of(from->packet);
    struct eg_head *head = from->packet->fragment ? NULL : eg_streams_find(from->streams, &key);
    bool taken = false;
    if (head)
        status = take_awaited(from, head, sequence, &taken);
    return taken || status != EG_OK ? status : take_alone(from, sequence);
}
