/* Rules 3.2, 3.3, 3.5 and 3.6: hosts whose captures say which way frames went. */
#include <gtest/gtest.h>

#include <random>

#include "eg_traffic.h"

using namespace eg_test;
using Texts = std::vector<std::string>;

namespace
{

const Device lo{1, ARPHRD_LOOPBACK, "00:00:00:00:00:00"};
const Device eth0{2, ARPHRD_ETHER, "00:0d:3a:00:00:01"};
const Device eth1{3, ARPHRD_ETHER, "00:0d:3a:00:00:02"};
const Device docker0{4, ARPHRD_ETHER, "02:42:00:00:00:01"};
const Device veth{5, ARPHRD_ETHER, "02:42:00:00:00:02"};
const Device tun0{6, ARPHRD_NONE, "00:00:00:00:00:00"};
const std::string router = "12:34:56:78:9a:bc";

const std::string vm = "10.0.0.4", peer = "52.1.2.3", container = "172.17.0.2";

/* How one capture format shows a frame on a device. */
struct Format {
    const char *name;
    Flow (*show)(Flow flow, const Device &device, eg_hint hint);
};

Flow in_cooked2(Flow flow, const Device &device, eg_hint hint)
{
    return flow.cooked2(device, hint);
}

Flow in_pcapng(Flow flow, const Device &device, eg_hint hint)
{
    const int32_t link = device.hardware == ARPHRD_NONE       ? LINK_RAW
                         : device.hardware == ARPHRD_LOOPBACK ? LINK_NULL
                                                              : LINK_ETHERNET;
    return flow.on(device.index, hint, link);
}

const Format formats[] = {{"cooked v2", in_cooked2}, {"pcapng", in_pcapng}};

} // namespace

TEST(Direction, AVmWithOneCardTellsItsAddressByWhatItSent)
{
    for (const Format &format : formats) {
        SCOPED_TRACE(format.name);
        Traffic traffic;
        const uint32_t out = traffic.add(format.show(flow(vm, peer), eth0, EG_HINT_SENT));
        const uint32_t in = traffic.add(format.show(flow(peer, vm), eth0, EG_HINT_RECEIVED));
        const uint32_t other =
            traffic.add(format.show(flow("10.0.0.9", "10.0.0.8"), eth0, EG_HINT_OTHER_HOST));
        const Settled settled = traffic.settle();
        EXPECT_EQ(settled.direction(out), EG_EGRESS);
        EXPECT_EQ(settled.direction(in), EG_INGRESS);
        EXPECT_EQ(settled.direction(other), EG_TRANSIT);
        EXPECT_EQ(settled.local(), Texts{vm});
        EXPECT_EQ(settled->source, EG_LOCAL_HINTS);
        EXPECT_FALSE(settled->no_uplink);
        EXPECT_EQ(settled->transit_bytes, 100u);
        EXPECT_EQ(settled->total_bytes, 300u);
    }
}

/* The VF and the synthetic card have one address and two indexes; copies are gone before. */
TEST(Direction, BothCardsOfAcceleratedNetworkingAreUplinks)
{
    const Device vf{7, ARPHRD_ETHER, eth0.mac};
    Traffic traffic;
    const uint32_t synthetic = traffic.add(flow(vm, peer).cooked2(eth0, EG_HINT_SENT));
    const uint32_t on_vf = traffic.add(flow(vm, "52.9.9.9").cooked2(vf, EG_HINT_SENT));
    const uint32_t back = traffic.add(flow(peer, vm).cooked2(vf, EG_HINT_RECEIVED));
    const Settled settled = traffic.settle();
    EXPECT_EQ(settled.direction(synthetic), EG_EGRESS);
    EXPECT_EQ(settled.direction(on_vf), EG_EGRESS);
    EXPECT_EQ(settled.direction(back), EG_INGRESS);
}

