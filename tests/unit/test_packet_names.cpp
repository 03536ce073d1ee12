#include "names/packet_names.h"

#include <gtest/gtest.h>

#include "name_taker.h"

using namespace eg_test;

/* ---- DNS ---- */

TEST(DnsNames, AnAddressHasTheNameThatWasAskedFor)
{
    Taker taker;
    taker.answer(
        dns_message("WWW.example.com", {dns_record("www.Example.com", DNS_A, address_bytes(WEB))}));
    taker.answer(dns_message("six.example.com", {dns_record("six.example.com", DNS_AAAA,
                                                            address_bytes("2001:db8::1"))}));
    EXPECT_EQ(taker.names(), "dns www.example.com");
    EXPECT_EQ(taker.names("2001:db8::1"), "dns six.example.com");
}

TEST(DnsNames, BehindAChainOfAliasesItsEndIsKeptToo)
{
    Taker taker;
    taker.answer(dns_message(
        "www.example.com",
        {dns_record("a.cdn.example", DNS_CNAME, dns_name("b.cdn.example")), // in any order
         dns_record("www.example.com", DNS_CNAME, dns_name("a.cdn.example")),
         dns_record("b.cdn.example", DNS_A, address_bytes(WEB))}));
    EXPECT_EQ(taker.names(), "dns www.example.com, dns-cname b.cdn.example");
}

TEST(DnsNames, AnAddressThatTheQuestionDoesNotLeadToHasItsOwnName)
{
    Taker taker;
    taker.answer(dns_message("example.com",
                             {dns_record("other.example", DNS_A, address_bytes(WEB))},
                             {dns_record("ns1.example.com", DNS_A, address_bytes("192.0.2.1"))}));
    EXPECT_EQ(taker.names(), "dns other.example");
    EXPECT_EQ(taker.names("192.0.2.1"), "dns ns1.example.com");
}

TEST(DnsNames, AliasesInACircleEnd)
{
    Taker taker;
    taker.answer(
        dns_message("a.example", {dns_record("a.example", DNS_CNAME, dns_name("b.example")),
                                  dns_record("b.example", DNS_CNAME, dns_name("a.example")),
                                  dns_record("c.example", DNS_A, address_bytes(WEB))}));
    EXPECT_EQ(taker.names(), "dns c.example");
}

TEST(DnsNames, TheNameOfAnAddress)
{
    Taker taker;
    taker.answer(dns_message(
        "34.216.184.93.in-addr.arpa",
        {dns_record("34.216.184.93.in-addr.arpa", DNS_PTR, dns_name("host.example.com"))}));
    std::string reverse;
    for (const char c : std::string("1000000000000000000000008bd01002"))
        reverse += std::string(1, c) + ".";
    taker.answer(dns_message(reverse + "ip6.arpa",
                             {dns_record(reverse + "ip6.arpa", DNS_PTR, dns_name("six.example"))}));
    EXPECT_EQ(taker.names(), "dns-ptr host.example.com");
    EXPECT_EQ(taker.names("2001:db8::1"), "dns-ptr six.example");
}

TEST(DnsNames, OverTcpEachWholeMessageOfASegment)
{
    Taker taker;
    const Bytes one =
        dns_message("a.example", {dns_record("a.example", DNS_A, address_bytes("192.0.2.1"))});
    const Bytes two =
        dns_message("b.example", {dns_record("b.example", DNS_A, address_bytes("192.0.2.2"))});
    taker.take(ethernet(
        ipv4(RESOLVER, VM,
             tcp(53, 40000,
                 with_length16(one) + with_length16(two) + part(with_length16(one), 0, 20)))));
    EXPECT_EQ(taker.names("192.0.2.1"), "dns a.example");
    EXPECT_EQ(taker.names("192.0.2.2"), "dns b.example");
}

TEST(DnsNames, OfMulticastWithoutAQuestionAndWithItsClass)
{
    Taker taker;
    taker.answer(dns_message("", {dns_record(dns_name("printer.local"), DNS_A,
                                             address_bytes("10.0.0.9"), 0x8001)}),
                 5353);
    EXPECT_EQ(taker.names("10.0.0.9"), "mdns printer.local");
}

