#include <gtest/gtest.h>

#include <limits>
#include <map>
#include <random>

#include "eg_test.h"
#include "packet/packet.h"
#include "traffic/copies.h"

using namespace eg_test;

namespace
{

constexpr int64_t WINDOW = 1000000; /* 1 ms */

struct Sight {
    Bytes bytes;
    int64_t time = 0;
    uint16_t interface = 0;
    bool known = true;
    eg_hint hint = EG_HINT_SENT;
    int32_t link = LINK_ETHERNET;
    size_t captured = SIZE_MAX;
};

Sight sight(const Layer &ip, int64_t time = 0, uint16_t interface = 0)
{
    Sight made;
    made.bytes = ethernet(ip);
    made.time = time;
    made.interface = interface;
    return made;
}

/* As the matrix has it: v1's senders are told apart by number, its receivers not at all. */
Sight cooked(unsigned packet_type, const Layer &ip, int64_t time, uint16_t interface)
{
    Sight made = sight(ip, time, interface);
    made.bytes = cooked_v1(packet_type, ip);
    made.link = LINK_COOKED_V1;
    made.known = packet_type == 4;
    return made;
}

class Copies
{
  public:
    explicit Copies(eg_dedup mode = EG_DEDUP_AUTO, int64_t window = WINDOW,
                    eg_hash_key key = {11, 22})
    {
        if (eg_copies_new(mode, window, &key, out(copies_)) != EG_OK)
            throw std::bad_alloc();
    }
    eg_copy_verdict check(const Sight &seen)
    {
        eg_frame frame = frame_of(seen.bytes, seen.link);
        frame.captured = static_cast<uint32_t>(std::min(seen.bytes.size(), seen.captured));
        frame.time = seen.time;
        frame.hint = seen.hint;
        eg_packet packet;
        EXPECT_EQ(eg_packet_decode(&frame, &packet), EG_DECODED);
        return eg_copies_check(copies_.get(), &frame, &packet, seen.interface, seen.known);
    }
    eg_copies *get()
    {
        return copies_.get();
    }

  private:
    Handle<eg_copies, eg_copies_free> copies_;
};

const Layer data = ipv4("10.0.0.4", "52.1.2.3", tcp(50000, 443, 100), 7);

/* Whether b is taken for a copy of a when it is seen elsewhere a microsecond later. */
eg_copy_verdict elsewhere(const Layer &a, const Layer &b)
{
    Copies copies;
    EXPECT_EQ(copies.check(sight(a, 0, 0)), EG_COPY_ORIGINAL);
    return copies.check(sight(b, 1000, 1));
}

std::string verdicts(Copies &copies, const std::vector<Sight> &seen)
{
    std::string text;
    for (const Sight &each : seen)
        text += "-ODN"[copies.check(each)];
    return text;
}

} // namespace

TEST(Copies, AFrameSeenOnAnotherInterfaceIsACopy)
{
    EXPECT_EQ(elsewhere(data, data), EG_COPY_DUPLICATE);
}

/* What a router, a bridge or an offloading NIC changes on the way; offsets in the IPv4 header. */
TEST(Copies, WhatChangesOnTheWayDoesNotTellFramesApart)
{
    EXPECT_EQ(elsewhere(data, patch(data, 1, be8(0xb9))), EG_COPY_DUPLICATE) << "DSCP and ECN";
    EXPECT_EQ(elsewhere(data, patch(data, 8, be8(63))), EG_COPY_DUPLICATE) << "TTL";
    EXPECT_EQ(elsewhere(data, patch(data, 10, be16(0xabcd))), EG_COPY_DUPLICATE) << "checksum";
    EXPECT_EQ(elsewhere(data, patch(data, 20 + 16, be16(0xabcd))), EG_COPY_DUPLICATE) << "TCP";
}