TEST(Direction, BehindNatOnlyTheUplinkCounts)
{
    for (const Format &format : formats) {
        SCOPED_TRACE(format.name);
        Traffic traffic;
        std::vector<uint32_t> inside;
        inside.push_back(traffic.add(format.show(flow(container, peer), veth, EG_HINT_RECEIVED)));
        inside.push_back(
            traffic.add(format.show(flow(container, peer), docker0, EG_HINT_RECEIVED)));
        const uint32_t out = traffic.add(format.show(flow(vm, peer), eth0, EG_HINT_SENT));
        const uint32_t in = traffic.add(format.show(flow(peer, vm), eth0, EG_HINT_RECEIVED));
        inside.push_back(traffic.add(format.show(flow(peer, container), docker0, EG_HINT_SENT)));
        inside.push_back(traffic.add(format.show(flow(peer, container), veth, EG_HINT_SENT)));
        const Settled settled = traffic.settle();
        EXPECT_EQ(settled.direction(out), EG_EGRESS);
        EXPECT_EQ(settled.direction(in), EG_INGRESS);
        for (const uint32_t cell : inside)
            EXPECT_EQ(settled.direction(cell), EG_INTERNAL);
        EXPECT_EQ(settled.local(), Texts{vm});
    }
}

TEST(Direction, RoutablePodsAreLocalBecauseTheUplinkSendsForThem)
{
    const std::string pod = "10.244.1.7", far_pod = "10.244.2.9";
    for (const Format &format : formats) {
        SCOPED_TRACE(format.name);
        Traffic traffic;
        const uint32_t in_veth = traffic.add(format.show(flow(pod, peer), veth, EG_HINT_RECEIVED));
        const uint32_t out = traffic.add(format.show(flow(pod, peer), eth0, EG_HINT_SENT));
        const uint32_t out_pod = traffic.add(format.show(flow(pod, far_pod), eth0, EG_HINT_SENT));
        const uint32_t in = traffic.add(format.show(flow(far_pod, pod), eth0, EG_HINT_RECEIVED));
        const uint32_t own = traffic.add(format.show(flow(vm, peer), eth0, EG_HINT_SENT));
        const Settled settled = traffic.settle();
        EXPECT_EQ(settled.direction(in_veth), EG_INTERNAL);
        EXPECT_EQ(settled.direction(out), EG_EGRESS);
        EXPECT_EQ(settled.direction(out_pod), EG_EGRESS);
        EXPECT_EQ(settled.direction(in), EG_INGRESS);
        EXPECT_EQ(settled.direction(own), EG_EGRESS);
        EXPECT_EQ(settled.local(), (Texts{vm, pod}));
    }
}

TEST(Direction, OnlyTheOuterPacketOfAVpnCounts)
{
    for (const Format &format : formats) {
        SCOPED_TRACE(format.name);
        Traffic traffic;
        const uint32_t inner =
            traffic.add(format.show(flow("10.8.0.2", "10.8.0.1"), tun0, EG_HINT_SENT));
        const uint32_t back =
            traffic.add(format.show(flow("10.8.0.1", "10.8.0.2"), tun0, EG_HINT_RECEIVED));
        const uint32_t outer = traffic.add(format.show(flow(vm, peer), eth0, EG_HINT_SENT));
        const Settled settled = traffic.settle();
        EXPECT_EQ(settled.direction(inner), EG_INTERNAL);
        EXPECT_EQ(settled.direction(back), EG_INTERNAL);
        EXPECT_EQ(settled.direction(outer), EG_EGRESS);
        EXPECT_EQ(settled.local(), Texts{vm});
    }
}

TEST(Direction, ATunnelAloneIsAnUplink)
{
    Traffic traffic;
    const uint32_t out = traffic.add(flow("10.8.0.2", "10.8.0.1").cooked2(tun0, EG_HINT_SENT));
    const Settled settled = traffic.settle();
    EXPECT_EQ(settled.direction(out), EG_EGRESS);
    EXPECT_FALSE(settled->no_uplink);
}

