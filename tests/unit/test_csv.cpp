#include <gtest/gtest.h>

#include "eg_test.h"

#include "base/csv.h"

using eg_test::Handle;
using eg_test::text;

static const char *const columns[] = {"prefix", "class", "?region"};
constexpr size_t COLUMNS = 3;

// Rows as "prefix|class|region", then the first error, if any, as its text.
static std::vector<std::string> read_all(const std::string &content)
{
    Handle<eg_csv, eg_csv_free> csv;
    eg_error error{};
    std::vector<std::string> rows;
    auto status = eg_csv_new(content.data(), content.size(), "f.csv", columns, COLUMNS,
                             eg_test::out(csv), &error);
    eg_csv_field fields[COLUMNS];
    bool more = true;
    while (status == EG_OK && more) {
        status = eg_csv_next(csv.get(), fields, &more, &error);
        if (status == EG_OK && more)
            rows.push_back(std::string(fields[0].text) + "|" + fields[1].text + "|" +
                           fields[2].text);
    }
    if (status != EG_OK)
        rows.push_back(text(error));
    return rows;
}

using Rows = std::vector<std::string>;

TEST(Csv, FieldsComeInTheOrderOfTheReaderNotOfTheFile)
{
    EXPECT_EQ(read_all("region,prefix,class\neastus,10.0.0.0/8,vnet\n"),
              Rows{"10.0.0.0/8|vnet|eastus"});
}

TEST(Csv, AnAbsentOptionalColumnIsEmpty)
{
    EXPECT_EQ(read_all("class,prefix\nvnet,1\n"), Rows{"1|vnet|"});
}

TEST(Csv, EmptyLinesAndCommentsAreSkipped)
{
    EXPECT_EQ(read_all("# made, by \"hand\n\nprefix,class\n\n \t \n# one\n1,a\n\r\n#\n2,b\n\n"),
              (Rows{"1|a|", "2|b|"}));
}

TEST(Csv, LinesMayEndInCrLfAndTheLastInNothing)
{
    EXPECT_EQ(read_all("prefix,class\r\n1,a\r\n2,b"), (Rows{"1|a|", "2|b|"}));
    EXPECT_EQ(read_all("prefix,class\n1,"), Rows{"1||"});
}

TEST(Csv, AByteOrderMarkIsNotPartOfTheFirstName)
{
    EXPECT_EQ(read_all("\xef\xbb\xbfprefix,class\n1,a\n"), Rows{"1|a|"});
    EXPECT_EQ(read_all("\xef\xbb\xbf\"prefix\",class\n1,a\n"), Rows{"1|a|"});
}

TEST(Csv, BlanksAroundFieldsAreTrimmedAndInsideQuotesKept)
{
    EXPECT_EQ(read_all("prefix , class\n  a b\t,\t\" c \"  \n"), Rows{"a b| c |"});
    EXPECT_EQ(read_all("prefix,class\n  ,  \t\n"), Rows{"||"}) << "a row all the same";
}

TEST(Csv, QuotedFieldsHoldSeparatorsQuotesAndLines)
{
    EXPECT_EQ(read_all("prefix,class\n\"a,b\",\"say \"\"hi\"\"\"\n\"x\r\ny\",\"\"\n"),
              (Rows{"a,b|say \"hi\"|", "x\r\ny||"}));
    EXPECT_EQ(read_all("prefix,class\n\"\n# no comment\n\",2\n"), Rows{"\n# no comment\n|2|"});
}

