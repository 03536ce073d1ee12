/*
 * One input in several sessions, each with a part of its frames: what the parts must know of the
 * frames before them, and the proof that they knew enough.
 *
 * Of all that a session knows, only what copies are told by (rule 2.2) and the messages that may
 * hold a name and of which only a part has come (names/streams.h) carry over from one frame to the
 * next; the rest are sums, which merging adds up. So a part first looks at some frames in front of
 * it, for these alone. What it knows then is a guess, since a window or a message may have been
 * open when the first of them came. Once the session of the part before has come to the same place,
 * the two are compared: eg_copies_agree() and eg_streams_agree() say when nothing behind that place
 * can tell them apart. If they agree, and the part before was right itself, so is this one. If they
 * do not, the part is worth nothing, and the session before it must go on through its frames.
 *
 * A frame that is older than those before it may reach back to a window that the comparison took
 * for over, so the comparison is told the earliest time of all frames behind the place.
 */
#include <stdlib.h>

#include "names/packet_names.h"
#include "packet/packet.h"
#include "session.h"
#include "traffic/interning.h"

struct eg_part_start {
    struct eg_copies *copies;   /* NULL until the part begins */
    struct eg_streams *streams; /* the same; NULL without names */
    uint64_t number;            /* of the part's first frame */
    struct eg_interface *interfaces;
    uint16_t interface_count;
    int64_t first_time, last_time; /* of the frames in front of the part */
};

void eg_part_start_free(struct eg_part_start *start)
{
    if (!start)
        return;
    eg_copies_free(start->copies);
    eg_streams_free(start->streams);
    free(start->interfaces);
    free(start);
}

static struct eg_part_start *start_of(struct eg_session *session)
{
    if (session->start)
        return session->start;
    session->start = calloc(1, sizeof *session->start);
    if (session->start)
        session->start->first_time = session->start->last_time = EG_NO_TIME;
    return session->start;
}

enum eg_status eg_session_look_at(struct eg_session *session, const struct eg_frame *frame)
{
    struct eg_packet packet;
    uint16_t interface;
    struct eg_part_start *start = start_of(session);
    if (!start)
        return EG_ERR_NO_MEMORY;
    eg_span_add(frame->time, &start->first_time, &start->last_time);
    const uint64_t number = session->looked++;
    if (eg_packet_decode(frame, &packet) != EG_DECODED)
        return EG_OK;
    enum eg_status status = eg_matrix_intern_interface(
        session->matrix, eg_session_input_number(session), frame, &packet.link, &interface);
    if (status == EG_OK && session->streams)
        status = eg_names_take(NULL, session->streams, number, frame, &packet);
    if (status == EG_OK)
        (void)eg_copies_check(session->copies, frame, &packet, interface,
                              eg_session_tells_apart(session, interface));
    return status;
}

bool eg_session_looks_back(const struct eg_session *session)
{
    return session->rules->dedup != EG_DEDUP_OFF || session->streams;
}

bool eg_session_has_seen_enough(const struct eg_session *session)
{
    enum { WINDOWS = 4 }; /* one is needed, and what was open before it began has to end */
    const struct eg_part_start *start = session->start;
    if (!eg_session_looks_back(session))
        return true;
    if (session->streams && session->looked < EG_HEAD_FRAMES)
        return false;
    if (session->rules->dedup == EG_DEDUP_OFF)
        return true;
    if (!start || start->first_time == EG_NO_TIME)
        return false;
    const uint64_t span = (uint64_t)start->last_time - (uint64_t)start->first_time;
    return span / WINDOWS >= (uint64_t)session->rules->dedup_window;
}

enum eg_status eg_session_begin_part(struct eg_session *session)
{
    struct eg_part_start *start = start_of(session);
    if (!start)
        return EG_ERR_NO_MEMORY;
    eg_copies_forget_evicted(session->copies);
    start->number = eg_session_next_frame(session);
    if (session->streams) {
        session->streams->given_up = 0;
        start->streams = eg_streams_copy(session->streams);
        if (!start->streams)
            return EG_ERR_NO_MEMORY;
    }
    const uint16_t count = eg_matrix_interfaces(session->matrix);
    start->interfaces = malloc(((size_t)count + 1) * sizeof *start->interfaces);
    start->copies = eg_copies_copy(session->copies);
    if (!start->interfaces || !start->copies)
        return EG_ERR_NO_MEMORY;
    for (uint16_t i = 0; i < count; i++)
        start->interfaces[i] = *eg_matrix_interface(session->matrix, i);
    start->interface_count = count;
    return EG_OK;
}

/* Where the part numbers an interface of the session before it; EG_INTERFACES_MAX: it does not. */
static uint16_t number_of(const struct eg_part_start *start, const struct eg_interface *interface)
{
    for (uint16_t i = 0; i < start->interface_count; i++)
        if (eg_interfaces_equal(&start->interfaces[i], interface))
            return i;
    return EG_INTERFACES_MAX;
}

bool eg_session_part_follows(const struct eg_session *before, const struct eg_session *part,
                             int64_t earliest)
{
    enum { COMPARISONS_MAX = 1 << 24 };
    const struct eg_part_start *start = part->start;
    const uint16_t count = eg_matrix_interfaces(before->matrix);
    if (!start || !start->copies || count == EG_INTERFACES_MAX ||
        (uint64_t)count * start->interface_count > COMPARISONS_MAX)
        return false;
    if (start->streams && !eg_streams_agree(before->streams, eg_session_next_frame(before),
                                            start->streams, start->number))
        return false;
    uint16_t *numbers = malloc(((size_t)count + 1) * sizeof *numbers);
    if (!numbers)
        return false;
    for (uint16_t i = 0; i < count; i++)
        numbers[i] = number_of(start, eg_matrix_interface(before->matrix, i));
    const bool agree = eg_copies_agree(before->copies, start->copies, numbers, earliest);
    free(numbers);
    return agree;
}

struct eg_span eg_session_span(const struct eg_session *session)
{
    return (struct eg_span){session->notes.first_time, session->notes.last_time};
}
