#include "short_way.h"

#include "names/packet_names.h"
#include "traffic/copies_ring.h"
#include "traffic/known.h"

/* A run at work: what it adds to, and what it has come to, in few words. */
struct run {
    struct eg_session *session;
    const struct eg_way_table *ways;
    struct eg_copies *sightings;
    struct eg_finder finder;
    uint32_t longest_less; /* the longest packet that is never segmented, less EG_PLAIN_USUAL */
    int64_t latest;        /* time of all frames of the session so far; see `ordered` */
    bool ordered;          /* and it is of this input; else `latest` is beyond all times */
    const struct eg_streams *awaiting; /* NULL while no message waits for packets */
    bool names;    /* packets that may carry some are looked into, on the long way */
    uint8_t asked; /* flags of ways whose frames are looked at for copies */
    uint64_t copies;
    uint64_t copied_bytes;
    uint64_t no_key;
};

bool eg_short_way_takes(const struct eg_session *session, const struct eg_frame *frame,
                        const struct eg_plain *plain)
{
    return !session->has_filtered && !frame->filtered && plain->ip_bytes <= session->short_max;
}

/*
 * Of a frame that is not later than all before it, has no time, or whose time a series may have to
 * note. False without memory: the long way is no way either, and says so.
 */
EG_NOINLINE bool note_early(struct run *run, int64_t time, struct eg_kept_cell *cell)
{
    struct eg_session *session = run->session;
    struct eg_series *series = &session->matrix->series;
    if (cell && eg_series_is_awaited(series, cell->more & EG_MORE_NOTED, time) &&
        eg_series_enter(series, session->matrix, (uint32_t)(cell - run->finder.cells), time) !=
            EG_OK)
        return false;
    struct eg_input *input = eg_session_input(session);
    if (cell)
        eg_span_add(time, &cell->first_time, &cell->last_time);
    eg_span_add(time, &session->notes.first_time, &session->notes.last_time);
    if (input)
        eg_span_add(time, &input->first_time, &input->last_time);
    return true;
}

/*
 * Counts one packet, but for its bytes, and its time. Nearly every frame is the latest so far: of
 * its cell, too. False when there is no room. The series wants to see the cell as it was before.
 */
EG_INLINE bool count_packet(struct run *run, int64_t time, struct eg_kept_cell *cell)
{
    if (EG_UNLIKELY(time < run->latest)) {
        if (cell->packets == UINT32_MAX || !note_early(run, time, cell))
            return false;
        cell->packets++;
        return true;
    }
    /* In place: an addition tells by itself that it went over. */
    if (EG_UNLIKELY(++cell->packets == 0)) {
        cell->packets--;
        return false;
    }
    run->latest = time;
    cell->last_time = time;
    return true;
}

/* A copy ends here. */
EG_INLINE bool add_copy(struct run *run, const struct eg_record *record,
                        const struct eg_plain *plain, struct eg_verdict *verdict)
{
    run->copies++;
    run->copied_bytes += plain->ip_bytes;
    if (EG_UNLIKELY(record->time < run->latest))
        (void)note_early(run, record->time, NULL);
    else
        run->latest = record->time;
    if (verdict)
        *verdict = (struct eg_verdict){
            .bucket = EG_BUCKET_DUPLICATE, .cell = EG_NO_CELL, .ip_bytes = plain->ip_bytes};
    return true;
}

/*
 * The cell of a packet that is the first of its kind, of a header that was seen before; or NULL.
 * The frame is read again, so that what the caller read of it can stay in registers.
 */
EG_NOINLINE struct eg_kept_cell *open_cell(struct run *run, int32_t link, const struct eg_way *way,
                                           const struct eg_record *record)
{
    struct eg_matrix *matrix = run->session->matrix;
    struct eg_plain plain;
    if (way->kind == EG_WAY_NO_CELL || !eg_plain_read(link, record, &plain) ||
        !eg_matrix_open_known(matrix, eg_known_kind(way, &plain), &plain, record->time))
        return NULL;
    run->finder = eg_finder_of(matrix);
    return &run->finder.cells[matrix->cells.count - 1];
}

