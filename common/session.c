/*
 * The line of the core, wired: frames in, buckets and the traffic matrix kept, a report out.
 */
#include "session.h"

#include <stdlib.h>
#include <string.h>

#include "names/packet_names.h"
#include "short_way.h"
#include "traffic/known.h"

enum eg_status eg_session_new(const struct eg_rules *rules, const struct eg_hash_key *seed,
                              struct eg_session **session)
{
    struct eg_session *made = calloc(1, sizeof *made);
    if (!made)
        return EG_ERR_NO_MEMORY;
    made->rules = rules;
    made->short_max = rules->segment ? rules->mtu : UINT32_MAX;
    made->notes.first_time = made->notes.last_time = EG_NO_TIME;
    const struct eg_matrix_limits limits = {.cells = rules->cells_max};
    if (eg_matrix_new(seed, &limits, &made->matrix) != EG_OK ||
        eg_copies_new(rules->dedup, rules->dedup_window, seed, &made->copies) != EG_OK ||
        (rules->names && eg_hosts_new(seed, NULL, &made->hosts) != EG_OK) ||
        (rules->names && eg_streams_new(seed, &made->streams) != EG_OK) ||
        (rules->resent && eg_resent_new(seed, EG_RESENT_FLOWS_MAX, &made->resent) != EG_OK)) {
        eg_session_free(made);
        return EG_ERR_NO_MEMORY;
    }
    if (rules->times)
        eg_session_keep_times(made);
    *session = made;
    return EG_OK;
}

enum eg_status eg_session_new_like(const struct eg_session *like, struct eg_session **session)
{
    const enum eg_status status =
        eg_session_new(like->rules, eg_matrix_seed(like->matrix), session);
    if (status == EG_OK && like->keeps_times)
        eg_session_keep_times(*session);
    return status;
}

void eg_session_keep_times(struct eg_session *session)
{
    session->keeps_times = true;
    eg_matrix_keep_series(session->matrix, session->rules->interval);
}

void eg_session_free(struct eg_session *session)
{
    if (!session)
        return;
    for (size_t i = 0; i < session->input_count; i++)
        eg_input_clear(&session->inputs[i]);
    free(session->inputs);
    free(session->links);
    eg_cell_parts_free(&session->counts.parts);
    eg_matrix_free(session->matrix);
    eg_copies_free(session->copies);
    eg_hosts_free(session->hosts);
    eg_streams_free(session->streams);
    eg_resent_free(session->resent);
    eg_part_start_free(session->start);
    free(session);
}

struct eg_input *eg_session_add_input(struct eg_session *session)
{
    struct eg_input *grown = realloc(session->inputs, (session->input_count + 1) * sizeof *grown);
    if (!grown)
        return NULL;
    session->inputs = grown;
    struct eg_input *input = &grown[session->input_count];
    *input = (struct eg_input){.first_time = EG_NO_TIME, .last_time = EG_NO_TIME};
    session->input_count++;
    return input;
}

enum eg_status eg_session_begin_input(struct eg_session *session, const char *path)
{
    struct eg_input *input = eg_session_add_input(session);
    if (!input || eg_input_set_path(input, path) != EG_OK)
        return EG_ERR_NO_MEMORY;
    eg_copies_reset(session->copies);
    if (session->streams)
        eg_streams_reset(session->streams);
    if (session->resent)
        eg_resent_reset(session->resent);
    return EG_OK;
}

enum eg_status eg_session_end_input(struct eg_session *session, const struct eg_input_facts *facts)
{
    return eg_input_set_facts(&session->inputs[session->input_count - 1], facts);
}

enum eg_status eg_session_add_name(struct eg_session *session, const uint8_t *address, size_t bytes,
                                   const char *name, size_t length)
{
    if (!session->hosts || (bytes != 4 && bytes != 16))
        return EG_OK;
    const struct eg_address named = bytes == 4 ? eg_address_v4(address) : eg_address_v6(address);
    return eg_hosts_add(session->hosts, &named, EG_NAME_FILE, name, length);
}

