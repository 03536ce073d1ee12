// Names in messages that come in several packets. Sizes and offsets are those of RFC 8446, RFC
// 9000, RFC 9001 and RFC 7766; what is expected follows from how the message was cut.
#include <gtest/gtest.h>

#include "name_taker.h"

using namespace eg_test;

// As browsers send it since their key shares are post-quantum: 1.8 kB.
static Bytes big_hello(const std::string &name = "www.example.com")
{
    return client_hello(name, 1500);
}

static Bytes request(const std::string &host = "www.example.com")
{
    return ascii("GET /a/path HTTP/1.1\r\nCookie: " + std::string(1500, 'c') + "\r\nHost: " + host +
                 "\r\n\r\n");
}

static Bytes answer(const std::string &name, const std::string &where, size_t aliases = 0)
{
    std::vector<Bytes> records;
    for (size_t i = 0; i < aliases; i++)
        records.push_back(
            dns_record("x" + std::to_string(i) + ".example", DNS_CNAME, dns_name("y.example")));
    records.push_back(dns_record(name, DNS_A, address_bytes(where)));
    return with_length16(dns_message(name, records));
}

/* ---- TCP ---- */

TEST(SplitNames, OfAHelloInTwoSegmentsWhereverItIsCut)
{
    const Bytes stream = tls_record(big_hello());
    for (size_t cut = 8; cut < stream.size(); cut += cut < 80 ? 1 : 41) {
        Taker taker;
        taker.segment(stream, 0, cut);
        taker.segment(stream, cut, stream.size());
        EXPECT_EQ(taker.names(), "tls www.example.com") << cut;
        EXPECT_EQ(taker.open(), 0u) << cut;
    }
}

TEST(SplitNames, OfARequestWhoseHostIsLater)
{
    const Bytes stream = request();
    for (size_t cut = 9; cut < stream.size() - 30; cut += 53) {
        Taker taker;
        taker.segment(stream, 0, cut);
        EXPECT_EQ(taker.names(), "");
        taker.segment(stream, cut, stream.size());
        EXPECT_EQ(taker.names(), "http www.example.com") << cut;
        EXPECT_EQ(taker.open(), 0u);
    }
}

TEST(SplitNames, SegmentsBehindTheFirstInAnyOrderAndTwice)
{
    const Bytes stream = tls_record(big_hello());
    Taker taker;
    taker.segment(stream, 0, 500);
    taker.segment(stream, 1400, stream.size());
    taker.segment(stream, 900, 1400);
    taker.segment(stream, 900, 1400);
    taker.segment(stream, 0, 500);
    EXPECT_EQ(taker.names(), "");
    taker.segment(stream, 400, 950); // overlaps both
    EXPECT_EQ(taker.names(), "tls www.example.com");
    EXPECT_EQ(taker.seen(), 1u);
    taker.segment(stream, 900, 1400); // sent again when all is done
    EXPECT_EQ(taker.seen(), 1u);
}

TEST(SplitNames, BehindASynTheFirstSegmentMayComeLast)
{
    const Bytes stream = tls_record(big_hello());
    Taker taker, without;
    taker.syn();
    taker.segment(stream, 1400, stream.size());
    taker.segment(stream, 3, 1400); // the first segment may be any size then
    taker.segment(stream, 0, 3);
    EXPECT_EQ(taker.names(), "tls www.example.com");
    EXPECT_EQ(taker.open(), 0u);
    without.segment(stream, 1400, stream.size());
    without.segment(stream, 0, 1400);
    EXPECT_EQ(without.names(), "");
}

TEST(SplitNames, SequenceNumbersGoOnBehindTheLast)
{
    const Bytes stream = tls_record(big_hello());
    Taker taker;
    const auto send = [&](size_t from, size_t to) {
        taker.take(ethernet(ipv4(VM, WEB,
                                 tcp(50000, 443, part(stream, from, to), ACK,
                                     0xffffff00u + static_cast<uint32_t>(from)))));
    };
    send(0, 700);
    send(700, stream.size());
    EXPECT_EQ(taker.names(), "tls www.example.com");
}

