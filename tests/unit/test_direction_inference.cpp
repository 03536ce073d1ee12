/* Rule 3.4: captures that do not say which way frames went. */
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

#include "eg_traffic.h"
#include "traffic/scope.h"

using namespace eg_test;
using Texts = std::vector<std::string>;

namespace
{

const std::string fabric = "12:34:56:78:9a:bc";
const std::string vm = "10.0.0.4", peer = "52.1.2.3", server = "10.0.0.9";

std::string host(const std::string &net, unsigned number)
{
    return net + std::to_string(number / 200) + "." + std::to_string(number % 200 + 1);
}

} // namespace

TEST(Inference, AVmIsThePrivateEndOfItsPackets)
{
    Traffic traffic;
    std::vector<uint32_t> out, in;
    for (unsigned i = 0; i < 10; i++) {
        out.push_back(traffic.add(flow(vm, host("52.0.", i))));
        in.push_back(traffic.add(flow(host("52.0.", i), vm).times(2)));
    }
    const Settled settled = traffic.settle();
    for (const uint32_t cell : out)
        EXPECT_EQ(settled.direction(cell), EG_EGRESS);
    for (const uint32_t cell : in)
        EXPECT_EQ(settled.direction(cell), EG_INGRESS);
    EXPECT_EQ(settled.local(), Texts{vm});
    EXPECT_EQ(settled->source, EG_LOCAL_INFERRED);
    EXPECT_EQ(settled->undecided_packets, 0u);
    EXPECT_EQ(settled->transit_bytes, 0u);
}

TEST(Inference, AVmAmongPrivatePeersIsTheOneInMostPackets)
{
    Traffic traffic;
    const uint32_t a = traffic.add(flow(vm, "10.0.0.5").times(10));
    const uint32_t b = traffic.add(flow("10.0.0.6", vm).times(10));
    traffic.add(flow(vm, peer));
    const Settled settled = traffic.settle();
    EXPECT_EQ(settled.direction(a), EG_EGRESS);
    EXPECT_EQ(settled.direction(b), EG_INGRESS);
    EXPECT_EQ(settled.local(), Texts{vm});
}

TEST(Inference, SeveralLocalAddressesAreFound)
{
    Traffic traffic;
    const uint32_t a = traffic.add(flow(vm, "52.0.0.1").times(50));
    const uint32_t b = traffic.add(flow("10.0.0.5", "52.0.0.2").times(30));
    const uint32_t between = traffic.add(flow(vm, "10.0.0.5"));
    const Settled settled = traffic.settle();
    EXPECT_EQ(settled.local(), (Texts{vm, "10.0.0.5"}));
    EXPECT_EQ(settled.direction(a), EG_EGRESS);
    EXPECT_EQ(settled.direction(b), EG_EGRESS);
    EXPECT_EQ(settled.direction(between), EG_LOCAL);
}

/* 99 of 100 packets are covered by the VM; a stray pair does not become local. */
TEST(Inference, StopsAtNinetyNinePercent)
{
    for (const uint64_t stray : {1u, 2u}) {
        Traffic traffic;
        traffic.add(flow(vm, peer).times(99));
        traffic.add(flow("10.9.9.9", "52.9.9.9").times(stray));
        EXPECT_EQ(traffic.settle().local(), stray == 1 ? Texts{vm} : (Texts{vm, "10.9.9.9"}));
    }
}

TEST(Inference, StopsAtSixtyFourAddresses)
{
    Traffic traffic;
    for (unsigned i = 0; i < 100; i++)
        traffic.add(flow(host("10.0.", i), host("52.0.", i)).times(1 + (i >= 90)));
    const Texts local = traffic.settle().local();
    ASSERT_EQ(local.size(), 64u);
    EXPECT_EQ(local.front(), "10.0.0.1") << "of equals the lowest";
    EXPECT_EQ(local.back(), "10.0.0.100") << "the ten with most packets come first";
    EXPECT_EQ(local[53], "10.0.0.54");
}