enum eg_status eg_session_count_link(struct eg_session *session, int32_t link, const char *name,
                                     uint64_t frames)
{
    for (size_t i = 0; i < session->link_count; i++)
        if (session->links[i].link == link &&
            (link != EG_LINK_OTHER || session->links[i].name == name)) {
            session->links[i].frames += frames;
            return EG_OK;
        }
    struct eg_link_count *grown =
        realloc(session->links, (session->link_count + 1) * sizeof *grown);
    if (!grown)
        return EG_ERR_NO_MEMORY;
    session->links = grown;
    grown[session->link_count++] =
        (struct eg_link_count){.link = link, .name = name, .frames = frames};
    return EG_OK;
}

void eg_session_note_region(struct eg_session *session, const char *region)
{
    for (size_t i = 0; i < session->region_count; i++)
        if (strcmp(session->regions[i], region) == 0)
            return;
    if (session->region_count < EG_SESSION_REGIONS_MAX)
        memcpy(session->regions[session->region_count++], region, strlen(region) + 1);
}

static enum eg_bucket bucket_of(enum eg_decode_result result)
{
    switch (result) {
    case EG_DECODE_UNSUPPORTED_LINK:
        return EG_BUCKET_UNSUPPORTED_LINK;
    case EG_DECODE_NOT_IP:
        return EG_BUCKET_NOT_IP;
    case EG_DECODE_TRUNCATED:
        return EG_BUCKET_TRUNCATED;
    case EG_DECODE_MALFORMED:
        return EG_BUCKET_MALFORMED;
    case EG_DECODED:
        break;
    }
    return EG_BUCKET_TRANSIT;
}

bool eg_session_tells_apart(const struct eg_session *session, uint16_t interface)
{
    const enum eg_interface_kind kind = eg_matrix_interface(session->matrix, interface)->kind;
    return kind != EG_INTERFACE_UNKNOWN && kind != EG_INTERFACE_COOKED1_OTHER;
}

enum eg_status eg_selection_new(struct eg_selection **selection)
{
    struct eg_selection *made = calloc(1, sizeof *made);
    if (!made)
        return EG_ERR_NO_MEMORY;
    *selection = made;
    return EG_OK;
}

void eg_selection_free(struct eg_selection *selection)
{
    if (!selection)
        return;
    eg_cell_parts_free(&selection->parts);
    free(selection);
}

static void count_verdict(struct eg_selection *counts, const struct eg_verdict *verdict)
{
    counts->frames++;
    counts->buckets[verdict->bucket]++;
    if (verdict->bucket != EG_BUCKET_DUPLICATE)
        return;
    counts->duplicate.packets++;
    counts->duplicate.ip_bytes += verdict->ip_bytes;
    counts->duplicate.more_packets += verdict->more_packets;
    counts->duplicate.more_bytes += verdict->more_bytes;
}

/* Of a segment of which only a part was sent before, no packet was. */
static struct eg_resent_sums resent_of(const struct eg_verdict *verdict)
{
    const bool whole = verdict->resent_bytes != 0 &&
                       verdict->resent_bytes == verdict->ip_bytes + verdict->more_bytes;
    return (struct eg_resent_sums){whole ? 1 + verdict->more_packets : 0, verdict->resent_bytes};
}

static enum eg_status add_part(struct eg_selection *selection, const struct eg_verdict *verdict,
                               int64_t time)
{
    const struct eg_cell_part part = {
        .packets = 1,
        .ip_bytes = verdict->ip_bytes,
        .more_packets = verdict->more_packets,
        .more_bytes = verdict->more_bytes,
        .resent = resent_of(verdict),
        .first_time = time,
        .last_time = time,
    };
    if (verdict->cell == EG_NO_CELL)
        return EG_OK;
    return eg_cell_parts_add(&selection->parts, verdict->cell, &part);
}

enum eg_status eg_selection_add(struct eg_selection *selection, const struct eg_verdict *verdict,
                                int64_t time)
{
    const enum eg_status status = add_part(selection, verdict, time);
    if (status == EG_OK)
        count_verdict(selection, verdict);
    return status;
}