TEST(SplitNames, OfAHelloInSeveralRecords)
{
    const Bytes hello = big_hello();
    Bytes stream;
    for (size_t at = 0; at < hello.size(); at += 100)
        stream = stream + tls_record(part(hello, at, std::min(at + 100, hello.size())));
    Taker whole, cut, tiny;
    whole.segment(stream, 0, stream.size());
    EXPECT_EQ(whole.names(), "tls www.example.com");
    for (size_t at = 0; at < stream.size(); at += 333)
        cut.segment(stream, at, std::min(at + 333, stream.size()));
    EXPECT_EQ(cut.names(), "tls www.example.com");
    const Bytes small = client_hello("a.example");
    stream = {};
    for (size_t at = 0; at < small.size(); at++)
        stream = stream + tls_record(part(small, at, at + 1));
    tiny.segment(stream, 0, stream.size());
    EXPECT_EQ(tiny.names(), "tls a.example");
}

TEST(SplitNames, AnotherRecordBetweenEndsIt)
{
    const Bytes hello = big_hello();
    const Bytes stream = tls_record(part(hello, 0, 800)) + hex("1503030002") + hex("0228") +
                         tls_record(part(hello, 800, hello.size()));
    Taker taker;
    taker.segment(stream, 0, 900);
    taker.segment(stream, 900, stream.size());
    EXPECT_EQ(taker.names(), "");
    EXPECT_EQ(taker.open(), 0u);
}

TEST(SplitNames, WhatComesFirstStaysWhereSegmentsDisagree)
{
    const Bytes stream = tls_record(big_hello());
    const Bytes other = tls_record(big_hello("evil.example.io"));
    ASSERT_EQ(stream.size(), other.size());
    Taker taker;
    taker.segment(stream, 0, 10);
    taker.segment(stream, 1000, stream.size());
    taker.segment(other, 10, other.size());
    EXPECT_EQ(taker.names(), "tls www.example.com");
}

TEST(SplitNames, EachDirectionAndConversationIsByItself)
{
    const Bytes a = tls_record(big_hello("a.example")), b = tls_record(big_hello("b.example"));
    Taker taker;
    const auto send = [&](const Bytes &stream, const std::string &to, unsigned port, size_t from,
                          size_t end) {
        taker.take(ethernet(
            ipv4(VM, to,
                 tcp(port, 443, part(stream, from, end), ACK, static_cast<uint32_t>(5 + from)))));
    };
    send(a, WEB, 50000, 0, 900);
    send(b, "192.0.2.9", 50000, 0, 900);
    send(b, "192.0.2.9", 50000, 900, b.size());
    taker.take(ethernet(ipv4(WEB, VM, tcp(443, 50000, part(a, 900, a.size()), ACK, 905))));
    send(a, WEB, 50001, 900, a.size());
    EXPECT_EQ(taker.names(), "");
    send(a, WEB, 50000, 900, a.size());
    EXPECT_EQ(taker.names(), "tls a.example");
    EXPECT_EQ(taker.names("192.0.2.9"), "tls b.example");
}

TEST(SplitNames, DnsOverTcpInSegments)
{
    const Bytes stream = answer("a.example", "192.0.2.1", 60) + answer("b.example", "192.0.2.2") +
                         answer("c.example", "192.0.2.3", 30);
    for (size_t step = 1; step < stream.size(); step += step < 4 ? 1 : 331) {
        if (stream.size() / step > 30 && step != 1)
            continue;
        Taker taker;
        if (step == 1) { // the length by itself, as some servers send it
            taker.answer_segment(stream, 0, 2);
            taker.answer_segment(stream, 2, stream.size());
        }
        for (size_t at = 0; at < stream.size() && step != 1; at += step)
            taker.answer_segment(stream, at, std::min(at + step, stream.size()));
        EXPECT_EQ(taker.names("192.0.2.1"), "dns a.example") << step;
        EXPECT_EQ(taker.names("192.0.2.2"), "dns b.example") << step;
        EXPECT_EQ(taker.names("192.0.2.3"), "dns c.example") << step;
        EXPECT_EQ(taker.seen("192.0.2.2"), 1u) << step;
        EXPECT_EQ(taker.open(), 0u) << step;
    }
}

