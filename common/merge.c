/*
 * Sessions added up: of one input after another, or of parts of one.
 *
 * What a session numbers (cells, addresses, link pairs, interfaces, link layers), it numbers in the
 * order of appearance. Merging takes over what `from` has in its order, so sessions that are merged
 * in the order of their frames number everything as one session over all those frames does, and no
 * report can tell the two apart. That is so below the ceilings only: beyond them it matters which
 * packet came first, and so eg_session_has_room() says whether a merge stays below.
 */
#include "session.h"

static void merge_counts(struct eg_session *session, const struct eg_session *other)
{
    struct eg_selection *into = &session->counts;
    const struct eg_selection *from = &other->counts;
    into->frames += from->frames;
    for (size_t i = 0; i < EG_BUCKETS; i++)
        into->buckets[i] += from->buckets[i];
    into->duplicate.packets += from->duplicate.packets;
    into->duplicate.ip_bytes += from->duplicate.ip_bytes;
    into->duplicate.more_packets += from->duplicate.more_packets;
    into->duplicate.more_bytes += from->duplicate.more_bytes;
}

static void merge_notes(struct eg_session *session, const struct eg_session *other)
{
    struct eg_session_notes *into = &session->notes;
    const struct eg_session_notes *from = &other->notes;
    into->no_key += from->no_key;
    into->beyond_frame += from->beyond_frame;
    into->zero_length += from->zero_length;
    into->copies_evicted += from->copies_evicted + eg_copies_evicted(other->copies);
    into->flows_forgotten += from->flows_forgotten;
    if (other->resent)
        into->flows_forgotten += eg_resent_forgotten(other->resent);
    eg_span_add(from->first_time, &into->first_time, &into->last_time);
    eg_span_add(from->last_time, &into->first_time, &into->last_time);
    into->heads_given_up += from->heads_given_up;
    if (other->streams)
        into->heads_given_up += other->streams->given_up;
    into->timeless |= from->timeless;
    for (size_t i = 0; i < other->region_count; i++)
        eg_session_note_region(session, other->regions[i]);
}

static enum eg_status merge_inputs(struct eg_session *into, const struct eg_session *from)
{
    for (size_t i = 0; i < from->input_count; i++) {
        struct eg_input *copy = eg_session_add_input(into);
        if (!copy || eg_input_copy(&from->inputs[i], copy) != EG_OK)
            return EG_ERR_NO_MEMORY;
    }
    return EG_OK;
}

static enum eg_status merge_links(struct eg_session *into, const struct eg_session *from)
{
    enum eg_status status = EG_OK;
    for (size_t i = 0; i < from->link_count && status == EG_OK; i++)
        status = eg_session_count_link(into, from->links[i].link, from->links[i].name,
                                       from->links[i].frames);
    return status;
}

/* All but the inputs; first_input: the number of from's first one in `into`. */
static enum eg_status merge_frames(struct eg_session *into, const struct eg_session *from,
                                   uint32_t first_input)
{
    if (into->has_filtered || from->has_filtered)
        return EG_ERR_VALUE;
    enum eg_status status = eg_matrix_merge(into->matrix, from->matrix, first_input);
    if (status == EG_OK)
        status = merge_links(into, from);
    if (status == EG_OK && into->hosts && from->hosts)
        status = eg_hosts_merge(into->hosts, from->hosts);
    if (status != EG_OK)
        return status;
    merge_counts(into, from);
    merge_notes(into, from);
    return EG_OK;
}

enum eg_status eg_session_merge(struct eg_session *into, const struct eg_session *from)
{
    const enum eg_status status = merge_frames(into, from, (uint32_t)into->input_count);
    return status == EG_OK ? merge_inputs(into, from) : status;
}

enum eg_status eg_session_merge_part(struct eg_session *into, const struct eg_session *from)
{
    if (into->input_count == 0 || from->input_count != 1 || !eg_session_may_be_parted(into))
        return EG_ERR_VALUE;
    const enum eg_status status = merge_frames(into, from, (uint32_t)into->input_count - 1);
    struct eg_input *input = &into->inputs[into->input_count - 1];
    const struct eg_input *part = &from->inputs[0];
    if (status != EG_OK)
        return status;
    input->frames += part->frames;
    eg_span_add(part->first_time, &input->first_time, &input->last_time);
    eg_span_add(part->last_time, &input->first_time, &input->last_time);
    return EG_OK;
}

bool eg_session_has_room(const struct eg_session *into, const struct eg_session *const from[],
                         size_t count)
{
    struct eg_matrix_need need = {0};
    struct eg_hosts_limits names = {0};
    bool whole = !into->has_filtered;
    for (size_t i = 0; i < count && whole; i++)
        whole = !from[i]->has_filtered && eg_matrix_add_need(from[i]->matrix, &need) &&
                (!from[i]->hosts || eg_hosts_add_need(from[i]->hosts, &names));
    return whole && eg_matrix_has_room(into->matrix, &need) &&
           (!into->hosts || eg_hosts_have_room(into->hosts, &names));
}