TEST(Direction, TheInnerLegOfARouterIsInternal)
{
    const std::string client = "10.1.0.7";
    Traffic traffic;
    const uint32_t in_inner = traffic.add(flow(client, peer).cooked2(eth1, EG_HINT_RECEIVED));
    const uint32_t out = traffic.add(flow(client, peer).cooked2(eth0, EG_HINT_SENT));
    const uint32_t in = traffic.add(flow(peer, client).cooked2(eth0, EG_HINT_RECEIVED));
    const uint32_t out_inner = traffic.add(flow(peer, client).cooked2(eth1, EG_HINT_SENT));
    const Settled settled = traffic.settle();
    EXPECT_EQ(settled.direction(in_inner), EG_INTERNAL);
    EXPECT_EQ(settled.direction(out), EG_EGRESS);
    EXPECT_EQ(settled.direction(in), EG_INGRESS);
    EXPECT_EQ(settled.direction(out_inner), EG_INTERNAL);
    EXPECT_EQ(settled.local(), Texts{client});
}

/* Of 100 packets received on eth1 one is for a public address; with 101 it is below 1 %. */
TEST(Direction, OnePercentForPublicAddressesMakesAnInterfaceInternal)
{
    for (const uint64_t others : {99u, 100u}) {
        Traffic traffic;
        traffic.add(flow(vm, peer).cooked2(eth0, EG_HINT_SENT));
        traffic.add(flow("10.1.0.7", peer).cooked2(eth1, EG_HINT_RECEIVED));
        const uint32_t rest =
            traffic.add(flow("10.1.0.7", "10.1.0.1").cooked2(eth1, EG_HINT_RECEIVED).times(others));
        EXPECT_EQ(traffic.settle().direction(rest), others == 99 ? EG_INTERNAL : EG_INGRESS);
    }
}

TEST(Direction, OnePercentFromPublicAddressesMakesAnInterfaceInternal)
{
    for (const uint64_t others : {99u, 100u}) {
        Traffic traffic;
        traffic.add(flow(vm, peer).cooked2(eth0, EG_HINT_SENT));
        traffic.add(flow(peer, "10.1.0.7").cooked2(eth1, EG_HINT_SENT));
        const uint32_t rest =
            traffic.add(flow("10.1.0.1", "10.1.0.7").cooked2(eth1, EG_HINT_SENT).times(others));
        EXPECT_EQ(traffic.settle().direction(rest), others == 99 ? EG_INTERNAL : EG_EGRESS);
    }
}

/* Azure's wire server has a public-looking address; IPv6 is public on every card. */
TEST(Direction, PlatformAndIpv6DoNotMakeAnInterfaceInternal)
{
    const std::string vm6 = "2603:1030::4", peer6 = "2600::1";
    Traffic traffic;
    const uint32_t agent = traffic.add(flow("168.63.129.16", vm).cooked2(eth0, EG_HINT_RECEIVED));
    const uint32_t to_agent = traffic.add(flow(vm, "168.63.129.16").cooked2(eth0, EG_HINT_SENT));
    const uint32_t out = traffic.add(flow(vm6, peer6).cooked2(eth0, EG_HINT_SENT));
    const uint32_t in = traffic.add(flow(peer6, vm6).cooked2(eth0, EG_HINT_RECEIVED));
    const Settled settled = traffic.settle();
    EXPECT_EQ(settled.direction(agent), EG_INGRESS);
    EXPECT_EQ(settled.direction(to_agent), EG_EGRESS);
    EXPECT_EQ(settled.direction(out), EG_EGRESS);
    EXPECT_EQ(settled.direction(in), EG_INGRESS);
    EXPECT_EQ(settled.local(), (Texts{vm, vm6}));
}

/* Direct server return: the card itself receives for a public address. */
TEST(Direction, WithoutAnUplinkLeftAllAreAndTheReportCanSaySo)
{
    Traffic traffic;
    const uint32_t in = traffic.add(flow(peer, "52.7.7.7").cooked2(eth0, EG_HINT_RECEIVED));
    const uint32_t out = traffic.add(flow(vm, peer).cooked2(eth0, EG_HINT_SENT));
    const Settled settled = traffic.settle();
    EXPECT_TRUE(settled->no_uplink);
    EXPECT_EQ(settled.direction(out), EG_EGRESS);
    EXPECT_EQ(settled.direction(in), EG_TRANSIT) << "a public address is not learned";
    EXPECT_EQ(settled.local(), Texts{vm});
}