TEST(SplitNames, DnsOverTcpOutOfOrder)
{
    const Bytes stream = answer("a.example", "192.0.2.1", 60) + answer("b.example", "192.0.2.2", 9);
    const size_t a = answer("a.example", "192.0.2.1", 60).size();
    Taker taker;
    taker.answer_segment(stream, 0, 1000);
    taker.answer_segment(stream, a + 40, stream.size());
    taker.answer_segment(stream, 1000, a);
    EXPECT_EQ(taker.names("192.0.2.1"), "dns a.example");
    taker.answer_segment(stream, a, a + 40);
    EXPECT_EQ(taker.names("192.0.2.2"), "dns b.example");
    EXPECT_EQ(taker.open(), 0u);
}

/* ---- QUIC ---- */

static const std::string CHOSEN = "f067a5502a4262b5";

// The hello's bytes [from, to) in an Initial packet.
static Bytes initial(const Bytes &hello, size_t from, size_t to,
                     const QuicVersion &version = QUIC_1, const std::string &id = CHOSEN)
{
    return quic_initial(version, quic_crypto(from, part(hello, from, to)), 1162, id);
}

TEST(SplitNames, OfAQuicHelloInTwoPacketsInAnyOrder)
{
    const Bytes hello = big_hello();
    for (const QuicVersion &version : {QUIC_1, QUIC_2}) {
        const Bytes one = initial(hello, 0, 1100, version),
                    two = initial(hello, 1100, hello.size(), version);
        Taker taker, reversed, coalesced;
        taker.send_udp(one);
        EXPECT_EQ(taker.names(), "");
        taker.send_udp(two);
        reversed.send_udp(two);
        reversed.send_udp(two);
        reversed.send_udp(one);
        coalesced.send_udp(two + one);
        for (const Taker *each : {&taker, &reversed, &coalesced}) {
            EXPECT_EQ(each->names(), "quic www.example.com");
            EXPECT_EQ(each->seen(), 1u);
            EXPECT_EQ(each->open(), 0u);
        }
    }
}

// As Chrome does it: frames of both packets hold pieces from all over the hello.
TEST(SplitNames, OfAQuicHelloThatIsShuffledOverPackets)
{
    const Bytes hello = big_hello();
    Bytes frames[2];
    for (size_t i = 0; i * 60 < hello.size(); i++) {
        const size_t k = i * 7 % ((hello.size() + 59) / 60);
        frames[k % 2] =
            frames[k % 2] + be8(1) +
            quic_crypto(k * 60, part(hello, k * 60, std::min(k * 60 + 60, hello.size())));
    }
    Taker taker;
    taker.send_udp(quic_initial(QUIC_1, frames[0], 1162, CHOSEN));
    EXPECT_EQ(taker.names(), "");
    taker.send_udp(quic_initial(QUIC_1, frames[1], 1162, CHOSEN));
    EXPECT_EQ(taker.names(), "quic www.example.com");
}

// What is looked at is a packet, however many frames it has.
TEST(SplitNames, OfAQuicHelloInManyFramesOfSeveralPackets)
{
    const Bytes hello = big_hello();
    const size_t third = hello.size() / 3 + 1;
    Taker taker;
    for (size_t begin = 0; begin < hello.size(); begin += third) {
        const size_t end = std::min(begin + third, hello.size());
        Bytes frames;
        EXPECT_EQ(taker.names(), "");
        for (size_t at = begin; at < end; at += 12)
            frames = frames + quic_crypto(at, part(hello, at, std::min(at + 12, end)));
        taker.send_udp(quic_initial(QUIC_1, frames, 1162, CHOSEN));
    }
    EXPECT_EQ(taker.names(), "quic www.example.com");
    EXPECT_EQ(taker.streams().given_up, 0u);
}