TEST(DnsNames, OfNoQuestionNoErrorAndNoOtherClass)
{
    Taker taker;
    const Bytes record = dns_record("a.example", DNS_A, address_bytes(WEB));
    taker.answer(dns_message("a.example", {record}, {}, 0x0100));           // a query
    taker.answer(dns_message("a.example", {record}, {}, DNS_RESPONSE | 3)); // NXDOMAIN
    taker.answer(dns_message("a.example", {record}, {}, 0xa800));           // an update
    taker.answer(dns_message(
        "a.example", {dns_record(dns_name("a.example"), DNS_A, address_bytes(WEB), 3)})); // CHAOS
    taker.answer(dns_message("a.example", {dns_record("a.example", DNS_A, hex("0102030405"))}));
    taker.take(ethernet(ipv4(VM, RESOLVER, udp(40000, 53, dns_message("a.example", {record})))));
    EXPECT_EQ(taker.names(), "");
}

TEST(DnsNames, HostileMessagesGiveNothing)
{
    Taker taker;
    const Bytes head = be16(1) + be16(DNS_RESPONSE) + be16(0) + be16(1) + be16(0) + be16(0);
    const Bytes tail = be16(DNS_A) + be16(1) + be32(0) + be16(4) + address_bytes(WEB);
    taker.answer(head + be16(0xc00c) + tail);                // a pointer to itself
    taker.answer(head + be16(0xc00e) + be16(0xc00c) + tail); // two pointers in a circle
    taker.answer(head + be16(0xffff) + tail);                // behind the end
    taker.answer(head + be8(0x41) + tail);                   // a label type that is none
    taker.answer(head + be8(63) + ascii("short"));           // cut within a label
    taker.answer(head);                                      // no record at all
    taker.answer(be16(1) + be16(DNS_RESPONSE) + be16(0xffff) + be16(0xffff) + be32(0xffffffff));
    taker.answer(part(head, 0, 7));
    Bytes long_name; // of 5 labels of 63 bytes: more than RFC 1035 allows
    for (int i = 0; i < 5; i++)
        long_name = long_name + be8(63) + Bytes(63, 'a');
    taker.answer(head + long_name + be8(0) + tail);
    EXPECT_EQ(taker.names(), "");
}

TEST(DnsNames, ANameOfOtherBytesThanAHostsIsCountedOnly)
{
    Taker taker;
    for (const std::string name : {"<script>alert(1)</script>", "\033[2J", "a b", "a\nb", "\xff"})
        taker.answer(dns_message("x.example", {dns_record(name, DNS_A, address_bytes(WEB))}));
    EXPECT_EQ(taker.names(), "");
    EXPECT_EQ(taker.no_host_name(), 5u);
}

TEST(DnsNames, TheLongestNameIsTaken)
{
    Taker taker;
    const std::string label(63, 'a');
    const std::string longest = label + "." + label + "." + label + "." + std::string(61, 'b');
    taker.answer(dns_message(longest, {dns_record(longest, DNS_A, address_bytes(WEB))}));
    EXPECT_EQ(taker.names(), "dns " + longest);
}

/* ---- TLS and HTTP ---- */

TEST(TlsNames, AServerHasTheNameThatItsClientAsksFor)
{
    Taker taker;
    taker.send(tls_record(client_hello("www.Example.com")));
    taker.take(ethernet(ipv6("2001:db8::4", "2001:db8::1",
                             tcp(50000, 8443, tls_record(client_hello("six.example"))))));
    EXPECT_EQ(taker.names(), "tls www.example.com");
    EXPECT_EQ(taker.names("2001:db8::1"), "tls six.example");
    EXPECT_EQ(taker.names(VM), "");
}

TEST(TlsNames, AHelloThatIsCutBehindItsNameStillHasIt)
{
    const Bytes record = tls_record(client_hello("www.example.com"));
    const Bytes frame = ethernet(ipv4(VM, WEB, tcp(50000, 443, record)));
    const auto name_end = static_cast<uint32_t>(frame.size() - 9); /* ALPN: 4 + 2 + 3 bytes */
    Taker whole, cut;
    whole.take(frame, name_end);
    cut.take(frame, name_end - 1);
    EXPECT_EQ(whole.names(), "tls www.example.com");
    EXPECT_EQ(cut.names(), "");
}

