#include <gtest/gtest.h>

#include <map>
#include <random>
#include <tuple>

#include "eg_traffic.h"

using namespace eg_test;

namespace
{

const Device eth0{2, ARPHRD_ETHER, "02:00:00:00:00:02"};
const Device eth1{3, ARPHRD_ETHER, "02:00:00:00:00:03"};

uint16_t interface_of(Traffic &traffic, const Flow &flow)
{
    return traffic.cell(traffic.add(flow)).interface;
}

const eg_interface &interface_facts(Traffic &traffic, const Flow &flow)
{
    return *eg_matrix_interface(traffic.get(), interface_of(traffic, flow));
}

uint32_t add_packet(Traffic &traffic, const eg_packet &packet, int64_t time, uint64_t segments,
                    uint64_t segment_bytes)
{
    uint32_t cell = 0;
    EXPECT_EQ(eg_matrix_add(traffic.get(), &packet, 0, time, segments, segment_bytes, &cell),
              EG_OK);
    return cell;
}

/* A matrix as its contents, whatever its numbers are. */
using Key = std::tuple<std::string, std::string, int, int, int, uint32_t, int, uint64_t, uint32_t,
                       std::string, std::string, bool, bool>;
using Sums = std::tuple<uint64_t, uint64_t, uint64_t, uint64_t, int, int64_t, int64_t>;

std::map<Key, Sums> contents(const eg_matrix *matrix)
{
    std::map<Key, Sums> all;
    for (uint32_t i = 0; i < eg_matrix_cells(matrix); i++) {
        const eg_cell cell = eg_matrix_cell(matrix, i);
        const eg_interface &interface = *eg_matrix_interface(matrix, cell.interface);
        const eg_link_pair &link = *eg_matrix_link(matrix, cell.link);
        const Key key{text(eg_matrix_address(matrix, cell.source)),
                      text(eg_matrix_address(matrix, cell.destination)),
                      cell.protocol,
                      cell.port,
                      cell.hint,
                      interface.input,
                      interface.kind,
                      interface.index,
                      interface.ifindex,
                      std::string(reinterpret_cast<const char *>(link.source), 8),
                      std::string(reinterpret_cast<const char *>(link.destination), 8),
                      link.group,
                      link.broadcast};
        const auto [at, added] =
            all.emplace(key, Sums{cell.packets, cell.ip_bytes, cell.more_packets, cell.more_bytes,
                                  cell.flags, cell.first_time, cell.last_time});
        EXPECT_TRUE(added) << "two cells of one key";
    }
    return all;
}

std::vector<Flow> random_flows(unsigned seed, size_t count)
{
    std::mt19937 random(seed);
    std::vector<Flow> flows;
    for (size_t i = 0; i < count; i++) {
        const auto pick = [&random](unsigned below) { return random() % below; };
        Flow made = pick(4) ? flow("10.0.0." + std::to_string(1 + pick(5)),
                                   "52.1.0." + std::to_string(pick(40)))
                            : flow("fd00::" + std::to_string(1 + pick(5)),
                                   "2600::" + std::to_string(1 + pick(40)));
        made.ports(50000 + pick(9), 440 + pick(5)).times(1 + pick(3));
        made.macs(pick(2) ? MAC_A : MAC_B, pick(2) ? MAC_A : MAC_B);
        made.bytes = 40 + pick(1400);
        made.tcp_flags = pick(3) ? EG_TCP_ACK : EG_TCP_SYN;
        if (pick(2))
            made.on(pick(3), static_cast<eg_hint>(pick(3)));
        flows.push_back(made);
    }
    return flows;
}

} // namespace

TEST(Matrix, SumsPacketsOfOneKindInOneCell)
{
    Traffic traffic;
    Flow request = flow("10.0.0.4", "52.1.2.3").ports(50001, 443);
    request.bytes = 60;
    const uint32_t first = traffic.add(request.times(2));
    request.bytes = 1500;
    EXPECT_EQ(traffic.add(request.ports(40000, 443).times(1)), first) << "443 is the service port";
    const eg_cell cell = traffic.cell(first);
    EXPECT_EQ(eg_matrix_cells(traffic.get()), 1u);
    EXPECT_EQ(cell.packets, 3u);
    EXPECT_EQ(cell.ip_bytes, 2 * 60u + 1500u);
    EXPECT_EQ(cell.port, 443);
    EXPECT_EQ(text(eg_matrix_address(traffic.get(), cell.source)), "10.0.0.4");
    EXPECT_EQ(text(eg_matrix_address(traffic.get(), cell.destination)), "52.1.2.3");
}