TEST(Copies, ChecksumsOfEveryTransportThatIsOffloadedAreLeftOut)
{
    const struct {
        unsigned protocol, offset, length;
    } checksums[] = {{1, 2, 2},  {6, 16, 2},  {17, 6, 2}, {33, 6, 2},
                     {58, 2, 2}, {132, 8, 4}, {136, 6, 2}};
    for (const auto &sum : checksums) {
        Bytes header = zeros(40);
        header[12] = 5 << 4; /* TCP's header length */
        const Layer v4 = ipv4("10.0.0.4", "52.1.2.3", upper(sum.protocol, header));
        const Layer v6 = ipv6("fd00::4", "2600::1", upper(sum.protocol, header));
        const Bytes filled(sum.length, 0xaa);
        EXPECT_EQ(elsewhere(v4, patch(v4, 20 + sum.offset, filled)), EG_COPY_DUPLICATE)
            << sum.protocol;
        EXPECT_EQ(elsewhere(v6, patch(v6, 40 + sum.offset, filled)), EG_COPY_DUPLICATE)
            << sum.protocol;
        EXPECT_EQ(elsewhere(v4, patch(v4, 20 + sum.offset + sum.length, be8(0xaa))),
                  EG_COPY_ORIGINAL)
            << sum.protocol;
    }
}

TEST(Copies, EverythingElseInTheHeadersTellsFramesApart)
{
    EXPECT_EQ(elsewhere(data, patch(data, 4, be16(8))), EG_COPY_ORIGINAL) << "identification";
    EXPECT_EQ(elsewhere(data, patch(data, 2, be16(130))), EG_COPY_ORIGINAL) << "total length";
    EXPECT_EQ(elsewhere(data, patch(data, 15, be8(5))), EG_COPY_ORIGINAL) << "source";
    EXPECT_EQ(elsewhere(data, patch(data, 20 + 4, be32(9))), EG_COPY_ORIGINAL) << "sequence";
    EXPECT_EQ(elsewhere(data, patch(data, 20 + 8, be32(9))), EG_COPY_ORIGINAL) << "acknowledged";
}

TEST(Copies, LooksAtSixtyFourBytesBehindTheHeader)
{
    EXPECT_EQ(elsewhere(data, patch(data, 20 + 63, be8(1))), EG_COPY_ORIGINAL);
    EXPECT_EQ(elsewhere(data, patch(data, 20 + 64, be8(1))), EG_COPY_DUPLICATE);
}

TEST(Copies, BytesBehindThePacketAreNotLookedAt)
{
    const Layer small = ipv4("10.0.0.4", "52.1.2.3", udp(5000, 53, 4), 7);
    Sight padded = sight(small, 0, 1);
    padded.bytes = padded.bytes + Bytes(14, 0x5a);
    Copies copies;
    EXPECT_EQ(verdicts(copies, {sight(small), padded}), "OD");
}

TEST(Copies, Ipv6LeavesOutTrafficClassAndHopLimitOnly)
{
    const Layer v6 = ipv6("fd00::4", "2600::1", udp(5000, 53, 40));
    EXPECT_EQ(elsewhere(v6, patch(v6, 0, be16(0x6b90))), EG_COPY_DUPLICATE) << "traffic class";
    EXPECT_EQ(elsewhere(v6, patch(v6, 7, be8(63))), EG_COPY_DUPLICATE) << "hop limit";
    EXPECT_EQ(elsewhere(v6, patch(v6, 2, be16(0x1234))), EG_COPY_ORIGINAL) << "flow label";
    EXPECT_EQ(elsewhere(v6, patch(v6, 23, be8(5))), EG_COPY_ORIGINAL) << "source";
}

/* The identification of a fragment is in its extension header, RFC 8200 section 4.5. */
TEST(Copies, Ipv6ExtensionHeadersTellFramesApart)
{
    const auto fragment = [](uint32_t identification) {
        return ipv6("fd00::4", "2600::1",
                    extension(44, be16(0) + be32(identification), udp(5000, 53, 40)));
    };
    EXPECT_EQ(elsewhere(fragment(1), fragment(1)), EG_COPY_DUPLICATE);
    EXPECT_EQ(elsewhere(fragment(1), fragment(2)), EG_COPY_ORIGINAL);
}

TEST(Copies, FramesOfDifferentDirectionsAreNotCopies)
{
    Copies copies;
    Sight received = sight(data, 1000, 1);
    received.hint = EG_HINT_RECEIVED;
    EXPECT_EQ(verdicts(copies, {sight(data), received}), "OO");
}

TEST(Copies, TheWindowIncludesItsLastNanosecond)
{
    Copies at, behind;
    EXPECT_EQ(verdicts(at, {sight(data, 5, 0), sight(data, 5 + WINDOW, 1)}), "OD");
    EXPECT_EQ(verdicts(behind, {sight(data, 5, 0), sight(data, 6 + WINDOW, 1)}), "OO");
}