TEST(TlsNames, LengthsThatLieGiveNothing)
{
    const Bytes record = tls_record(client_hello("www.example.com"));
    for (size_t at = 0; at + 1 < record.size(); at++)
        for (const unsigned value : {0x0000u, 0xffffu, 0x0001u}) {
            Taker taker;
            taker.send(patch(record, at, be16(value)));
            const std::string names = taker.names(); /* nothing, or text that was sent as a name */
            EXPECT_TRUE(names.empty() || names.find("tls ") == 0) << at << names;
        }
    Taker taker;
    taker.send(patch(record, 5, be8(2)));       // a ServerHello
    taker.send(patch(record, 1, be16(0x0201))); // no TLS
    taker.send(part(record, 0, 5));
    taker.send(tls_record(client_hello("")));
    taker.send(tls_record(client_hello("192.0.2.1")));
    EXPECT_EQ(taker.names(), "");
}

TEST(HttpNames, TheHostOfARequest)
{
    Taker taker;
    taker.send(ascii("GET /path?q=1 HTTP/1.1\r\nUser-Agent: x\r\nhOST: \t www.Example.com:8080 "
                     "\r\n\r\nHost: body.example\r\n"));
    EXPECT_EQ(taker.names(), "http www.example.com");
}

TEST(HttpNames, OfNoProxyNoAnswerAndNoAddress)
{
    for (const char *text :
         {"GET http://www.example.com/ HTTP/1.1\r\nHost: www.example.com\r\n\r\n",
          "CONNECT www.example.com:443 HTTP/1.1\r\nHost: www.example.com:443\r\n\r\n",
          "HTTP/1.1 200 OK\r\nHost: www.example.com\r\n\r\n",
          "GET / HTTP/1.1\r\nHost: 192.0.2.1:80\r\n\r\n",
          "GET / HTTP/1.1\r\nHost: [2001:db8::1]:80\r\n\r\n", "GET / HTTP/1.1\r\nHost:\r\n\r\n",
          "GET / HTTP/1.1\r\n\r\nHost: www.example.com\r\n",
          "GET / HTTP/1.1\r\nHost: www.example.c", "GET /\r\nHost: www.example.com\r\n\r\n",
          "GET / HTTP/1.1\r\nX-Host: www.example.com\r\n\r\n", "GET "}) {
        Taker taker;
        taker.send(ascii(text));
        EXPECT_EQ(taker.names(), "") << text;
        EXPECT_EQ(taker.no_host_name(), 0u) << text;
    }
}

TEST(HttpNames, OtherBytesThanAHostsAreCountedOnly)
{
    Taker taker;
    taker.send(ascii("GET / HTTP/1.1\r\nHost: <img src=x>\r\n\r\n"));
    taker.send(ascii("GET / HTTP/1.1\r\nHost: \033]0;owned\a\r\n\r\n"));
    EXPECT_EQ(taker.names(), "");
    EXPECT_EQ(taker.no_host_name(), 2u);
}

/* ---- QUIC ---- */

/* Begin and end of the protected packets that the two RFCs print; the end authenticates the rest.
 */
TEST(QuicNames, OfTheRfcsOwnPackets)
{
    const struct {
        const QuicVersion &version;
        const char *begin, *end;
    } printed[] = {
        {QUIC_1, "c000000001088394c8f03e5157080000449e7b9aec34d1b1c98dd7689fb8ec11",
         "e221af44860018ab0856972e194cd934"},
        {QUIC_2, "d76b3343cf088394c8f03e5157080000449ea0c95e82ffe67b6abcdb4298b485",
         "a18b2faa745b6fe189cf772a9f84cbfc"},
    };
    for (const auto &one : printed) {
        const Bytes packet = quic_initial(one.version, rfc_frames());
        ASSERT_EQ(packet.size(), 1200u);
        EXPECT_EQ(part(packet, 0, 32), hex(one.begin));
        EXPECT_EQ(part(packet, 1184, 1200), hex(one.end));
        Taker taker;
        taker.send_udp(packet);
        EXPECT_EQ(taker.names(), "quic example.com");
    }
}

