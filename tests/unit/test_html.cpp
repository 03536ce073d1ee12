// The HTML report: nothing from outside becomes markup, nothing is dropped, no text is forgotten.
#include <gtest/gtest.h>

#include <cstring>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "report/html/html.h"
#include "report/html/html_flow.h"
#include "report/translations.h"
#include "trial.h"

using namespace eg_test;

namespace
{

std::string escaped(const std::string &text)
{
    Output output;
    eg_html_escape(output.sink(), text.c_str());
    return output.text();
}

// What stands between two marks.
std::string between(const std::string &text, const std::string &begin, const std::string &end)
{
    const size_t from = text.find(begin);
    if (from == std::string::npos)
        return "";
    const size_t start = from + begin.size();
    return text.substr(start, text.find(end, start) - start);
}

std::string data_of(const std::string &page)
{
    return between(page, "id=\"egshark-report\">\n", "</script>");
}

size_t count_of(const std::string &text, const std::string &part)
{
    size_t count = 0;
    for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
        count++;
    return count;
}

TEST(HtmlText, MarkupIsEscaped)
{
    EXPECT_EQ(escaped("<a href=\"x\">'&'</a>"),
              "&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/a&gt;");
    EXPECT_EQ(escaped("plain, 日本語"), "plain, 日本語");
}

TEST(HtmlText, ControlCharactersAndBrokenUtf8AreReplaced)
{
    const std::string replaced = "\xef\xbf\xbd";
    EXPECT_EQ(escaped("a\x1b[31mb\x7f"), "a" + replaced + "[31mb" + replaced);
    EXPECT_EQ(escaped("a\nb\tc"), "a b c");
    EXPECT_EQ(escaped("\xc2\x9b"), replaced); // U+009B, the C1 form of ESC [
    EXPECT_EQ(escaped("a\u202eb\u2066c\u200f"), "a" + replaced + "b" + replaced + "c" + replaced);
    EXPECT_EQ(escaped("שלום"), "שלום"); // letters that run to the left by themselves
    EXPECT_EQ(escaped("\xc0\xbc!"), replaced + replaced + "!"); // an overlong '<'
    EXPECT_EQ(escaped("\xe3\x81"), replaced + replaced);        // cut off
}

TEST(HtmlText, EveryTextIsInEveryLanguage)
{
    for (unsigned text = 0; text < EG_HTML_TEXTS; text++)
        for (unsigned language = 0; language < EG_LANGUAGES; language++) {
            const char *said =
                eg_html_text_in(static_cast<eg_language>(language), static_cast<eg_say>(text));
            ASSERT_NE(said, nullptr) << text << " " << language;
            EXPECT_NE(*said, '\0') << text << " " << language;
            EXPECT_LT(std::strlen(said), size_t{EG_HTML_TEXT_MAX}) << said;
        }
}

// {0}, {1} and {2} of a text, each once however often it is there.
std::set<std::string> places(const char *text)
{
    const std::string whole = text;
    const std::regex place("\\{[0-9]\\}");
    return {std::sregex_token_iterator(whole.begin(), whole.end(), place), {}};
}

TEST(HtmlText, EveryLanguageHasTheSamePlacesToFill)
{
    for (unsigned i = 0; i < EG_HTML_TEXTS; i++) {
        const auto text = static_cast<eg_say>(i);
        EXPECT_EQ(places(eg_html_text_in(EG_ENGLISH, text)),
                  places(eg_html_text_in(EG_JAPANESE, text)))
            << eg_html_text_in(EG_ENGLISH, text);
    }
}

// Half-width brackets, apart from the letters around them, as support desks write; full-width ones
// nowhere.
void expect_brackets(const std::string &text)
{
    const std::string closed = "\u3002\u3001";
    EXPECT_EQ(text.find("\uff08"), std::string::npos) << text;
    EXPECT_EQ(text.find("\uff09"), std::string::npos) << text;
    for (size_t i = 0; i < text.size(); i++) {
        if (text[i] == '(' && i > 0) {
            EXPECT_EQ(text[i - 1], ' ') << text;
        }
        if (text[i] == ')' && i + 1 < text.size() && (text[i + 1] & 0x80) != 0) {
            EXPECT_NE(closed.find(text.substr(i + 1, 3)), std::string::npos) << text;
        }
    }
}

TEST(HtmlText, JapaneseSetsBracketsInOneWay)
{
    const char *english = nullptr, *japanese = nullptr;
    for (unsigned i = 0; i < EG_HTML_TEXTS; i++)
        expect_brackets(eg_html_text_in(EG_JAPANESE, static_cast<eg_say>(i)));
    for (size_t i = 0; eg_translation_at(i, EG_JAPANESE, &english, &japanese); i++)
        expect_brackets(japanese);
}

// The types of a format's arguments in their order: "%2$s %1$d" has "d", "s".
std::vector<std::string> arguments_of(const std::string &format)
{
    const std::regex conversion("%(?:([0-9]+)\\$)?[0-9]*(?:\\.[0-9]+)?([a-z]+)");
    std::vector<std::string> types;
    for (std::sregex_iterator at(format.begin(), format.end(), conversion), end; at != end; ++at) {
        std::string type = (*at)[2];
        type = type.substr(0, type.find_first_of("sd") + 1);
        const size_t place = (*at)[1].matched ? std::stoul((*at)[1]) : types.size() + 1;
        if (types.size() < place)
            types.resize(place);
        types[place - 1] = type;
    }
    return types;
}

TEST(Translations, TakeTheSameArguments)
{
    const char *english = nullptr, *japanese = nullptr;
    size_t count = 0;
    for (; eg_translation_at(count, EG_JAPANESE, &english, &japanese); count++) {
        EXPECT_EQ(arguments_of(english), arguments_of(japanese)) << english;
        EXPECT_EQ(eg_translate(EG_JAPANESE, english), japanese);
        EXPECT_EQ(eg_translate(EG_ENGLISH, english), english);
    }
    EXPECT_GT(count, 20u);
}

// What an attacker can name: a capture's path, its filter, its system.
class HostileInput : public ::testing::Test
{
  protected:
    static constexpr const char *NAME =
        "x\"><img src=x onerror=alert(1)></script><!--<script>\x1b[2J.pcap";

