/*
 * What the bytes to a destination are charged: rules 4 (price column), 4.4, 4.6, 6.1 and 6.2.
 *
 * Rates are Azure's list prices (common/data/rates-azure.csv): what each test expects is worked out
 * from the rules and the list, in comments where it is more than one number.
 */
#include "price/charges.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "eg_test.h"
#include "price/money.h"

namespace
{

using eg_test::out;

constexpr uint64_t PIB = UINT64_C(1) << 50;

struct Destination {
    eg_destination value{};
    eg_site site_value{};

    explicit Destination(eg_class class_, const char *region = "")
    {
        value.class_ = class_;
        value.label.provider = value.label.service = "";
        value.label.region = region;
        value.region = eg_region_find("azure", region);
    }

    /* As a sites file's row would: the region given there is that of the far end. */
    Destination &site(const char *region = "", eg_payer payer = EG_PAYER_SOURCE)
    {
        site_value.class_ = value.class_;
        site_value.region = region;
        site_value.payer = payer;
        site_value.label = "";
        value.site = &site_value;
        return *this;
    }

    Destination &via(eg_via_kind kind, const char *zone = "")
    {
        if (value.site == nullptr)
            site();
        eg_via &way = site_value.via[site_value.via_count++];
        way.kind = kind;
        snprintf(way.zone, sizeof way.zone, "%s", zone);
        return *this;
    }
};

struct Vm {
    eg_test::Handle<eg_rate_card, eg_rate_card_free> card;
    std::string provider;
    std::string region;
    eg_pricing pricing{};
    std::vector<eg_month> months;
    eg_charges charges{};

    explicit Vm(std::string region_name, eg_routing routing = EG_ROUTING_MICROSOFT,
                std::string provider_name = "azure")
        : provider(provider_name), region(region_name)
    {
        EXPECT_EQ(eg_rate_card_new(provider.c_str(), out(card)), EG_OK);
        pricing.card = card.get();
        pricing.provider = provider.c_str();
        pricing.region = eg_region_find(provider.c_str(), region.c_str());
        pricing.region_name = region.c_str();
        pricing.routing = routing;
    }

    void month(const char *class_, uint64_t gb)
    {
        eg_month used{};
        snprintf(used.class_, sizeof used.class_, "%s", class_);
        used.gb = gb;
        months.push_back(used);
        pricing.months = months.data();
        pricing.month_count = months.size();
    }

    void rates(const std::string &rows)
    {
        const std::string text = "class,scope,dest_scope,routing,direction,tier_from_gb,price,"
                                 "per_gb,currency\n" +
                                 rows;
        eg_error error{};
        ASSERT_EQ(
            eg_rate_card_load_text(card.get(), text.data(), text.size(), "r.csv", nullptr, &error),
            EG_OK)
            << eg_test::text(error);
    }

    /* "0.01 out + 0.01 in", "0.045 both", "none" for no charge, or "unpriced". */
    std::string price(const Destination &destination)
    {
        eg_destination value = destination.value;
        if (value.site != nullptr)
            value.site = &destination.site_value;
        eg_charges_of(&pricing, &value, &charges);
        if (!charges.priced)
            return charges.count == 0 ? "unpriced" : "unpriced, with charges";
        std::string text;
        for (size_t i = 0; i < charges.count; i++) {
            static const char *const directions[] = {"", " out", " in", " both"};
            char number[EG_MONEY_TEXT_MAX];
            text += text.empty() ? "" : " + ";
            text += eg_rate_number(charges.charge[i].rate->nano_per_gb, number);
            text += directions[charges.charge[i].direction];
        }
        return text.empty() ? "none" : text;
    }

    /* What `out_bytes` sent and `in_bytes` received cost at the charges of the last price(). */
    std::string cost(uint64_t out_bytes, uint64_t in_bytes = 0) const
    {
        eg_money sum{};
        for (size_t i = 0; i < charges.count; i++) {
            const eg_charge &charge = charges.charge[i];
            const uint64_t bytes = (charge.direction & EG_CHARGE_EGRESS ? out_bytes : 0) +
                                   (charge.direction & EG_CHARGE_INGRESS ? in_bytes : 0);
            sum = eg_money_add(sum, eg_money_of(bytes, charge.rate->nano_per_gb));
        }
        char text[EG_MONEY_TEXT_MAX];
        return eg_money_text(sum, 12, text);
    }