TEST(Inference, EachFamilyIsSettledByItself)
{
    Traffic traffic;
    traffic.add(flow(vm, peer).times(100000));
    const uint32_t v6 = traffic.add(flow("fd00::4", "2600::1"));
    const uint32_t global = traffic.add(flow("2600::1", "fd00::4"));
    const Settled settled = traffic.settle();
    EXPECT_EQ(settled.local(), (Texts{vm, "fd00::4"}));
    EXPECT_EQ(settled.direction(v6), EG_EGRESS);
    EXPECT_EQ(settled.direction(global), EG_INGRESS);
}

/* Every cloud's IPv6 addresses are public: the one with most packets, then most peers. */
TEST(Inference, PublicAddressesAreChosenWhereBothEndsArePublic)
{
    const std::string vm6 = "2603:1030::4";
    Traffic traffic;
    const uint32_t a = traffic.add(flow(vm6, "2600::1").times(3));
    const uint32_t b = traffic.add(flow("2600::2", vm6).times(2));
    const Settled settled = traffic.settle();
    EXPECT_EQ(settled.local(), Texts{vm6});
    EXPECT_EQ(settled.direction(a), EG_EGRESS);
    EXPECT_EQ(settled.direction(b), EG_INGRESS);
}

TEST(Inference, PrivateAddressesComeBeforePublicOnes)
{
    Traffic traffic;
    traffic.add(flow(vm, peer).times(10));
    traffic.add(flow("52.7.7.7", peer).times(60));
    traffic.add(flow("52.7.7.7", "52.8.8.8").times(30));
    EXPECT_EQ(traffic.settle().local(), (Texts{vm, "52.7.7.7"}));
}

TEST(Inference, ManyPodsOfOneServerAreToldFromItByItsPackets)
{
    Traffic traffic;
    std::vector<uint32_t> requests;
    for (unsigned i = 0; i < 50; i++)
        requests.push_back(traffic.add(flow(host("10.244.", i), server).times(1 + i % 3)));
    const Settled settled = traffic.settle();
    EXPECT_EQ(settled.local(), Texts{server});
    for (const uint32_t cell : requests)
        EXPECT_EQ(settled.direction(cell), EG_INGRESS);
}

/* The pods' node: all frames go from or to its one MAC, and only the pods send from it. */
TEST(Inference, ManyPodsOfOneServerAreLocalWhereTheirNodesMacIsTheOne)
{
    Traffic traffic;
    const std::string node = "00:0d:3a:00:00:01";
    std::vector<uint32_t> requests, replies;
    for (unsigned i = 0; i < 50; i++) {
        requests.push_back(traffic.add(flow(host("10.244.", i), server).macs(node, fabric)));
        replies.push_back(traffic.add(flow(server, host("10.244.", i)).macs(fabric, node)));
    }
    const Settled settled = traffic.settle();
    EXPECT_EQ(settled->local_count, 50u);
    for (const uint32_t cell : requests)
        EXPECT_EQ(settled.direction(cell), EG_EGRESS);
    for (const uint32_t cell : replies)
        EXPECT_EQ(settled.direction(cell), EG_INGRESS);
}

TEST(Inference, TwoMacsThatAreInAllFramesTellNothing)
{
    Traffic traffic;
    const std::string node = "00:0d:3a:00:00:01", gateway = "00:0d:3a:00:00:02";
    for (unsigned i = 0; i < 50; i++)
        traffic.add(flow(host("10.244.", i), server).macs(node, gateway));
    EXPECT_EQ(traffic.settle().local(), Texts{server});
}

/* 198 frames of the node and 2 of others: 99 %. With 3 it is below. */
TEST(Inference, TheOneMacIsAnEndOfNinetyNinePercentOfTheFrames)
{
    for (const uint64_t others : {2u, 3u}) {
        Traffic traffic;
        const std::string node = "00:0d:3a:00:00:01";
        for (unsigned i = 0; i < 66; i++)
            traffic.add(flow(host("10.244.", i), server).macs(node, fabric).times(3));
        traffic.add(flow("10.0.0.77", server).macs("00:0d:3a:00:00:03", fabric).times(others));
        const Texts local = traffic.settle().local();
        if (others == 2) {
            EXPECT_EQ(local.size(), 64u) << "the pods, up to the ceiling";
        } else {
            EXPECT_EQ(local, Texts{server});
        }
    }
}

