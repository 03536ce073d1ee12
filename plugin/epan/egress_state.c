#include <wireshark.h>

#include "egress_state.h"

#include <wsutil/report_message.h>

/* Frames that pay for settling one cell of the traffic matrix again. */
enum { CELLS_PER_FRAME = 16 };

struct kept {
    struct eg_verdict verdict;
    bool is_there;
};

static struct {
    struct eg_rules *rules;      /* of the session */
    struct eg_rules *next_rules; /* of the next one; NULL: the same */
    struct eg_session *session;
    struct eg_report *report;
    uint64_t credit; /* cells that may be settled before more frames come in */
    GArray *kept;    /* struct kept, by the frame's number: half of what proto data would cost */
    bool is_revisited;
} state;

void egress_state_set_rules(struct eg_rules *rules)
{
    eg_rules_free(state.next_rules);
    state.next_rules = rules;
}

void egress_state_clear(void)
{
    eg_report_free(state.report);
    eg_session_free(state.session);
    if (state.kept)
        g_array_free(state.kept, TRUE);
    state.report = NULL;
    state.session = NULL;
    state.kept = NULL;
    state.credit = 0;
    state.is_revisited = false;
}

void egress_state_reset(void)
{
    egress_state_clear();
    if (state.next_rules) {
        eg_rules_free(state.rules);
        state.rules = state.next_rules;
        state.next_rules = NULL;
    }
    if (!state.rules)
        return;
    const struct eg_hash_key seed = {(uint64_t)g_random_int() << 32 | g_random_int(),
                                     (uint64_t)g_random_int() << 32 | g_random_int()};
    if (eg_session_new(state.rules, &seed, &state.session) != EG_OK ||
        eg_session_begin_input(state.session, "") != EG_OK) {
        report_failure("Egress cost: out of memory");
        egress_state_clear();
        return;
    }
    state.kept = g_array_new(FALSE, TRUE, sizeof(struct kept));
    /* Which reports are wanted of this capture is not known yet. */
    eg_session_keep_times(state.session);
}

void egress_state_free(void)
{
    egress_state_clear();
    eg_rules_free(state.rules);
    eg_rules_free(state.next_rules);
    state.rules = NULL;
    state.next_rules = NULL;
}

const struct eg_verdict *egress_state_add(uint32_t number, const struct eg_frame *frame)
{
    struct eg_verdict verdict;
    if (!state.session)
        return NULL;
    state.credit += CELLS_PER_FRAME;
    if (eg_session_add_frame(state.session, frame, &verdict) != EG_OK)
        return NULL;
    if (number >= state.kept->len)
        g_array_set_size(state.kept, number + 1);
    struct kept *kept = &g_array_index(state.kept, struct kept, number);
    *kept = (struct kept){verdict, true};
    return &kept->verdict;
}

const struct eg_verdict *egress_state_recall(uint32_t number)
{
    state.is_revisited = true;
    if (!state.kept || number >= state.kept->len)
        return NULL;
    const struct kept *kept = &g_array_index(state.kept, struct kept, number);
    return kept->is_there ? &kept->verdict : NULL;
}

bool egress_state_is_revisited(void)
{
    return state.is_revisited || !state.session || eg_session_frames(state.session) == 0;
}

const struct eg_report *egress_state_report(bool now)
{
    if (!state.session)
        return NULL;
    const uint64_t frames = eg_session_frames(state.session);
    if (state.report && eg_report_frames(state.report) == frames)
        return state.report;
    const uint64_t cost = eg_session_cells(state.session);
    if (!now && state.credit < cost)
        return state.report;
    struct eg_report *report = egress_state_new_report(NULL, NULL);
    if (!report)
        return state.report;
    eg_report_free(state.report);
    state.report = report;
    state.credit = state.credit > cost ? state.credit - cost : 0;
    return state.report;
}

struct eg_report *egress_state_new_report(const struct eg_selection *selection,
                                          const struct eg_view *view)
{
    struct eg_report *report = NULL;
    if (!state.session)
        return NULL;
    if (selection)
        eg_session_report_selection(state.session, selection, view, &report, NULL);
    else
        eg_session_report(state.session, view, &report, NULL);
    return report;
}

struct eg_report *egress_state_new_report_by(const struct eg_selection *selection,
                                             enum eg_view_by by)
{
    if (!state.rules)
        return NULL;
    const struct eg_view view = {by, eg_rules_view(state.rules).direction};
    return egress_state_new_report(selection, &view);
}