TEST(Direction, SentToALocalAddressIsLocal)
{
    Traffic traffic;
    traffic.add(flow("10.0.1.5", peer).cooked2(eth1, EG_HINT_SENT));
    const uint32_t across = traffic.add(flow(vm, "10.0.1.5").cooked2(eth0, EG_HINT_SENT));
    const uint32_t looped = traffic.add(flow(vm, vm).cooked2(lo, EG_HINT_SENT));
    const Settled settled = traffic.settle();
    EXPECT_EQ(settled.direction(across), EG_LOCAL);
    EXPECT_EQ(settled.direction(looped), EG_INTERNAL) << "seen on the loopback device";
}

TEST(Direction, ReceivedBroadcastsTeachNoAddress)
{
    Traffic traffic;
    Flow all = flow("10.0.0.9", "10.0.0.255").cooked2(eth0, EG_HINT_RECEIVED);
    all.broadcast = true;
    traffic.add(all);
    traffic.add(flow("10.0.0.9", "224.0.0.251").cooked2(eth0, EG_HINT_RECEIVED));
    traffic.add(flow("fe80::9", "fe80::4").cooked2(eth0, EG_HINT_RECEIVED));
    traffic.add(flow("10.0.0.9", "10.0.0.8").cooked2(eth0, EG_HINT_OTHER_HOST));
    const Settled settled = traffic.settle();
    EXPECT_TRUE(settled.local().empty());
    EXPECT_EQ(settled->source, EG_LOCAL_NONE);
}

/* ---- cooked v1: what was received may have been received inside ---- */

TEST(Direction, CookedV1ReceivedFramesTeachNothingWhereAnUplinkSent)
{
    Traffic traffic;
    const uint32_t inside = traffic.add(flow(container, peer).cooked1(veth, EG_HINT_RECEIVED));
    const uint32_t out = traffic.add(flow(vm, peer).cooked1(eth0, EG_HINT_SENT));
    const uint32_t in = traffic.add(flow(peer, vm).cooked1(eth0, EG_HINT_RECEIVED));
    const uint32_t bridged = traffic.add(flow(peer, container).cooked1(docker0, EG_HINT_SENT));
    const uint32_t neighbour =
        traffic.add(flow(container, "172.17.0.1").cooked1(veth, EG_HINT_RECEIVED));
    const Settled settled = traffic.settle();
    EXPECT_EQ(settled.local(), Texts{vm});
    EXPECT_EQ(settled.direction(out), EG_EGRESS);
    EXPECT_EQ(settled.direction(in), EG_INGRESS);
    EXPECT_EQ(settled.direction(bridged), EG_INTERNAL);
    EXPECT_EQ(settled.direction(inside), EG_TRANSIT);
    EXPECT_EQ(settled.direction(neighbour), EG_TRANSIT);
}

TEST(Direction, CookedV1ReceivedBetweenLocalAddressesIsLocal)
{
    const std::string pod = "10.244.1.7";
    Traffic traffic;
    traffic.add(flow(vm, peer).cooked1(eth0, EG_HINT_SENT));
    traffic.add(flow(pod, peer).cooked1(eth0, EG_HINT_SENT));
    const uint32_t probe = traffic.add(flow(pod, vm).cooked1(veth, EG_HINT_RECEIVED));
    EXPECT_EQ(traffic.settle().direction(probe), EG_LOCAL);
}

TEST(Direction, CookedV1ReceivedFramesTeachWhereNothingWasSent)
{
    Traffic traffic;
    const uint32_t in = traffic.add(flow(peer, vm).cooked1(eth0, EG_HINT_RECEIVED));
    const Settled settled = traffic.settle();
    EXPECT_EQ(settled.direction(in), EG_INGRESS);
    EXPECT_EQ(settled.local(), Texts{vm});
    EXPECT_FALSE(settled->no_uplink);
}

/* ---- rule 3.6 ---- */