/* What is no copy. */
EG_INLINE bool add_to_cell(struct run *run, int32_t link, const struct eg_way *way,
                           const struct eg_record *record, const struct eg_plain *plain,
                           struct eg_verdict *verdict)
{
    struct eg_kept_cell *cell = eg_known_find(&run->finder, way, plain);
    if (EG_UNLIKELY(!cell)) {
        cell = open_cell(run, link, way, record);
        if (!cell)
            return false;
    }
    if (EG_UNLIKELY(!count_packet(run, record->time, cell)))
        return false;
    eg_known_add(cell, plain);
    if (verdict)
        *verdict = (struct eg_verdict){.bucket = EG_BUCKET_TRANSIT,
                                       .cell = (uint32_t)(cell - run->finder.cells),
                                       .ip_bytes = plain->ip_bytes};
    return true;
}

/* Of a key that may have been seen. The answers of the metadata service are read the long way. */
EG_INLINE bool add_seen(struct run *run, int32_t link, const struct eg_way *way, uint64_t key,
                        const struct eg_record *record, const struct eg_plain *plain,
                        struct eg_verdict *verdict, struct eg_passage *passage)
{
    const bool alike = eg_plain_cooked(link) == 1 || !(way->flags & EG_WAY_TOLD_APART);
    const enum eg_copy_verdict copy = eg_copies_answer_plain(
        run->sightings, key, record->time, way, alike && eg_plain_identification(plain) != 0);
    const bool is_copy = copy == EG_COPY_DUPLICATE;
    if (is_copy && (plain->six || !eg_plain_is_metadata(eg_plain_source(plain))))
        return add_copy(run, record, plain, verdict);
    if (!is_copy && add_to_cell(run, link, way, record, plain, verdict)) {
        run->no_key += copy == EG_COPY_NO_KEY;
        return true;
    }
    *passage = (struct eg_passage){.looked = true, .copy = copy};
    return false;
}

/* Looked at for copies first. */
EG_INLINE bool add_looking(struct run *run, int32_t link, const struct eg_way *way,
                           const struct eg_record *record, const struct eg_plain *plain,
                           struct eg_verdict *verdict, struct eg_passage *passage)
{
    if (EG_UNLIKELY((way->flags & run->asked) != run->asked))
        return (way->flags & EG_WAY_USED) && add_to_cell(run, link, way, record, plain, verdict);
    const uint64_t key = eg_plain_key(&run->sightings->mixed, plain, way->hint);
    if (!eg_copies_is_first(run->sightings, key, record->time, way->number))
        return add_seen(run, link, way, key, record, plain, verdict, passage);
    if (EG_LIKELY(add_to_cell(run, link, way, record, plain, verdict)))
        return true;
    *passage = (struct eg_passage){.looked = true, .copy = EG_COPY_ORIGINAL};
    return false;
}

/* A plain frame; false: it has to go the long way. link and looks are constants, names is often. */
EG_INLINE bool add_plain(struct run *run, int32_t link, bool looks, bool names,
                         const struct eg_record *record, const struct eg_plain *plain,
                         struct eg_verdict *verdict, struct eg_passage *passage)
{
    if (names && eg_names_may_be_in(plain, run->awaiting))
        return false;
    const struct eg_way *way = eg_way_find(link, run->ways, plain);
    if (looks)
        return add_looking(run, link, way, record, plain, verdict, passage);
    return add_to_cell(run, link, way, record, plain, verdict);
}

/* Twice, so that what depends on the protocol is settled when this is compiled. */
EG_INLINE bool add_usual(struct run *run, int32_t link, bool looks, bool names,
                         const struct eg_record *record, const struct eg_plain *plain,
                         struct eg_verdict *verdict, struct eg_passage *passage)
{
    if (EG_LIKELY(plain->protocol == EG_PROTOCOL_TCP))
        return add_plain(run, link, looks, names, record, plain, verdict, passage);
    return add_plain(run, link, looks, names, record, plain, verdict, passage);
}

/* Whatever is plain. */
EG_INLINE bool add_any(struct run *run, int32_t link, bool looks, bool names,
                       const struct eg_record *record, struct eg_verdict *verdict,
                       struct eg_passage *passage)
{
    struct eg_plain plain;
    return eg_plain_read(link, record, &plain) &&
           plain.ip_bytes <= run->longest_less + EG_PLAIN_USUAL &&
           add_plain(run, link, looks, names, record, &plain, verdict, passage);
}