/* 25 frames come from each of two others, and 50 leave by the fabric: the node is in all 100. */
TEST(Inference, TheOneMacIsItWhereTheOthersAreInAsManyFrames)
{
    Traffic traffic;
    const std::string node = "00:0d:3a:00:00:01";
    for (unsigned i = 0; i < 50; i++) {
        const std::string other = i < 25 ? "00:0d:3a:00:00:02" : "00:0d:3a:00:00:03";
        traffic.add(flow(server, host("10.244.", i)).macs(other, node));
    }
    for (unsigned i = 0; i < 50; i++)
        traffic.add(flow(host("10.244.", i), server).macs(node, fabric));
    EXPECT_EQ(traffic.settle()->local_count, 50u);
}

TEST(Inference, OneConversationOfTwoPrivateAddressesIsUndecided)
{
    Traffic traffic;
    const uint32_t there = traffic.add(flow(vm, server).times(5));
    const uint32_t back = traffic.add(flow(server, vm).times(4));
    const Settled settled = traffic.settle();
    EXPECT_EQ(settled.direction(there), EG_TRANSIT);
    EXPECT_EQ(settled.direction(back), EG_TRANSIT);
    EXPECT_EQ(settled->undecided_packets, 9u);
    EXPECT_EQ(settled->transit_bytes, 900u);
    EXPECT_EQ(settled->source, EG_LOCAL_NONE);
    EXPECT_TRUE(settled.local().empty());
    const Settled named = traffic.settle({vm});
    EXPECT_EQ(named.direction(there), EG_EGRESS);
    EXPECT_EQ(named->undecided_packets, 0u);
}

TEST(Inference, OneConversationIsDecidedByAnythingElse)
{
    Traffic by_packet, by_mac;
    by_packet.add(flow(vm, server).times(5));
    by_packet.add(flow(vm, "168.63.129.16"));
    EXPECT_EQ(by_packet.settle().local(), Texts{vm});

    const std::string node = "00:0d:3a:00:00:01";
    by_mac.add(flow(vm, server).macs(node, fabric));
    by_mac.add(flow(server, vm).macs(fabric, node));
    EXPECT_EQ(by_mac.settle().local(), Texts{vm}) << "Azure's fabric is never the one";
}

/* Equal packets, but one has two peers. */
TEST(Inference, PeersDecideWherePacketsDoNot)
{
    Traffic traffic;
    traffic.add(flow(vm, "10.0.0.5").times(4));
    traffic.add(flow(vm, "10.0.0.6").times(4));
    traffic.add(flow("10.0.0.5", "168.63.129.16").times(3));
    traffic.add(flow("10.0.0.5", "224.0.0.251").times(9)); /* not unicast: counts nowhere */
    traffic.add(flow("10.0.0.6", "10.0.0.7").times(4));
    /* vm and 10.0.0.6: 8 packets and 2 peers each, and they talk: undecided. Then 10.0.0.5 has 7
       with two peers, and the pair vm - 10.0.0.5 is covered; 10.0.0.6 - 10.0.0.7 are 4 and 4, with
       two peers and one. */
    const Settled settled = traffic.settle();
    EXPECT_EQ(settled.local(), (Texts{"10.0.0.5", "10.0.0.6"}));
    EXPECT_EQ(settled->undecided_packets, 0u) << "10.0.0.6 got in otherwise";
}

/* Three equal talkers: setting only one pair aside would choose by address. */
TEST(Inference, ATriangleOfEqualsIsUndecidedAsAWhole)
{
    Traffic traffic;
    traffic.add(flow("10.0.0.1", "10.0.0.2").times(3));
    traffic.add(flow("10.0.0.2", "10.0.0.3").times(3));
    traffic.add(flow("10.0.0.3", "10.0.0.1").times(3));
    const Settled settled = traffic.settle();
    EXPECT_TRUE(settled.local().empty());
    EXPECT_EQ(settled->undecided_packets, 9u);
}

TEST(Inference, AnUndecidedPairIsLocalWhereBothEndsGetInOtherwise)
{
    Traffic traffic;
    const uint32_t pair = traffic.add(flow("10.0.0.1", "10.0.0.2").times(5));
    traffic.add(flow("10.0.0.1", "52.0.0.1").times(3));
    traffic.add(flow("10.0.0.2", "52.0.0.2").times(3));
    const Settled settled = traffic.settle();
    EXPECT_EQ(settled.direction(pair), EG_LOCAL);
    EXPECT_EQ(settled->undecided_packets, 0u);
}