TEST(Matrix, EachPartOfTheKeyOpensACellOfItsOwn)
{
    Traffic traffic;
    const Flow base = flow("10.0.0.4", "52.1.2.3").macs(MAC_A, MAC_B).on(1, EG_HINT_SENT);
    std::vector<Flow> flows(11, base);
    flows[1].from = "10.0.0.5";
    flows[2].to = "52.1.2.4";
    flows[3].protocol = 17;
    flows[4].ports(50000, 80);
    flows[5].on(2, EG_HINT_SENT);
    flows[6].on(1, EG_HINT_RECEIVED);
    flows[7].macs(MAC_B, MAC_A);
    flows[8].broadcast = true;
    flows[9].input(1);
    std::swap(flows[10].from, flows[10].to);
    for (const Flow &each : flows)
        traffic.add(each);
    EXPECT_EQ(eg_matrix_cells(traffic.get()), flows.size());
}

TEST(Matrix, TheServicePortIsTheLowerAndDynamicOnesAreOne)
{
    Traffic traffic;
    const auto port = [&traffic](unsigned source, unsigned destination) {
        return traffic.cell(traffic.add(flow("10.0.0.4", "52.1.2.3").ports(source, destination)))
            .port;
    };
    EXPECT_EQ(port(443, 50000), 443);
    EXPECT_EQ(port(50000, 443), 443);
    EXPECT_EQ(port(49151, 65535), 49151);
    EXPECT_EQ(port(49152, 65535), EG_PORT_DYNAMIC);
    EXPECT_EQ(port(65535, 60000), EG_PORT_DYNAMIC);
    EXPECT_EQ(port(0, 0), EG_PORT_NONE);
}

TEST(Matrix, RemembersWhoOpened)
{
    Traffic traffic;
    Flow request = flow("10.0.0.4", "52.1.2.3"), reply = flow("52.1.2.3", "10.0.0.4");
    request.tcp_flags = EG_TCP_SYN;
    reply.tcp_flags = EG_TCP_SYN | EG_TCP_ACK;
    const uint32_t there = traffic.add(request), back = traffic.add(reply);
    request.tcp_flags = EG_TCP_ACK;
    traffic.add(request);
    EXPECT_EQ(traffic.cell(there).flags, EG_CELL_OPENED);
    EXPECT_EQ(traffic.cell(back).flags, 0);
    Flow udp = flow("10.0.0.4", "52.1.2.9");
    udp.protocol = 17;
    udp.tcp_flags = EG_TCP_SYN;
    EXPECT_EQ(traffic.cell(traffic.add(udp)).flags, 0);
}

TEST(Matrix, KeepsTheSpanOfTimesInAnyOrder)
{
    Traffic traffic;
    const eg_packet packet = packet_of(flow("10.0.0.4", "52.1.2.3"));
    const uint32_t cell = traffic.add(flow("10.0.0.4", "52.1.2.3"));
    EXPECT_EQ(traffic.cell(cell).first_time, EG_NO_TIME);
    EXPECT_EQ(traffic.cell(cell).last_time, EG_NO_TIME);
    for (const int64_t time : {INT64_C(500), EG_NO_TIME, INT64_C(-7), INT64_C(90)})
        EXPECT_EQ(add_packet(traffic, packet, time, 1, packet.ip_bytes), cell);
    EXPECT_EQ(traffic.cell(cell).first_time, -7);
    EXPECT_EQ(traffic.cell(cell).last_time, 500);
}

TEST(Matrix, KeepsWhatSegmentationAddsApart)
{
    Traffic traffic;
    eg_packet packet = packet_of(flow("10.0.0.4", "52.1.2.3"));
    packet.ip_bytes = 4420; /* 40 + 3 x 1460: three packets of 1500 */
    const uint32_t cell = add_packet(traffic, packet, 0, 3, 3 * 1500);
    EXPECT_EQ(traffic.cell(cell).packets, 1u);
    EXPECT_EQ(traffic.cell(cell).ip_bytes, 4420u);
    EXPECT_EQ(traffic.cell(cell).more_packets, 2u);
    EXPECT_EQ(traffic.cell(cell).more_bytes, 80u);
}

