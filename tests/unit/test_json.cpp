#include <gtest/gtest.h>

#include "eg_test.h"

#include "base/json.h"

using eg_test::Handle;
using eg_test::Output;
using eg_test::text;

using Json = Handle<eg_json, eg_json_free>;

static Json parse(const std::string &document)
{
    Json json;
    eg_error error{};
    EXPECT_EQ(eg_json_parse(document.data(), document.size(), "f.json", eg_test::out(json), &error),
              EG_OK)
        << text(error);
    return json;
}

static std::string failure(const std::string &document)
{
    Json json;
    eg_error error{};
    if (eg_json_parse(document.data(), document.size(), "f.json", eg_test::out(json), &error) ==
        EG_OK)
        return "parsed";
    EXPECT_EQ(json, nullptr);
    EXPECT_EQ(error.status, EG_ERR_SYNTAX);
    return text(error);
}

TEST(Json, MembersElementsAndStringsAreFound)
{
    const Json json = parse(R"({"values":[{"name":"a"},{"name":"b\u00e9\n"}],"n":1,"z":null})");
    const eg_json_value *root = eg_json_root(json.get());
    const eg_json_value *values = eg_json_member(root, "values");
    ASSERT_TRUE(eg_json_is_array(values));
    const eg_json_value *first = eg_json_first(values);
    const eg_json_value *second = eg_json_next(first);
    EXPECT_STREQ(eg_json_string(eg_json_member(first, "name")), "a");
    EXPECT_STREQ(eg_json_string(eg_json_member(second, "name")), "b\xc3\xa9\n");
    EXPECT_EQ(eg_json_next(second), nullptr);
    EXPECT_EQ(eg_json_string(eg_json_member(root, "n")), nullptr);
    EXPECT_EQ(eg_json_string(eg_json_member(root, "z")), nullptr);
}

TEST(Json, NamesHaveExactCase)
{
    const Json json = parse(R"({"Name":"a"})");
    EXPECT_EQ(eg_json_member(eg_json_root(json.get()), "name"), nullptr);
    EXPECT_NE(eg_json_member(eg_json_root(json.get()), "Name"), nullptr);
}

TEST(Json, EveryGetterTakesAbsence)
{
    EXPECT_EQ(eg_json_root(nullptr), nullptr);
    EXPECT_EQ(eg_json_member(nullptr, "a"), nullptr);
    EXPECT_EQ(eg_json_first(nullptr), nullptr);
    EXPECT_EQ(eg_json_next(nullptr), nullptr);
    EXPECT_EQ(eg_json_string(nullptr), nullptr);
    EXPECT_FALSE(eg_json_is_array(nullptr));
    eg_json_free(nullptr);
}

TEST(Json, GettersOfTheWrongKindFindNothing)
{
    const Json json = parse(R"({"array":["x"],"object":{"a":"y"},"string":"z","empty":[]})");
    const eg_json_value *root = eg_json_root(json.get());
    EXPECT_EQ(eg_json_member(eg_json_member(root, "array"), "x"), nullptr);
    EXPECT_EQ(eg_json_member(eg_json_member(root, "string"), "z"), nullptr);
    EXPECT_EQ(eg_json_first(eg_json_member(root, "object")), nullptr);
    EXPECT_EQ(eg_json_first(eg_json_member(root, "string")), nullptr);
    EXPECT_EQ(eg_json_first(eg_json_member(root, "empty")), nullptr);
    EXPECT_FALSE(eg_json_is_array(root));
}

TEST(Json, WhitespaceAndAByteOrderMarkAround)
{
    EXPECT_TRUE(eg_json_is_array(eg_json_root(parse("\xef\xbb\xbf [] \r\n\t").get())));
}