TEST(Inference, OnAMirrorPortPrivateToPublicIsEgressBeyondTheCeiling)
{
    Traffic traffic;
    std::vector<uint32_t> out;
    for (unsigned i = 0; i < 200; i++)
        out.push_back(traffic.add(flow(host("10.0.", i), peer)));
    const uint32_t backwards = traffic.add(flow(peer, host("10.0.", 199)));
    const Settled settled = traffic.settle();
    EXPECT_EQ(settled->local_count, 64u);
    for (const uint32_t cell : out)
        EXPECT_EQ(settled.direction(cell), EG_EGRESS);
    EXPECT_EQ(settled.direction(backwards), EG_INGRESS) << "two packets: taken first";
}

TEST(Inference, OnSeveralInterfacesASourceMustBeLocal)
{
    Traffic traffic;
    unsigned egress = 0;
    std::vector<uint32_t> out;
    for (unsigned i = 0; i < 200; i++)
        out.push_back(traffic.add(flow(host("10.0.", i), peer).on(i % 2)));
    const Settled settled = traffic.settle();
    for (const uint32_t cell : out)
        egress += settled.direction(cell) == EG_EGRESS;
    EXPECT_EQ(egress, 64u);
}

TEST(Inference, TwoInputsOfOneInterfaceEachAreStillMirrorPorts)
{
    Traffic traffic;
    std::vector<uint32_t> out;
    for (unsigned i = 0; i < 200; i++)
        out.push_back(traffic.add(flow(host("10.0.", i), peer).on(0).input(i % 2)));
    const Settled settled = traffic.settle();
    for (const uint32_t cell : out)
        EXPECT_EQ(settled.direction(cell), EG_EGRESS);
}

TEST(Inference, BroadcastsLoopbackAndLinkLocalChooseNothing)
{
    Traffic traffic;
    Flow all = flow("10.0.0.77", "10.0.0.255").times(50);
    all.broadcast = true;
    traffic.add(all);
    traffic.add(flow("10.0.0.77", "239.1.1.1").times(50));
    traffic.add(flow("169.254.3.3", "10.0.0.77").times(50));
    traffic.add(flow("127.0.0.1", "127.0.0.1").times(50));
    traffic.add(flow(vm, peer));
    EXPECT_EQ(traffic.settle().local(), Texts{vm});
}

TEST(Inference, PacketsFromAnAddressToItselfCountOnce)
{
    Traffic traffic;
    const uint32_t self = traffic.add(flow(vm, vm).times(10));
    traffic.add(flow("10.0.0.5", peer).times(11));
    const Settled settled = traffic.settle();
    EXPECT_EQ(settled.local(), (Texts{vm, "10.0.0.5"}));
    EXPECT_EQ(settled.direction(self), EG_LOCAL);
}

/* ---- the rule once more, slowly ---- */

namespace
{

class Naive
{
  public:
    explicit Naive(const std::vector<Flow> &flows) : flows_(flows)
    {
        find_station();
        choose(EG_IPV4);
        choose(EG_IPV6);
    }

    std::set<std::string> local;
    uint64_t undecided = 0;

    eg_direction direction(const Flow &flow, bool alone) const
    {
        const eg_scope from = scope(flow.from), to = scope(flow.to);
        if (eg_scope_stays_local(to) || from == EG_SCOPE_LOOPBACK || flow.broadcast)
            return EG_LOCAL;
        if (to == EG_SCOPE_PLATFORM)
            return EG_EGRESS;
        if (from == EG_SCOPE_PLATFORM)
            return EG_INGRESS;
        const bool in_from = local.count(flow.from) > 0, in_to = local.count(flow.to) > 0;
        if (in_from)
            return in_to ? EG_LOCAL : EG_EGRESS;
        if (in_to)
            return EG_INGRESS;
        return alone && from != EG_SCOPE_PUBLIC && to == EG_SCOPE_PUBLIC ? EG_EGRESS : EG_TRANSIT;
    }

  private:
    using Pair = std::pair<std::string, std::string>;