TEST(Matrix, ACellWhoseMorePacketsAreFullIsFollowedByAnother)
{
    Traffic traffic;
    const eg_packet packet = packet_of(flow("10.0.0.4", "52.1.2.3"));
    const uint64_t most = UINT64_C(1) + UINT32_MAX; /* adds UINT32_MAX packets */
    const uint32_t full = add_packet(traffic, packet, 0, most, 100 + 7);
    const uint32_t next = add_packet(traffic, packet, 0, 2, 100 + 5);
    EXPECT_NE(full, next);
    EXPECT_EQ(add_packet(traffic, packet, 0, 1, 100), full) << "no more packets: it fits";
    EXPECT_EQ(traffic.cell(full).more_packets, UINT32_MAX);
    EXPECT_EQ(traffic.cell(full).packets, 2u);
    EXPECT_EQ(traffic.cell(next).more_packets, 1u);
    EXPECT_EQ(traffic.cell(next).more_bytes, 5u);

    Traffic merged;
    ASSERT_EQ(eg_matrix_merge(merged.get(), traffic.get(), 0), EG_OK);
    ASSERT_EQ(eg_matrix_cells(merged.get()), 2u);
    EXPECT_EQ(merged.cell(full).packets, 2u);
    EXPECT_EQ(merged.cell(next).more_packets, 1u);
}

TEST(Matrix, InterfacesAreToldApartAsFarAsTheCaptureDoes)
{
    Traffic traffic;
    const Flow base = flow("10.0.0.4", "52.1.2.3");
    EXPECT_EQ(interface_facts(traffic, base).kind, EG_INTERFACE_UNKNOWN);
    EXPECT_EQ(interface_of(traffic, base), interface_of(traffic, base));
    Flow raw = base;
    raw.link = LINK_RAW;
    EXPECT_NE(interface_of(traffic, base), interface_of(traffic, raw)) << "one for each link type";
    EXPECT_NE(interface_of(traffic, base), interface_of(traffic, Flow(base).input(1)));

    EXPECT_EQ(interface_facts(traffic, Flow(base).on(0)).kind, EG_INTERFACE_INDEX);
    EXPECT_NE(interface_of(traffic, Flow(base).on(0)), interface_of(traffic, Flow(base).on(1)));
    EXPECT_EQ(interface_of(traffic, Flow(base).on(0, EG_HINT_SENT)),
              interface_of(traffic, Flow(base).on(0, EG_HINT_RECEIVED)));

    const eg_interface &v2 = interface_facts(traffic, Flow(base).cooked2(eth0, EG_HINT_SENT));
    EXPECT_EQ(v2.kind, EG_INTERFACE_COOKED2);
    EXPECT_EQ(v2.ifindex, eth0.index);
    EXPECT_EQ(v2.hardware, ARPHRD_ETHER);
    EXPECT_NE(interface_of(traffic, Flow(base).cooked2(eth0, EG_HINT_RECEIVED)),
              interface_of(traffic, Flow(base).cooked2(eth1, EG_HINT_RECEIVED)));
}

TEST(Matrix, CookedV1TellsSendersApartAndReceiversNot)
{
    Traffic traffic;
    const Flow base = flow("10.0.0.4", "52.1.2.3");
    const eg_interface &sent = interface_facts(traffic, Flow(base).cooked1(eth0, EG_HINT_SENT));
    EXPECT_EQ(sent.kind, EG_INTERFACE_COOKED1_SENT);
    EXPECT_EQ(Bytes(sent.address, sent.address + 6), mac(eth0.mac));
    EXPECT_NE(interface_of(traffic, Flow(base).cooked1(eth0, EG_HINT_SENT)),
              interface_of(traffic, Flow(base).cooked1(eth1, EG_HINT_SENT)));
    const Device tunnel{4, ARPHRD_NONE, eth0.mac};
    EXPECT_NE(interface_of(traffic, Flow(base).cooked1(eth0, EG_HINT_SENT)),
              interface_of(traffic, Flow(base).cooked1(tunnel, EG_HINT_SENT)));
    EXPECT_EQ(interface_facts(traffic, Flow(base).cooked1(eth0, EG_HINT_RECEIVED)).kind,
              EG_INTERFACE_COOKED1_OTHER);
    EXPECT_EQ(interface_of(traffic, Flow(base).cooked1(eth0, EG_HINT_RECEIVED)),
              interface_of(traffic, Flow(base).cooked1(tunnel, EG_HINT_OTHER_HOST)));
}

