// TCP segments that were sent before: docs/findings.md, "Sent again".
#include <gtest/gtest.h>

#include "packet_test.h"
#include "traffic/resent.h"
#include "trial.h"

using namespace eg_test;

namespace
{

constexpr unsigned FIN = 0x01, RST = 0x04;
constexpr uint64_t HEADERS = 40; // IPv4 and TCP without options
const Settings LOOKING = {{"region", "eastus"}, {"local", VM}, {"retransmissions", "true"}};

Bytes segment(uint32_t sequence, size_t payload, unsigned flags = ACK, const std::string &to = WEB,
              unsigned from_port = 50000)
{
    return ethernet(ipv4(VM, to, tcp(from_port, 443, zeros(payload), flags, sequence)));
}

// What of each segment was sent before, in IP bytes.
class Sender : public Trial
{
  public:
    Sender() : Trial(LOOKING)
    {
    }
    uint64_t segment(uint32_t sequence, size_t payload, unsigned flags = ACK)
    {
        return add(::segment(sequence, payload, flags)).resent_bytes;
    }
};

TEST(Resent, ASegmentIsSentAgainWithItsHeaders)
{
    Sender vm;
    EXPECT_EQ(vm.segment(1000, 100), 0u);
    EXPECT_EQ(vm.segment(1100, 100), 0u);
    EXPECT_EQ(vm.segment(1000, 100), HEADERS + 100);
    EXPECT_EQ(vm.segment(1000, 200), HEADERS + 200);
    EXPECT_EQ(vm.segment(1200, 100), 0u);
}

TEST(Resent, OfASegmentThatWasInPartOnlyThoseBytesCount)
{
    Sender vm;
    vm.segment(1000, 100);
    EXPECT_EQ(vm.segment(1050, 100), 50u);
    EXPECT_EQ(vm.segment(900, 200), 100u);
    const eg_resent_bill &bill = vm.report().resent;
    EXPECT_EQ(bill.bytes, 150u);
    EXPECT_EQ(bill.packets, 0u);
}

// What the capture lost, or what came out of order, was not seen before.
TEST(Resent, WhatFillsAGapIsNotSentAgain)
{
    Sender vm;
    vm.segment(1000, 100);
    EXPECT_EQ(vm.segment(1200, 100), 0u);
    EXPECT_EQ(vm.segment(1100, 100), 0u);
    EXPECT_EQ(vm.segment(1000, 300), HEADERS + 300);
}

TEST(Resent, WhatLiesBeforeTheFirstSegmentOfTheCaptureIsNotSentAgain)
{
    Sender vm;
    vm.segment(5000, 100);
    EXPECT_EQ(vm.segment(4900, 100), 0u);
    EXPECT_EQ(vm.segment(4900, 100), HEADERS + 100);
}

TEST(Resent, KeepAlivesAndAcknowledgementsAreNone)
{
    Sender vm;
    vm.segment(1000, 100);
    EXPECT_EQ(vm.segment(1099, 0), 0u);
    EXPECT_EQ(vm.segment(1099, 1), 0u);
    EXPECT_EQ(vm.segment(1099, 1), 0u);
    EXPECT_EQ(vm.segment(1000, 0), 0u);
    EXPECT_EQ(vm.segment(1100, 100), 0u);
    EXPECT_EQ(vm.segment(1098, 1), HEADERS + 1) << "one byte, but not the last one";
}

TEST(Resent, ASynAndAFinAreSentAgain)
{
    Sender vm;
    EXPECT_EQ(vm.segment(1000, 0, SYN), 0u);
    EXPECT_EQ(vm.segment(1000, 0, SYN), HEADERS);
    EXPECT_EQ(vm.segment(1001, 100), 0u);
    EXPECT_EQ(vm.segment(1101, 0, ACK | FIN), 0u);
    EXPECT_EQ(vm.segment(1101, 0, ACK | FIN), HEADERS);
    EXPECT_EQ(vm.segment(1001, 100, ACK | FIN), HEADERS + 100);
    EXPECT_EQ(vm.segment(1001, 100, ACK | RST), 0u) << "a reset carries no data of the stream";
}

TEST(Resent, AFinBehindDataThatWasSentAddsNoByte)
{
    Sender vm;
    vm.segment(1000, 100);
    EXPECT_EQ(vm.segment(1000, 100, ACK | FIN), 100u) << "its FIN is new";
}

TEST(Resent, AnotherConnectionBetweenTheSamePortsBeginsAnew)
{
    Sender vm;
    vm.segment(1000, 0, SYN);
    vm.segment(1001, 500);
    EXPECT_EQ(vm.segment(1100, 0, SYN), 0u) << "a SYN with a number that the first had for data";
    EXPECT_EQ(vm.segment(1101, 100), 0u);
    EXPECT_EQ(vm.segment(1101 + (1u << 30) + 101, 100), 0u) << "no window is so large";
    EXPECT_EQ(vm.segment(1101, 100), 0u);
}

TEST(Resent, SequenceNumbersWrap)
{
    Sender vm;
    EXPECT_EQ(vm.segment(0xffffff00, 512), 0u);
    EXPECT_EQ(vm.segment(0x100, 100), 0u);
    EXPECT_EQ(vm.segment(0xffffff80, 256), HEADERS + 256);
    EXPECT_EQ(vm.segment(0x164, 100), 0u);
}

TEST(Resent, OtherPortsAndTheOtherWayAreOtherFlows)
{
    Sender vm;
    vm.segment(1000, 100);
    EXPECT_EQ(vm.add(segment(1000, 100, ACK, WEB, 50001)).resent_bytes, 0u);
    EXPECT_EQ(vm.add(segment(1000, 100, ACK, OTHER)).resent_bytes, 0u);
    const Bytes answer = ethernet(ipv4(WEB, VM, tcp(443, 50000, zeros(100), ACK, 1000)));
    EXPECT_EQ(vm.add(answer).resent_bytes, 0u);
    EXPECT_EQ(vm.add(answer).resent_bytes, HEADERS + 100);
    EXPECT_EQ(vm.report().resent.bytes, 0u) << "what comes in is not what left";
}

TEST(Resent, FragmentsAndUdpAreNotLookedAt)
{
    Sender vm;
    const Bytes fragment =
        ethernet(patch(ipv4(VM, WEB, tcp(50000, 443, zeros(100), ACK, 1000)), 6, be16(0x2000)));
    const Bytes datagram = ethernet(ipv4(VM, WEB, udp(50000, 443, 100)));
    for (const Bytes &bytes : {fragment, fragment, datagram, datagram})
        EXPECT_EQ(vm.add(bytes).resent_bytes, 0u);
}

// A cut header tells nothing without its flags; the length is the header's, never the captured one.
TEST(Resent, ACutSegmentIsReadUpToItsFlags)
{
    for (const size_t captured : {13u, 14u}) {
        Sender vm;
        const Bytes whole = segment(1000, 100);
        uint64_t last = 1;
        for (int i = 0; i < 2; i++) {
            eg_frame frame = frame_of(whole);
            frame.captured = static_cast<uint32_t>(14 + 20 + captured);
            eg_verdict verdict = {};
            ASSERT_EQ(eg_session_add_frame(vm.session(), &frame, &verdict), EG_OK);
            last = verdict.resent_bytes;
        }
        EXPECT_EQ(last, captured == 14 ? HEADERS + 100 : 0u);
    }
}

// Two packets of 1,460 bytes leave, each with headers of its own (rule 5.2).
TEST(Resent, ASuperFrameIsSentAgainAsItLeaves)
{
    Sender vm;
    vm.segment(1000, 2920);
    EXPECT_EQ(vm.segment(1000, 2920), 2 * HEADERS + 2920);
    const eg_resent_bill &bill = vm.report().resent;
    EXPECT_EQ(bill.packets, 2u);
    EXPECT_EQ(bill.bytes, 2 * (HEADERS + 14) + 2920);
}

TEST(Resent, ACopyOfAnotherInterfaceIsNotSentAgain)
{
    for (const char *dedup : {"on", "off"}) {
        Settings settings = LOOKING;
        settings["dedup"] = dedup;
        Trial run(settings);
        const Bytes bytes = segment(1000, 100);
        for (uint64_t interface = 0; interface < 2; interface++) {
            eg_frame frame = frame_of(bytes);
            frame.interface = interface;
            frame.time = 1;
            eg_verdict verdict = {};
            ASSERT_EQ(eg_session_add_frame(run.session(), &frame, &verdict), EG_OK);
            EXPECT_EQ(verdict.resent_bytes, 0u) << dedup;
        }
    }
}

TEST(Resent, NothingIsLookedForUnlessItIsAskedFor)
{
    Trial run;
    for (int i = 0; i < 3; i++)
        EXPECT_EQ(run.add(segment(1000, 100)).resent_bytes, 0u);
    EXPECT_TRUE(eg_session_may_be_parted(run.session()));
}

// What a filter excludes was sent all the same; what it passes is counted.
TEST(Resent, AFilterChoosesWhatIsCounted)
{
    Trial run(LOOKING);
    run.add(segment(1000, 100), true);
    run.add(segment(1000, 100), false);
    run.add(segment(1000, 100), true);
    EXPECT_EQ(run.report().resent.packets, 1u);
    EXPECT_EQ(run.report().resent.bytes, 154u);
}

TEST(Resent, InputsAreLookedAtEachByItself)
{
    Trial one(LOOKING), both(LOOKING);
    Trial two(one, SEED, "second.pcap");
    for (Trial *run : {&one, &two, &both}) {
        run->add(segment(1000, 100));
        run->add(segment(1000, 100));
    }
    EXPECT_EQ(eg_session_begin_input(both.session(), "second.pcap"), EG_OK);
    both.add(segment(1000, 100));
    both.add(segment(1000, 100));
    EXPECT_EQ(both.report().resent.bytes, 2 * 154u);
    EXPECT_FALSE(eg_session_may_be_parted(one.session()));
    EXPECT_EQ(eg_session_merge_part(one.session(), two.session()), EG_ERR_VALUE);
    EXPECT_EQ(eg_session_merge(one.session(), two.session()), EG_OK);
    EXPECT_EQ(one.report().resent.bytes, 2 * 154u);
    EXPECT_EQ(one.report().resent.packets, 2u);
}

// ---- the table of flows ----

class Flows : public ::testing::TestWithParam<uint64_t>
{
  protected:
    void begin(uint32_t flows)
    {
        const eg_hash_key key = {GetParam(), 5};
        ASSERT_EQ(eg_resent_new(&key, flows, out(resent_)), EG_OK);
    }
    eg_again check(uint32_t cell, uint32_t sequence, uint64_t payload = 100)
    {
        const Bytes bytes = segment(sequence, 0);
        const eg_frame frame = frame_of(bytes);
        eg_packet packet = decode(bytes).packet;
        packet.ip_bytes = HEADERS + payload;
        eg_again again = {};
        EXPECT_EQ(eg_resent_check(resent_.get(), &frame, &packet, cell, &again), EG_OK);
        return again;
    }
    Handle<eg_resent, eg_resent_free> resent_;
};

// Under every seed.
INSTANTIATE_TEST_SUITE_P(Seeds, Flows, ::testing::Values(0, 1, 77));

TEST_P(Flows, TheOneThatWasQuietForLongestIsForgotten)
{
    begin(2);
    check(1, 1000);
    check(2, 1000);
    EXPECT_TRUE(check(1, 1000).whole);
    check(3, 1000); // 2 goes
    EXPECT_TRUE(check(1, 1000).whole);
    EXPECT_EQ(eg_resent_forgotten(resent_.get()), 1u);
    EXPECT_FALSE(check(2, 1000).whole); // 3 goes
    EXPECT_TRUE(check(1, 1000).whole);
    EXPECT_FALSE(check(3, 1000).whole);
    EXPECT_EQ(eg_resent_forgotten(resent_.get()), 3u);
    eg_resent_reset(resent_.get());
    EXPECT_FALSE(check(1, 1000).whole);
    EXPECT_EQ(eg_resent_forgotten(resent_.get()), 3u);
}

TEST_P(Flows, ManyAreFoundAgain)
{
    begin(1000);
    for (uint32_t cell = 0; cell < 3000; cell++)
        EXPECT_FALSE(check(cell, cell).whole);
    for (uint32_t cell = 2000; cell < 3000; cell++)
        EXPECT_TRUE(check(cell, cell).whole);
    EXPECT_EQ(eg_resent_forgotten(resent_.get()), 2000u);
}

// Five pieces with gaps between them: the lowest is not remembered.
TEST_P(Flows, OfManyPiecesTheHighestAreRemembered)
{
    begin(1);
    for (uint32_t i = 0; i < 5; i++)
        check(1, i * 1000);
    EXPECT_FALSE(check(1, 0).whole) << "nor is it now, being the lowest again";
    EXPECT_FALSE(check(1, 0).whole);
    for (uint32_t i = 1; i < 5; i++)
        EXPECT_TRUE(check(1, i * 1000).whole) << i;
    EXPECT_EQ(check(1, 1000, 3000).payload, 300u);
    EXPECT_TRUE(check(1, 1000, 3100).whole);
}

TEST_P(Flows, AStreamOfManyGigabytesIsOfOneConnection)
{
    begin(1);
    const uint32_t piece = 1 << 29;
    for (uint32_t i = 0; i < 40; i++) {
        EXPECT_EQ(check(1, i * piece, piece).payload, 0u) << i;
        EXPECT_TRUE(check(1, i * piece, piece).whole) << i;
    }
}

} // namespace