    static eg_scope scope(const std::string &text)
    {
        const eg_address parsed = address(text);
        return eg_scope_of(&parsed);
    }
    static bool is_unicast(const Flow &flow)
    {
        return !eg_scope_stays_local(scope(flow.from)) && !eg_scope_stays_local(scope(flow.to)) &&
               !flow.broadcast;
    }
    static Pair pair_of(const Flow &flow)
    {
        return std::minmax(flow.from, flow.to);
    }

    void find_station()
    {
        std::map<std::string, uint64_t> frames;
        uint64_t all = 0;
        for (const Flow &flow : flows_) {
            if (!is_unicast(flow))
                continue;
            all += flow.packets;
            for (const std::string &end : std::set<std::string>{
                     flow.source_mac, flow.group ? std::string() : flow.destination_mac})
                if (!end.empty() && end != fabric)
                    frames[end] += flow.packets;
        }
        std::vector<std::string> found;
        for (const auto &[end, count] : frames)
            if (count * 100 >= all * 99)
                found.push_back(end);
        if (found.size() == 1)
            station_ = found[0];
    }

    bool is_candidate(const std::string &end, const Pair &pair, eg_scope kind) const
    {
        return scope(end) == kind &&
               (kind == EG_SCOPE_PRIVATE ||
                (scope(pair.first) == EG_SCOPE_PUBLIC && scope(pair.second) == EG_SCOPE_PUBLIC));
    }

    /* sends from the station, uncovered packets, peers */
    using Rank = std::tuple<bool, uint64_t, size_t>;

    std::map<std::string, Rank> rank(const std::map<Pair, uint64_t> &pairs,
                                     const std::set<Pair> &aside, eg_scope kind) const
    {
        std::map<std::string, uint64_t> uncovered;
        std::map<std::string, std::set<std::string>> peers;
        for (const auto &[pair, packets] : pairs) {
            if (pair.first != pair.second) {
                peers[pair.first].insert(pair.second);
                peers[pair.second].insert(pair.first);
            }
            if (local.count(pair.first) || local.count(pair.second) || aside.count(pair))
                continue;
            for (const std::string &end : std::set<std::string>{pair.first, pair.second})
                if (is_candidate(end, pair, kind))
                    uncovered[end] += packets;
        }
        std::map<std::string, Rank> ranks;
        for (const auto &[end, packets] : uncovered)
            if (packets > 0)
                ranks[end] = {senders_.count(end) > 0, packets, peers[end].size()};
        return ranks;
    }

    static bool is_lower(const std::string &a, const std::string &b)
    {
        const eg_address x = address(a), y = address(b);
        return eg_address_compare(&x, &y) < 0;
    }

    void choose(uint8_t family)
    {
        std::map<Pair, uint64_t> pairs;
        uint64_t all = 0;
        senders_.clear();
        for (const Flow &flow : flows_) {
            if (!is_unicast(flow) || address(flow.from).family != family)
                continue;
            pairs[pair_of(flow)] += flow.packets;
            all += flow.packets;
            if (!station_.empty() && flow.source_mac == station_)
                senders_.insert(flow.from);
        }
        std::set<Pair> aside;
        for (unsigned taken = 0; taken < 64;) {
            uint64_t covered = 0;
            for (const auto &[pair, packets] : pairs)
                if (local.count(pair.first) || local.count(pair.second))
                    covered += packets;
            if (covered * 100 >= all * 99)
                break;
            std::map<std::string, Rank> ranks = rank(pairs, aside, EG_SCOPE_PRIVATE);
            if (ranks.empty())
                ranks = rank(pairs, aside, EG_SCOPE_PUBLIC);
            if (ranks.empty())
                break;
            Rank best;
            for (const auto &[end, its] : ranks)
                best = std::max(best, its);
            std::vector<std::string> tied;
            for (const auto &[end, its] : ranks)
                if (its == best)
                    tied.push_back(end);
            std::set<Pair> between;
            for (const std::string &a : tied)
                for (const std::string &b : tied)
                    if (a < b && pairs.count({a, b}) && !aside.count({a, b}))
                        between.insert({a, b});
            if (!between.empty()) {
                aside.insert(between.begin(), between.end());
                continue;
            }
            local.insert(*std::min_element(tied.begin(), tied.end(), is_lower));
            taken++;
        }
        for (const Pair &pair : aside)
            if (!local.count(pair.first) && !local.count(pair.second))
                undecided += pairs[pair];
    }