TEST(Matrix, InterfacesPastTheCeilingShareTheLastNumber)
{
    Traffic traffic;
    const Flow base = flow("10.0.0.4", "52.1.2.3");
    for (uint64_t i = 0; i < EG_INTERFACES_MAX; i++)
        ASSERT_EQ(interface_of(traffic, Flow(base).on(i)), i);
    EXPECT_EQ(interface_of(traffic, Flow(base).on(70000)), EG_INTERFACES_MAX);
    EXPECT_EQ(interface_of(traffic, Flow(base).on(70001)), EG_INTERFACES_MAX);
    EXPECT_EQ(interface_of(traffic, Flow(base).on(7)), 7);
    EXPECT_EQ(eg_matrix_interface(traffic.get(), EG_INTERFACES_MAX)->kind, EG_INTERFACE_UNKNOWN);
    Traffic merged;
    ASSERT_EQ(eg_matrix_merge(merged.get(), traffic.get(), 0), EG_OK);
    EXPECT_EQ(contents(merged.get()), contents(traffic.get()));
}

TEST(Matrix, PacketsPastTheCellCeilingAreCounted)
{
    Traffic traffic({1, 2}, {2, 0, 0});
    EXPECT_EQ(traffic.add(flow("10.0.0.4", "52.0.0.1")), 0u);
    EXPECT_EQ(traffic.add(flow("10.0.0.4", "52.0.0.2")), 1u);
    EXPECT_EQ(traffic.add(flow("10.0.0.4", "52.0.0.3").times(5)), EG_CELL_OVERFLOW);
    EXPECT_EQ(traffic.add(flow("10.0.0.4", "52.0.0.1")), 0u) << "known cells still count";
    const eg_matrix_overflow over = eg_matrix_overflowed(traffic.get());
    EXPECT_EQ(over.packets, 5u);
    EXPECT_EQ(over.ip_bytes, 500u);
    EXPECT_EQ(eg_matrix_addresses(traffic.get()), 3u) << "no address without a cell";
}

TEST(Matrix, PacketsPastTheAddressCeilingAreCounted)
{
    Traffic traffic({1, 2}, {0, 3, 0});
    EXPECT_EQ(traffic.add(flow("10.0.0.4", "52.0.0.1")), 0u);
    EXPECT_EQ(traffic.add(flow("10.0.0.5", "52.0.0.2")), EG_CELL_OVERFLOW) << "two are missing";
    EXPECT_EQ(traffic.add(flow("10.0.0.4", "52.0.0.2")), 1u) << "one has room";
    EXPECT_EQ(traffic.add(flow("52.0.0.2", "10.0.0.4")), 2u);
    EXPECT_EQ(traffic.add(flow("10.0.0.9", "10.0.0.9")), EG_CELL_OVERFLOW);
    EXPECT_EQ(eg_matrix_overflowed(traffic.get()).packets, 2u);
    EXPECT_EQ(eg_matrix_addresses(traffic.get()), 3u);
}

TEST(Matrix, PastTheLinkCeilingACellKeepsWhetherItWentToAll)
{
    Traffic traffic({1, 2}, {0, 0, 4}); /* three bare pairs and one more */
    traffic.add(flow("10.0.0.4", "52.0.0.1").macs(MAC_A, MAC_B));
    const uint32_t plain = traffic.add(flow("10.0.0.4", "52.0.0.1").macs(MAC_B, MAC_A));
    Flow all = flow("10.0.0.4", "10.0.0.255").macs(MAC_A, "ff:ff:ff:ff:ff:ff").times(2);
    all.broadcast = true;
    const uint32_t broadcast = traffic.add(all);
    EXPECT_EQ(eg_matrix_link(traffic.get(), traffic.cell(plain).link)->address_length, 0);
    EXPECT_FALSE(eg_matrix_link(traffic.get(), traffic.cell(plain).link)->group);
    EXPECT_TRUE(eg_matrix_link(traffic.get(), traffic.cell(broadcast).link)->broadcast);
    EXPECT_EQ(eg_matrix_overflowed(traffic.get()).links, 3u);
    EXPECT_EQ(eg_matrix_overflowed(traffic.get()).packets, 0u);
}