TEST(Copies, TheWindowBeginsAtTheFirstFrameOfAKey)
{
    Copies copies;
    EXPECT_EQ(verdicts(copies,
                       {sight(data, 0, 0), sight(data, WINDOW - 1, 1), sight(data, WINDOW + 1, 2)}),
              "ODO")
        << "not at the last one";
}

TEST(Copies, ANewWindowHasCopiesOfItsOwn)
{
    Copies copies;
    EXPECT_EQ(verdicts(copies, {sight(data, 0, 0), sight(data, 10, 1), sight(data, 3 * WINDOW, 0),
                                sight(data, 3 * WINDOW + 10, 1)}),
              "ODOD");
}

TEST(Copies, TimesMayRunBackwardsWithinTheWindow)
{
    Copies near, far;
    EXPECT_EQ(verdicts(near, {sight(data, WINDOW, 0), sight(data, 0, 1)}), "OD");
    EXPECT_EQ(verdicts(far, {sight(data, WINDOW + 1, 0), sight(data, 0, 1)}), "OO");
    Copies ends;
    EXPECT_EQ(verdicts(ends, {sight(data, INT64_MAX, 0), sight(data, INT64_MIN + 1, 1)}), "OO");
}

TEST(Copies, TwoSendsOfTheSameBytesAreTwoPackets)
{
    Copies copies;
    EXPECT_EQ(verdicts(copies, {sight(data, 0, 0), sight(data, 1, 0)}), "OO");
    EXPECT_EQ(verdicts(copies, {sight(data, 2, 1), sight(data, 3, 1), sight(data, 4, 1)}), "DDO")
        << "and a third is new wherever it is seen";
}

TEST(Copies, TheOrderOfInterfacesDoesNotMatter)
{
    const auto at = [](uint16_t interface) { return sight(data, interface, interface); };
    Copies in_turn, together;
    EXPECT_EQ(verdicts(in_turn, {at(0), at(1), at(0), at(1)}), "ODOD");
    EXPECT_EQ(verdicts(together, {at(0), at(0), at(1), at(1)}), "OODD");
}

TEST(Copies, AFloodOverManyInterfacesIsOnePacket)
{
    Copies copies;
    for (uint16_t round = 0; round < 3; round++)
        for (uint16_t interface = 0; interface < 30; interface++)
            EXPECT_EQ(copies.check(sight(data, round, interface)),
                      interface == 0 ? EG_COPY_ORIGINAL : EG_COPY_DUPLICATE)
                << round << "/" << interface;
    for (uint16_t interface = 0; interface < 30; interface++)
        EXPECT_EQ(copies.check(sight(data, 5 * WINDOW, interface)),
                  interface == 0 ? EG_COPY_ORIGINAL : EG_COPY_DUPLICATE);
}

TEST(Copies, AFloodOverThousandsOfInterfacesIsStillOnePacket)
{
    Copies copies;
    EXPECT_EQ(copies.check(sight(data, 0, 0)), EG_COPY_ORIGINAL);
    for (uint16_t interface = 1; interface < 5000; interface++)
        ASSERT_EQ(copies.check(sight(data, 0, interface)), EG_COPY_DUPLICATE);
}

/* 14 of Ethernet, 20 of IPv4; then at least 8 bytes, of TCP 12. */
TEST(Copies, AFrameWithTooLittleCapturedHasNoKey)
{
    const Layer datagram = ipv4("10.0.0.4", "52.1.2.3", udp(5000, 53, 100), 7);
    const auto cut = [](const Layer &layer, size_t captured) {
        Sight made = sight(layer);
        made.captured = captured;
        return Copies().check(made);
    };
    EXPECT_EQ(cut(data, 14 + 20 + 11), EG_COPY_NO_KEY);
    EXPECT_EQ(cut(data, 14 + 20 + 12), EG_COPY_ORIGINAL);
    EXPECT_EQ(cut(datagram, 14 + 20 + 7), EG_COPY_NO_KEY);
    EXPECT_EQ(cut(datagram, 14 + 20 + 8), EG_COPY_ORIGINAL);
}

TEST(Copies, CutFramesAreComparedByWhatWasCaptured)
{
    Copies copies;
    Sight first = sight(data, 0, 0), second = sight(data, 1, 1);
    first.captured = second.captured = 96;
    EXPECT_EQ(verdicts(copies, {first, second}), "OD");
}

TEST(Copies, AFrameWithoutATimeHasNoKey)
{
    Copies copies;
    EXPECT_EQ(verdicts(copies, {sight(data, EG_NO_TIME, 0), sight(data, EG_NO_TIME, 1)}), "NN");
}