    std::vector<Flow> flows_;
    std::string station_;
    std::set<std::string> senders_;
};

std::vector<Flow> random_run(std::mt19937 &random)
{
    const auto pick = [&random](unsigned below) { return random() % below; };
    const std::vector<std::string> v4 = {
        "10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.10", "192.168.0.1",   "172.16.0.9",
        "52.0.0.1", "52.0.0.2", "8.8.8.8",  "224.0.0.1", "168.63.129.16", "169.254.1.1"};
    const std::vector<std::string> v6 = {"fd00::1", "fd00::2", "2600::1",
                                         "2600::2", "2603::3", "fe80::1"};
    const std::vector<std::string> macs = {"00:00:00:00:00:01", "00:00:00:00:00:02",
                                           "00:00:00:00:00:03", fabric};
    const unsigned v4_used = 2 + pick(static_cast<unsigned>(v4.size()) - 1);
    const bool wired = pick(2), one_station = pick(2);
    const unsigned weight = 1 + pick(4), extra = pick(2) ? 200 : 1;
    std::vector<Flow> flows;
    for (unsigned i = 0, count = 1 + pick(25); i < count; i++) {
        const std::vector<std::string> &ends = pick(4) ? v4 : v6;
        const unsigned used = &ends == &v4 ? v4_used : static_cast<unsigned>(v6.size());
        Flow made = flow(ends[pick(used)], ends[pick(used)]);
        made.times(1 + pick(weight)).ports(50000, 440 + pick(3));
        if (pick(20) == 0)
            made.times(extra);
        if (wired && one_station)
            pick(2) ? made.macs(macs[0], macs[1 + pick(3)]) : made.macs(macs[1 + pick(3)], macs[0]);
        else if (wired)
            made.macs(macs[pick(4)], macs[pick(4)]);
        made.broadcast = pick(30) == 0;
        made.group = made.broadcast || pick(30) == 0;
        flows.push_back(made);
    }
    return flows;
}

} // namespace

TEST(Inference, EqualsTheRuleOnRandomRunsInAnyOrderAndWithAnySeed)
{
    std::mt19937 random(20260101);
    unsigned found = 0, undecided = 0;
    for (int run = 0; run < 1500; run++) {
        std::vector<Flow> flows = random_run(random);
        const Naive naive(flows);
        std::shuffle(flows.begin(), flows.end(), random);
        Traffic traffic({random(), random()});
        std::vector<uint32_t> cells;
        for (const Flow &each : flows)
            cells.push_back(traffic.add(each));
        const Settled settled = traffic.settle();
        const Texts local = settled.local();
        ASSERT_EQ(std::set<std::string>(local.begin(), local.end()), naive.local) << run;
        ASSERT_EQ(settled->undecided_packets, naive.undecided) << run;
        for (size_t i = 0; i < flows.size(); i++)
            ASSERT_EQ(settled.direction(cells[i]), naive.direction(flows[i], true)) << run;
        found += !local.empty();
        undecided += naive.undecided > 0;
    }
    EXPECT_GT(found, 1000u);
    EXPECT_GT(undecided, 150u);
}

/* Sixty-four and more candidates, where the ceiling and large ties matter. */
TEST(Inference, EqualsTheRuleOnRunsOfManyHosts)
{
    std::mt19937 random(7);
    for (int run = 0; run < 12; run++) {
        std::vector<Flow> flows;
        const unsigned hosts = 60 + random() % 60;
        for (unsigned i = 0; i < 3 * hosts; i++)
            flows.push_back(flow(host("10.0.", random() % hosts),
                                 random() % 3 ? host("10.0.", random() % hosts)
                                              : host("52.0.", random() % hosts))
                                .times(1 + random() % 3));
        const Naive naive(flows);
        Traffic traffic({random(), random()});
        for (const Flow &each : flows)
            traffic.add(each);
        const Settled settled = traffic.settle();
        const Texts local = settled.local();
        ASSERT_EQ(std::set<std::string>(local.begin(), local.end()), naive.local) << run;
        ASSERT_EQ(settled->undecided_packets, naive.undecided) << run;
    }
}