typedef bool add_one(struct run *run, const struct eg_record *record, struct eg_verdict *verdict,
                     struct eg_passage *passage);

/* A frame with a VLAN tag. */
EG_INLINE bool add_tagged_frame(struct run *run, bool looks, bool names, add_one *rare,
                                const struct eg_record *record, struct eg_plain *plain,
                                struct eg_verdict *verdict, struct eg_passage *passage)
{
    if (eg_plain_take_tag(record->data, plain) == EG_PLAIN_TYPE_IPV4 &&
        eg_plain_read_usual(record, EG_PLAIN_TAGGED, run->longest_less, plain))
        return add_plain(run, EG_LINKTYPE_ETHERNET, looks, names, record, plain, verdict, passage);
    return rare(run, record, verdict, passage);
}

/*
 * Whether this is an IPv4 packet is asked of the packet alone: a way that is known compares the
 * type too, and that of IPv6 over an IPv4 header is decoded as this one is. A frame whose tag and
 * what follows look like an IPv4 packet is not of a way that is known, and takes the long one.
 */
EG_INLINE bool add_ethernet_frame(struct run *run, bool looks, bool names, add_one *rare,
                                  const struct eg_record *record, struct eg_verdict *verdict,
                                  struct eg_passage *passage)
{
    const int32_t link = EG_LINKTYPE_ETHERNET;
    struct eg_plain plain;
    (void)eg_plain_take_ethernet(record->data, &plain);
    if (EG_LIKELY(eg_plain_read_usual(record, EG_PLAIN_ETHERNET, run->longest_less, &plain)))
        return add_usual(run, link, looks, names, record, &plain, verdict, passage);
    if (eg_plain_u16(record->data + 12) == EG_PLAIN_TYPE_VLAN)
        return add_tagged_frame(run, looks, names, rare, record, &plain, verdict, passage);
    return rare(run, record, verdict, passage);
}

/* The usual frames here, all others by a call. */
EG_INLINE bool add_frame(struct run *run, int32_t link, bool looks, bool names, add_one *rare,
                         const struct eg_record *record, struct eg_verdict *verdict,
                         struct eg_passage *passage)
{
    struct eg_plain plain;
    uint16_t type;
    if (EG_UNLIKELY(record->captured < EG_PLAIN_MIN) &&
        (link != EG_LINKTYPE_ETHERNET || !eg_plain_may_be_small(record)))
        return rare(run, record, verdict, passage);
    if (link == EG_LINKTYPE_ETHERNET)
        return add_ethernet_frame(run, looks, names, rare, record, verdict, passage);
    const uint32_t offset = eg_plain_read_link(link, record->data, &type, &plain);
    if (EG_LIKELY(type == EG_PLAIN_TYPE_IPV4) &&
        EG_LIKELY(eg_plain_read_usual(record, offset, run->longest_less, &plain)))
        return add_plain(run, link, looks, names, record, &plain, verdict, passage);
    return rare(run, record, verdict, passage);
}

EG_INLINE size_t add_all(struct run *run, int32_t link, bool looks, bool names, add_one *rare,
                         const struct eg_record *records, size_t count, struct eg_verdict *verdicts,
                         struct eg_passage *passage)
{
    const struct eg_record *record = records, *const end = records + count;
    struct eg_verdict *verdict = verdicts;
    for (; record < end; record++) {
        if (EG_UNLIKELY(!add_frame(run, link, looks, names, rare, record, verdict, passage)))
            break;
        if (verdict)
            verdict++;
    }
    return (size_t)(record - records);
}