/* Frames that a display filter excludes still teach direction (rule 3.5) and count nowhere else. */
static enum eg_status begin_filtering(struct eg_session *session)
{
    if (session->has_filtered)
        return EG_OK;
    session->has_filtered = true;
    return eg_cell_parts_all(&session->counts.parts, session->matrix);
}

/* A plain frame's like need not go the long way. */
static void learn_way(struct eg_session *session, const struct eg_frame *frame,
                      const struct eg_packet *packet, uint16_t interface, uint32_t cell)
{
    const struct eg_record record = eg_record_of(frame);
    const struct eg_way_context context =
        eg_way_context_of(eg_session_input_number(session), frame);
    struct eg_plain plain;
    if (eg_plain_read(frame->link, &record, &plain) && eg_short_way_takes(session, frame, &plain))
        eg_matrix_learn_way(session->matrix, &context, &plain, interface, packet->link.hint, cell);
}

/* Looks for what was sent before, of a packet that is in the matrix now. */
static enum eg_status add_resent(struct eg_session *session, const struct eg_frame *frame,
                                 const struct eg_packet *packet, struct eg_verdict *verdict)
{
    struct eg_again again;
    enum eg_status status = eg_resent_check(session->resent, frame, packet, verdict->cell, &again);
    verdict->resent_bytes = again.whole ? verdict->ip_bytes + verdict->more_bytes : again.payload;
    const struct eg_resent_sums sums = resent_of(verdict);
    if (status == EG_OK)
        status = eg_matrix_add_resent(session->matrix, verdict->cell, &sums);
    return status;
}

/* Decides on a copy, and adds to the matrix what is none. */
static enum eg_status add_packet(struct eg_session *session, const struct eg_frame *frame,
                                 const struct eg_passage *passage, const struct eg_packet *packet,
                                 struct eg_verdict *verdict)
{
    uint16_t interface = 0;
    enum eg_status status = eg_matrix_intern_interface(
        session->matrix, eg_session_input_number(session), frame, &packet->link, &interface);
    if (status == EG_OK && frame->filtered)
        status = begin_filtering(session);
    if (status != EG_OK)
        return status;
    enum eg_copy_verdict copy = passage->copy;
    if (!passage->looked && !frame->filtered)
        copy = eg_copies_check(session->copies, frame, packet, interface,
                               eg_session_tells_apart(session, interface));
    uint64_t segments = 1, bytes = packet->ip_bytes;
    if (session->rules->segment)
        eg_packet_segment(packet, session->rules->mtu, &segments, &bytes);
    verdict->ip_bytes = packet->ip_bytes;
    verdict->more_packets = segments - 1;
    verdict->more_bytes = bytes - packet->ip_bytes;
    session->notes.no_key += copy == EG_COPY_NO_KEY;
    if (copy == EG_COPY_DUPLICATE) {
        verdict->bucket = EG_BUCKET_DUPLICATE;
    } else {
        session->notes.beyond_frame += packet->length_beyond_frame;
        session->notes.zero_length += packet->length_from_wire;
        status = eg_matrix_add(session->matrix, packet, interface, frame->time, segments, bytes,
                               &verdict->cell);
        if (status == EG_OK && session->resent && verdict->cell != EG_CELL_OVERFLOW)
            status = add_resent(session, frame, packet, verdict);
    }
    if (status == EG_OK)
        learn_way(session, frame, packet, interface, verdict->cell);
    if (status == EG_OK && session->has_filtered && !frame->filtered &&
        verdict->bucket != EG_BUCKET_DUPLICATE)
        status = add_part(&session->counts, verdict, frame->time);
    return status;
}