    /* What a GB that is sent bears, in nano-units. */
    uint64_t egress_rate() const
    {
        uint64_t sum = 0;
        for (size_t i = 0; i < charges.count; i++)
            sum += charges.charge[i].direction & EG_CHARGE_EGRESS
                       ? charges.charge[i].rate->nano_per_gb
                       : 0;
        return sum;
    }

    unsigned marks() const
    {
        return charges.marks;
    }
};

Destination internet()
{
    return Destination(EG_CLASS_INTERNET);
}

/* ---- internet ---- */

TEST(Charges, InternetIsChargedByTheZoneAndRoutingOfTheVm)
{
    struct {
        const char *region;
        const char *microsoft;
        const char *isp;
    } const regions[] = {
        {"eastus", "0.087 out", "0.08 out"},       /* zone 1 */
        {"westeurope", "0.087 out", "0.08 out"},   /* zone 1 */
        {"japaneast", "0.12 out", "0.11 out"},     /* zone 2 */
        {"australiaeast", "0.12 out", "0.11 out"}, /* zone 2 */
        {"brazilsouth", "0.181 out", "0.12 out"},  /* zone 3 */
        {"uaenorth", "0.181 out", "0.12 out"},     /* zone 3 */
    };
    for (const auto &region : regions) {
        Vm microsoft(region.region);
        EXPECT_EQ(microsoft.price(internet()), region.microsoft) << region.region;
        EXPECT_EQ(microsoft.marks(), 0u);
        Vm isp(region.region, EG_ROUTING_INTERNET);
        EXPECT_EQ(isp.price(internet()), region.isp) << region.region;
        EXPECT_EQ(isp.marks(), 0u);
    }
}

TEST(Charges, OneByteAndTenPebibytesAreExactToTheLastDecimal)
{
    /* One byte is rate / 1,073,741,824; 10 PiB are rate x 10,485,760 (10 x 2^20 GB). */
    struct {
        const char *region;
        eg_routing routing;
        const char *byte;
        const char *ten_pib;
    } const costs[] = {
        /* 0.087: 8.1025e-11; 912,261.12 */
        {"eastus", EG_ROUTING_MICROSOFT, "0.000000000081", "912261.120000000000"},
        /* 0.08: 7.4506e-11; 838,860.8 */
        {"eastus", EG_ROUTING_INTERNET, "0.000000000075", "838860.800000000000"},
        /* 0.12: 1.11759e-10; 1,258,291.2 */
        {"japaneast", EG_ROUTING_MICROSOFT, "0.000000000112", "1258291.200000000000"},
        /* 0.11: 1.02445e-10; 1,153,433.6 */
        {"japaneast", EG_ROUTING_INTERNET, "0.000000000102", "1153433.600000000000"},
        /* 0.181: 1.68569e-10; 1,897,922.56 */
        {"brazilsouth", EG_ROUTING_MICROSOFT, "0.000000000169", "1897922.560000000000"},
        /* 0.1155: 1.07568e-10; 1,211,105.28 */
        {"newzealandnorth", EG_ROUTING_INTERNET, "0.000000000108", "1211105.280000000000"},
    };
    for (const auto &expected : costs) {
        Vm vm(expected.region, expected.routing);
        ASSERT_NE(vm.price(internet()), "unpriced") << expected.region;
        EXPECT_EQ(vm.cost(1), expected.byte) << expected.region;
        EXPECT_EQ(vm.cost(10 * PIB), expected.ten_pib) << expected.region;
        EXPECT_EQ(vm.cost(0, 10 * PIB), "0.000000000000") << "what comes in is free";
    }
}

TEST(Charges, TheMonthSoFarChoosesTheTier)
{
    const std::pair<uint64_t, const char *> tiers[] = {
        {0, "0 out"},         {99, "0 out"},        {100, "0.087 out"},   {101, "0.087 out"},
        {10334, "0.087 out"}, {10335, "0.083 out"}, {10336, "0.083 out"}, {51294, "0.083 out"},
        {51295, "0.07 out"},  {51296, "0.07 out"},  {153694, "0.07 out"}, {153695, "0.05 out"},
        {153696, "0.05 out"}, {512094, "0.05 out"}, {512095, "0.05 out"}, {UINT64_MAX, "0.05 out"},
    };
    for (const auto &tier : tiers) {
        Vm vm("eastus");
        vm.month("internet", tier.first);
        EXPECT_EQ(vm.price(internet()), tier.second) << tier.first;
    }
}

TEST(Charges, AMonthIsOfItsClassOnly)
{
    Vm vm("eastus");
    vm.month("inter-continent", 4);
    vm.month("private-endpoint", 1000000);
    EXPECT_EQ(vm.price(internet()), "0.087 out");
    EXPECT_EQ(vm.price(Destination(EG_CLASS_INTER_CONTINENT, "japaneast")), "0 out");
    EXPECT_EQ(vm.price(Destination(EG_CLASS_PRIVATE_ENDPOINT).site("eastus")),
              "0.006 out + 0.006 in");
}

TEST(Charges, AnUnknownRegionIsPricedAtZoneOneAndSaysSo)
{
    Vm vm("");
    EXPECT_EQ(vm.price(internet()), "0.087 out");
    EXPECT_EQ(vm.marks(), unsigned{EG_PRICE_ZONE_ASSUMED});
    Vm isp("", EG_ROUTING_INTERNET);
    EXPECT_EQ(isp.price(internet()), "0.08 out");
    EXPECT_EQ(isp.marks(), unsigned{EG_PRICE_ZONE_ASSUMED});
}

TEST(Charges, NothingIsAssumedWhereOneRateIsForEverywhere)
{
    Vm vm("");
    vm.rates("internet,*,*,*,egress,0,0.05,1,USD\n");
    EXPECT_EQ(vm.price(internet()), "0.05 out");
    EXPECT_EQ(vm.marks(), 0u);
}

TEST(Charges, ARegionWhoseZoneIsAssumedSaysSo)
{
    /* New Zealand North: zone 2 by continent only, but a ladder of its own for ISP routing. */
    Vm vm("newzealandnorth");
    EXPECT_EQ(vm.price(internet()), "0.12 out");
    EXPECT_EQ(vm.marks(), unsigned{EG_PRICE_REGION_ASSUMED});
    Vm isp("newzealandnorth", EG_ROUTING_INTERNET);
    EXPECT_EQ(isp.price(internet()), "0.1155 out");
    EXPECT_EQ(isp.marks(), 0u);
    EXPECT_EQ(vm.price(Destination(EG_CLASS_PEERING).site()), "0.01 out + 0.01 in");
    EXPECT_EQ(vm.marks(), 0u) << "that rate hangs on no zone";
    /* Chile Central's meter of ISP routing is known to cost 0.08 at first, that of its default
     * routing not at all: zone 3 by continent. */
    Vm chile("chilecentral");
    EXPECT_EQ(chile.price(internet()), "0.181 out");
    EXPECT_EQ(chile.marks(), unsigned{EG_PRICE_REGION_ASSUMED});
    Vm chile_isp("chilecentral", EG_ROUTING_INTERNET);
    EXPECT_EQ(chile_isp.price(internet()), "0.08 out");
    EXPECT_EQ(chile_isp.marks(), 0u);
}

TEST(Charges, ARegionOfNoTableHasOnlyItsOwnRates)
{
    Vm vm("atlantis");
    EXPECT_EQ(vm.price(internet()), "unpriced");
    EXPECT_EQ(vm.marks(), unsigned{EG_PRICE_NONE_RATE});
    EXPECT_STREQ(vm.charges.missing, "internet");
    vm.rates("internet,*,*,*,egress,0,0.06,1,USD\n");
    EXPECT_EQ(vm.price(internet()), "0.06 out");
}

TEST(Charges, AGlobalServiceIsAtMostTheInternetRate)
{
    Vm vm("japaneast");
    EXPECT_EQ(vm.price(Destination(EG_CLASS_PROVIDER_GLOBAL)), "0.12 out");
    EXPECT_EQ(vm.marks(), unsigned{EG_PRICE_UPPER_BOUND});
    Vm unknown("");
    EXPECT_EQ(unknown.price(Destination(EG_CLASS_PROVIDER_GLOBAL)), "0.087 out");
    EXPECT_EQ(unknown.marks(), unsigned{EG_PRICE_UPPER_BOUND} | EG_PRICE_ZONE_ASSUMED);
}

/* ---- between regions ---- */

TEST(Charges, BetweenRegionsTheContinentOfTheVmDecides)
{
    struct {
        const char *region;
        const char *inter_region;
        const char *inter_continent;
    } const continents[] = {
        {"eastus", "0.02 out", "0.05 out"},           /* North America */
        {"westeurope", "0.02 out", "0.05 out"},       /* Europe */
        {"japaneast", "0.08 out", "0.08 out"},        /* Asia */
        {"australiaeast", "0.08 out", "0.08 out"},    /* Oceania */
        {"southafricanorth", "0.08 out", "0.08 out"}, /* Middle East and Africa */
        {"brazilsouth", "0.16 out", "0.16 out"},      /* South America */
    };
    for (const auto &continent : continents) {
        Vm vm(continent.region);
        EXPECT_EQ(vm.price(Destination(EG_CLASS_INTER_REGION, "westus")), continent.inter_region)
            << continent.region;
        /* only North America's rate was seen on a bill */
        const bool billed = std::string(continent.region) == "eastus";
        EXPECT_EQ(vm.marks(), billed ? 0u : unsigned{EG_PRICE_UNCERTAIN});
        EXPECT_EQ(vm.price(Destination(EG_CLASS_INTER_CONTINENT, "uksouth")),
                  continent.inter_continent)
            << continent.region;
        EXPECT_EQ(vm.marks(), unsigned{EG_PRICE_UNCERTAIN});
    }
}

TEST(Charges, TheFirstFiveGigabytesToOtherContinentsAreFree)
{
    const Destination destination(EG_CLASS_INTER_CONTINENT, "westeurope");
    const std::pair<uint64_t, const char *> tiers[] = {
        {4, "0 out"}, {5, "0.05 out"}, {6, "0.05 out"}};
    for (const auto &tier : tiers) {
        Vm vm("eastus");
        vm.month("inter-continent", tier.first);
        EXPECT_EQ(vm.price(destination), tier.second) << tier.first;
    }
}

TEST(Charges, TrafficBetweenRegionsNeedsTheRegionOfTheVm)
{
    Vm vm("");
    for (const eg_class class_ :
         {EG_CLASS_INTER_REGION, EG_CLASS_INTER_CONTINENT, EG_CLASS_REGIONAL}) {
        EXPECT_EQ(vm.price(Destination(class_, "westus")), "unpriced");
        EXPECT_EQ(vm.marks(), unsigned{EG_PRICE_NONE_REGION});
    }
    EXPECT_EQ(vm.egress_rate(), 0u);
}

/* ---- free, and without a price ---- */

TEST(Charges, WhatIsFreeIsPricedAtNothing)
{
    Vm vm("eastus");
    for (const eg_class class_ : {EG_CLASS_PLATFORM, EG_CLASS_FREE}) {
        EXPECT_EQ(vm.price(Destination(class_)), "none");
        EXPECT_EQ(vm.marks(), 0u);
    }
    for (const eg_class class_ : {EG_CLASS_CDN_ORIGIN, EG_CLASS_SAME_REGION, EG_CLASS_VNET}) {
        EXPECT_EQ(vm.price(Destination(class_, "eastus")), "0 both");
        EXPECT_EQ(vm.marks(), 0u);
        EXPECT_EQ(vm.cost(10 * PIB, 10 * PIB), "0.000000000000");
    }
    EXPECT_EQ(vm.price(Destination(EG_CLASS_EXPRESSROUTE).site()), "0 both");
    EXPECT_EQ(vm.marks(), unsigned{EG_PRICE_UNCERTAIN}) << "from memory, if data is unlimited";
}

TEST(Charges, AnUnlistedPrivateAddressHasNoPriceWhateverItCrosses)
{
    Vm vm("eastus");
    EXPECT_EQ(vm.price(Destination(EG_CLASS_PRIVATE)), "unpriced");
    EXPECT_EQ(vm.marks(), unsigned{EG_PRICE_NONE_PRIVATE});
    EXPECT_EQ(vm.price(Destination(EG_CLASS_PRIVATE).via(EG_VIA_NAT_GATEWAY)), "unpriced");
    EXPECT_EQ(vm.marks(), unsigned{EG_PRICE_NONE_PRIVATE});
}

TEST(Charges, AnotherProviderWithoutRatesHasNoPrices)
{
    /* AWS and GCP charge some traffic within a region and between their zones: no class but those
     * that are free by what they are is free without a card that says so. */
    Vm vm("us-east-1", EG_ROUTING_MICROSOFT, "aws");
    EXPECT_EQ(vm.price(Destination(EG_CLASS_PLATFORM)), "none");
    EXPECT_EQ(vm.price(Destination(EG_CLASS_FREE).site()), "none");
    for (const eg_class class_ :
         {EG_CLASS_INTERNET, EG_CLASS_SAME_REGION, EG_CLASS_VNET, EG_CLASS_INTER_REGION,
          EG_CLASS_PROVIDER_GLOBAL, EG_CLASS_PEERING, EG_CLASS_CDN_ORIGIN, EG_CLASS_VPN}) {
        EXPECT_EQ(vm.price(Destination(class_, "us-west-2").site()), "unpriced");
        EXPECT_EQ(vm.marks(), unsigned{EG_PRICE_NONE_RATE}) << eg_class_name(class_);
    }
    EXPECT_STREQ(vm.charges.missing, "internet") << "a vpn without a region is on-premises";
}

TEST(Charges, AnotherProviderIsPricedByRates)
{
    Vm vm("us-east-1", EG_ROUTING_MICROSOFT, "aws");
    vm.rates("internet,*,*,*,egress,0,0,1,USD\n"
             "internet,*,*,*,egress,100,0.09,1,USD\n"
             "same-region,*,*,*,both,0,0.01,1,USD\n");
    EXPECT_EQ(vm.price(internet()), "0.09 out");
    EXPECT_EQ(vm.price(Destination(EG_CLASS_SAME_REGION, "us-east-1")), "0.01 both");
}

/* ---- peering ---- */

TEST(Charges, PeeringIsChargedAtOurEnd)
{
    Vm vm("eastus");
    EXPECT_EQ(vm.price(Destination(EG_CLASS_PEERING).site("eastus")), "0.01 out + 0.01 in");
    EXPECT_EQ(vm.marks(), 0u);
    EXPECT_EQ(vm.egress_rate(), 10000000u);
    /* 10 PiB out: 104,857.6; 1 byte: 9.3e-12; both directions add up */
    EXPECT_EQ(vm.cost(1), "0.000000000009");
    EXPECT_EQ(vm.cost(10 * PIB), "104857.600000000000");
    EXPECT_EQ(vm.cost(10 * PIB, 10 * PIB), "209715.200000000000");
}

TEST(Charges, PeeringPaidAtBothEndsIsChargedTwice)
{
    Vm vm("eastus");
    /* our end: out on what we send, in on what we get; theirs: out on what we get, in on ours */
    EXPECT_EQ(vm.price(Destination(EG_CLASS_PEERING).site("eastus", EG_PAYER_BOTH)),
              "0.01 out + 0.01 in + 0.01 in + 0.01 out");
    EXPECT_EQ(vm.egress_rate(), 20000000u);
    EXPECT_EQ(vm.cost(10 * PIB), "209715.200000000000");
    EXPECT_EQ(vm.cost(10 * PIB, 10 * PIB), "419430.400000000000");
}

TEST(Charges, PeeringInOneRegionNeedsNoRegion)
{
    Vm vm("");
    EXPECT_EQ(vm.price(Destination(EG_CLASS_PEERING).site()), "0.01 out + 0.01 in");
    EXPECT_EQ(vm.marks(), 0u);
}

TEST(Charges, GlobalPeeringIsChargedByThePeeringZoneOfEachEnd)
{
    /* Zones 1, 2, 3: 0.035, 0.09, 0.16. */
    Vm vm("eastus");
    const auto far = [](const char *region, eg_payer payer) {
        return Destination(EG_CLASS_GLOBAL_PEERING, region).site(region, payer);
    };
    EXPECT_EQ(vm.price(far("japaneast", EG_PAYER_SOURCE)), "0.035 out + 0.035 in");
    /* ours out 0.035 and theirs in 0.09 on what we send; theirs out and ours in on what we get */
    EXPECT_EQ(vm.price(far("japaneast", EG_PAYER_BOTH)),
              "0.035 out + 0.035 in + 0.09 in + 0.09 out");
    EXPECT_EQ(vm.egress_rate(), 125000000u);
    EXPECT_EQ(vm.price(far("brazilsouth", EG_PAYER_BOTH)),
              "0.035 out + 0.035 in + 0.16 in + 0.16 out");
    EXPECT_EQ(vm.marks(), 0u);
    Vm brazil("brazilsouth");
    EXPECT_EQ(brazil.price(far("eastus", EG_PAYER_SOURCE)), "0.16 out + 0.16 in");
}

TEST(Charges, ThePeeringZoneCanDifferFromTheBillingZone)
{
    /* Qatar Central: zone 2 for internet, zone 3 for peering. */
    Vm vm("qatarcentral");
    EXPECT_EQ(vm.price(internet()), "0.12 out");
    EXPECT_EQ(vm.price(Destination(EG_CLASS_GLOBAL_PEERING, "eastus").site("eastus")),
              "0.16 out + 0.16 in");
}

TEST(Charges, GlobalPeeringNeedsTheRegionOfTheVm)
{
    Vm vm("");
    EXPECT_EQ(vm.price(Destination(EG_CLASS_GLOBAL_PEERING, "eastus").site("eastus")), "unpriced");
    EXPECT_EQ(vm.marks(), unsigned{EG_PRICE_NONE_REGION});
}

TEST(Charges, TheRegionsTellWhichPeeringItIs)
{
    Vm vm("eastus");
    EXPECT_EQ(vm.price(Destination(EG_CLASS_PEERING, "japaneast").site("japaneast")),
              "0.035 out + 0.035 in");
    EXPECT_EQ(vm.price(Destination(EG_CLASS_GLOBAL_PEERING, "eastus").site("eastus")),
              "0.01 out + 0.01 in");
}

TEST(Charges, AFarRegionWithoutAPeeringZoneHasNoPriceForBothEnds)
{
    Vm vm("eastus");
    EXPECT_EQ(vm.price(Destination(EG_CLASS_GLOBAL_PEERING, "brazilsoutheast")
                           .site("brazilsoutheast", EG_PAYER_BOTH)),
              "unpriced");
    EXPECT_STREQ(vm.charges.missing, "global-peering");
}

/* ---- other classes of a sites file ---- */

TEST(Charges, APrivateEndpointProcessesBothDirections)
{
    const Destination endpoint = Destination(EG_CLASS_PRIVATE_ENDPOINT).site("eastus");
    const std::pair<uint64_t, const char *> tiers[] = {
        {999999, "0.01 out + 0.01 in"},    {1000000, "0.006 out + 0.006 in"},
        {1000001, "0.006 out + 0.006 in"}, {4999999, "0.006 out + 0.006 in"},
        {5000000, "0.004 out + 0.004 in"}, {5000001, "0.004 out + 0.004 in"},
    };
    for (const auto &tier : tiers) {
        Vm vm("eastus");
        EXPECT_EQ(vm.price(endpoint), "0.01 out + 0.01 in");
        EXPECT_EQ(vm.marks(), 0u);
        vm.month("private-endpoint", tier.first);
        EXPECT_EQ(vm.price(endpoint), tier.second) << tier.first;
    }
}

TEST(Charges, AVpnToAnotherRegionIsChargedByTheZoneOfTheVm)
{
    const std::pair<const char *, const char *> zones[] = {
        {"eastus", "0.035 out"}, {"japaneast", "0.09 out"}, {"brazilsouth", "0.16 out"}};
    for (const auto &zone : zones) {
        Vm vm(zone.first);
        EXPECT_EQ(vm.price(Destination(EG_CLASS_VPN, "uksouth").site("uksouth")), zone.second);
        EXPECT_EQ(vm.marks(), 0u);
    }
    Vm unknown("");
    EXPECT_EQ(unknown.price(Destination(EG_CLASS_VPN, "uksouth").site("uksouth")), "unpriced");
    EXPECT_EQ(unknown.marks(), unsigned{EG_PRICE_NONE_REGION});
}

TEST(Charges, AVpnWithinARegionIsFree)
{
    Vm vm("eastus");
    EXPECT_EQ(vm.price(Destination(EG_CLASS_VPN, "eastus").site("eastus")), "0 both");
    EXPECT_EQ(vm.marks(), 0u);
}

TEST(Charges, AVpnToOnPremisesIsChargedAsInternetOfTheMicrosoftNetworkAndUncertain)
{
    Vm vm("japaneast", EG_ROUTING_INTERNET);
    EXPECT_EQ(vm.price(Destination(EG_CLASS_VPN).site()), "0.12 out");
    EXPECT_EQ(vm.marks(), unsigned{EG_PRICE_UNCERTAIN} | EG_PRICE_VPN_AS_INTERNET);
}

/* ---- ways ---- */

TEST(Charges, WhatIsCrossedIsAdded)
{
    Vm vm("eastus");
    EXPECT_EQ(vm.price(internet().via(EG_VIA_NAT_GATEWAY)), "0.087 out + 0.045 both");
    EXPECT_EQ(vm.egress_rate(), 132000000u);
    /* 0.132 x 10,485,760 out, 0.045 x 10,485,760 in: 1,384,120.32 and 471,859.2 */
    EXPECT_EQ(vm.cost(10 * PIB), "1384120.320000000000");
    EXPECT_EQ(vm.cost(0, 10 * PIB), "471859.200000000000");
    EXPECT_EQ(vm.cost(1), "0.000000000123"); /* 0.132 / 2^30 = 1.22935e-10 */

    EXPECT_EQ(vm.price(internet().via(EG_VIA_LB)), "0.087 out + 0.005 both");
    EXPECT_EQ(vm.price(internet().via(EG_VIA_PEERING)), "0.087 out + 0.01 out + 0.01 in");
    EXPECT_EQ(vm.price(internet().site("", EG_PAYER_BOTH).via(EG_VIA_PEERING)),
              "0.087 out + 0.01 out + 0.01 in + 0.01 in + 0.01 out");
    EXPECT_EQ(vm.price(internet().via(EG_VIA_NAT_GATEWAY).via(EG_VIA_LB).via(EG_VIA_PEERING)),
              "0.087 out + 0.045 both + 0.005 both + 0.01 out + 0.01 in");
    EXPECT_EQ(vm.marks(), 0u);
}

TEST(Charges, AFreeClassIsChargedItsWayOnly)
{
    Vm vm("eastus");
    EXPECT_EQ(vm.price(Destination(EG_CLASS_SAME_REGION, "eastus").via(EG_VIA_NAT_GATEWAY)),
              "0 both + 0.045 both");
    EXPECT_EQ(vm.price(Destination(EG_CLASS_FREE).via(EG_VIA_LB)), "0.005 both");
    EXPECT_EQ(vm.price(Destination(EG_CLASS_PLATFORM).via(EG_VIA_NAT_GATEWAY)), "none")
        << "the platform is on the host: nothing is crossed";
}

TEST(Charges, AMeteredCircuitIsChargedByItsZone)
{
    const std::pair<const char *, const char *> zones[] = {
        {"zone1", "0.025 out"}, {"zone2", "0.05 out"}, {"zone3", "0.14 out"}, {"zone4", "0.1 out"}};
    for (const auto &zone : zones) {
        Vm vm("eastus");
        EXPECT_EQ(vm.price(Destination(EG_CLASS_EXPRESSROUTE).via(EG_VIA_ER_METERED, zone.first)),
                  zone.second);
        EXPECT_EQ(vm.marks(), 0u) << "that unlimited data is free does not matter here";
    }
}

TEST(Charges, AFirewallHasNoListPrice)
{
    Vm vm("eastus");
    EXPECT_EQ(vm.price(internet().via(EG_VIA_FIREWALL)), "unpriced");
    EXPECT_EQ(vm.marks(), unsigned{EG_PRICE_NONE_RATE});
    EXPECT_STREQ(vm.charges.missing, "firewall");
    vm.rates("firewall,*,*,*,both,0,0.016,1,USD\n");
    EXPECT_EQ(vm.price(internet().via(EG_VIA_FIREWALL)), "0.087 out + 0.016 both");
}

TEST(Charges, APeeringOnTheWayToAnotherRegionIsGlobal)
{
    Vm vm("eastus");
    EXPECT_EQ(vm.price(Destination(EG_CLASS_PRIVATE_ENDPOINT, "japaneast")
                           .site("japaneast", EG_PAYER_BOTH)
                           .via(EG_VIA_PEERING)),
              "0.01 out + 0.01 in + 0.035 out + 0.035 in + 0.09 in + 0.09 out");
    /* Where ranges alone say where the address is, the peering is to a hub nearby. */
    EXPECT_EQ(vm.price(Destination(EG_CLASS_INTER_REGION, "westus").via(EG_VIA_PEERING)),
              "0.02 out + 0.01 out + 0.01 in");
}

TEST(Charges, EveryWayAtOnceFits)
{
    Vm vm("eastus");
    vm.rates("lb,*,*,*,egress,0,0.001,1,USD\nlb,*,*,*,ingress,0,0.002,1,USD\n");
    EXPECT_EQ(vm.price(Destination(EG_CLASS_PEERING)
                           .site("eastus", EG_PAYER_BOTH)
                           .via(EG_VIA_PEERING)
                           .via(EG_VIA_PEERING)
                           .via(EG_VIA_PEERING)
                           .via(EG_VIA_LB)),
              "0.01 out + 0.01 in + 0.01 in + 0.01 out + 0.01 out + 0.01 in + 0.01 in + 0.01 out + "
              "0.01 out + 0.01 in + 0.01 in + 0.01 out + 0.01 out + 0.01 in + 0.01 in + 0.01 out + "
              "0.001 out + 0.002 in");
}

/* ---- the whole way from an address ---- */

TEST(Charges, TheRowsOfASitesFileCostWhatTheManualSays)
{
    /* docs/prices.md, "Your own network" */
    const std::string text =
        "prefix,class,region,via,payer,label\n"
        "10.1.0.0/16,vnet,,,,our own network\n"
        "10.0.0.0/16,peering,eastus,,both,hub\n"
        "10.40.0.0/16,global-peering,westeurope,,source,partner\n"
        "10.1.9.4/32,private-endpoint,eastus,,,SQL database\n"
        "192.168.0.0/16,expressroute,,er-metered:zone1,,head office\n"
        "192.168.7.0/24,vpn,,,,branch\n"
        "0.0.0.0/0,auto,,nat-gateway,,all that is public leaves through the NAT gateway\n";
    eg_test::Handle<eg_ranges, eg_ranges_free> ranges;
    eg_test::Handle<eg_sites, eg_sites_free> sites;
    eg_error error{};
    ASSERT_EQ(eg_ranges_new(out(ranges)), EG_OK);
    ASSERT_EQ(eg_sites_load_text(text.data(), text.size(), "sites.csv", "azure", ranges.get(),
                                 out(sites), &error),
              EG_OK)
        << eg_test::text(error);
    const eg_vantage vantage = {"azure", "eastus", ranges.get(), sites.get()};
    const std::pair<const char *, const char *> prices[] = {
        {"10.1.2.3", "0"},         {"10.0.5.5", "0.02"}, /* out here and in at the hub */
        {"10.40.1.1", "0.035"},                          /* our end of a global peering, zone 1 */
        {"10.1.9.4", "0.01"},      /* longest prefix: the endpoint, not the network */
        {"192.168.1.1", "0.025"},  /* metered circuit */
        {"192.168.7.7", "0.087"},  /* VPN to on-premises, as internet */
        {"8.8.8.8", "0.132"},      /* internet and NAT gateway */
        {"40.79.154.83", "0.045"}, /* a service in eastus: the NAT gateway alone */
        {"10.99.0.1", "unpriced"}, {"168.63.129.16", "0"},
    };
    Vm vm("eastus");
    for (const auto &price : prices) {
        const eg_address address = eg_test::address(price.first);
        eg_destination destination{};
        eg_classify(&vantage, &address, &destination);
        eg_charges_of(&vm.pricing, &destination, &vm.charges);
        char number[EG_MONEY_TEXT_MAX];
        const uint64_t rate = vm.egress_rate();
        EXPECT_STREQ(vm.charges.priced ? eg_rate_number(rate, number) : "unpriced", price.second)
            << price.first;
    }
}

} // namespace
