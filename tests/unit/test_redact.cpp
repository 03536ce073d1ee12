// --redact: what a report hides, and what it calls it. The expected pseudonyms are Python's:
// hmac.new(bytes(range(32)), kind + b"\0" + data, "sha256"), five bits a letter.
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

#include <unistd.h>

#include "report/redact.h"
#include "trial.h"

using namespace eg_test;

namespace
{

// A file that goes away with the test.
class File
{
  public:
    explicit File(const std::string &content)
    {
        char name[] = "/tmp/eg_redact_XXXXXX";
        const int fd = mkstemp(name);
        EXPECT_GE(fd, 0);
        path_ = name;
        std::ofstream(path_) << content;
        close(fd);
    }
    ~File()
    {
        std::remove(path_.c_str());
    }
    const std::string &path() const
    {
        return path_;
    }

  private:
    std::string path_;
};

const std::string KEY = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n";

std::string shown(const eg_report &report, const std::string &text)
{
    char buffer[EG_ADDRESS_TEXT_MAX];
    const eg_address parsed = address(text);
    return eg_report_address(&report, &parsed, buffer);
}

bool hides(const eg_report &report, const std::string &text)
{
    const eg_address parsed = address(text);
    return eg_report_hides(&report, &parsed);
}

void name(Trial &run, const std::string &where, const std::string &text)
{
    const Bytes bytes = address_bytes(where);
    ASSERT_EQ(
        eg_session_add_name(run.session(), bytes.data(), bytes.size(), text.data(), text.size()),
        EG_OK);
}

TEST(Redact, ShowsEverythingUnlessItIsAsked)
{
    Trial run;
    EXPECT_EQ(shown(run.report(), "10.9.8.7"), "10.9.8.7");
    EXPECT_FALSE(eg_report_is_redacted(&run.report()));
    EXPECT_NE(run.written(EG_FORMAT_JSON).find("test.pcap"), std::string::npos);
}

TEST(Redact, APseudonymIsOfTheKeyAndTheAddress)
{
    const File key(KEY);
    Trial run({{"redact", "private"}, {"redact_key", key.path()}});
    EXPECT_EQ(shown(run.report(), "10.9.8.7"), "priv-23f69f-ncfsdrs9");
    EXPECT_EQ(shown(run.report(), WEB), WEB);
    EXPECT_TRUE(eg_report_is_redacted(&run.report()));
}

TEST(Redact, HidesWhatIsOfTheHouse)
{
    const File sites("prefix,class,region,via,payer,label\n"
                     "51.4.0.0/16,free,,,,ours\n"
                     "0.0.0.0/0,auto,,nat-gateway,,exit\n");
    Trial run({{"redact", "private"},
               {"sites", sites.path()},
               {"public_ip", "52.1.2.3"},
               {"local", "10.0.0.4,93.184.216.34,2603:1030:402:3::7"}});
    run.send(OTHER, 10);
    const eg_report &report = run.report();
    for (const char *text :
         {"10.0.0.4", "172.16.1.1", "192.168.1.1", "100.64.0.1", "169.254.7.7", "198.51.100.1",
          "239.1.2.3", "fd00::1", "fe80::1", "ff02::1:ff00:1", "::ffff:10.0.0.4", "64:ff9b::a00:4",
          "93.184.216.34",        // the VM's own
          "52.1.2.3",             // and that the user names
          "2603:1030:402:3::99",  // in the VM's network
          "51.4.9.9",             // of the sites file
          "2002:a00:4::1",        // 6to4 of 10.0.0.4
          "2001:0:4136:e378::1"}) // Teredo carries the NAT's address
        EXPECT_TRUE(hides(report, text)) << text;
    for (const char *text :
         {"168.63.129.16", "169.254.169.254", "127.0.0.1", "::1", "255.255.255.255", "224.0.0.251",
          "0.0.0.0", "151.101.1.69", "2603:1030:402:4::7", "2002:5db8:d822::1"})
        EXPECT_FALSE(hides(report, text)) << text;
}

TEST(Redact, AllHidesAllButWhatEveryHostHas)
{
    Trial run(Settings{{"redact", "all"}});
    EXPECT_TRUE(hides(run.report(), WEB));
    EXPECT_EQ(shown(run.report(), WEB).substr(0, 4), "pub-");
    EXPECT_FALSE(hides(run.report(), "168.63.129.16"));
}

TEST(Redact, NamesOfHiddenAddressesAreHiddenWhereverTheyAre)
{
    const File key(KEY);
    Trial run({{"local", VM}, {"redact", "private"}, {"redact_key", key.path()}});
    name(run, "10.9.8.7", "db.acme.example");
    name(run, "10.9.8.7", "vpn.acme.example");
    name(run, WEB, "vpn.acme.example"); // inside and outside: the house's
    name(run, WEB, "ip-10-9-8-7.example");
    name(run, WEB, "7.8.9.10.in-addr.arpa");
    name(run, OTHER, "www.example.org");
    for (const std::string &to : {std::string("10.9.8.7"), WEB, OTHER})
        run.send(to, 10);
    for (const eg_format format :
         {EG_FORMAT_TEXT, EG_FORMAT_CSV, EG_FORMAT_JSON, EG_FORMAT_NDJSON, EG_FORMAT_HTML}) {
        const std::string text = run.written(format);
        for (const char *secret : {"acme", "10-9-8", "8.9.10", "10.9.8", "test.pcap"})
            EXPECT_EQ(text.find(secret), std::string::npos) << secret << text;
        EXPECT_NE(text.find("www.example.org"), std::string::npos) << text;
        EXPECT_NE(text.find("priv-23f69f-ncfsdrs9"), std::string::npos) << text;
    }
    EXPECT_NE(run.written(EG_FORMAT_JSON).find("host-6cvjf466dp"), std::string::npos);
    const eg_report &by_host = run.report(EG_BY_HOST);
    for (size_t i = 0; i < eg_report_rows(&by_host); i++) {
        eg_row_facts facts;
        eg_report_row(&by_host, i, &facts);
        EXPECT_EQ(std::string(facts.key).find("acme"), std::string::npos) << facts.key;
        EXPECT_EQ(std::string(facts.key).find("10.9.8"), std::string::npos) << facts.key;
    }
}

TEST(Redact, TheNumbersStay)
{
    Trial open, redacted({{"region", "eastus"}, {"local", VM}, {"redact", "all"}});
    for (Trial *run : {&open, &redacted}) {
        run->send(WEB, 100);
        run->send("10.9.8.7", 1000);
        run->send(STORAGE_EASTUS, 500);
    }
    const eg_report &a = open.report(), &b = redacted.report();
    ASSERT_EQ(a.row_count, b.row_count);
    for (size_t i = 0; i < a.row_count; i++) {
        EXPECT_EQ(a.rows[i].shown.billable_bytes, b.rows[i].shown.billable_bytes);
        EXPECT_EQ(eg_money_compare(a.rows[i].cost, b.rows[i].cost), 0);
        EXPECT_EQ(a.rows[i].class_, b.rows[i].class_);
    }
}

} // namespace