TEST(Direction, WhatStaysOnTheLinkIsLocalWhateverTheHint)
{
    for (const char *destination : {"127.0.0.1", "224.0.0.251", "239.255.255.250",
                                    "255.255.255.255", "169.254.7.7", "0.0.0.0"}) {
        Traffic traffic;
        const uint32_t cell = traffic.add(flow(vm, destination).cooked2(eth0, EG_HINT_SENT));
        EXPECT_EQ(traffic.settle().direction(cell), EG_LOCAL) << destination;
        EXPECT_EQ(traffic.settle({vm}).direction(cell), EG_LOCAL) << destination;
        Traffic silent;
        const uint32_t unhinted = silent.add(flow(vm, destination));
        EXPECT_EQ(silent.settle().direction(unhinted), EG_LOCAL) << destination;
    }
    for (const char *destination : {"::1", "ff02::fb", "fe80::1", "::"}) {
        Traffic traffic;
        const uint32_t cell = traffic.add(flow("fd00::4", destination).cooked2(eth0, EG_HINT_SENT));
        EXPECT_EQ(traffic.settle().direction(cell), EG_LOCAL) << destination;
    }
}

TEST(Direction, ALinkLayerBroadcastIsLocalWhateverItsAddress)
{
    Traffic traffic;
    Flow all = flow(vm, "10.0.0.255").on(0, EG_HINT_SENT);
    all.broadcast = true;
    Flow group = flow(vm, "10.0.0.9").on(0, EG_HINT_SENT);
    group.group = true; /* a load balancer's multicast MAC over a unicast address */
    const uint32_t broadcast = traffic.add(all), multicast = traffic.add(group);
    const Settled settled = traffic.settle();
    EXPECT_EQ(settled.direction(broadcast), EG_LOCAL);
    EXPECT_EQ(settled.direction(multicast), EG_EGRESS);
}

TEST(Direction, PlatformTrafficIsEgressAlthoughLinkLocal)
{
    Traffic hinted, silent;
    const uint32_t sent = hinted.add(flow(vm, "169.254.169.254").cooked2(eth0, EG_HINT_SENT));
    const uint32_t got = hinted.add(flow("169.254.169.254", vm).cooked2(eth0, EG_HINT_RECEIVED));
    EXPECT_EQ(hinted.settle().direction(sent), EG_EGRESS);
    EXPECT_EQ(hinted.settle().direction(got), EG_INGRESS);
    EXPECT_EQ(hinted.settle({vm}).direction(sent), EG_EGRESS);
    const uint32_t out = silent.add(flow(vm, "168.63.129.16"));
    const uint32_t in = silent.add(flow("168.63.129.16", vm));
    EXPECT_EQ(silent.settle().direction(out), EG_EGRESS);
    EXPECT_EQ(silent.settle().direction(in), EG_INGRESS);
    EXPECT_EQ(silent.settle().local(), Texts{vm});
}

TEST(Direction, PlatformTrafficSeenInsideTheHostIsInternal)
{
    Traffic traffic;
    traffic.add(flow(vm, peer).cooked2(eth0, EG_HINT_SENT));
    traffic.add(flow(container, peer).cooked2(veth, EG_HINT_RECEIVED));
    const uint32_t inside =
        traffic.add(flow(container, "169.254.169.254").cooked2(veth, EG_HINT_RECEIVED));
    EXPECT_EQ(traffic.settle().direction(inside), EG_INTERNAL);
}

/* ---- frames without hints among frames with ---- */

TEST(Direction, FramesWithoutAHintGoByTheAddressesThatHintsTaught)
{
    Traffic traffic;
    traffic.add(flow(vm, peer).on(0, EG_HINT_SENT));
    traffic.add(flow("10.0.0.5", peer).on(0, EG_HINT_SENT));
    const uint32_t out = traffic.add(flow(vm, "52.9.9.9").on(0));
    const uint32_t in = traffic.add(flow("52.9.9.9", vm).on(0));
    const uint32_t both = traffic.add(flow(vm, "10.0.0.5").on(0));
    const uint32_t neither = traffic.add(flow("10.0.0.8", "52.9.9.9").on(0));
    const Settled settled = traffic.settle();
    EXPECT_EQ(settled.direction(out), EG_EGRESS);
    EXPECT_EQ(settled.direction(in), EG_INGRESS);
    EXPECT_EQ(settled.direction(both), EG_LOCAL);
    EXPECT_EQ(settled.direction(neither), EG_TRANSIT) << "no mirror port where hints are";
}