TEST(Copies, AutoLooksAtKnownInterfacesAndAtCookedV1)
{
    Sight unknown = sight(data);
    unknown.known = false;
    Copies automatic, off(EG_DEDUP_OFF);
    EXPECT_EQ(automatic.check(unknown), EG_COPY_NOT_LOOKED_AT);
    EXPECT_EQ(automatic.check(sight(data)), EG_COPY_ORIGINAL);
    EXPECT_EQ(automatic.check(cooked(0, data, 0, 5)), EG_COPY_ORIGINAL);
    EXPECT_EQ(off.check(sight(data)), EG_COPY_NOT_LOOKED_AT);
    EXPECT_EQ(off.check(cooked(4, data, 0, 5)), EG_COPY_NOT_LOOKED_AT);
}

TEST(Copies, OnUnknownInterfacesACopyNeedsAnIdentification)
{
    const Layer anonymous = ipv4("10.0.0.4", "52.1.2.3", tcp(50000, 443, 100), 0);
    for (const Layer &layer : {data, anonymous}) {
        Copies on(EG_DEDUP_ON);
        Sight unknown = sight(layer);
        unknown.known = false;
        EXPECT_EQ(verdicts(on, {unknown, unknown}), layer.bytes == data.bytes ? "OD" : "OO");
    }
}

TEST(Copies, WhatCookedV1ReceivedNeedsAnIdentification)
{
    Copies copies;
    const Layer anonymous = ipv4("10.0.0.4", "52.1.2.3", tcp(50000, 443, 100), 0);
    const Layer v6 = ipv6("fd00::4", "2600::1", tcp(50000, 443, 100));
    EXPECT_EQ(verdicts(copies, {cooked(0, data, 0, 3), cooked(0, data, 1, 3)}), "OD");
    EXPECT_EQ(verdicts(copies, {cooked(0, anonymous, 0, 3), cooked(0, anonymous, 1, 3)}), "OO");
    EXPECT_EQ(verdicts(copies, {cooked(0, v6, 0, 3), cooked(0, v6, 1, 3)}), "OO");
}

TEST(Copies, WhatCookedV1SentIsToldApartByItsSender)
{
    Copies copies;
    const Layer anonymous = ipv4("10.0.0.4", "52.1.2.3", tcp(50000, 443, 100), 0);
    const Layer v6 = ipv6("fd00::4", "2600::1", tcp(50000, 443, 100));
    EXPECT_EQ(verdicts(copies, {cooked(4, anonymous, 0, 1), cooked(4, anonymous, 1, 2)}), "OD");
    EXPECT_EQ(verdicts(copies, {cooked(4, v6, 0, 1), cooked(4, v6, 1, 2)}), "OD");
}

/* Accelerated networking: the synthetic NIC and its VF have one link address. */
TEST(Copies, CookedV1FromOneLinkAddressNeedsAnIdentification)
{
    Copies copies;
    const Layer anonymous = ipv4("10.0.0.4", "52.1.2.3", tcp(50000, 443, 100), 0);
    EXPECT_EQ(verdicts(copies, {cooked(4, data, 0, 1), cooked(4, data, 1, 1)}), "OD");
    EXPECT_EQ(verdicts(copies, {cooked(4, anonymous, 0, 1), cooked(4, anonymous, 1, 1)}), "OO");
}

TEST(Copies, AnotherInputHasCopiesOfItsOwn)
{
    Copies copies;
    EXPECT_EQ(copies.check(sight(data, 0, 0)), EG_COPY_ORIGINAL);
    eg_copies_reset(copies.get());
    EXPECT_EQ(copies.check(sight(data, 1, 1)), EG_COPY_ORIGINAL);
    EXPECT_EQ(eg_copies_evicted(copies.get()), 0u);
}

namespace
{

/* Frames that differ in four bytes of their payload; behind 20 of IPv4 and 8 of UDP. */
Layer numbered(unsigned number)
{
    static const Layer base = ipv4("10.0.0.4", "52.1.2.3", udp(5000, 53, 4), 7);
    return patch(base, 20 + 8, be32(number));
}

} // namespace

