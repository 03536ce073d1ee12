// From frames to a report: sums, merging, filtering, selections, ceilings. The numbers are worked
// out by hand from the rules; the prices are those of rates-azure.csv.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "trial.h"

using namespace eg_test;

namespace
{

std::string cost_of(eg_money money)
{
    char buffer[EG_MONEY_TEXT_MAX];
    return eg_money_number(money, buffer);
}

uint64_t sum_of_buckets(const eg_report &report)
{
    uint64_t sum = 0;
    for (const uint64_t frames : report.buckets)
        sum += frames;
    return sum;
}

TEST(Session, EveryFrameEndsInOneBucket)
{
    Trial run;
    run.send(WEB, 10);
    run.receive(WEB, 10);
    run.send("224.0.0.251", 10);
    run.send(WEB, 10, true);
    run.add(hex("ffffffffffff 020000000001 0806 0001"));             // ARP
    run.add(ethernet({hex("45 00 00 28"), 0x0800}));                 // cut within the IP header
    run.add(ethernet(patch(ipv4(VM, WEB, tcp(1, 2)), 2, be16(10)))); // Total Length below 20
    run.add(zeros(20), false, 147);                                  // LINKTYPE_USER0
    const eg_report &report = run.report();
    EXPECT_EQ(report.frames, 8u);
    for (const eg_bucket bucket :
         {EG_BUCKET_EGRESS, EG_BUCKET_INGRESS, EG_BUCKET_LOCAL, EG_BUCKET_FILTERED,
          EG_BUCKET_NOT_IP, EG_BUCKET_TRUNCATED, EG_BUCKET_MALFORMED, EG_BUCKET_UNSUPPORTED_LINK})
        EXPECT_EQ(report.buckets[bucket], 1u) << eg_bucket_name(bucket);
    EXPECT_EQ(sum_of_buckets(report), report.frames);
}

TEST(Session, EgressIsBilledWithItsEthernetHeaderAndIngressIsNot)
{
    Trial run;
    run.send(WEB, 960); // 960 + 40 = 1000 IP bytes, 1014 with Ethernet
    run.send(WEB, 960);
    run.receive(WEB, 1460); // 1500
    const eg_report &report = run.report();
    const eg_row &row = row_of(report, WEB);
    EXPECT_EQ(row.shown.packets, 2u);
    EXPECT_EQ(row.shown.ip_bytes, 2000u);
    EXPECT_EQ(row.shown.billable_bytes, 2028u);
    EXPECT_EQ(row.ingress.ip_bytes, 1500u);
    EXPECT_EQ(row.nano_per_gb, 87000000u); // zone 1
    // 2028 x 0.087 / 2^30 = 1.643188...e-7
    EXPECT_EQ(cost_of(row.cost), "0.000000164319");
    EXPECT_EQ(report.other_basis_bytes, 2000u);
}

TEST(Session, ASuperFrameIsBilledAsThePacketsThatLeave)
{
    Trial run;
    const eg_verdict verdict = run.send(WEB, 4000); // 1460 + 1460 + 1080: 3 packets
    EXPECT_EQ(verdict.more_packets, 2u);
    EXPECT_EQ(verdict.more_bytes, 80u); // two more headers of 40
    const eg_row &row = row_of(run.report(), WEB);
    EXPECT_EQ(row.shown.packets, 1u);
    EXPECT_EQ(row.shown.ip_bytes, 4040u);
    EXPECT_EQ(row.shown.billable_bytes, 4000u + 3 * (14 + 40));
    EXPECT_EQ(run.report().segmentation_bytes, 2u * (14 + 40));

    Trial whole({{"region", "eastus"}, {"local", VM}, {"segment", "false"}});
    whole.send(WEB, 4000);
    EXPECT_EQ(row_of(whole.report(), WEB).shown.billable_bytes, 4054u);
}

TEST(Session, TheMarginFollowsTheMonthSoFar)
{
    const struct {
        const char *month;
        uint64_t nano;
    } cases[] = {{"", 87000000},    // just above the free 100 GB
                 {"internet=0", 0}, // inside them
                 {"internet=99.9", 0},
                 {"internet=100", 87000000}, // at the edge the next tier begins
                 {"internet=10334", 87000000},
                 {"internet=10335", 83000000}};
    for (const auto &x : cases) {
        Trial run({{"region", "eastus"}, {"local", VM}, {"month_to_date", x.month}});
        run.send(WEB, 100);
        EXPECT_EQ(row_of(run.report(), WEB).nano_per_gb, x.nano) << x.month;
    }
}

TEST(Session, AnUnknownRegionLeavesRegionalTrafficUnpricedAndSuggestsOne)
{
    Trial run(Settings{{"local", VM}});
    run.send(STORAGE_EASTUS, 1000);
    run.send(WEB, 10);
    const eg_report &report = run.report();
    const eg_row &storage = row_of(report, STORAGE_EASTUS);
    EXPECT_EQ(storage.class_, EG_CLASS_REGIONAL);
    EXPECT_FALSE(storage.priced);
    EXPECT_EQ(report.total.unpriced_bytes, 1054u);
    EXPECT_STREQ(report.region_suggestion, "eastus");
    EXPECT_TRUE(row_of(report, WEB).marks & EG_PRICE_ZONE_ASSUMED);
}

Bytes metadata_answer(const std::string &region)
{
    const std::string body =
        "HTTP/1.1 200 OK\r\n\r\n{\"compute\":{\"location\":\"" + region + "\"}}";
    return ethernet(ipv4("169.254.169.254", VM, tcp(80, 50000, Bytes(body.begin(), body.end()))));
}

TEST(Session, AMetadataAnswerTellsTheRegion)
{
    Trial run(Settings{{"local", VM}});
    run.add(metadata_answer("westeurope"));
    run.send(STORAGE_EASTUS, 1000);
    const eg_report &report = run.report();
    EXPECT_STREQ(report.region, "westeurope");
    EXPECT_EQ(report.region_source, EG_REGION_METADATA);
    EXPECT_EQ(row_of(report, STORAGE_EASTUS).class_, EG_CLASS_INTER_CONTINENT);
}

// Its cell is opened behind others of the same link header, whose frames need no close look.
TEST(Session, AMetadataAnswerTellsTheRegionWhateverCameBeforeIt)
{
    Trial run(Settings{{"local", VM}});
    for (unsigned i = 0; i < 3; i++)
        run.add(ethernet(ipv4("93.184.216." + std::to_string(i + 1), VM, tcp(443, 50000, {}))));
    run.add(metadata_answer("westeurope"));
    EXPECT_STREQ(run.report().region, "westeurope");
}

bool warns(const eg_report &report, const std::string &words)
{
    for (size_t i = 0; i < report.warning_count; i++)
        if (std::string(report.warnings[i].text).find(words) != std::string::npos)
            return true;
    return false;
}

TEST(Session, AMetadataAnswerThatContradictsTheOptionIsTold)
{
    Trial run;
    run.add(metadata_answer("eastus"));
    EXPECT_FALSE(warns(run.report(), "metadata answer"));
    Trial other;
    other.add(metadata_answer("westeurope"));
    EXPECT_STREQ(other.report().region, "eastus");
    EXPECT_TRUE(warns(other.report(), "in westeurope, and not in eastus"));
}

TEST(Session, FiguresOfAzuresListAreNotSaidOfAnotherProvider)
{
    for (const char *provider : {"azure", "aws"}) {
        Trial run({{"provider", provider}, {"local", VM}});
        run.send(STORAGE_EASTUS, 1000); // Azure's
        run.send("52.219.0.1", 1000);   // AWS S3 in ap-northeast-1
        run.send("10.9.9.9", 1000);
        const bool azure = std::string(provider) == "azure";
        EXPECT_TRUE(warns(run.report(), "region unknown")) << provider;
        EXPECT_TRUE(warns(run.report(), "private addresses have no price")) << provider;
        EXPECT_EQ(warns(run.report(), "0.02-0.16"), azure) << provider;
        EXPECT_EQ(warns(run.report(), "0.01-0.02"), azure) << provider;
    }
}

// Rule 4.4: Azure Government's rates are not those of the continent around it.
TEST(Session, ACloudOfItsOwnHasNoPriceOfThePublicOnes)
{
    Trial run(Settings{{"local", VM}});
    run.add(metadata_answer("usgovvirginia"));
    run.send(STORAGE_EASTUS, 1000);
    run.send(WEB, 1000);
    const eg_report &report = run.report();
    EXPECT_STREQ(report.region, "usgovvirginia");
    EXPECT_EQ(report.total.unpriced_bytes, 2 * 1054u);
}

TEST(Session, APublicAddressTellsTheRegion)
{
    Trial run({{"local", VM}, {"public_ip", STORAGE_EASTUS}});
    run.send(WEB, 10);
    EXPECT_STREQ(run.report().region, "eastus");
    EXPECT_EQ(run.report().region_source, EG_REGION_PUBLIC_IP);
}

TEST(Session, TheViewChoosesWhichWayIsShown)
{
    Trial run;
    run.send(WEB, 60);     // 100 IP bytes
    run.receive(WEB, 160); // 200
    run.receive(OTHER, 260);
    EXPECT_EQ(run.report().row_count, 1u) << "received only, and free: not a row of egress";
    const eg_report &ingress = run.report(EG_BY_DESTINATION, EG_VIEW_INGRESS);
    ASSERT_EQ(ingress.row_count, 2u);
    EXPECT_EQ(row_of(ingress, OTHER).shown.ip_bytes, 300u);
    EXPECT_EQ(cost_of(ingress.total.cost), "0");
    const eg_report &any = run.report(EG_BY_DESTINATION, EG_VIEW_ANY);
    EXPECT_EQ(row_of(any, VM).shown.ip_bytes, 500u);
    EXPECT_EQ(row_of(any, WEB).shown.ip_bytes, 100u);
}

TEST(Session, EveryKeyAddsUpToTheSameTotals)
{
    Trial run;
    run.send(WEB, 4000);
    run.send(OTHER, 10);
    run.send(STORAGE_EASTUS, 500);
    run.send("10.9.9.9", 70);
    run.add(ethernet(ipv4(VM, WEB, udp(50000, 53, size_t{30}))));
    const eg_class_total wanted = run.report().total;
    for (const eg_view_by by : {EG_BY_SERVICE, EG_BY_REGION, EG_BY_CLASS, EG_BY_PORT,
                                EG_BY_PROTOCOL, EG_BY_HOST, EG_BY_ORG, EG_BY_COUNTRY, EG_BY_ASN}) {
        const eg_report &report = run.report(by);
        uint64_t packets = 0, billable = 0, ports = 0, charged = 0;
        eg_money cost = {};
        for (size_t i = 0; i < report.row_count; i++) {
            const eg_row &row = report.rows[i];
            packets += row.shown.packets;
            billable += row.shown.billable_bytes;
            cost = eg_money_add(cost, row.cost);
            for (size_t k = 0; k < row.port_count; k++)
                ports += report.ports[row.first_port + k].ip_bytes;
            for (size_t k = 0; k < row.charge_count; k++)
                charged += report.charges[row.first_charge + k].billable_bytes;
        }
        EXPECT_EQ(packets, 5u) << by;
        EXPECT_EQ(billable, wanted.shown.billable_bytes) << by;
        EXPECT_EQ(ports, wanted.shown.ip_bytes) << by;
        EXPECT_GT(charged, 0u) << by;
        EXPECT_EQ(cost_of(cost), cost_of(wanted.cost)) << by;
        EXPECT_EQ(cost_of(report.total.cost), cost_of(wanted.cost)) << by;
    }
    EXPECT_EQ(run.report(EG_BY_CLASS).row_count, 3u); // internet, same-region, private
    EXPECT_EQ(row_of(run.report(EG_BY_CLASS), "internet").port_count, 2u);
    EXPECT_EQ(run.report(EG_BY_PROTOCOL).row_count, 2u);
    EXPECT_EQ(row_of(run.report(EG_BY_PORT), "udp/53").shown.packets, 1u);
    EXPECT_EQ(row_of(run.report(EG_BY_SERVICE), "Storage").shown.packets, 1u);
    EXPECT_EQ(row_of(run.report(EG_BY_REGION), "eastus").shown.packets, 1u);
}

TEST(Session, ARowOfSeveralKindsCostsWhatHasAPriceAndTellsTheRest)
{
    Trial run;
    run.send(WEB, 960);        // 1014 x 0.087 / 2^30 = 8.2159e-8
    run.send("10.9.9.9", 946); // 1000, private
    const eg_report &report = run.report(EG_BY_PROTOCOL);
    const eg_row &row = row_of(report, "tcp");
    EXPECT_FALSE(row.priced);
    EXPECT_TRUE(row.partly_priced);
    EXPECT_EQ(cost_of(row.cost), "0.000000082159");
    EXPECT_EQ(row.unpriced_bytes, 1000u);
    EXPECT_FALSE(row_of(run.report(EG_BY_CLASS), "private").partly_priced);
}

TEST(Session, SharesOfAViewOfAllAreOfWhatLeft)
{
    Trial run;
    run.send(WEB, 60);            // 114 billed
    run.send(STORAGE_EASTUS, 46); // 100 free
    run.receive(WEB, 160);        // 214 toward the VM
    const eg_report &report = run.report(EG_BY_DESTINATION, EG_VIEW_ANY);
    EXPECT_EQ(report.total.shown.billable_bytes, 428u);
    EXPECT_EQ(report.moved_bytes, 214u);
    EXPECT_EQ(report.billed_bytes, 114u);
    EXPECT_EQ(report.inbound_bytes, 0u);
}

TEST(Session, RowsAreOrderedByCostThenBytesThenAddress)
{
    Trial run;
    run.send("10.9.9.9", 3000);    // unpriced: no cost
    run.send(STORAGE_EASTUS, 100); // free
    run.send("93.184.216.35", 10);
    run.send(WEB, 10); // same cost and bytes as the one above, lower address
    run.send(OTHER, 200);
    const eg_report &report = run.report();
    char buffer[EG_ROW_KEY_MAX];
    std::vector<std::string> keys;
    for (size_t i = 0; i < report.row_count; i++)
        keys.emplace_back(eg_row_key(&report, &report.rows[i], buffer));
    EXPECT_EQ(keys,
              (std::vector<std::string>{OTHER, WEB, "93.184.216.35", "10.9.9.9", STORAGE_EASTUS}));
}

void fill_first(Trial &run)
{
    run.send(WEB, 100);
    run.send(OTHER, 4000);
    run.receive(WEB, 50);
    run.add(hex("ffffffffffff 020000000001 0806 0001"));
}

void fill_second(Trial &run)
{
    run.send(WEB, 300);
    run.send(STORAGE_EASTUS, 20);
    run.add(zeros(20), false, 147);
}

TEST(Session, MergedInEitherOrderTheReportIsThatOfReadingBoth)
{
    Trial base;
    Trial a(base, {11, 12}, "test.pcap"), b(base, {13, 14}, "two.pcap");
    Trial a2(base, {15, 16}, "test.pcap"), b2(base, {17, 18}, "two.pcap");
    fill_first(a), fill_first(a2);
    fill_second(b), fill_second(b2);
    ASSERT_EQ(eg_session_merge(a.session(), b.session()), EG_OK);
    ASSERT_EQ(eg_session_merge(b2.session(), a2.session()), EG_OK);
    EXPECT_EQ(a.written(EG_FORMAT_JSON), b2.written(EG_FORMAT_JSON));
    const eg_report &merged = a.report();
    EXPECT_EQ(merged.frames, 7u);
    EXPECT_EQ(sum_of_buckets(merged), 7u);
    EXPECT_EQ(merged.input_count, 2u);
    EXPECT_EQ(row_of(merged, WEB).shown.ip_bytes, 100u + 300u + 2 * 40u);
    EXPECT_EQ(merged.link_count, 1u);
}

TEST(Session, TheHashSeedDoesNotShow)
{
    std::string reports[2];
    for (size_t i = 0; i < 2; i++) {
        Trial run(Settings{{"region", "eastus"}}, {i, 77 * i});
        fill_first(run);
        fill_second(run);
        reports[i] = run.written(EG_FORMAT_JSON);
    }
    EXPECT_EQ(reports[0], reports[1]);
}

TEST(Session, FilteredFramesTeachDirectionAndCountNowhereElse)
{
    // Without a hint or an option, two packets to two peers tell who is local; one is filtered out.
    Trial run(Settings{{"region", "eastus"}});
    run.send(WEB, 100);
    run.send(OTHER, 100, true);
    run.receive(OTHER, 100, true);
    run.send(WEB, 200);
    const eg_report &report = run.report();
    EXPECT_EQ(report.buckets[EG_BUCKET_FILTERED], 2u);
    EXPECT_EQ(report.buckets[EG_BUCKET_EGRESS], 2u);
    ASSERT_EQ(report.row_count, 1u);
    EXPECT_EQ(report.rows[0].shown.ip_bytes, 100u + 200u + 2 * 40u);
    ASSERT_EQ(report.settlement->local_count, 1u);
    EXPECT_EQ(text(report.settlement->local[0]), VM);
}

TEST(Session, ASelectionHasItsCountsAndTheSessionsDirectionsAndPrices)
{
    Trial run(Settings{{"region", "eastus"}});
    Handle<eg_selection, eg_selection_free> selection;
    ASSERT_EQ(eg_selection_new(out(selection)), EG_OK);
    run.send(WEB, 4000);
    run.receive(OTHER, 10);
    const eg_verdict chosen = run.send(WEB, 4000);
    ASSERT_EQ(eg_selection_add(selection.get(), &chosen, 5), EG_OK);
    const eg_report &report = run.report(EG_BY_DESTINATION, EG_VIEW_EGRESS, selection.get());
    EXPECT_EQ(report.buckets[EG_BUCKET_EGRESS], 1u);
    EXPECT_EQ(report.buckets[EG_BUCKET_FILTERED], 2u);
    EXPECT_EQ(row_of(report, WEB).shown.billable_bytes, 4000u + 3 * 54);
}

// Rule 1.1: a frame that is no packet is none before any filter looks at it.
TEST(Session, FramesThatAreNoPacketAreNotFilteredWhetherTheyAreSelectedOrNot)
{
    Trial run(Settings{{"region", "eastus"}});
    Handle<eg_selection, eg_selection_free> selection;
    ASSERT_EQ(eg_selection_new(out(selection)), EG_OK);
    run.send(WEB, 10);
    run.add(hex("ffffffffffff 020000000001 0806 0001"));
    const eg_verdict arp = run.add(hex("ffffffffffff 020000000001 0806 0001"));
    ASSERT_EQ(eg_selection_add(selection.get(), &arp, 6), EG_OK);
    const eg_report &report = run.report(EG_BY_DESTINATION, EG_VIEW_EGRESS, selection.get());
    EXPECT_EQ(report.buckets[EG_BUCKET_NOT_IP], 2u);
    EXPECT_EQ(report.buckets[EG_BUCKET_FILTERED], 1u);
}

TEST(Session, AVerdictBecomesASentence)
{
    Trial run(Settings{{"region", "eastus"}, {"local", VM}, {"names", "false"}});
    char why[EG_WHY_MAX];
    const eg_verdict web = run.send(WEB, 960), storage = run.send(STORAGE_EASTUS, 1);
    const eg_verdict multicast = run.send("224.0.0.251", 10);
    const eg_report &report = run.report();
    // 1014 x 0.087 / 2^30 = 8.2159e-8
    EXPECT_STREQ(eg_report_why(&report, &web, why),
                 "egress, internet (in no address range of Azure): 1,014 billable bytes, at 0.087 "
                 "USD per GB = $0.0000000822");
    EXPECT_STREQ(eg_report_why(&report, &storage, why),
                 "egress, same-region (in eastus, the VM's region): 55 billable bytes, free");
    EXPECT_STREQ(eg_report_why(&report, &multicast, why), "local: does not leave as egress");
}

TEST(Session, ANewerFrameThanTheReportIsNotSettled)
{
    Trial run;
    run.send(WEB, 10);
    const eg_report &report = run.report();
    const eg_verdict later = run.send(OTHER, 10);
    eg_frame_facts facts;
    eg_report_frame(&report, &later, &facts);
    EXPECT_FALSE(facts.settled);
    EXPECT_EQ(facts.billable_bytes, 0u);
}

TEST(Session, PacketCostsAddUpToTheRow)
{
    Trial run;
    std::vector<eg_verdict> verdicts;
    for (size_t i = 0; i < 100; i++)
        verdicts.push_back(run.send(WEB, i * 40));
    const eg_report &report = run.report();
    uint64_t billable = 0;
    for (const eg_verdict &verdict : verdicts) {
        eg_frame_facts facts;
        eg_report_frame(&report, &verdict, &facts);
        EXPECT_EQ(facts.bucket, EG_BUCKET_EGRESS);
        EXPECT_EQ(facts.nano_per_gb, 87000000u);
        billable += facts.billable_bytes;
    }
    EXPECT_EQ(billable, row_of(report, WEB).shown.billable_bytes);
}

TEST(Session, AFullMatrixSaysSoAndLosesNothing)
{
    Trial run({{"region", "eastus"}, {"local", VM}, {"max_cells", "16"}});
    for (unsigned i = 0; i < 20; i++)
        run.send("93.184.216." + std::to_string(i + 1), 10);
    const eg_report &report = run.report();
    EXPECT_EQ(report.buckets[EG_BUCKET_EGRESS], 16u);
    EXPECT_EQ(report.buckets[EG_BUCKET_TRANSIT], 4u);
    EXPECT_EQ(sum_of_buckets(report), 20u);
    bool said = false;
    for (size_t i = 0; i < report.warning_count; i++)
        said =
            said ||
            std::string(report.warnings[i].text).find("the traffic matrix is full: 4 packets") == 0;
    EXPECT_TRUE(said);
}

TEST(Session, AnEmptyCaptureHasAReport)
{
    Trial run;
    EXPECT_EQ(run.report().row_count, 0u);
    EXPECT_NE(run.written(EG_FORMAT_TEXT).find("0 frames"), std::string::npos);
    EXPECT_NE(run.written(EG_FORMAT_JSON).find("\"destinations\": []"), std::string::npos);
}

} // namespace