    std::string page()
    {
        Trial run;
        EXPECT_EQ(eg_session_begin_input(run.session(), NAME), EG_OK);
        run.send(WEB, 100);
        const char *interfaces[] = {NAME, nullptr};
        eg_input_facts facts = {};
        facts.capture_filter = NAME;
        facts.system = NAME;
        facts.interfaces = interfaces;
        EXPECT_EQ(eg_session_end_input(run.session(), &facts), EG_OK);
        return run.written(EG_FORMAT_HTML);
    }
};

TEST_F(HostileInput, IsNeverMarkup)
{
    const std::string text = page();
    EXPECT_EQ(count_of(text, "<img"), 0u);
    EXPECT_EQ(count_of(text, "onerror"), count_of(text, "onerror=alert(1)"));
    EXPECT_GT(count_of(text, "&lt;img src=x onerror=alert(1)&gt;"), 2u);
    EXPECT_EQ(count_of(text, "<script"), 2u); // the data and the page's own
    EXPECT_EQ(count_of(text, "</script"), 2u);
    EXPECT_EQ(count_of(text, "<!--"), 0u);
    EXPECT_EQ(count_of(text, "\x1b"), 0u);
}

TEST_F(HostileInput, IsWholeInTheData)
{
    const std::string data = data_of(page());
    EXPECT_EQ(count_of(data, "<"), 0u);
    // A backslash more for C++: \u003c is how JSON spells '<' without it.
    EXPECT_GT(count_of(data, "x\\\">\\u003cimg src=x onerror=alert(1)>\\u003c/script>\\u003c!--"
                             "\\u003cscript>\\u001b[2J.pcap"),
              2u);
}

TEST(HtmlReport, TheDataIsTheJsonOnOneLine)
{
    Trial run;
    run.send(WEB, 100);
    run.send(STORAGE_EASTUS, 2000);
    std::string json = run.written(EG_FORMAT_JSON);
    json = std::regex_replace(json, std::regex("\n *"), "");
    json = std::regex_replace(json, std::regex("\": "), "\":");
    EXPECT_EQ(data_of(run.written(EG_FORMAT_HTML)), json + "\n");
}

TEST(HtmlReport, RowsBehindTheLastAreSummed)
{
    Trial run;
    for (int i = 0; i < EG_HTML_ROWS_MAX + 3; i++)
        run.send("93.184." + std::to_string(i / 250) + "." + std::to_string(i % 250 + 1), 100);
    const std::string page = run.written(EG_FORMAT_HTML);
    // Each destination: 20 + 20 + 100 bytes of IP and 14 of Ethernet, rule 5.1.
    const std::string rest = between(page, "<tr id=\"rest\">", "</tr>");
    EXPECT_NE(rest.find("3 more"), std::string::npos) << rest;
    EXPECT_NE(rest.find("<data value=\"462\">"), std::string::npos) << rest; // 3 x 154
    EXPECT_NE(data_of(page).find("\"rest\":{\"rows\":3,\"packets\":3,\"ip_bytes\":420,"
                                 "\"billable_bytes\":462,"),
              std::string::npos);
}

TEST(HtmlReport, AScanOfAllPortsIsSummed)
{
    Trial run;
    for (int port = 1; port <= 30000; port++) // each the lower one, so a service port
        run.add(ethernet(ipv4(VM, WEB, tcp(50000, static_cast<uint16_t>(port), 100))));
    const std::string page = run.written(EG_FORMAT_HTML);
    EXPECT_LT(page.size(), 100000u);
    // 24 ports are listed; 140 bytes of IP to each.
    EXPECT_NE(data_of(page).find("\"ports_rest\":{\"ports\":29976,\"ip_bytes\":4196640}"),
              std::string::npos);
}

TEST(HtmlReport, AnEmptyCaptureHasAReport)
{
    Trial run;
    const std::string page = run.written(EG_FORMAT_HTML);
    EXPECT_NE(page.find("</html>"), std::string::npos);
    EXPECT_NE(data_of(page).find("\"destinations\":[]"), std::string::npos);
}

TEST(HtmlReport, JapaneseSaysItsWarningsInJapanese)
{
    Trial run({{"local", VM}, {"lang", "ja"}});
    run.send(WEB, 100);
    const std::string page = run.written(EG_FORMAT_HTML);
    EXPECT_NE(page.find("<html lang=\"ja\">"), std::string::npos);
    EXPECT_NE(page.find("リージョン不明のため、インターネット宛ての通信はゾーン 1 "
                        "の単価で計算しました (0.087 と仮定。リージョンにより 0.087 ～ 0.181)。"
                        "<code>--region</code> で指定してください。</li>"),
              std::string::npos);
    // The data stays what -T json prints.
    EXPECT_NE(data_of(page).find("\"region unknown: internet traffic is priced at zone 1"),
              std::string::npos);
}

// Private addresses that nobody listed have no price: a cost of 0 would be a wrong figure.
TEST(HtmlReport, WhatHasNoPriceHasNoCost)
{
    Trial run({{"local", VM}, {"region", "eastus"}});
    run.send("10.9.9.9", 100);
    const std::string page = run.written(EG_FORMAT_HTML);
    const std::string shown = page.substr(0, page.find("id=\"egshark-report\""));
    EXPECT_EQ(shown.find("$0.00<"), std::string::npos);
    EXPECT_NE(between(page, "<p class=\"lead\">", "</p>").find("What that costs is not known"),
              std::string::npos);
    EXPECT_EQ(between(page, "<dd id=\"total-cost\">", "</dd>"),
              "<data value=\"-1\" class=\"open\">?</data>");
    EXPECT_NE(run.written(EG_FORMAT_TEXT).find("billed 0.0 KiB = ?\n"), std::string::npos);
}

TEST(HtmlReport, NothingWithoutAPriceCostsNothingAtAnyTime)
{
    Trial run({{"local", VM}, {"region", "eastus"}});
    run.send("10.9.9.9", 100);
    run.send("10.9.9.9", 100);
    const std::string times =
        between(run.written(EG_FORMAT_HTML), "<table id=\"times\"", "</table>");
    EXPECT_NE(times, "");
    EXPECT_EQ(times.find("<data value=\"0\">0</data></td></tr>"), std::string::npos);
    EXPECT_NE(times.find("class=\"open\">?</data></td></tr>"), std::string::npos);
}

// A port of 1,000 bytes to the internet and of 1,000 without a price costs what the former do.
TEST(HtmlReport, TheChartKnowsThePartOfARowThatHasAPrice)
{
    Trial run({{"local", VM}, {"region", "eastus"}});
    run.send(WEB, 946);
    run.send("10.9.9.9", 946);
    const eg_style style = {EG_FORMAT_HTML, 0, false, 0};
    Output output;
    ASSERT_EQ(eg_report_write(&run.report(EG_BY_PORT), &style, output.sink()), EG_OK);
    const std::string chart = between(output.text(), "<title id=\"top-t\"", "</svg>");
    EXPECT_NE(chart.find(">$0.0000000810</tspan>"), std::string::npos) << chart;
}

TEST(HtmlReport, ProvidersAreWrittenAsTheyWriteThemselves)
{
    Trial run({{"local", VM}, {"region", "eastus"}});
    run.send(WEB, 100);
    const std::string page = run.written(EG_FORMAT_HTML);
    const std::string footer = between(page, "<footer>", "</footer>");
    EXPECT_NE(footer.find("Azure 2026-06-26, AWS "), std::string::npos) << footer;
    EXPECT_NE(footer.find("Prices: Azure 2026-08-18."), std::string::npos) << footer;
    const std::string shown = page.substr(0, page.find("id=\"egshark-report\""));
    for (const char *key : {">azure 2", ", aws 2", ", gcp 2", ", oci 2"})
        EXPECT_EQ(shown.find(key), std::string::npos) << key;
}

TEST(HtmlReport, PricesHaveTheirCurrency)
{
    Trial run({{"local", VM}, {"region", "eastus"}});
    run.send(WEB, 100);
    const std::string page = run.written(EG_FORMAT_HTML);
    EXPECT_EQ(count_of(page, "<td class=\"n\"><data value=\"0.087\">$0.087</data></td>"), 2u);
}

// What came in did not go anywhere.
TEST(HtmlReport, NotesAreTrueOfTheDirectionThatIsShown)
{
    Trial run({{"local", VM}, {"region", "eastus"}});
    run.add(ethernet(ipv4(WEB, VM, tcp(443, 50000, 100))));
    const eg_style style = {EG_FORMAT_HTML, 0, false, 0};
    Output output;
    const eg_report &report = run.report(EG_BY_DESTINATION, EG_VIEW_INGRESS);
    ASSERT_EQ(eg_report_write(&report, &style, output.sink()), EG_OK);
    const std::string page = output.text();
    EXPECT_NE(page.find(">From whom</h2>"), std::string::npos);
    EXPECT_EQ(page.find("Where the bytes went"), std::string::npos);
    EXPECT_EQ(page.find("From the VM"), std::string::npos);
}

// The flow of the VM's two addresses over two classes.
TEST(HtmlFlow, BoxesAddUp)
{
    const std::string second = "10.0.0.5";
    Trial run({{"region", "eastus"}, {"local", VM + "," + second}, {"names", "false"}});
    run.send(WEB, 100);   // 154 billable bytes
    run.send(OTHER, 200); // 254
    run.send(STORAGE_EASTUS, 1000);
    run.add(ethernet(ipv4(second, WEB, tcp(50000, 443, 300)))); // 354
    Output unused;
    const eg_html html = {&run.report(), unused.sink(), EG_ENGLISH, 3};
    eg_flow_picture picture;
    ASSERT_TRUE(eg_flow_picture_of(&html, &picture));
    ASSERT_EQ(picture.local_count, 2u);
    EXPECT_EQ(picture.locals[0].name, VM);
    EXPECT_EQ(picture.locals[0].bytes, 154u + 254u + 1054u);
    EXPECT_EQ(picture.by_class[0][EG_CLASS_INTERNET], 154u + 254u);
    EXPECT_EQ(picture.by_class[1][EG_CLASS_INTERNET], 354u);
    ASSERT_EQ(picture.class_count, 2u);
    EXPECT_EQ(picture.classes[0].class_, EG_CLASS_SAME_REGION);
    EXPECT_EQ(picture.classes[1].bytes, 154u + 254u + 354u);
    ASSERT_EQ(picture.end_count, 3u);
    EXPECT_STREQ(picture.ends[0].name, "Storage, eastus");
    EXPECT_EQ(picture.ends[1].name, WEB);
    EXPECT_EQ(picture.ends[1].bytes, 154u + 354u);
}

TEST(HtmlFlow, ManyBoxesAreSummed)
{
    Trial run({{"region", "eastus"}, {"local", "10.0.0.0/8"}, {"names", "false"}});
    for (int i = 1; i <= 40; i++)
        run.add(ethernet(ipv4("10.0.0." + std::to_string(i), "93.184.0." + std::to_string(i),
                              tcp(50000, 443, 100))));
    Output unused;
    const eg_html html = {&run.report(), unused.sink(), EG_ENGLISH, 40};
    eg_flow_picture picture;
    ASSERT_TRUE(eg_flow_picture_of(&html, &picture));
    ASSERT_EQ(picture.local_count, size_t{EG_FLOW_LOCALS} + 1);
    EXPECT_EQ(picture.locals[EG_FLOW_LOCALS].bytes, (40u - EG_FLOW_LOCALS) * 154);
    EXPECT_STREQ(picture.locals[EG_FLOW_LOCALS].name, "34 others");
    ASSERT_EQ(picture.end_count, size_t{EG_FLOW_PLACES} + 1);
    EXPECT_EQ(picture.ends[EG_FLOW_PLACES].bytes, (40u - EG_FLOW_PLACES) * 154);
}

} // namespace