TEST(Json, ASyntaxErrorTellsLineAndColumn)
{
    EXPECT_EQ(failure("{\"a\": 1,\n \"b\": oops}\n"), "'f.json':2:7: not valid JSON at 'oops}'");
    EXPECT_EQ(failure("[1,\n2\n3]"), "'f.json':3:1: not valid JSON at '3]'");
    EXPECT_EQ(failure("[] x"), "'f.json':1:4: not valid JSON at 'x'");
    EXPECT_EQ(failure("{}\n{}"), "'f.json':2:1: not valid JSON at '{}'");
    EXPECT_EQ(failure("{\"a\":1,\n}"), "'f.json':2:1: not valid JSON at '}'");
    EXPECT_EQ(failure("{\"a\":1,}"), "'f.json':1:8: not valid JSON at '}'");
}

TEST(Json, ATextThatStopsShortSaysSo)
{
    EXPECT_EQ(failure(""), "'f.json':1:1: not valid JSON: it ends too early");
    EXPECT_EQ(failure(" \n"), "'f.json':2:1: not valid JSON: it ends too early");
    EXPECT_EQ(failure("[1,2"), "'f.json':1:5: not valid JSON: it ends too early");
    EXPECT_EQ(failure("{\"a\":\n"), "'f.json':2:1: not valid JSON: it ends too early");
}

TEST(Json, ANulByteIsAnError)
{
    EXPECT_EQ(failure(std::string("[\"a\0b\"]", 7)), "'f.json':1:4: not valid JSON at a NUL byte");
    EXPECT_EQ(failure(std::string("[1]\0", 4)), "'f.json':1:4: not valid JSON at a NUL byte");
}

TEST(Json, NestingIsBounded)
{
    const auto nested = [](size_t depth) {
        return std::string(depth, '[') + std::string(depth, ']');
    };
    EXPECT_EQ(failure(nested(100)), "parsed");
    EXPECT_NE(failure(nested(100000)), "parsed");
}

TEST(Json, OnlyTheGivenBytesAreRead)
{
    const std::string document = "[1,2]garbage";
    Json json;
    eg_error error{};
    EXPECT_EQ(eg_json_parse(document.data(), 5, "f.json", eg_test::out(json), &error), EG_OK);
}

// ---- writer ----

static void write_sample(eg_json_writer *w)
{
    eg_json_open(w, nullptr, '{');
    eg_json_put_string(w, "name", "a");
    eg_json_open(w, "empty", '[');
    eg_json_close(w, ']');
    eg_json_open(w, "list", '[');
    eg_json_put_u64(w, nullptr, UINT64_MAX);
    eg_json_put_number(w, nullptr, "0.087");
    eg_json_open(w, nullptr, '{');
    eg_json_put_bool(w, "yes", true);
    eg_json_put_bool(w, "no", false);
    eg_json_close(w, '}');
    eg_json_close(w, ']');
    eg_json_put_null(w, "nothing");
    eg_json_close(w, '}');
}

TEST(JsonWriter, WithoutIndentEverythingIsOnOneLine)
{
    Output output;
    eg_json_writer writer;
    eg_json_begin(&writer, output.sink(), 0);
    write_sample(&writer);
    EXPECT_EQ(output.text(), R"({"name":"a","empty":[],"list":[18446744073709551615,0.087,)"
                             R"({"yes":true,"no":false}],"nothing":null})");
}

TEST(JsonWriter, IndentsLevels)
{
    Output output;
    eg_json_writer writer;
    eg_json_begin(&writer, output.sink(), 2);
    write_sample(&writer);
    EXPECT_EQ(output.text(), "{\n"
                             "  \"name\": \"a\",\n"
                             "  \"empty\": [],\n"
                             "  \"list\": [\n"
                             "    18446744073709551615,\n"
                             "    0.087,\n"
                             "    {\n"
                             "      \"yes\": true,\n"
                             "      \"no\": false\n"
                             "    }\n"
                             "  ],\n"
                             "  \"nothing\": null\n"
                             "}");
}

static std::string quoted(const std::string &content)
{
    Output output;
    eg_json_writer writer;
    eg_json_begin(&writer, output.sink(), 0);
    eg_json_put_string(&writer, nullptr, content.c_str());
    return output.text();
}