TEST(QuicNames, OfAHelloInPartsInAnyOrder)
{
    const Bytes hello = client_hello("www.example.com", 300);
    Taker taker;
    taker.send_udp(quic_initial(QUIC_1, be8(1) + quic_crypto(200, part(hello, 200, hello.size())) +
                                            hex("02 01 00 00 01") + // an ACK
                                            quic_crypto(0, part(hello, 0, 100)) + zeros(3) +
                                            quic_crypto(90, part(hello, 90, 210))));
    EXPECT_EQ(taker.names(), "quic www.example.com");
    Taker gap; // what would fill it does not come
    gap.send_udp(quic_initial(QUIC_1, quic_crypto(0, part(hello, 0, 100)) +
                                          quic_crypto(200, part(hello, 200, hello.size()))));
    EXPECT_EQ(gap.names(), "");
}

TEST(QuicNames, WhatDoesNotAuthenticateGivesNothing)
{
    const Bytes packet = quic_initial(QUIC_1, rfc_frames());
    for (const size_t at : {5u, 6u, 14u, 18u, 30u, 100u, 1199u}) {
        Taker taker;
        taker.send_udp(patch(packet, at, be8(packet[at] ^ 1u)));
        EXPECT_EQ(taker.names(), "") << at;
    }
    for (size_t size = 0; size < packet.size(); size += size < 60 ? 1 : 97) {
        Taker taker;
        taker.send_udp(part(packet, 0, size));
        EXPECT_EQ(taker.names(), "") << size;
    }
}

TEST(QuicNames, FramesThatLieGiveNothing)
{
    const Bytes hello = client_hello("www.example.com");
    for (const Bytes &frames :
         {be8(6) + hex("ffffffffffffffff") + hex("4010") + zeros(16), // beyond any room
          be8(6) + be8(0) + hex("bfffffff"),                          // longer than the packet
          hex("02 00 00 ffffffffffffffff 00"),                        // ACK ranges without end
          be8(0x1c) + quic_crypto(0, hello),                          // CONNECTION_CLOSE
          quic_crypto(2047, hello), hex("06 40"), hex("06")}) {
        Taker taker;
        taker.send_udp(quic_initial(QUIC_1, frames));
        EXPECT_EQ(taker.names(), "");
    }
}

TEST(QuicNames, AServersPacketIsNotDecrypted)
{
    Taker taker;
    taker.send_udp(quic_initial(QUIC_1, rfc_frames()), 443, 50000);
    EXPECT_EQ(taker.names(), "");
}

/* ---- what is looked into ---- */

TEST(PacketNames, MostFramesAreNotLookedInto)
{
    Taker taker;
    taker.send({});
    EXPECT_FALSE(taker.asked());
    taker.send(Bytes(100, 0x17)); // TLS application data
    EXPECT_FALSE(taker.asked());
    taker.send(hex("1703 0301") + zeros(100));
    EXPECT_FALSE(taker.asked());
    taker.send_udp(Bytes(100, 0x40)); // QUIC behind its first flight
    EXPECT_FALSE(taker.asked());
    taker.send_udp({0xc0});
    EXPECT_FALSE(taker.asked());
    taker.send(tls_record(client_hello("a.example")));
    EXPECT_TRUE(taker.asked());
}

TEST(PacketNames, WhatIsAbovePlainHeadersIsFoundToo)
{
    const Layer request = tcp(50000, 80, ascii("GET / HTTP/1.1\r\nHost: a.example\r\n\r\n"));
    Taker options, tags, padded;
    options.take(ethernet(ipv4(VM, WEB, request, 0, zeros(4))));
    tags.take(ethernet(vlan(1, vlan(2, ipv4(VM, WEB, request)), 0x88a8)));
    // Bytes behind the datagram, within the IP packet or the frame.
    const Bytes message =
        dns_message("a.example", {dns_record("a.example", DNS_A, address_bytes(WEB))});
    Layer datagram = udp(53, 40000, message);
    datagram.bytes = datagram.bytes + zeros(5);
    padded.take(ethernet(ipv4(RESOLVER, VM, datagram)) + zeros(9));
    EXPECT_EQ(options.names(), "http a.example");
    EXPECT_EQ(tags.names(), "http a.example");
    EXPECT_EQ(padded.names(), "dns a.example");
}