TEST(Matrix, LinksWithoutAddressesAreNotCountedAsLost)
{
    Traffic traffic({1, 2}, {0, 0, 3});
    traffic.add(flow("10.0.0.4", "52.0.0.1"));
    EXPECT_EQ(eg_matrix_overflowed(traffic.get()).links, 0u);
}

/* Rule 7.2. */
TEST(Matrix, MergingInEitherOrderEqualsReadingInTurn)
{
    const auto a = random_flows(1, 400), b = random_flows(2, 400);
    Traffic first, second({77, 78}), turn({5, 6});
    for (const Flow &each : a)
        first.add(each), turn.add(each);
    for (const Flow &each : b)
        second.add(each), turn.add(Flow(each).input(1));

    Traffic forward, backward;
    ASSERT_EQ(eg_matrix_merge(forward.get(), first.get(), 0), EG_OK);
    ASSERT_EQ(eg_matrix_merge(forward.get(), second.get(), 1), EG_OK);
    ASSERT_EQ(eg_matrix_merge(backward.get(), second.get(), 1), EG_OK);
    ASSERT_EQ(eg_matrix_merge(backward.get(), first.get(), 0), EG_OK);
    EXPECT_EQ(contents(forward.get()), contents(turn.get()));
    EXPECT_EQ(contents(backward.get()), contents(turn.get()));
}

TEST(Matrix, MergingIntoAnEmptyMatrixKeepsCellNumbers)
{
    Traffic from, into({9, 9});
    for (const Flow &each : random_flows(3, 500))
        from.add(each);
    ASSERT_EQ(eg_matrix_merge(into.get(), from.get(), 0), EG_OK);
    ASSERT_EQ(eg_matrix_cells(into.get()), eg_matrix_cells(from.get()));
    for (uint32_t i = 0; i < eg_matrix_cells(from.get()); i++) {
        EXPECT_EQ(into.cell(i).packets, from.cell(i).packets);
        EXPECT_EQ(text(eg_matrix_address(into.get(), into.cell(i).destination)),
                  text(eg_matrix_address(from.get(), from.cell(i).destination)));
    }
}

TEST(Matrix, MergingCarriesWhatFoundNoRoom)
{
    Traffic small({1, 2}, {1, 0, 0}), smaller({3, 4}, {1, 0, 0});
    small.add(flow("10.0.0.4", "52.0.0.1"));
    small.add(flow("10.0.0.4", "52.0.0.2").times(2));
    smaller.add(flow("10.0.0.4", "52.0.0.3").times(4));
    ASSERT_EQ(eg_matrix_merge(smaller.get(), small.get(), 1), EG_OK);
    EXPECT_EQ(eg_matrix_cells(smaller.get()), 1u);
    EXPECT_EQ(eg_matrix_overflowed(smaller.get()).packets, 1u + 2u);
    EXPECT_EQ(eg_matrix_overflowed(smaller.get()).ip_bytes, 300u);
}

TEST(Matrix, ManyCellsStayFindableAsTheTablesGrow)
{
    Traffic traffic;
    constexpr uint32_t count = 20000; /* several chunks and doublings */
    const auto destination = [](uint32_t i) {
        return "52." + std::to_string(i >> 16) + "." + std::to_string(i >> 8 & 255) + "." +
               std::to_string(i & 255);
    };
    for (uint32_t i = 0; i < count; i++)
        ASSERT_EQ(traffic.add(flow("10.0.0.4", destination(i))), i);
    const eg_cell before = eg_matrix_cell(traffic.get(), 0);
    for (uint32_t i = 0; i < count; i++)
        ASSERT_EQ(traffic.add(flow("10.0.0.4", destination(i))), i);
    const eg_cell after = eg_matrix_cell(traffic.get(), 0);
    EXPECT_EQ(after.destination, before.destination) << "cells keep their numbers";
    EXPECT_EQ(after.packets, before.packets + 1);
    EXPECT_EQ(eg_matrix_cells(traffic.get()), count);
    EXPECT_EQ(eg_matrix_addresses(traffic.get()), count + 1);
}

TEST(Matrix, ContentsDoNotDependOnTheSeed)
{
    Traffic one({1, 2}), other({0xdeadbeef, 0x12345678});
    for (const Flow &each : random_flows(4, 500))
        one.add(each), other.add(each);
    EXPECT_EQ(contents(one.get()), contents(other.get()));
}
