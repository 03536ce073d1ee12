/*
 * Rules 6.1 and 6.2: ladders, which of them is in force, and which of its steps; rule 4.5 for
 * files.
 */
#include "price/rate_card.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/csv.h"
#include "classify/ranges.h"
#include "data/builtin.h"
#include "eg_test.h"
#include "price/money.h"
#include "service_tags.h"

namespace
{

using eg_test::out;

const std::string HEADER = "class,scope,dest_scope,routing,direction,tier_from_gb,price,per_gb,"
                           "currency,meter_id,meter,source,as_of,certainty,note\n";

/* A row up to the currency; the rest is empty. */
std::string row(const std::string &values)
{
    return values + ",,,,,,\n";
}

struct Question {
    const char *class_ = "internet";
    std::vector<const char *> scope = {"eastus", "zone1", "North America"};
    std::vector<const char *> dest_scope = {};
    const char *routing = "microsoft";
    eg_charge_direction direction = EG_CHARGE_EGRESS;
    int64_t month_gb = -1;
};

struct Card {
    eg_test::Handle<eg_rate_card, eg_rate_card_free> handle;
    eg_error error{};

    explicit Card(const char *provider = "azure")
    {
        EXPECT_EQ(eg_rate_card_new(provider, out(handle)), EG_OK);
    }

    eg_status load(const std::string &text)
    {
        error = eg_error{};
        return eg_rate_card_load_text(handle.get(), text.data(), text.size(), "r.csv", nullptr,
                                      &error);
    }

    const eg_rate *find(const Question &question, uint64_t *free_gb = nullptr) const
    {
        eg_rate_query query{};
        query.class_ = question.class_;
        for (size_t i = 0; i < question.scope.size(); i++)
            query.scope[i] = question.scope[i];
        for (size_t i = 0; i < question.dest_scope.size(); i++)
            query.dest_scope[i] = question.dest_scope[i];
        query.routing = question.routing;
        query.direction = question.direction;
        query.month_given = question.month_gb >= 0;
        query.month_gb = query.month_given ? static_cast<uint64_t>(question.month_gb) : 0;
        return eg_rate_card_find(handle.get(), &query, free_gb);
    }