/* ---- --local ---- */

TEST(Direction, NamedAddressesAreExactlyTheLocalOnes)
{
    Traffic traffic;
    const uint32_t out = traffic.add(flow(vm, peer)), in = traffic.add(flow(peer, vm));
    const uint32_t both = traffic.add(flow(vm, "10.0.1.9"));
    const uint32_t other = traffic.add(flow("10.9.0.1", peer));
    const Settled settled = traffic.settle({"10.0.0.0/23", "fd00::/8"});
    EXPECT_EQ(settled.direction(out), EG_EGRESS);
    EXPECT_EQ(settled.direction(in), EG_INGRESS);
    EXPECT_EQ(settled.direction(both), EG_LOCAL);
    EXPECT_EQ(settled.direction(other), EG_TRANSIT);
    EXPECT_EQ(settled->source, EG_LOCAL_OPTION);
    EXPECT_EQ(settled.local(), (Texts{vm, "10.0.1.9"})) << "those that were seen";
}

/* Rule 3.2 puts the named addresses in the place of L; which way a frame went is still its hint. */
TEST(Direction, NamedAddressesReplaceLAndNeitherHintsNorInternalInterfaces)
{
    Traffic traffic;
    const uint32_t out = traffic.add(flow(vm, peer).cooked2(eth0, EG_HINT_SENT));
    const uint32_t in_veth = traffic.add(flow(container, peer).cooked2(veth, EG_HINT_RECEIVED));
    const uint32_t in = traffic.add(flow(peer, vm).cooked2(eth0, EG_HINT_RECEIVED));
    const uint32_t in_named = traffic.add(flow(peer, container).cooked2(eth0, EG_HINT_RECEIVED));
    const Settled settled = traffic.settle({container});
    EXPECT_EQ(settled.direction(out), EG_EGRESS);
    EXPECT_EQ(settled.direction(in), EG_TRANSIT);
    EXPECT_EQ(settled.direction(in_named), EG_INGRESS);
    EXPECT_EQ(settled.direction(in_veth), EG_INTERNAL);
}

/* Seen at its veth by nothing but private addresses, it would teach its peer as local. */
TEST(Direction, APodThatTalksToPrivateAddressesOnlyIsInsideTheHost)
{
    const std::string pod = "10.244.1.7", server = "10.0.9.9";
    for (const Format &format : formats) {
        SCOPED_TRACE(format.name);
        Traffic traffic;
        const uint32_t own = traffic.add(format.show(flow(vm, peer), eth0, EG_HINT_SENT));
        const uint32_t asked = traffic.add(format.show(flow(pod, server), veth, EG_HINT_RECEIVED));
        const uint32_t out = traffic.add(format.show(flow(pod, server), eth0, EG_HINT_SENT));
        const uint32_t in = traffic.add(format.show(flow(server, pod), eth0, EG_HINT_RECEIVED));
        const uint32_t given = traffic.add(format.show(flow(server, pod), veth, EG_HINT_SENT));
        for (const bool named : {false, true}) {
            const Settled settled =
                named ? traffic.settle({vm, "10.244.0.0/16"}) : traffic.settle();
            EXPECT_EQ(settled.direction(own), EG_EGRESS);
            EXPECT_EQ(settled.direction(asked), EG_INTERNAL);
            EXPECT_EQ(settled.direction(out), EG_EGRESS);
            EXPECT_EQ(settled.direction(in), EG_INGRESS);
            EXPECT_EQ(settled.direction(given), EG_INTERNAL);
            EXPECT_EQ(settled.local(), (Texts{vm, pod}));
        }
    }
}

/* What the other host of the run sends to this one does not make this one's NIC a forwarder. */
TEST(Direction, AVmThatAnotherInputSendsToKeepsItsUplink)
{
    const std::string second = "10.0.0.5";
    Traffic traffic;
    traffic.add(flow(vm, peer).cooked2(eth0, EG_HINT_SENT));
    traffic.add(flow(vm, second).cooked2(eth0, EG_HINT_SENT));
    const uint32_t there = traffic.add(flow(vm, second).input(1).cooked2(eth1, EG_HINT_RECEIVED));
    const Settled settled = traffic.settle();
    EXPECT_EQ(settled.direction(there), EG_INGRESS);
}

