/*
 * Shows what each frame counts for: where it goes, in which class, at which price. All accounting
 * is the core's (law 2); this file gives it the frame as captured and shows what it says.
 */
#include <wireshark.h>

#include "packet-egress.h"

#include <epan/expert.h>
#include <epan/packet.h>
#include <epan/tap.h>

#include "../ws_compat.h"
#include "../ws_frame.h"
#include "egress_column.h"
#include "egress_host.h"
#include "egress_link.h"
#include "egress_prefs.h"
#include "egress_state.h"

static int proto_egress = -1;
static int egress_tap_id;
static int expert_tap_id; /* 0: not looked up, which costs more than all the rest of a frame */
static int ett_egress = -1;

static int hf_egress_direction = -1;
static int hf_egress_duplicate = -1;
static int hf_egress_class = -1;
static int hf_egress_provider = -1;
static int hf_egress_region = -1;
static int hf_egress_service = -1;
static int hf_egress_label = -1;
static int hf_egress_host = -1;
static int hf_egress_org = -1;
static int hf_egress_asn = -1;
static int hf_egress_country = -1;
static int hf_egress_ip_bytes = -1;
static int hf_egress_billable_bytes = -1;
static int hf_egress_rate = -1;
static int hf_egress_cost = -1;
static int hf_egress_provisional = -1;

static expert_field ei_egress_private = EI_INIT;
static expert_field ei_egress_link = EI_INIT;
static expert_field ei_egress_supersegment = EI_INIT;

static void add_string(proto_tree *tree, int hf, tvbuff_t *tvb, const char *text)
{
    if (text[0] != '\0')
        proto_item_set_generated(proto_tree_add_string(tree, hf, tvb, 0, 0, text));
}

static void add_price(proto_tree *tree, tvbuff_t *tvb, const struct eg_frame_facts *facts)
{
    enum { TEXT = 64 };
    char cost[TEXT];
    if (!facts->priced)
        return;
    proto_item_set_generated(
        proto_tree_add_double(tree, hf_egress_rate, tvb, 0, 0, (double)facts->nano_per_gb / 1e9));
    eg_cost_text(facts->billable_bytes, facts->nano_per_gb, cost);
    proto_item_set_generated(
        proto_tree_add_double(tree, hf_egress_cost, tvb, 0, 0, g_ascii_strtod(cost, NULL)));
}

static void add_expert(packet_info *pinfo, proto_item *item, const struct eg_frame_facts *facts)
{
    if (facts->bucket == EG_BUCKET_UNSUPPORTED_LINK)
        expert_add_info(pinfo, item, &ei_egress_link);
    if (facts->bucket == EG_BUCKET_EGRESS && facts->unlisted_private)
        expert_add_info(pinfo, item, &ei_egress_private);
    if (facts->supersegment)
        expert_add_info(pinfo, item, &ei_egress_supersegment);
}

/* The fields are added on every pass, also to a faked tree: custom columns need them. */
static void show(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree,
                 const struct eg_report *report, const struct eg_verdict *verdict, bool provisional)
{
    struct eg_frame_facts facts;
    char why[EG_WHY_MAX];
    eg_report_frame(report, verdict, &facts);
    proto_item *item = proto_tree_add_protocol_format(
        tree, proto_egress, tvb, 0, 0, "Egress cost: %s", eg_report_why(report, verdict, why));
    proto_item_set_generated(item);
    proto_tree *subtree = proto_item_add_subtree(item, ett_egress);
    if (verdict->cell != EG_NO_CELL)
        add_string(subtree, hf_egress_direction, tvb, eg_bucket_name(facts.bucket));
    proto_item_set_generated(proto_tree_add_boolean(subtree, hf_egress_duplicate, tvb, 0, 0,
                                                    facts.bucket == EG_BUCKET_DUPLICATE));
    add_string(subtree, hf_egress_class, tvb, facts.class_);
    add_string(subtree, hf_egress_provider, tvb, facts.provider);
    add_string(subtree, hf_egress_region, tvb, facts.region);
    add_string(subtree, hf_egress_service, tvb, facts.service);
    add_string(subtree, hf_egress_label, tvb, facts.label);
    add_string(subtree, hf_egress_host, tvb, facts.host);
    add_string(subtree, hf_egress_org, tvb, facts.org);
    if (facts.asn)
        proto_item_set_generated(proto_tree_add_uint(subtree, hf_egress_asn, tvb, 0, 0, facts.asn));
    add_string(subtree, hf_egress_country, tvb, facts.country);
    if (facts.ip_bytes)
        proto_item_set_generated(
            proto_tree_add_uint64(subtree, hf_egress_ip_bytes, tvb, 0, 0, facts.ip_bytes));
    if (facts.billable_bytes)
        proto_item_set_generated(proto_tree_add_uint64(subtree, hf_egress_billable_bytes, tvb, 0, 0,
                                                       facts.billable_bytes));
    add_price(subtree, tvb, &facts);
    if (provisional && !facts.settled)
        proto_item_set_generated(
            proto_tree_add_boolean(subtree, hf_egress_provisional, tvb, 0, 0, TRUE));
    add_expert(pinfo, item, &facts);
}