// Where each field of the second row begins, counted by hand.
TEST(Csv, FieldsKnowTheirLineAndColumn)
{
    const std::string content = "\xef\xbb\xbf# comment\r\n"  // line 1
                                "class,prefix,region\r\n"    // 2
                                "\r\n"                       // 3
                                "\"two\r\n"                  // 4: class
                                "lines\"  , 10.0.0.0/8,\r\n" // 5: prefix, region
                                "x,y,  \"z\"";               // 6
    Handle<eg_csv, eg_csv_free> csv;
    eg_error error{};
    ASSERT_EQ(eg_csv_new(content.data(), content.size(), "f.csv", columns, COLUMNS,
                         eg_test::out(csv), &error),
              EG_OK)
        << text(error);
    eg_csv_field fields[COLUMNS];
    bool more = false;
    const auto place = [&](size_t i) {
        return std::to_string(fields[i].line) + ":" + std::to_string(fields[i].column);
    };
    ASSERT_EQ(eg_csv_next(csv.get(), fields, &more, &error), EG_OK);
    EXPECT_EQ(eg_csv_line(csv.get()), 4u);
    EXPECT_EQ(place(1), "4:1");
    EXPECT_EQ(place(0), "5:11"); // lines"..,. is ten bytes
    EXPECT_EQ(place(2), "5:22"); // 10.0.0.0/8, is eleven
    EXPECT_EQ(fields[0].length, 10u);
    EXPECT_STREQ(fields[1].text, "two\r\nlines");
    ASSERT_EQ(eg_csv_next(csv.get(), fields, &more, &error), EG_OK);
    EXPECT_EQ(eg_csv_line(csv.get()), 6u);
    EXPECT_EQ(place(1), "6:1");
    EXPECT_EQ(place(0), "6:3");
    EXPECT_EQ(place(2), "6:7"); // at the quote
    ASSERT_EQ(eg_csv_next(csv.get(), fields, &more, &error), EG_OK);
    EXPECT_FALSE(more);
    EXPECT_STREQ(fields[0].text, "y") << "the end writes no fields";
}

TEST(Csv, AnErrorAtAFieldNamesItsPlace)
{
    const std::string content = "prefix,class,region\n1, vnet,\n";
    Handle<eg_csv, eg_csv_free> csv;
    eg_error error{};
    ASSERT_EQ(eg_csv_new(content.data(), content.size(), "a/sites.csv", columns, COLUMNS,
                         eg_test::out(csv), &error),
              EG_OK);
    eg_csv_field fields[COLUMNS];
    bool more;
    ASSERT_EQ(eg_csv_next(csv.get(), fields, &more, &error), EG_OK);
    EXPECT_EQ(eg_csv_fail(csv.get(), &fields[1], EG_ERR_VALUE, &error, "unknown class '%s'",
                          fields[1].text),
              EG_ERR_VALUE);
    EXPECT_EQ(text(error), "'a/sites.csv':2:4: unknown class 'vnet'");
}

TEST(Csv, AnAbsentColumnHasALineButNoColumn)
{
    const std::string content = "prefix,class\n\n1,a\n";
    Handle<eg_csv, eg_csv_free> csv;
    eg_error error{};
    ASSERT_EQ(eg_csv_new(content.data(), content.size(), "f.csv", columns, COLUMNS,
                         eg_test::out(csv), &error),
              EG_OK);
    eg_csv_field fields[COLUMNS];
    bool more;
    ASSERT_EQ(eg_csv_next(csv.get(), fields, &more, &error), EG_OK);
    eg_csv_fail(csv.get(), &fields[2], EG_ERR_VALUE, &error, "needs a region");
    EXPECT_EQ(text(error), "'f.csv':3: needs a region");
}

TEST(Csv, ColumnsAreKnownRequiredAndUnique)
{
    const std::string expected = ": expected prefix,class,region (optional)";
    EXPECT_EQ(read_all("prefix,class,price\n"),
              Rows{"'f.csv':1:14: unknown column 'price'" + expected});
    EXPECT_EQ(read_all("# c\nprefix,class, prefix\n"),
              Rows{"'f.csv':2:15: duplicate column 'prefix'" + expected});
    EXPECT_EQ(read_all("\nregion,prefix\n1,2\n"),
              Rows{"'f.csv':2:1: missing column 'class'" + expected});
    EXPECT_EQ(read_all("Prefix,class\n"), Rows{"'f.csv':1:1: unknown column 'Prefix'" + expected});
    EXPECT_EQ(read_all("prefix,class,\n"), Rows{"'f.csv':1:14: unknown column ''" + expected});
    EXPECT_EQ(read_all(""), Rows{"'f.csv':1:1: missing column 'prefix'" + expected});
    EXPECT_EQ(read_all("# nothing\n"), Rows{"'f.csv':2:1: missing column 'prefix'" + expected});
}

TEST(Csv, RowsAreAsWideAsTheHeader)
{
    EXPECT_EQ(read_all("prefix,class\n1,a\n22,b,c\n"),
              (Rows{"1|a|", "'f.csv':3:6: the row has more fields than the header's 2"}));
    EXPECT_EQ(read_all("prefix,class\n1\n"),
              Rows{"'f.csv':2:1: the row has fewer fields than the header's 2"});
    EXPECT_EQ(read_all("prefix,class,region\n1,22\n"),
              Rows{"'f.csv':2:3: the row has fewer fields than the header's 3"});
    EXPECT_EQ(read_all("prefix,class\n1,a,\n"),
              Rows{"'f.csv':2:5: the row has more fields than the header's 2"});
}