/* A decoded frame, filtered or not. */
static enum eg_status add_decoded(struct eg_session *session, const struct eg_frame *frame,
                                  const struct eg_passage *passage, const struct eg_packet *packet,
                                  struct eg_verdict *verdict)
{
    char region[EG_REGION_NAME_MAX];
    enum eg_status status = add_packet(session, frame, passage, packet, verdict);
    if (status == EG_OK && session->hosts)
        status = eg_names_take(session->hosts, session->streams, eg_session_next_frame(session),
                               frame, packet);
    if (eg_packet_metadata_region(frame, packet, region))
        eg_session_note_region(session, region);
    if (frame->filtered)
        *verdict = (struct eg_verdict){.bucket = EG_BUCKET_FILTERED, .cell = EG_NO_CELL};
    return status;
}

static void note_time(struct eg_session *session, int64_t time)
{
    eg_span_add(time, &session->notes.first_time, &session->notes.last_time);
    session->notes.timeless |= time == EG_NO_TIME;
    if (session->input_count == 0)
        return;
    struct eg_input *input = &session->inputs[session->input_count - 1];
    input->frames++;
    eg_span_add(time, &input->first_time, &input->last_time);
}

static enum eg_status add_any(struct eg_session *session, const struct eg_frame *frame,
                              const struct eg_passage *passage, struct eg_verdict *verdict)
{
    struct eg_packet packet;
    const enum eg_decode_result result = eg_packet_decode(frame, &packet);
    struct eg_verdict made = {.bucket = bucket_of(result), .cell = EG_NO_CELL};
    enum eg_status status = EG_OK;
    if (result == EG_DECODE_UNSUPPORTED_LINK)
        status = eg_session_count_link(session, frame->link, frame->link_name, 1);
    else if (result == EG_DECODED)
        status = add_decoded(session, frame, passage, &packet, &made);
    if (status != EG_OK)
        return status;
    count_verdict(&session->counts, &made);
    note_time(session, frame->time);
    *verdict = made;
    return EG_OK;
}

enum eg_status eg_session_add_frames(struct eg_session *session, const struct eg_frame *common,
                                     const struct eg_record *records, size_t count,
                                     struct eg_verdict *verdicts)
{
    struct eg_verdict verdict;
    for (size_t done = 0; done < count; done++) {
        struct eg_passage passage;
        done += eg_short_way(session, common, records + done, count - done,
                             verdicts ? verdicts + done : NULL, &passage);
        if (done == count)
            break;
        const struct eg_frame frame = eg_frame_of(common, &records[done]);
        const enum eg_status status = add_any(session, &frame, &passage, &verdict);
        if (status != EG_OK)
            return status;
        if (verdicts)
            verdicts[done] = verdict;
    }
    return EG_OK;
}

enum eg_status eg_session_add_frame(struct eg_session *session, const struct eg_frame *frame,
                                    struct eg_verdict *verdict)
{
    const struct eg_record record = eg_record_of(frame);
    return eg_session_add_frames(session, frame, &record, 1, verdict);
}

bool eg_session_may_be_parted(const struct eg_session *session)
{
    return !session->resent;
}

uint64_t eg_session_frames(const struct eg_session *session)
{
    return session->counts.frames;
}

uint64_t eg_session_cells(const struct eg_session *session)
{
    return eg_matrix_cells(session->matrix);
}

uint64_t eg_session_cells_max(const struct eg_session *session)
{
    return eg_matrix_cells_max(session->matrix);
}

static const char *const bucket_names[EG_BUCKETS] = {
    [EG_BUCKET_UNSUPPORTED_LINK] = "unsupported_link",
    [EG_BUCKET_NOT_IP] = "not_ip",
    [EG_BUCKET_TRUNCATED] = "truncated",
    [EG_BUCKET_MALFORMED] = "malformed",
    [EG_BUCKET_FILTERED] = "filtered",
    [EG_BUCKET_DUPLICATE] = "duplicate",
    [EG_BUCKET_EGRESS] = "egress",
    [EG_BUCKET_INGRESS] = "ingress",
    [EG_BUCKET_LOCAL] = "local",
    [EG_BUCKET_INTERNAL] = "internal",
    [EG_BUCKET_TRANSIT] = "transit",
};

const char *eg_bucket_name(enum eg_bucket bucket)
{
    return bucket_names[bucket];
}