#define SHORT_WAY(name, link, looks, names)                                                        \
    EG_NOINLINE bool name##_rare(struct run *run, const struct eg_record *record,                  \
                                 struct eg_verdict *verdict, struct eg_passage *passage)           \
    {                                                                                              \
        return add_any(run, link, looks, names, record, verdict, passage);                         \
    }                                                                                              \
    static size_t name(struct run *run, const struct eg_record *records, size_t count,             \
                       struct eg_verdict *verdicts, struct eg_passage *passage)                    \
    {                                                                                              \
        if (verdicts)                                                                              \
            return add_all(run, link, looks, names, name##_rare, records, count, verdicts,         \
                           passage);                                                               \
        return add_all(run, link, looks, names, name##_rare, records, count, NULL, passage);       \
    }

SHORT_WAY(add_ethernet, EG_LINKTYPE_ETHERNET, false, false)
SHORT_WAY(add_ethernet_naming, EG_LINKTYPE_ETHERNET, false, true)
SHORT_WAY(add_ethernet_looking, EG_LINKTYPE_ETHERNET, true, false)
SHORT_WAY(add_ethernet_looking_naming, EG_LINKTYPE_ETHERNET, true, true)
SHORT_WAY(add_cooked, EG_LINKTYPE_LINUX_SLL, false, run->names)
SHORT_WAY(add_cooked_looking, EG_LINKTYPE_LINUX_SLL, true, run->names)
SHORT_WAY(add_cooked2, EG_LINKTYPE_LINUX_SLL2, false, run->names)
SHORT_WAY(add_cooked2_looking, EG_LINKTYPE_LINUX_SLL2, true, run->names)

typedef size_t add_run(struct run *run, const struct eg_record *records, size_t count,
                       struct eg_verdict *verdicts, struct eg_passage *passage);

/* NULL: none of such frames is plain. */
static add_run *run_for(const struct eg_session *session, const struct eg_frame *common)
{
    const bool looks = eg_copies_may_look(session->copies, common);
    const bool names = session->hosts != NULL;
    switch (common->link) {
    case EG_LINKTYPE_ETHERNET:
        if (looks)
            return names ? add_ethernet_looking_naming : add_ethernet_looking;
        return names ? add_ethernet_naming : add_ethernet;
    case EG_LINKTYPE_LINUX_SLL:
        return looks ? add_cooked_looking : add_cooked;
    case EG_LINKTYPE_LINUX_SLL2:
        return looks ? add_cooked2_looking : add_cooked2;
    default:
        return NULL;
    }
}

static uint8_t asked_of_ways(const struct eg_copies *copies, int32_t link)
{
    return eg_copies_needs_known(copies, link) ? EG_WAY_USED | EG_WAY_TOLD_APART : EG_WAY_USED;
}

/* What the frames of a run came to together. */
static void count_run(struct eg_session *session, const struct run *run, size_t frames)
{
    struct eg_selection *counts = &session->counts;
    struct eg_input *input = eg_session_input(session);
    counts->frames += frames;
    counts->buckets[EG_BUCKET_TRANSIT] += frames - run->copies;
    counts->buckets[EG_BUCKET_DUPLICATE] += run->copies;
    counts->duplicate.packets += run->copies;
    counts->duplicate.ip_bytes += run->copied_bytes;
    session->notes.no_key += run->no_key;
    if (input)
        input->frames += frames;
    if (run->ordered)
        session->notes.last_time = input->last_time = run->latest;
}

/* Heads are opened and closed on the long way alone. */
static const struct eg_streams *names_awaited(const struct eg_session *session)
{
    return session->streams && eg_streams_any(session->streams) ? session->streams : NULL;
}

size_t eg_short_way(struct eg_session *session, const struct eg_frame *common,
                    const struct eg_record *records, size_t count, struct eg_verdict *verdicts,
                    struct eg_passage *passage)
{
    const struct eg_input *input = eg_session_input(session);
    add_run *add = run_for(session, common);
    const struct eg_way_context context =
        eg_way_context_of(eg_session_input_number(session), common);
    const bool ordered = session->matrix->series.off && !session->notes.timeless && input &&
                         input->last_time == session->notes.last_time;
    struct run run = {.session = session,
                      .ways = eg_ways_find(&session->matrix->ways, &context),
                      .sightings = session->copies,
                      .longest_less = session->short_max - EG_PLAIN_USUAL,
                      .latest = ordered ? input->last_time : INT64_MAX,
                      .awaiting = names_awaited(session),
                      .names = session->hosts != NULL,
                      .asked = asked_of_ways(session->copies, common->link),
                      .ordered = ordered};
    *passage = (struct eg_passage){.copy = EG_COPY_NOT_LOOKED_AT};
    /* The first time of an input is noted on the long way. */
    if (!add || !run.ways || session->resent || session->has_filtered || common->filtered ||
        (input && input->first_time == EG_NO_TIME))
        return 0;
    run.finder = eg_finder_of(session->matrix);
    const size_t done = add(&run, records, count, verdicts, passage);
    if (done > 0)
        count_run(session, &run, done);
    return done;
}
