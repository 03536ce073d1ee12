// Names on their way from a capture to a report.
#include <gtest/gtest.h>

#include <fstream>

#include "mmdb.h"
#include "name_packets.h"
#include "trial.h"

using namespace eg_test;

static const std::string NEAR = "93.184.216.35";

// WEB and NEAR are of one organisation, OTHER of another one; nobody knows STORAGE_EASTUS.
static std::string places()
{
    static const std::string path = [] {
        Mmdb mmdb("Test", 1767225600); // 2026-01-01
        mmdb.add("93.184.216.0/24", {{"as_name", "Example Org"}, {"country", "US"}},
                 {{"asn", 64500}});
        mmdb.add("151.101.1.0/24", {{"as_name", "Other Org"}, {"country", "DE"}}, {{"asn", 64501}});
        mmdb.add("10.9.9.0/24", {{"as_name", "Nobody"}, {"country", "XX"}}, {{"asn", 64502}});
        const std::string file = testing::TempDir() + "session_names.mmdb";
        std::ofstream(file, std::ios::binary) << mmdb.bytes();
        return file;
    }();
    return path;
}

static Settings named(const Settings &more = {})
{
    Settings settings = {{"region", "eastus"}, {"local", VM}, {"geo", places()}};
    for (const auto &[name, value] : more)
        settings[name] = value;
    return settings;
}

static void name(Trial &run, const std::string &address, const std::string &text)
{
    eg_address parsed;
    ASSERT_TRUE(eg_address_parse(address.data(), address.size(), &parsed));
    ASSERT_EQ(eg_session_add_name(run.session(), parsed.bytes, parsed.family == EG_IPV4 ? 4 : 16,
                                  text.data(), text.size()),
              EG_OK);
}

static std::string place_of(const eg_report &report, const eg_row &row)
{
    const eg_place place = eg_row_place(&report, &row);
    return std::string(place.org) + " " + std::to_string(place.asn) + " " + place.country;
}

TEST(SessionNames, ARowHasItsHostAndWhoHoldsIt)
{
    Trial run(named());
    run.send(WEB, 100);
    run.send("10.9.9.9", 100);
    name(run, WEB, "www.example.com");
    name(run, WEB, "a.example.com");
    const eg_report &report = run.report();
    const eg_row &row = row_of(report, WEB);
    EXPECT_STREQ(row.host, "a.example.com"); // seen as often: the first by its bytes
    ASSERT_EQ(row.hosts->count, 2u);
    EXPECT_STREQ(row.hosts->names[1].text, "www.example.com");
    EXPECT_EQ(place_of(report, row), "Example Org 64500 US");
    EXPECT_STREQ(row_of(report, "10.9.9.9").host, "");
    // Private addresses belong to nobody, whatever a database says.
    EXPECT_EQ(place_of(report, row_of(report, "10.9.9.9")), " 0 ");
}

TEST(SessionNames, AddressesOfOneHostAreOneRow)
{
    Trial run(named());
    run.send(WEB, 100);
    run.send(NEAR, 200);
    run.send(OTHER, 400);
    name(run, WEB, "www.example.com");
    name(run, NEAR, "www.example.com");
    const eg_report &by_host = run.report(EG_BY_HOST);
    ASSERT_EQ(by_host.row_count, 2u);
    EXPECT_EQ(row_of(by_host, "www.example.com").shown.ip_bytes, 300u + 2 * 40);
    EXPECT_EQ(place_of(by_host, row_of(by_host, "www.example.com")), "Example Org 64500 US");
    EXPECT_EQ(row_of(by_host, OTHER).shown.ip_bytes, 440u); // without a name: its address
}

TEST(SessionNames, TheKeysOfWhoHoldsAnAddress)
{
    Trial run(named());
    run.send(WEB, 100);
    run.send(NEAR, 200);
    run.send(OTHER, 400);
    run.send("10.9.9.9", 800);
    run.send(STORAGE_EASTUS, 1600);
    const struct {
        eg_view_by by;
        const char *web, *other;
    } views[] = {{EG_BY_ORG, "Example Org", "Other Org"},
                 {EG_BY_COUNTRY, "US", "DE"},
                 {EG_BY_ASN, "AS64500", "AS64501"}};
    for (const auto &view : views) {
        const eg_report &report = run.report(view.by);
        ASSERT_EQ(report.row_count, 4u);
        EXPECT_EQ(row_of(report, view.web).shown.ip_bytes, 300u + 2 * 40);
        EXPECT_EQ(row_of(report, view.other).shown.ip_bytes, 440u);
        EXPECT_EQ(row_of(report, "private").shown.ip_bytes, 840u);
        EXPECT_EQ(row_of(report, "same-region").shown.ip_bytes, 1640u);
    }
}

TEST(SessionNames, AFrameIsToldWhereItGoes)
{
    Trial run(named());
    char why[EG_WHY_MAX];
    const eg_verdict web = run.send(WEB, 960), other = run.send(OTHER, 960);
    const eg_verdict back = run.receive(WEB, 0);
    name(run, WEB, "www.example.com");
    eg_frame_facts facts;
    const eg_report &report = run.report();
    eg_report_frame(&report, &web, &facts);
    EXPECT_STREQ(facts.host, "www.example.com");
    EXPECT_STREQ(facts.host_source, "file");
    EXPECT_STREQ(facts.org, "Example Org");
    EXPECT_STREQ(facts.country, "US");
    EXPECT_EQ(facts.asn, 64500u);
    EXPECT_EQ(
        std::string(eg_report_why(&report, &web, why)).rfind("egress to www.example.com, ", 0), 0u)
        << why;
    EXPECT_EQ(std::string(eg_report_why(&report, &other, why)).rfind("egress to Other Org, ", 0),
              0u);
    EXPECT_EQ(
        std::string(eg_report_why(&report, &back, why)).rfind("ingress from www.example.com, ", 0),
        0u);
}