TEST(Csv, BrokenQuotesAreErrorsWhereTheyBreak)
{
    EXPECT_EQ(read_all("prefix,class\n1, \"open\n2,b\n"),
              Rows{"'f.csv':2:4: a quoted field does not end"});
    EXPECT_EQ(read_all("prefix,class\n\"a\nb\" x,1\n"),
              Rows{"'f.csv':3:4: text behind the closing quote of a field"});
    EXPECT_EQ(read_all("prefix,class\n1,a\"b\n"),
              Rows{"'f.csv':2:4: a quote inside a field that does not start with one"});
}

TEST(Csv, ACarriageReturnAloneEndsNoLine)
{
    EXPECT_EQ(read_all("prefix,class\n1,a\r2,b\n"),
              Rows{"'f.csv':2:4: a carriage return without a line feed"});
    EXPECT_EQ(read_all("prefix,class\n1,a\r"),
              Rows{"'f.csv':2:4: a carriage return without a line feed"});
}

TEST(Csv, ANulByteIsAnErrorWhereverItIs)
{
    const std::string message = " a NUL byte in the text; expected UTF-8";
    EXPECT_EQ(read_all(std::string("prefix,class\n1,a\0b\n", 18)), Rows{"'f.csv':2:4:" + message});
    EXPECT_EQ(read_all(std::string("p\0r\0", 4)), Rows{"'f.csv':1:2:" + message});
    EXPECT_EQ(read_all(std::string("prefix,class\n# \0\n", 17)), Rows{"'f.csv':2:3:" + message});
}

TEST(Csv, ABytePastUtf8IsAnErrorWhereverItIs)
{
    // "Zürich" in Latin-1, and UTF-8 (RFC 3629) that ends in the middle of a letter
    const std::string message = " a byte of another encoding in the text; expected UTF-8";
    EXPECT_EQ(read_all("prefix,class\n1,Z\xfcrich\n"), Rows{"'f.csv':2:4:" + message});
    EXPECT_EQ(read_all("prefix,class\n1,Z\xc3"), Rows{"'f.csv':2:4:" + message});
    EXPECT_EQ(read_all("prefix,class\n1,Z\xc3\xbcrich\n"), Rows{"1|Z\xc3\xbcrich|"});
}

TEST(Csv, TooManyColumnsForTheReaderIsALimit)
{
    const std::vector<const char *> many(EG_CSV_COLUMNS_MAX + 1, "?x");
    eg_csv *csv = nullptr;
    eg_error error{};
    EXPECT_EQ(eg_csv_new("", 0, "f.csv", many.data(), many.size(), &csv, &error), EG_ERR_LIMIT);
    EXPECT_EQ(csv, nullptr);
}

TEST(Csv, FreeingNothingIsSafe)
{
    eg_csv_free(nullptr);
}

static std::string written(const std::string &field)
{
    eg_test::Output output;
    eg_csv_write_field(output.sink(), field.c_str());
    return output.text();
}

// RFC 4180, 2.6 and 2.7, and what the reader would trim or skip
TEST(Csv, FieldsAreQuotedOnlyWhenTheyMustBe)
{
    EXPECT_EQ(written(""), "");
    EXPECT_EQ(written("two words"), "two words");
    EXPECT_EQ(written("a,b"), "\"a,b\"");
    EXPECT_EQ(written("say \"hi\""), "\"say \"\"hi\"\"\"");
    EXPECT_EQ(written("\""), "\"\"\"\"");
    EXPECT_EQ(written("a\nb"), "\"a\nb\"");
    EXPECT_EQ(written("a\rb"), "\"a\rb\"");
    EXPECT_EQ(written(" a"), "\" a\"");
    EXPECT_EQ(written("a\t"), "\"a\t\"");
    EXPECT_EQ(written("#1"), "\"#1\"");
    EXPECT_EQ(written("a#1"), "a#1");
}

TEST(Csv, WhatIsWrittenReadsBack)
{
    for (const char *field : {"", " ", "a,b", "\"", "\"\"", "a\r\nb", "#", "\t#", "x", "\xc3\xa9"})
        EXPECT_EQ(read_all("prefix,class\n" + written(field) + ",1\n"),
                  Rows{std::string(field) + "|1|"});
}
