/*
 * The ClientHello of QUIC, out of one Initial packet or of several.
 *
 * A client sends to a connection ID of its own until the server has chosen another one; the keys
 * stay those of the first. Behind a Retry they are made anew, from the ID that the server chose
 * (RFC 9001, 5.2), and the ClientHello begins again.
 */
#include "names/packet_names.h"

#include "names/name_readers.h"

/* What an Initial packet of no open head has; too_many: not all of its pieces were kept. */
static enum eg_status begin(const struct eg_name_packet *from, const struct eg_quic_keys *keys,
                            struct eg_pieces *pieces, bool too_many)
{
    struct eg_cursor name;
    const enum eg_found found = eg_hello_server_name(eg_pieces_whole(pieces), &name);
    if (found == EG_FOUND)
        return eg_name_keep(from, EG_NAME_QUIC, &name);
    if (found == EG_FOUND_NONE || pieces->count == 0)
        return EG_OK;
    if (too_many) {
        from->streams->given_up++;
        return EG_OK;
    }
    const struct eg_stream_key key = eg_stream_key_of(from->packet);
    struct eg_head *head = eg_streams_open(from->streams, &key, from->number);
    if (!head)
        return EG_ERR_NO_MEMORY;
    head->quic = *keys;
    head->pieces = *pieces;
    *pieces = (struct eg_pieces){0};
    return EG_OK;
}

static enum eg_status begin_with(const struct eg_name_packet *from, const struct eg_quic_keys *keys,
                                 struct eg_cursor frames)
{
    struct eg_pieces pieces = {0};
    enum eg_status status = eg_quic_join(frames, &pieces);
    if (status != EG_ERR_NO_MEMORY)
        status = begin(from, keys, &pieces, status == EG_ERR_LIMIT);
    eg_pieces_clear(&pieces);
    return status;
}

/* An Initial packet of an open head's connection. */
static enum eg_status go_on(const struct eg_name_packet *from, struct eg_head *head,
                            struct eg_cursor frames)
{
    struct eg_cursor name;
    const uint8_t grown = head->pieces.grown;
    enum eg_status status = eg_quic_join(frames, &head->pieces);
    if (status == EG_ERR_NO_MEMORY)
        return status;
    const struct eg_cursor whole = eg_pieces_whole(&head->pieces);
    enum eg_found found = EG_FOUND_MORE;
    if (head->pieces.grown != grown)
        found = eg_hello_server_name(whole, &name);
    if (found == EG_FOUND_MORE &&
        (status == EG_ERR_LIMIT || head->pieces.grown >= EG_HEAD_GROWN_MAX ||
         eg_cursor_left(&whole) == EG_PIECES_MAX)) {
        from->streams->given_up++;
        found = EG_FOUND_NONE;
    }
    status = found == EG_FOUND ? eg_name_keep(from, EG_NAME_QUIC, &name) : EG_OK;
    if (found != EG_FOUND_MORE)
        eg_streams_close(from->streams, head);
    return status;
}

/* With the keys of the head, if there is one; else, or if they do not fit, with its own. */
static enum eg_status take_initial(const struct eg_name_packet *from,
                                   const struct eg_quic_packet *packet)
{
    uint8_t room[EG_QUIC_ROOM];
    struct eg_cursor frames;
    struct eg_quic_keys keys;
    const struct eg_stream_key key = eg_stream_key_of(from->packet);
    struct eg_head *head = eg_streams_find(from->streams, &key);
    const bool own = head && eg_quic_keys_are_of(&head->quic, packet);
    if (head && head->quic.version == packet->version &&
        eg_quic_open(packet, &head->quic, room, &frames))
        return go_on(from, head, frames);
    if (own || !eg_quic_make_keys(packet, &keys) || !eg_quic_open(packet, &keys, room, &frames))
        return EG_OK;
    return begin_with(from, &keys, frames);
}

enum eg_status eg_quic_take(const struct eg_name_packet *from)
{
    enum { PACKETS_MAX = 16 };
    struct eg_cursor datagram = from->payload;
    struct eg_quic_packet packet;
    enum eg_status status = EG_OK;
    eg_streams_expire(from->streams, from->number);
    for (unsigned i = 0; i < PACKETS_MAX && status == EG_OK && eg_quic_next(&datagram, &packet);
         i++)
        if (packet.initial)
            status = take_initial(from, &packet);
    return status;
}