// RFC 8259, 7
TEST(JsonWriter, StringsAreEscaped)
{
    EXPECT_EQ(quoted(""), R"("")");
    EXPECT_EQ(quoted("a\"b\\c/d"), R"("a\"b\\c/d")");
    EXPECT_EQ(quoted("\b\f\n\r\t"), R"("\b\f\n\r\t")");
    EXPECT_EQ(quoted("\x01\x1f\x7f"), R"("\u0001\u001f\u007f")");
    Output output;
    eg_json_writer writer;
    eg_json_begin(&writer, output.sink(), 0);
    eg_json_open(&writer, nullptr, '{');
    eg_json_put_null(&writer, "a\"\n");
    eg_json_close(&writer, '}');
    EXPECT_EQ(output.text(), R"({"a\"\n":null})");
}

// As controls are; whoever parses it gets the same letters.
TEST(JsonWriter, MarksThatTurnTextAroundAreSpelledOut)
{
    EXPECT_EQ(quoted("a\u202e\u2069\u061c\u009b\x7f"), R"("a\u202e\u2069\u061c\u009b\u007f")");
    EXPECT_EQ(quoted("\u202f\u2065\u200d\u00a0"), "\"\u202f\u2065\u200d\u00a0\"");
}

// RFC 3629, 4: the first and last of each form pass, their neighbours do not
TEST(JsonWriter, OnlyUtf8PassesThrough)
{
    EXPECT_EQ(quoted("\xc2\x80"), R"("\u0080")") << "a control character is spelled out";
    for (const char *good : {"\xc2\xa0", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80",
                             "\xef\xbf\xbf", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"})
        EXPECT_EQ(quoted(good), "\"" + std::string(good) + "\"");
    const std::string replaced = "\xef\xbf\xbd";
    const struct {
        const char *bytes;
        size_t replacements;
    } wrong[] = {
        {"\x80", 1},
        {"\xff", 1},
        {"\xc0\x80", 2},
        {"\xc1\xbf", 2},
        {"\xe0\x9f\xbf", 3},
        {"\xed\xa0\x80", 3},
        {"\xf0\x8f\xbf\xbf", 4},
        {"\xf4\x90\x80\x80", 4},
        {"\xf5\x80\x80\x80", 4},
        {"\xc3", 1},
        {"\xe2\x82", 2},
        {"\xf0\x9f\x98", 3},
    };
    for (const auto &w : wrong) {
        std::string expected = "\"";
        for (size_t i = 0; i < w.replacements; i++)
            expected += replaced;
        EXPECT_EQ(quoted(w.bytes), expected + "\"");
    }
    EXPECT_EQ(quoted("a\xe2\x82\"b"), "\"a" + replaced + replaced + "\\\"b\"");
}

TEST(JsonWriter, WhatIsWrittenParses)
{
    const std::string content = "a\"\\\b\f\n\r\t\x01\x7f\xc3\xa9/";
    const Json json = parse(quoted(content));
    EXPECT_EQ(eg_json_string(eg_json_root(json.get())), content);
}

TEST(JsonWriter, NestingBeyondItsLimitFailsTheSink)
{
    Output output;
    eg_json_writer writer;
    eg_json_begin(&writer, output.sink(), 0);
    for (int i = 0; i < EG_JSON_DEPTH_MAX - 1; i++)
        eg_json_open(&writer, nullptr, '[');
    EXPECT_EQ(output.sink()->status, EG_OK);
    for (int i = 0; i < 5; i++)
        eg_json_open(&writer, nullptr, '[');
    EXPECT_EQ(output.sink()->status, EG_ERR_LIMIT);
    for (int i = 0; i < EG_JSON_DEPTH_MAX + 10; i++)
        eg_json_close(&writer, ']');
    EXPECT_EQ(output.sink()->status, EG_ERR_LIMIT) << "the first failure stays";
}