/* Containers on one bridge: the port of the sender overhears, the port of the receiver sends. */
TEST(Direction, APortOfABridgeIsInsideTheHost)
{
    const std::string other = "172.17.0.3";
    const Device veth2{8, ARPHRD_ETHER, "02:42:00:00:00:03"};
    Traffic traffic;
    const uint32_t own = traffic.add(flow(vm, peer).cooked2(eth0, EG_HINT_SENT));
    const uint32_t asked = traffic.add(flow(container, other).cooked2(veth, EG_HINT_OTHER_HOST));
    const uint32_t given = traffic.add(flow(container, other).cooked2(veth2, EG_HINT_SENT));
    const uint32_t answer = traffic.add(flow(other, container).cooked2(veth2, EG_HINT_OTHER_HOST));
    const Settled settled = traffic.settle();
    EXPECT_EQ(settled.direction(own), EG_EGRESS);
    for (const uint32_t cell : {asked, given, answer})
        EXPECT_EQ(settled.direction(cell), EG_INTERNAL);
    EXPECT_EQ(settled.local(), Texts{vm});
}

TEST(Direction, NamedAddressesAreNotCountedTwiceInCookedV1)
{
    const std::string pod = "10.244.1.7";
    Traffic traffic;
    const uint32_t inside = traffic.add(flow(pod, peer).cooked1(veth, EG_HINT_RECEIVED));
    const uint32_t out = traffic.add(flow(pod, peer).cooked1(eth0, EG_HINT_SENT));
    const Settled settled = traffic.settle({"10.244.0.0/16"});
    EXPECT_EQ(settled.direction(inside), EG_TRANSIT);
    EXPECT_EQ(settled.direction(out), EG_EGRESS);
}

TEST(Direction, NamedAddressesThatWereNotSeenLeaveNothingLocal)
{
    Traffic traffic;
    const uint32_t out = traffic.add(flow(vm, peer));
    const Settled settled = traffic.settle({"10.9.9.9"});
    EXPECT_EQ(settled.direction(out), EG_TRANSIT);
    EXPECT_TRUE(settled.local().empty());
    EXPECT_EQ(settled->source, EG_LOCAL_OPTION);
}

/* ---- several inputs ---- */

TEST(Direction, LocalAddressesHoldForAllInputsOfARun)
{
    Traffic traffic;
    traffic.add(flow(vm, peer).on(0, EG_HINT_SENT).input(0));
    const uint32_t silent = traffic.add(flow(vm, "52.9.9.9").input(1));
    EXPECT_EQ(traffic.settle().direction(silent), EG_EGRESS);
}

TEST(Direction, InputsCanBeSettledApart)
{
    Traffic traffic;
    const std::string b = "10.0.0.5";
    const uint32_t sent = traffic.add(flow(vm, b).on(0, EG_HINT_SENT).input(0).times(9));
    const uint32_t got = traffic.add(flow(vm, b).on(0, EG_HINT_RECEIVED).input(1).times(9));
    EXPECT_EQ(traffic.settle().direction(sent), EG_LOCAL) << "both ends are of this run";
    const Settled apart = traffic.settle({}, true);
    EXPECT_EQ(apart.direction(sent), EG_EGRESS);
    EXPECT_EQ(apart.direction(got), EG_INGRESS);
    EXPECT_EQ(apart.local(), (Texts{vm, b}));
    EXPECT_EQ(apart->source, EG_LOCAL_HINTS);
}

TEST(Direction, InputsSettledApartMayFindTheirAddressesInDifferentWays)
{
    Traffic traffic;
    traffic.add(flow(vm, peer).on(0, EG_HINT_SENT).input(0));
    const uint32_t out = traffic.add(flow("10.0.0.7", peer).input(1));
    const Settled apart = traffic.settle({}, true);
    EXPECT_EQ(apart->source, EG_LOCAL_MIXED);
    EXPECT_EQ(apart.direction(out), EG_EGRESS);
    EXPECT_EQ(apart.local(), (Texts{vm, "10.0.0.7"}));
    EXPECT_EQ(traffic.settle()->source, EG_LOCAL_HINTS);
}