TEST(Copies, MemoryIsBoundedAndWhatHadToLeaveEarlyIsCounted)
{
    constexpr unsigned frames = 40000; /* in one instant: no link carries that in 1 ms */
    Copies copies;
    for (unsigned i = 0; i < frames; i++)
        ASSERT_EQ(copies.check(sight(numbered(i), 0, 0)), EG_COPY_ORIGINAL);
    const uint64_t evicted = eg_copies_evicted(copies.get());
    EXPECT_GT(evicted, 0u);
    EXPECT_LT(evicted, frames);
    EXPECT_EQ(copies.check(sight(numbered(frames - 1), 0, 1)), EG_COPY_DUPLICATE);
    EXPECT_EQ(copies.check(sight(numbered(0), 0, 1)), EG_COPY_ORIGINAL) << "the oldest left";
    EXPECT_EQ(eg_copies_evicted(copies.get()), evicted + 1);
}

TEST(Copies, NothingLeavesEarlyAtTheRateOfAFastLink)
{
    Copies copies;
    for (unsigned i = 0; i < 40000; i++) /* 67 ns: 10 Gbit/s of the smallest frames */
        ASSERT_EQ(copies.check(sight(numbered(i), INT64_C(67) * i, 0)), EG_COPY_ORIGINAL);
    EXPECT_EQ(eg_copies_evicted(copies.get()), 0u);
}

/* More than are numbered in a row. */
TEST(Copies, ManyFramesLaterACopyIsFoundAsEver)
{
    constexpr unsigned frames = 300000, before = 1500;
    constexpr int64_t apart = 50;
    Copies copies(EG_DEDUP_AUTO, 100000);
    for (unsigned i = 0; i < frames; i++) {
        const int64_t time = apart * i;
        ASSERT_EQ(copies.check(sight(numbered(i), time, 0)), EG_COPY_ORIGINAL) << i;
        if (i < before)
            continue;
        ASSERT_EQ(copies.check(sight(numbered(i - before), time, 1)), EG_COPY_DUPLICATE) << i;
    }
    EXPECT_EQ(eg_copies_evicted(copies.get()), 0u);
}

/* 2262 and 1678 are not next to each other. */
TEST(Copies, TheFirstAndTheLastMomentAreFarApart)
{
    constexpr int64_t first = std::numeric_limits<int64_t>::min() + 1;
    constexpr int64_t last = std::numeric_limits<int64_t>::max();
    Copies copies;
    EXPECT_EQ(verdicts(copies, {sight(data, first, 0), sight(data, last, 1)}), "OO");
    EXPECT_EQ(verdicts(copies, {sight(data, last, 0), sight(data, first, 1)}), "DO");
    EXPECT_EQ(verdicts(copies, {sight(data, -1, 0), sight(data, 1, 1)}), "OD");
}

/* Rule 2.2 word for word, with all the memory it wants. */
class Naive
{
  public:
    eg_copy_verdict check(const Sight &seen)
    {
        Window &window = windows_[seen.bytes];
        const int64_t apart = seen.time - window.first;
        if (window.counts.empty() || apart > WINDOW || -apart > WINDOW)
            window = {seen.time, {}};
        const unsigned k = ++window.counts[seen.interface];
        for (const auto &[interface, count] : window.counts)
            if (interface != seen.interface && count >= k)
                return EG_COPY_DUPLICATE;
        return EG_COPY_ORIGINAL;
    }

  private:
    struct Window {
        int64_t first = 0;
        std::map<uint16_t, unsigned> counts;
    };
    std::map<Bytes, Window> windows_;
};

TEST(Copies, EqualsTheRuleOnRandomFramesWhateverTheSeed)
{
    std::mt19937 random(1);
    Naive naive;
    Copies one(EG_DEDUP_AUTO, WINDOW, {1, 2}), other(EG_DEDUP_AUTO, WINDOW, {3, 4});
    int64_t time = 0;
    unsigned copies = 0;
    for (unsigned i = 0; i < 20000; i++) {
        time += random() % 20000;
        const int64_t jitter = random() % 8 ? 0 : -static_cast<int64_t>(random() % 500000);
        const Sight seen =
            sight(numbered(random() % 40), time + jitter, static_cast<uint16_t>(random() % 9));
        const eg_copy_verdict verdict = naive.check(seen);
        ASSERT_EQ(one.check(seen), verdict) << i;
        ASSERT_EQ(other.check(seen), verdict) << i;
        copies += verdict == EG_COPY_DUPLICATE;
    }
    EXPECT_GT(copies, 500u);
    EXPECT_EQ(eg_copies_evicted(one.get()), 0u);
}