TEST(SplitNames, AQuicHelloOfTooManyPiecesIsGivenUpOnceAndOnlyWithoutItsName)
{
    const Bytes hello = client_hello("www.example.com", 50);
    Bytes gaps;
    for (size_t at = 1000; at < 1100; at += 2)
        gaps = gaps + quic_crypto(at, Bytes(1, 'x'));
    Taker named, nameless;
    named.send_udp(quic_initial(QUIC_1, quic_crypto(0, hello) + gaps, 1162, CHOSEN));
    EXPECT_EQ(named.names(), "quic www.example.com");
    EXPECT_EQ(named.streams().given_up, 0u);
    nameless.send_udp(quic_initial(QUIC_1, gaps, 1162, CHOSEN));
    EXPECT_EQ(nameless.streams().given_up, 1u);
    EXPECT_EQ(nameless.open(), 0u);
}

TEST(SplitNames, KeysStayThoseOfTheFirstConnectionId)
{
    const Bytes hello = big_hello();
    Taker taker, early, retry;
    // From the server's choice of an ID on, it is in the header; the keys are the old ones.
    const Bytes later = quic_initial(QUIC_1, quic_crypto(1100, part(hello, 1100, hello.size())),
                                     1162, CHOSEN, "0102030405");
    taker.send_udp(initial(hello, 0, 1100));
    taker.send_udp(later);
    EXPECT_EQ(taker.names(), "quic www.example.com");
    early.send_udp(later); // nothing tells its keys
    EXPECT_EQ(early.names(), "");
    EXPECT_EQ(early.open(), 0u);
    // Behind a Retry the keys are made from its ID, and the hello begins again.
    retry.send_udp(initial(hello, 0, 1100));
    retry.send_udp(initial(hello, 0, 1100, QUIC_1, "0a0b0c0d"));
    retry.send_udp(initial(hello, 1100, hello.size(), QUIC_1, "0a0b0c0d"));
    EXPECT_EQ(retry.names(), "quic www.example.com");
    EXPECT_EQ(retry.open(), 0u);
}

// RFC 9001, A.2: its client's Initial packet, with a packet of 0-RTT (RFC 9000, 17.2.3) in front.
TEST(SplitNames, PacketsOfOtherTypesInADatagramAreSteppedOver)
{
    const Bytes early = hex("d0 00000001 08 8394c8f03e515708 00 4010") + zeros(16);
    Taker taker, retry;
    taker.send_udp(early + quic_initial(QUIC_1, rfc_frames()));
    EXPECT_EQ(taker.names(), "quic example.com");
    retry.send_udp(hex("f0 00000001 08 8394c8f03e515708 00 4010") + zeros(16) +
                   quic_initial(QUIC_1, rfc_frames()));
    EXPECT_EQ(retry.names(), "");
}

/* ---- what is held, and for how long ---- */

TEST(SplitNames, AMessageWaitsForSoManyFrames)
{
    const Bytes stream = tls_record(big_hello());
    Taker kept, late;
    kept.segment(stream, 0, 900);
    kept.others(EG_HEAD_FRAMES - 2);
    kept.segment(stream, 900, stream.size());
    EXPECT_EQ(kept.names(), "tls www.example.com");
    late.segment(stream, 0, 900);
    late.others(EG_HEAD_FRAMES - 1);
    late.segment(stream, 900, stream.size());
    EXPECT_EQ(late.names(), "");
    EXPECT_EQ(late.open(), 0u);
}

TEST(SplitNames, MillionsOfBeginningsHoldNoMoreThanAFewDo)
{
    const Bytes stream = tls_record(big_hello());
    Taker taker;
    for (unsigned i = 0; i < 20000; i++) {
        const std::string to = "198." + std::to_string(18 + i % 2) + "." +
                               std::to_string(i / 256 % 256) + "." + std::to_string(i % 256);
        taker.take(ethernet(ipv4(VM, to, tcp(1024 + i % 60000, 443, part(stream, 0, 600)))));
    }
    EXPECT_EQ(taker.open(), size_t{EG_HEAD_FRAMES});
    taker.segment(stream, 0, 900);
    taker.segment(stream, 900, stream.size());
    EXPECT_EQ(taker.names(), "tls www.example.com");
}