TEST(Direction, ManyInputsApartEachKeepTheirOwn)
{
    Traffic traffic;
    std::vector<uint32_t> out, in;
    for (uint32_t i = 0; i < 300; i++) {
        const std::string host = "10.0." + std::to_string(i / 250) + "." + std::to_string(i % 250);
        const std::string next =
            "10.0." + std::to_string((i + 1) / 250) + "." + std::to_string((i + 1) % 250);
        out.push_back(traffic.add(flow(host, next).on(0, EG_HINT_SENT).input(i)));
        in.push_back(traffic.add(flow(next, host).on(0, EG_HINT_RECEIVED).input(i)));
    }
    const Settled apart = traffic.settle({}, true);
    for (const uint32_t cell : out)
        EXPECT_EQ(apart.direction(cell), EG_EGRESS);
    for (const uint32_t cell : in)
        EXPECT_EQ(apart.direction(cell), EG_INGRESS);
    EXPECT_EQ(apart->local_count, 300u);
}

TEST(Direction, AnEmptyMatrixSettlesToNothing)
{
    const Settled settled = Traffic().settle();
    EXPECT_EQ(settled->cells, 0u);
    EXPECT_EQ(settled->source, EG_LOCAL_NONE);
    EXPECT_EQ(settled->total_bytes, 0u);
}

/* Rule 3.5: order, seed and merging change nothing. */
TEST(Direction, OfAMixedHostDoesNotDependOnOrderSeedOrMerging)
{
    std::vector<Flow> flows = {
        flow(container, peer).cooked2(veth, EG_HINT_RECEIVED).times(5),
        flow(container, peer).cooked2(docker0, EG_HINT_RECEIVED).times(5),
        flow(vm, peer).cooked2(eth0, EG_HINT_SENT).times(7),
        flow(peer, vm).cooked2(eth0, EG_HINT_RECEIVED).times(6),
        flow(vm, "168.63.129.16").cooked2(eth0, EG_HINT_SENT),
        flow(vm, "224.0.0.251").cooked2(eth0, EG_HINT_SENT),
        flow("10.8.0.2", "10.8.0.1").cooked2(tun0, EG_HINT_SENT).times(3),
        flow("10.0.0.8", "10.0.0.9").cooked2(eth0, EG_HINT_OTHER_HOST),
    };
    const std::vector<eg_direction> expected = {EG_INTERNAL, EG_INTERNAL, EG_EGRESS,   EG_INGRESS,
                                                EG_EGRESS,   EG_LOCAL,    EG_INTERNAL, EG_TRANSIT};
    std::vector<size_t> order = {0, 1, 2, 3, 4, 5, 6, 7};
    std::mt19937 random(5);
    for (int round = 0; round < 20; round++) {
        std::shuffle(order.begin(), order.end(), random);
        Traffic whole({random(), random()}), first({random(), 1}), second({random(), 2});
        std::vector<uint32_t> cells(flows.size());
        for (const size_t i : order) {
            cells[i] = whole.add(flows[i]);
            (i % 2 ? first : second).add(flows[i]);
        }
        const Settled settled = whole.settle();
        for (size_t i = 0; i < flows.size(); i++)
            EXPECT_EQ(settled.direction(cells[i]), expected[i]) << i;

        Traffic merged({random(), 3});
        ASSERT_EQ(eg_matrix_merge(merged.get(), first.get(), 0), EG_OK);
        ASSERT_EQ(eg_matrix_merge(merged.get(), second.get(), 0), EG_OK);
        const Settled again = merged.settle();
        for (size_t i = 0; i < flows.size(); i++)
            EXPECT_EQ(again.direction(merged.add(flows[i])), expected[i]) << i;
        EXPECT_EQ(again->transit_bytes, settled->transit_bytes);
        EXPECT_EQ(again.local(), settled.local());
    }
}