TEST(SessionNames, AreInEveryFormat)
{
    Trial run(named());
    run.send(WEB, 100);
    name(run, WEB, "www.example.com");
    const std::string json = run.written(EG_FORMAT_NDJSON);
    EXPECT_NE(
        json.find("\"host\":\"www.example.com\",\"host_source\":\"file\",\"names\":[{\"name\":"
                  "\"www.example.com\",\"source\":\"file\"}],\"names_cut\":false,"
                  "\"org\":\"Example Org\",\"asn\":64500,\"country\":\"US\""),
        std::string::npos)
        << json;
    const std::string csv = run.written(EG_FORMAT_CSV);
    EXPECT_NE(csv.find(",host,host_source,names,org,asn,country\n"), std::string::npos);
    EXPECT_NE(csv.find(",www.example.com,file,file:www.example.com,Example Org,64500,US\n"),
              std::string::npos)
        << csv;
    const std::string text = run.written(EG_FORMAT_TEXT);
    EXPECT_NE(text.find(" www.example.com (file)  Example Org AS64500 US\n"), std::string::npos)
        << text;
    EXPECT_NE(text.find("\nNAMES    of hosts from the capture, of organisations from Test "
                        "2026-01-01\n"),
              std::string::npos);
}

// Of a database, which anybody may have written.
TEST(SessionNames, EscapesInWhoHoldsAnAddressReachNoTerminal)
{
    Mmdb mmdb("Test", 1767225600);
    mmdb.add("93.184.216.0/24", {{"as_name", "Red\x1b[31m"}, {"country", "\x1b[2J"}}, {});
    const std::string file = testing::TempDir() + "escapes.mmdb";
    std::ofstream(file, std::ios::binary) << mmdb.bytes();
    Trial run(named({{"geo", file}}));
    run.send(WEB, 100);
    for (const eg_format format : {EG_FORMAT_TEXT, EG_FORMAT_CSV, EG_FORMAT_JSON, EG_FORMAT_HTML})
        EXPECT_EQ(run.written(format).find('\x1b'), std::string::npos) << format;
    EXPECT_NE(run.written(EG_FORMAT_CSV).find(",Red?[31m,"), std::string::npos);
}

TEST(SessionNames, AreOffWithoutATrace)
{
    Trial run(named({{"names", "false"}}));
    run.send(WEB, 100);
    name(run, WEB, "www.example.com");
    for (const eg_format format : {EG_FORMAT_TEXT, EG_FORMAT_CSV, EG_FORMAT_JSON}) {
        const std::string text = run.written(format);
        EXPECT_EQ(text.find("example"), std::string::npos) << text;
        EXPECT_EQ(text.find("Example"), std::string::npos) << text;
    }
}

TEST(SessionNames, AreMergedWithTheirSessions)
{
    Trial base(named());
    Trial a(base, {11, 12}, "one.pcap"), b(base, {13, 14}, "two.pcap");
    Trial a2(base, {15, 16}, "one.pcap"), b2(base, {17, 18}, "two.pcap");
    const auto ask = [](Trial &run, const std::string &host) {
        run.add(ethernet(ipv4(VM, WEB, tcp(50000, 443, tls_record(client_hello(host))))));
    };
    for (Trial *run : {&a, &a2})
        ask(*run, "b.example.com"), ask(*run, "a.example.com");
    for (Trial *run : {&b, &b2})
        ask(*run, "b.example.com"), name(*run, WEB, "<b>");
    ASSERT_EQ(eg_session_merge(a.session(), b.session()), EG_OK);
    ASSERT_EQ(eg_session_merge(b2.session(), a2.session()), EG_OK);
    EXPECT_EQ(a.written(EG_FORMAT_JSON), b2.written(EG_FORMAT_JSON));
    EXPECT_STREQ(row_of(a.report(), WEB).host, "b.example.com"); // seen twice
    EXPECT_EQ(a.report().names_left_out.no_host_name, 1u);
}

TEST(SessionNames, OfAPacketAreKeptWhateverBecomesOfIt)
{
    Trial run(named());
    const Bytes hello =
        ethernet(ipv4(VM, WEB, tcp(50000, 443, tls_record(client_hello("www.example.com")))));
    run.send(WEB, 100);
    run.add(hello, true); // filtered: it still tells
    const eg_report &report = run.report();
    EXPECT_STREQ(row_of(report, WEB).host, "www.example.com");
    EXPECT_EQ(row_of(report, WEB).shown.packets, 1u);
}

TEST(SessionNames, ALongNameIsShownByItsEnd)
{
    Trial run(named());
    run.send(WEB, 100);
    const std::string label(60, 'x');
    name(run, WEB, label + "." + label + "." + label + ".example.com");
    const std::string text = run.written(EG_FORMAT_TEXT);
    // 48 columns: three dots and the last 45 characters
    EXPECT_NE(text.find(" ..." + std::string(33, 'x') + ".example.com (file)"), std::string::npos)
        << text;
    EXPECT_NE(run.written(EG_FORMAT_JSON).find(label + ".example.com\""), std::string::npos);
    size_t longest = 0;
    for (size_t at = 0; at < text.size(); at = text.find('\n', at) + 1)
        longest = std::max(longest, text.find('\n', at) - at);
    EXPECT_LE(longest, 100u) << text;
}