/*
 * Whether anybody looks at our fields, as a filter, a column or the details, or at expert
 * information; settling a report for nobody would double the time of a dissection.
 */
static bool is_shown(proto_tree *tree)
{
    if (expert_tap_id == 0) /* Wireshark registers it when the first capture is opened */
        expert_tap_id = find_tap_id("expert");
    return proto_field_is_referenced(tree, proto_egress) || have_tap_listener(expert_tap_id);
}

static int dissect_egress(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data _U_)
{
    if (!pinfo->rec || !pinfo->data_src)
        return 0;
    egress_link_restore(pinfo);
    tvbuff_t *bytes = get_data_source_tvb(pinfo->data_src->data);
    const guint captured = tvb_captured_length(bytes);
    struct eg_frame frame;
    if (!ws_frame_of_record(pinfo->rec, captured ? tvb_get_ptr(bytes, 0, (gint)captured) : NULL,
                            &frame))
        return 0;
    const bool first_pass = !PINFO_FD_VISITED(pinfo);
    const struct eg_verdict *verdict =
        first_pass ? egress_state_add(pinfo->num, &frame) : egress_state_recall(pinfo->num);
    if (!verdict)
        return 0;
    if (is_shown(tree)) {
        const bool reading = first_pass || egress_is_reading();
        const struct eg_report *report = egress_state_report(!reading);
        if (report)
            show(tvb, pinfo, tree, report, verdict, reading);
    }
    if (have_tap_listener(egress_tap_id)) {
        struct egress_tap *tap = wmem_new(pinfo->pool, struct egress_tap);
        struct eg_frame *kept = wmem_new(pinfo->pool, struct eg_frame);
        *kept = frame;
        *tap = (struct egress_tap){kept, verdict};
        tap_queue_packet(egress_tap_id, pinfo, tap);
    }
    return 0;
}

/* Twelve decimals, so that no cost is lost, and one width, so that a column of them sorts. */
static void format_cost(gchar *text, gdouble cost)
{
    char digits[G_ASCII_DTOSTR_BUF_SIZE];
    g_ascii_formatd(digits, sizeof digits, "%.12f", cost);
    snprintf(text, ITEM_LABEL_LENGTH, "%16s", digits);
}

static void format_rate(gchar *text, gdouble rate)
{
    char digits[G_ASCII_DTOSTR_BUF_SIZE];
    snprintf(text, ITEM_LABEL_LENGTH, "%s", g_ascii_formatd(digits, sizeof digits, "%.9g", rate));
}