TEST(SplitNames, TooManyPiecesAreGivenUpAndCounted)
{
    const Bytes stream = tls_record(big_hello());
    Taker taker, gaps;
    taker.segment(stream, 0, 10);
    for (size_t at = 10; at < 110; at++)
        taker.segment(stream, at, at + 1);
    EXPECT_EQ(taker.open(), 0u);
    EXPECT_EQ(taker.streams().given_up, 1u);
    gaps.segment(stream, 0, 10);
    for (size_t at = 20; at < 1000; at += 2)
        gaps.segment(stream, at, at + 1);
    EXPECT_EQ(gaps.open(), 0u);
    EXPECT_EQ(gaps.streams().given_up, 1u);
}

TEST(SplitNames, LengthsThatLieHoldNoMore)
{
    Taker taker;
    taker.send(hex("160301ffff01ffffff0303")); // longer than any hello
    EXPECT_EQ(taker.open(), 0u);
    taker.send(hex("16030140000100ffff0303")); // longer than is kept
    EXPECT_EQ(taker.open(), 0u);
    taker.answer_segment(hex("ffff1234") + be16(DNS_RESPONSE) + zeros(8), 0, 14);
    EXPECT_EQ(taker.open(), 0u);
    const Bytes endless = ascii("GET / HTTP/1.1\r\nX: ") + Bytes(20000, 'x');
    for (size_t at = 0; at < endless.size(); at += 1000)
        taker.segment(endless, at, std::min(at + 1000, endless.size()));
    EXPECT_EQ(taker.open(), 0u);
    EXPECT_EQ(taker.names(), "");
}

TEST(SplitNames, WhatWasNotCapturedToItsEndIsNotWaitedFor)
{
    const Bytes stream = tls_record(big_hello());
    Taker taker;
    taker.take(ethernet(ipv4(VM, WEB, tcp(50000, 443, stream))), 600);
    EXPECT_EQ(taker.open(), 0u);
    taker.syn();
    taker.take(ethernet(ipv4(VM, WEB, tcp(50000, 443, stream, ACK, 1000))), 600);
    EXPECT_EQ(taker.open(), 0u);
    EXPECT_EQ(taker.names(), "");
}

TEST(SplitNames, WhatBeginsNoMessageIsNotWaitedFor)
{
    Taker taker;
    taker.syn();
    EXPECT_EQ(taker.open(), 1u);
    taker.segment(ascii("SSH-2.0-OpenSSH_9.2\r\n"), 0, 21);
    EXPECT_EQ(taker.open(), 0u);
    taker.segment(hex("1603030030") + Bytes(48, 0x14), 0, 53); // a later handshake record
    EXPECT_EQ(taker.open(), 0u);
    taker.segment(ascii("GETTING THINGS DONE"), 0, 19);
    EXPECT_EQ(taker.open(), 0u);
}

// PostgreSQL: a client asks whether it may speak TLS, in 8 bytes (SSLRequest), and then does.
TEST(SplitNames, AHelloBehindAShortGreetingIsReadByItself)
{
    const Bytes stream = hex("0000000804d2162f") + tls_record(client_hello("db.example.com", 50));
    Taker taker;
    taker.syn();
    taker.segment(stream, 0, 8);
    EXPECT_EQ(taker.open(), 0u);
    taker.segment(stream, 8, stream.size());
    EXPECT_EQ(taker.names(), "tls db.example.com");
}

TEST(SplitNames, OnlyPacketsThatAHeadAwaitsAreLookedInto)
{
    const Bytes stream = tls_record(big_hello());
    Taker taker;
    taker.segment(stream, 0, 900);
    taker.others(1);
    EXPECT_FALSE(taker.asked());
    taker.segment(stream, 900, 1000);
    EXPECT_TRUE(taker.asked());
    taker.segment(stream, 1000, 1000); // nothing in it
    EXPECT_FALSE(taker.asked());
    taker.segment(stream, 1000, stream.size());
    taker.segment(Bytes(100, 0x17), 0, 100);
    EXPECT_FALSE(taker.asked());
}

TEST(SplitNames, AFragmentIsOfNoStream)
{
    const Bytes stream = tls_record(big_hello());
    Taker taker;
    const Bytes frame = ethernet(ipv4(VM, WEB, tcp(50000, 443, part(stream, 0, 600))));
    taker.take(patch(frame, 14 + 6, be16(0x2000))); // more fragments follow
    EXPECT_EQ(taker.open(), 0u);
}