    /* "0.087", or "none". */
    std::string rate(const Question &question) const
    {
        char buffer[EG_MONEY_TEXT_MAX];
        const eg_rate *found = find(question);
        return found == nullptr ? "none" : eg_rate_number(found->nano_per_gb, buffer);
    }
};

Question internet(const char *scope, const char *routing, int64_t month_gb = -1)
{
    Question question;
    question.scope = {scope};
    question.routing = routing;
    question.month_gb = month_gb;
    return question;
}

Question of_class(const char *class_, std::vector<const char *> scope = {})
{
    Question question;
    question.class_ = class_;
    question.scope = scope;
    return question;
}

/* ---- the built-in list ---- */

TEST(RateCard, OnlyAzureHasAListOfItsOwn)
{
    const Card azure;
    EXPECT_STREQ(eg_rate_card_currency(azure.handle.get()), "USD");
    EXPECT_TRUE(eg_rate_card_is_builtin(azure.handle.get()));
    /* the internet rows'; the private endpoint's, of 2026-09-17, say nothing about them */
    EXPECT_STREQ(eg_rate_card_as_of(azure.handle.get()), "2026-08-18");

    const Card aws("aws");
    EXPECT_EQ(aws.find(Question()), nullptr);
    EXPECT_STREQ(eg_rate_card_currency(aws.handle.get()), "USD");
    EXPECT_STREQ(eg_rate_card_as_of(aws.handle.get()), "");
}

TEST(RateCard, EveryBuiltInRateHasItsSourceAndSaysWhatIsUncertain)
{
    enum { SOURCE, AS_OF, CERTAINTY, NOTE, COLUMNS = 15 };
    const char *columns[COLUMNS] = {"source",    "as_of",        "certainty",  "note",
                                    "class",     "scope",        "dest_scope", "routing",
                                    "direction", "tier_from_gb", "price",      "per_gb",
                                    "currency",  "meter_id",     "meter"};
    eg_test::Handle<eg_csv, eg_csv_free> csv;
    eg_error error{};
    ASSERT_EQ(eg_csv_new(eg_builtin_rates_azure, eg_builtin_rates_azure_length, "rates-azure.csv",
                         columns, COLUMNS, out(csv), &error),
              EG_OK)
        << eg_test::text(error);
    eg_csv_field field[COLUMNS];
    bool more = true;
    int rows = 0;
    while (eg_csv_next(csv.get(), field, &more, &error) == EG_OK && more) {
        rows++;
        EXPECT_NE(field[SOURCE].length, 0u) << "line " << eg_csv_line(csv.get());
        EXPECT_GE(field[AS_OF].length, 4u) << "line " << eg_csv_line(csv.get());
        EXPECT_EQ(std::string(field[CERTAINTY].text) == "uncertain", field[NOTE].length != 0)
            << "line " << eg_csv_line(csv.get());
    }
    EXPECT_FALSE(more) << eg_test::text(error);
    /* internet 3 x 6 + 5 x 5; inter-region 6; inter-continent 6 x 2; peering 2 + 3 x 2; vpn 3;
     * er-metered 4; private-endpoint 2 x 3; nat-gateway, lb; four free classes */
    EXPECT_EQ(rows, 43 + 6 + 12 + 8 + 3 + 4 + 6 + 2 + 4);
}

struct Ladder {
    const char *scope;
    const char *routing;
    std::vector<int64_t> edges;
    std::vector<const char *> rates;
};

/* Azure's lists: Microsoft network 100 GB free, then 95 + n x 1024 GB; ISP routing in powers of
 * ten. Rule 6.2: a tier is [from, to). */
const std::vector<int64_t> MICROSOFT_EDGES = {0, 100, 10335, 51295, 153695, 512095};
const std::vector<int64_t> ISP_EDGES = {0, 100, 10100, 50100, 150100};

const Ladder INTERNET[] = {
    {"zone1", "microsoft", MICROSOFT_EDGES, {"0", "0.087", "0.083", "0.07", "0.05", "0.05"}},
    {"zone2", "microsoft", MICROSOFT_EDGES, {"0", "0.12", "0.085", "0.082", "0.08", "0.08"}},
    {"zone3", "microsoft", MICROSOFT_EDGES, {"0", "0.181", "0.175", "0.17", "0.16", "0.16"}},
    {"zone1", "internet", ISP_EDGES, {"0", "0.08", "0.065", "0.06", "0.04"}},
    {"zone2", "internet", ISP_EDGES, {"0", "0.11", "0.075", "0.07", "0.06"}},
    {"zone3", "internet", ISP_EDGES, {"0", "0.12", "0.085", "0.08", "0.075"}},
    {"newzealandnorth", "internet", ISP_EDGES, {"0", "0.1155", "0.07875", "0.0735", "0.063"}},
    {"chilecentral", "internet", ISP_EDGES, {"0", "0.08", "0.065", "0.06", "0.04"}},
};

TEST(RateCard, TheMonthSoFarChoosesTheTierThatHoldsIt)
{
    const Card card;
    for (const Ladder &ladder : INTERNET) {
        for (size_t i = 0; i < ladder.edges.size(); i++) {
            const int64_t edge = ladder.edges[i];
            SCOPED_TRACE(std::string(ladder.scope) + " " + ladder.routing + " " +
                         std::to_string(edge));
            EXPECT_EQ(card.rate(internet(ladder.scope, ladder.routing, edge)), ladder.rates[i]);
            EXPECT_EQ(card.rate(internet(ladder.scope, ladder.routing, edge + 1)), ladder.rates[i]);
            if (i > 0) {
                EXPECT_EQ(card.rate(internet(ladder.scope, ladder.routing, edge - 1)),
                          ladder.rates[i - 1]);
            }
        }
    }
}

TEST(RateCard, WithoutAMonthTheTierJustAboveTheGrantIsInForce)
{
    const Card card;
    for (const Ladder &ladder : INTERNET) {
        SCOPED_TRACE(std::string(ladder.scope) + " " + ladder.routing);
        EXPECT_EQ(card.rate(internet(ladder.scope, ladder.routing)), ladder.rates[1]);
    }
    uint64_t free_gb = 0;
    ASSERT_NE(card.find(internet("zone1", "microsoft"), &free_gb), nullptr);
    EXPECT_EQ(free_gb, 100u);
    ASSERT_NE(card.find(of_class("inter-continent", {"Europe"}), &free_gb), nullptr);
    EXPECT_EQ(free_gb, 5u);
    ASSERT_NE(card.find(of_class("peering"), &free_gb), nullptr);
    EXPECT_EQ(free_gb, 0u);
    ASSERT_NE(card.find(of_class("same-region"), &free_gb), nullptr);
    EXPECT_EQ(free_gb, UINT64_MAX);
}

using Span = std::pair<uint64_t, uint64_t>;

Span span_of(const Card &card, const char *name, const char *routing)
{
    eg_rate_query query{};
    query.class_ = name;
    query.routing = routing;
    Span span;
    const bool found = eg_rate_card_span(card.handle.get(), &query, &span.first, &span.second);
    EXPECT_EQ(found, span != Span());
    return span;
}

TEST(RateCard, TheSpanIsOfTheRatesInForceOfAllScopes)
{
    const Card card;
    EXPECT_EQ(span_of(card, "internet", "microsoft"), Span(87000000, 181000000)); /* rule 4.4 */
    EXPECT_EQ(span_of(card, "internet", "internet"), Span(80000000, 120000000));
    EXPECT_EQ(span_of(card, "vnet", "microsoft"), Span());
    EXPECT_EQ(span_of(card, "firewall", "microsoft"), Span());
}

TEST(RateCard, TheSpanOfAMonthSoFarIsOfItsTiers)
{
    const Card card;
    eg_rate_query query{};
    query.class_ = "internet";
    query.routing = "microsoft";
    query.month_given = true;
    query.month_gb = 60000; /* 0.07, 0.082 and 0.17 from 51,295 GB on */
    Span span;
    ASSERT_TRUE(eg_rate_card_span(card.handle.get(), &query, &span.first, &span.second));
    EXPECT_EQ(span, Span(70000000, 170000000));
    query.month_gb = 99; /* within the grant of every zone, which has a price above it */
    ASSERT_TRUE(eg_rate_card_span(card.handle.get(), &query, &span.first, &span.second));
    EXPECT_EQ(span, Span(0, 0));
}

TEST(RateCard, ARateCarriesWhereItIsFromAndWhatIsUncertain)
{
    const Card card;
    const eg_rate *certain = card.find(internet("zone1", "microsoft"));
    ASSERT_NE(certain, nullptr);
    EXPECT_FALSE(certain->uncertain);
    EXPECT_STREQ(certain->note, "");
    EXPECT_STREQ(certain->scope, "zone1");
    EXPECT_STREQ(certain->as_of, "2026-08-18");
    EXPECT_STREQ(certain->meter, "Rtn Preference: MGN - Standard Data Transfer Out");
    EXPECT_STREQ(certain->meter_id, "9995d93a-7d35-4d3f-9c69-7a7fea447ef4");
    EXPECT_EQ(certain->tier_from_gb, 100u);

    const eg_rate *uncertain = card.find(internet("zone3", "microsoft", 600000));
    ASSERT_NE(uncertain, nullptr);
    EXPECT_TRUE(uncertain->uncertain);
    EXPECT_STRNE(uncertain->note, "");
}

/* ---- which ladder ---- */

TEST(RateCard, TheMostSpecificScopeWins)
{
    Card card("azure");
    ASSERT_EQ(card.load(HEADER + row("internet,*,*,*,egress,0,0.4,1,USD") +
                        row("internet,North America,*,*,egress,0,0.3,1,USD") +
                        row("internet,zone1,*,*,egress,0,0.2,1,USD") +
                        row("internet,eastus,*,*,egress,0,0.1,1,USD")),
              EG_OK)
        << eg_test::text(card.error);
    Question question;
    question.scope = {"eastus", "zone1", "North America"};
    EXPECT_EQ(card.rate(question), "0.1");
    question.scope = {"westus", "zone1", "North America"};
    EXPECT_EQ(card.rate(question), "0.2");
    question.scope = {"mexico", "North America"};
    EXPECT_EQ(card.rate(question), "0.3");
    question.scope = {};
    EXPECT_EQ(card.rate(question), "0.4");
}

TEST(RateCard, ScopeDecidesBeforeDestScopeThenRoutingThenDirection)
{
    Card card("azure");
    ASSERT_EQ(card.load(HEADER + row("inter-region,eastus,*,*,egress,0,0.1,1,USD") +
                        row("inter-region,*,westus,*,egress,0,0.2,1,USD") +
                        row("lb,*,westus,*,egress,0,0.3,1,USD") +
                        row("lb,*,*,microsoft,egress,0,0.4,1,USD") +
                        row("firewall,*,*,microsoft,both,0,0.5,1,USD") +
                        row("firewall,*,*,*,egress,0,0.6,1,USD")),
              EG_OK)
        << eg_test::text(card.error);
    Question question = of_class("inter-region", {"eastus"});
    question.dest_scope = {"westus"};
    EXPECT_EQ(card.rate(question), "0.1");
    question.class_ = "lb";
    EXPECT_EQ(card.rate(question), "0.3");
    question.class_ = "firewall";
    EXPECT_EQ(card.rate(question), "0.5");
    question.routing = "internet";
    EXPECT_EQ(card.rate(question), "0.6");
    question.direction = EG_CHARGE_INGRESS;
    EXPECT_EQ(card.rate(question), "none");
}

TEST(RateCard, ALadderForBothAnswersEachDirection)
{
    const Card card;
    Question question = of_class("nat-gateway");
    const eg_rate *egress = card.find(question);
    question.direction = EG_CHARGE_INGRESS;
    EXPECT_EQ(card.find(question), egress);
    ASSERT_NE(egress, nullptr);
    EXPECT_EQ(egress->direction, EG_CHARGE_BOTH);
    question = of_class("er-metered", {"zone1"});
    question.direction = EG_CHARGE_INGRESS;
    EXPECT_EQ(card.rate(question), "none");
}

/* ---- overlays ---- */

TEST(RateCard, AFileReplacesWholeLadders)
{
    Card card;
    ASSERT_EQ(card.load(HEADER + row("internet,zone1,*,microsoft,egress,0,0.05,1,USD")), EG_OK);
    EXPECT_FALSE(eg_rate_card_is_builtin(card.handle.get()));
    /* one step where six were; its neighbours are as they were */
    EXPECT_EQ(card.rate(internet("zone1", "microsoft", 20000)), "0.05");
    EXPECT_EQ(card.rate(internet("zone1", "internet")), "0.08");
    EXPECT_EQ(card.rate(internet("zone2", "microsoft")), "0.12");
}

TEST(RateCard, AnAsteriskInAFileReplacesTheLaddersItStandsFor)
{
    Card card;
    ASSERT_EQ(card.load(HEADER + row("internet,*,*,*,egress,0,0.05,1,USD")), EG_OK);
    for (const Ladder &ladder : INTERNET)
        EXPECT_EQ(card.rate(internet(ladder.scope, ladder.routing)), "0.05");
    EXPECT_EQ(card.rate(of_class("inter-region", {"Asia"})), "0.08");
}

TEST(RateCard, ALadderForBothReplacesThoseOfEachDirection)
{
    Card card;
    ASSERT_EQ(card.load(HEADER + row("peering,*,*,*,both,0,0.004,1,USD")), EG_OK);
    Question question = of_class("peering");
    EXPECT_EQ(card.rate(question), "0.004");
    question.direction = EG_CHARGE_INGRESS;
    EXPECT_EQ(card.rate(question), "0.004");
}

TEST(RateCard, ALaterFileReplacesAnEarlierOne)
{
    Card card;
    ASSERT_EQ(card.load(HEADER + row("firewall,*,*,*,both,0,0.016,1,USD")), EG_OK);
    ASSERT_EQ(card.load(HEADER + row("firewall,*,*,*,both,0,0.02,1,USD")), EG_OK);
    EXPECT_EQ(card.rate(of_class("firewall")), "0.02");
}

TEST(RateCard, AnotherCurrencyLeavesOfTheListOnlyWhatIsFree)
{
    Card card;
    ASSERT_EQ(card.load(HEADER + row("internet,zone1,*,*,egress,0,0.075,1,EUR")), EG_OK);
    EXPECT_STREQ(eg_rate_card_currency(card.handle.get()), "EUR");
    EXPECT_EQ(card.rate(internet("zone1", "microsoft")), "0.075");
    EXPECT_EQ(card.rate(internet("zone2", "microsoft")), "none");
    EXPECT_EQ(card.rate(of_class("peering")), "none");
    EXPECT_EQ(card.rate(of_class("same-region")), "0");
}

TEST(RateCard, TwoFilesOfTwoCurrenciesAreRefused)
{
    Card card;
    ASSERT_EQ(card.load(HEADER + row("firewall,*,*,*,both,0,0.016,1,USD")), EG_OK);
    ASSERT_EQ(card.load(HEADER + row("internet,zone1,*,*,egress,0,0.075,1,EUR")), EG_ERR_VALUE);
    EXPECT_EQ(eg_test::text(card.error), "'r.csv':2:37: 'currency' is not that of the rates read "
                                         "before it, USD: 'EUR'");
    EXPECT_EQ(card.rate(internet("zone1", "microsoft")), "0.087");
}

TEST(RateCard, AFileWithAMistakeChangesNothing)
{
    Card card;
    ASSERT_NE(card.load(HEADER + row("internet,zone1,*,*,egress,0,0.05,1,USD") +
                        row("internet,zone2,*,*,egress,0,O.05,1,USD")),
              EG_OK);
    EXPECT_EQ(card.rate(internet("zone1", "microsoft")), "0.087");
    EXPECT_TRUE(eg_rate_card_is_builtin(card.handle.get()));
}

TEST(RateCard, TheColumnsThatSayWhereARateIsFromMayBeLeftOut)
{
    Card card;
    ASSERT_EQ(card.load("class,scope,dest_scope,routing,direction,tier_from_gb,price,per_gb,"
                        "currency\nfirewall,*,*,*,both,0,0.016,1,USD\n"),
              EG_OK)
        << eg_test::text(card.error);
    const eg_rate *rate = card.find(of_class("firewall"));
    ASSERT_NE(rate, nullptr);
    EXPECT_STREQ(rate->meter, "firewall");
    EXPECT_STREQ(rate->source, "");
    EXPECT_FALSE(rate->uncertain);
}

TEST(RateCard, RegionsAndContinentsMayBeWrittenInAnyCase)
{
    Card card;
    ASSERT_EQ(card.load(HEADER + row("internet,EastUS,*,*,egress,0,0.05,1,USD") +
                        row("inter-region,north america,*,*,egress,0,0.01,1,USD")),
              EG_OK)
        << eg_test::text(card.error);
    EXPECT_EQ(card.rate(internet("eastus", "microsoft")), "0.05");
    EXPECT_EQ(card.rate(of_class("inter-region", {"North America"})), "0.01");
}

TEST(RateCard, ARegionThatOnlyARangeFileNamesIsKnown)
{
    eg_test::Handle<eg_ranges, eg_ranges_free> ranges;
    ASSERT_EQ(eg_ranges_new(out(ranges)), EG_OK);
    const std::string file = eg_test::azure({{"AzureCloud", "moonbase1", {"198.51.100.0/24"}}});
    eg_error error{};
    ASSERT_EQ(eg_ranges_load_text(ranges.get(), file.data(), file.size(), "ranges.json", &error),
              EG_OK)
        << eg_test::text(error);
    const std::string rates = HEADER + row("internet,moonbase1,*,*,egress,0,9,1,USD");
    Card card;
    EXPECT_EQ(card.load(rates), EG_ERR_VALUE) << "without the file it is a mistake";
    ASSERT_EQ(eg_rate_card_load_text(card.handle.get(), rates.data(), rates.size(), "r.csv",
                                     ranges.get(), &error),
              EG_OK)
        << eg_test::text(error);
    EXPECT_EQ(card.rate(internet("moonbase1", "microsoft")), "9");
}

/* ---- prices ---- */

struct Price {
    const char *price;
    const char *per_gb;
    uint64_t nano;
};

TEST(RateCard, APriceIsForItsUnit)
{
    const Price prices[] = {
        {"0.81", "10", 81000000},              /* an enterprise sheet's "10 GB": 0.081 a GB */
        {"8.7", "100", 87000000},              /* 0.087 */
        {"0.000000001", "1", 1},               /* the least there is */
        {"0.00001", "10000", 1},               /* the same by the largest unit */
        {"0", "10", 0},                        /* free */
        {"1000000", "1", EG_RATE_MAX},         /* the most there is */
        {"10000000000", "10000", EG_RATE_MAX}, /* the same by the largest unit */
        {"0.0870000000000000", "1", 87000000}, /* zeros beyond the ninth decimal say nothing */
    };
    for (const Price &price : prices) {
        Card card;
        ASSERT_EQ(card.load(HEADER + row(std::string("firewall,*,*,*,both,0,") + price.price + "," +
                                         price.per_gb + ",USD")),
                  EG_OK)
            << eg_test::text(card.error);
        const eg_rate *rate = card.find(of_class("firewall"));
        ASSERT_NE(rate, nullptr);
        EXPECT_EQ(rate->nano_per_gb, price.nano) << price.price << " per " << price.per_gb;
    }
}

/* ---- mistakes, rule 4.5 ---- */

struct Mistake {
    const char *rows;
    const char *message; /* its start */
};

TEST(RateCard, AMistakeIsNamedWithItsPlaceAndValue)
{
    const Mistake mistakes[] = {
        {"intrenet,*,*,*,egress,0,1,1,USD", "'r.csv':2:1: 'class' is not one of cdn-origin "},
        {"private,*,*,*,egress,0,1,1,USD", "'r.csv':2:1: 'class' is not one of "},
        {"auto,*,*,*,egress,0,1,1,USD", "'r.csv':2:1: 'class' is not one of "},
        {"internet,eastsu,*,*,egress,0,1,1,USD",
         "'r.csv':2:10: 'scope' is not a region (nearest: eastus"},
        {"internet,zone5,*,*,egress,0,1,1,USD", "'r.csv':2:10: 'scope' is not a region"},
        {"internet,,*,*,egress,0,1,1,USD", "'r.csv':2:10: 'scope' is not a region"},
        {"internet,*,westeurop,*,egress,0,1,1,USD",
         "'r.csv':2:12: 'dest_scope' is not a region (nearest: westeurope"},
        {"internet,zone4,*,*,egress,0,1,1,USD", "'r.csv':2:10: 'scope' is not a region"},
        {"internet,*,Europe,*,egress,0,1,1,USD",
         "'r.csv':2:12: 'dest_scope' is not '*', the only one that this class has: 'Europe'"},
        {"er-metered,eastus,*,*,egress,0,1,1,USD",
         "'r.csv':2:12: 'scope' is not a zone of ExpressRoute (zone1..zone4) or '*': 'eastus'"},
        {"internet,*,*,isp,egress,0,1,1,USD",
         "'r.csv':2:14: 'routing' is not one of microsoft internet *: 'isp'"},
        {"internet,*,*,*,out,0,1,1,USD",
         "'r.csv':2:16: 'direction' is not one of egress ingress both: 'out'"},
        {"internet,*,*,*,egress,1.5,1,1,USD",
         "'r.csv':2:23: 'tier_from_gb' is not a whole number of GB: '1.5'"},
        {"internet,*,*,*,egress,5,1,1,USD",
         "'r.csv':2:23: 'tier_from_gb' does not start its ladder at 0: '5'"},
        {"internet,*,*,*,egress,0,O.08,1,USD", "'r.csv':2:25: 'price' is not an amount "},
        {"internet,*,*,*,egress,0,-1,1,USD", "'r.csv':2:25: 'price' is not an amount "},
        {"internet,*,*,*,egress,0,,1,USD", "'r.csv':2:25: 'price' is not an amount "},
        {"internet,*,*,*,egress,0,0.0000000001,1,USD", "'r.csv':2:25: 'price' is not an amount "},
        {"internet,*,*,*,egress,0,1000000.000000001,1,USD",
         "'r.csv':2:25: 'price' is not an amount "},
        {"internet,*,*,*,egress,0,1,3,USD", "'r.csv':2:25: 'price' is not a whole number of "},
        {"internet,*,*,*,egress,0,0.000000001,10,USD",
         "'r.csv':2:25: 'price' is not a whole number of "},
        {"internet,*,*,*,egress,0,1,0,USD",
         "'r.csv':2:27: 'per_gb' is not a whole number of GB, 1..10000: '0'"},
        {"internet,*,*,*,egress,0,1,10001,USD", "'r.csv':2:27: 'per_gb' is not "},
        {"internet,*,*,*,egress,0,1,1 GB,USD", "'r.csv':2:27: 'per_gb' is not "},
        {"internet,*,*,*,egress,0,1,1,usd",
         "'r.csv':2:29: 'currency' is not a currency such as USD: 'usd'"},
    };
    for (const Mistake &mistake : mistakes) {
        Card card;
        EXPECT_EQ(card.load(HEADER + row(mistake.rows)), EG_ERR_VALUE) << mistake.rows;
        const std::string message = eg_test::text(card.error);
        EXPECT_EQ(message.substr(0, std::string(mistake.message).size()), mistake.message);
    }
}

TEST(RateCard, RatesAreOfClassesAndWays)
{
    for (const std::string name : {"internet", "vpn", "same-region", "nat-gateway", "er-metered"})
        EXPECT_TRUE(eg_rate_class_known(name.data(), name.size())) << name;
    for (const std::string name : {"", "auto", "private", "platform", "lbs", "er-metered:zone1"})
        EXPECT_FALSE(eg_rate_class_known(name.data(), name.size())) << name;
}

TEST(RateCard, TheLastColumnsAreCheckedToo)
{
    const std::string start = "internet,*,*,*,egress,0,1,1,USD,,,";
    Card card;
    EXPECT_EQ(card.load(HEADER + start + ",18.8.2026,,\n"), EG_ERR_VALUE);
    EXPECT_EQ(eg_test::text(card.error),
              "'r.csv':2:36: 'as_of' is not a date such as 2026-08-18: '18.8.2026'");
    EXPECT_EQ(card.load(HEADER + start + ",2026-08-18,guess,\n"), EG_ERR_VALUE);
    EXPECT_EQ(eg_test::text(card.error),
              "'r.csv':2:47: 'certainty' is not one of certain sourced uncertain: 'guess'");
}

TEST(RateCard, TiersAscendAndAreThereOnce)
{
    Card card;
    EXPECT_EQ(card.load(HEADER + row("lb,*,*,*,both,0,1,1,USD") + row("lb,*,*,*,both,20,1,1,USD") +
                        row("firewall,*,*,*,both,0,1,1,USD") + row("lb,*,*,*,both,10,1,1,USD")),
              EG_ERR_VALUE);
    EXPECT_EQ(eg_test::text(card.error),
              "'r.csv':5:15: 'tier_from_gb' is not above the tier before it: '10'");
    EXPECT_EQ(card.load(HEADER + row("lb,*,*,*,both,0,1,1,USD") + row("lb,*,*,*,both,0,2,1,USD")),
              EG_ERR_VALUE);
    EXPECT_EQ(eg_test::text(card.error),
              "'r.csv':3:15: 'tier_from_gb' is not above the tier before it: '0'");
}

TEST(RateCard, AFileHasOneCurrency)
{
    Card card;
    EXPECT_EQ(
        card.load(HEADER + row("lb,*,*,*,both,0,1,1,USD") + row("firewall,*,*,*,both,0,1,1,EUR")),
        EG_ERR_VALUE);
    EXPECT_EQ(eg_test::text(card.error),
              "'r.csv':3:27: 'currency' is not the currency of the rows above it: 'EUR'");
}

TEST(RateCard, AFileWithoutARateIsAMistake)
{
    Card card;
    EXPECT_EQ(card.load(HEADER), EG_ERR_VALUE);
    EXPECT_EQ(card.load(""), EG_ERR_SYNTAX);
}

TEST(RateCard, TheNumberOfRowsHasACeiling)
{
    std::string text = HEADER;
    for (int i = 0; i <= 20000; i++)
        text += row("firewall,*,*,*,both," + std::to_string(i) + ",1,1,USD");
    Card card;
    EXPECT_EQ(card.load(text), EG_ERR_LIMIT);
    EXPECT_EQ(card.error.line, 20002u);
}

TEST(RateCard, AFileThatCannotBeReadIsAnError)
{
    Card card;
    EXPECT_EQ(eg_rate_card_load(card.handle.get(), "no/such/rates.csv", nullptr, &card.error),
              EG_ERR_IO);
}

} // namespace