static void register_fields(void)
{
    static hf_register_info hf[] = {
        {&hf_egress_direction,
         {"Direction", "egress.direction", FT_STRING, BASE_NONE, NULL, 0,
          "egress, ingress, local, internal or transit", HFILL}},
        {&hf_egress_duplicate,
         {"Copy", "egress.duplicate", FT_BOOLEAN, BASE_NONE, NULL, 0,
          "The packet was captured before, and is billed once", HFILL}},
        {&hf_egress_class,
         {"Class", "egress.class", FT_STRING, BASE_NONE, NULL, 0,
          "What kind of traffic it is billed as", HFILL}},
        {&hf_egress_provider,
         {"Provider", "egress.provider", FT_STRING, BASE_NONE, NULL, 0,
          "Whose address is at the far end", HFILL}},
        {&hf_egress_region,
         {"Region", "egress.region", FT_STRING, BASE_NONE, NULL, 0, "The region at the far end",
          HFILL}},
        {&hf_egress_service,
         {"Service", "egress.service", FT_STRING, BASE_NONE, NULL, 0,
          "The service at the far end, as its provider names the address range", HFILL}},
        {&hf_egress_label,
         {"Label", "egress.label", FT_STRING, BASE_NONE, NULL, 0, "The label of the sites file",
          HFILL}},
        {&hf_egress_host,
         {"Host", "egress.host", FT_STRING, BASE_NONE, NULL, 0,
          "The far end's name, as the capture has it", HFILL}},
        {&hf_egress_org,
         {"Organisation", "egress.org", FT_STRING, BASE_NONE, NULL, 0,
          "Who announces the far end's address", HFILL}},
        {&hf_egress_asn,
         {"AS number", "egress.asn", FT_UINT32, BASE_DEC, NULL, 0,
          "The autonomous system of the far end's address", HFILL}},
        {&hf_egress_country,
         {"Country", "egress.country", FT_STRING, BASE_NONE, NULL, 0,
          "Where the far end's address is registered", HFILL}},
        {&hf_egress_ip_bytes,
         {"IP bytes", "egress.ip_bytes", FT_UINT64, BASE_DEC, NULL, 0,
          "Length of the outermost IP packet", HFILL}},
        {&hf_egress_billable_bytes,
         {"Billable bytes", "egress.billable_bytes", FT_UINT64, BASE_DEC, NULL, 0,
          "What is billed of it, after segmentation", HFILL}},
        {&hf_egress_rate,
         {"Rate per GB", "egress.rate", FT_DOUBLE, BASE_CUSTOM, CF_FUNC(format_rate), 0,
          "The sum of the charges on 2^30 bytes in this direction", HFILL}},
        {&hf_egress_cost,
         {"Cost", "egress.cost", FT_DOUBLE, BASE_CUSTOM, CF_FUNC(format_cost), 0,
          "Billable bytes at the rate", HFILL}},
        {&hf_egress_provisional,
         {"Provisional", "egress.provisional", FT_BOOLEAN, BASE_NONE, NULL, 0,
          "Frames that are still to come may change this", HFILL}},
    };
    static gint *ett[] = {&ett_egress};
    proto_register_field_array(proto_egress, hf, array_length(hf));
    proto_register_subtree_array(ett, array_length(ett));
}

static void register_expert(void)
{
    static ei_register_info ei[] = {
        {&ei_egress_private,
         {"egress.private.unlisted", PI_ASSUMPTION, PI_NOTE,
          "Private destination that no sites file names: it has no price", EXPFILL}},
        {&ei_egress_link,
         {"egress.link.unsupported", PI_UNDECODED, PI_WARN,
          "Link layer that is not decoded: the frame is in no total", EXPFILL}},
        {&ei_egress_supersegment,
         {"egress.supersegment", PI_COMMENTS_GROUP, PI_CHAT,
          "Offloaded super-frame: it leaves as several packets, each with its headers", EXPFILL}},
    };
    expert_register_field_array(expert_register_protocol(proto_egress), ei, array_length(ei));
}

void proto_register_egress(void)
{
    proto_egress = proto_register_protocol("Egress cost", "Egress", "egress");
    register_fields();
    register_expert();
    egress_tap_id = register_tap("egress");
    egress_prefs_register(proto_egress);
    register_init_routine(egress_state_reset);
    register_cleanup_routine(egress_state_clear);
    register_shutdown_routine(egress_state_free);
    register_postdissector(create_dissector_handle(dissect_egress, proto_egress));
    egress_totals_register();
    egress_menu_register(proto_egress);
}

void proto_reg_handoff_egress(void)
{
    egress_link_prepare();
    egress_column_prepare();
    if (egress_in_gui())
        egress_tables_register();
    else
        egress_lists_register();
}
