#include "core/dash/document_patch.hpp"
#include "core/dash/patched.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

using namespace continuo;
using dash::Element;

namespace {

Element element_in(std::string_view text) {
    return dash::parse_element(text).value();
}

std::string const document =
    R"(<a b="1"><c id="x"/><c id="y" k="2">text<S t="0" d="4"/><S d="5"/></c><d/></a>)";

/// The document after one operation, or what was wrong.
std::string after(std::string_view operation, std::string_view before = document) {
    auto const made = dash::patched(element_in(before), std::vector{element_in(operation)});
    return made ? dash::bare_text(*made) : to_text(made.error());
}

std::string same(std::string_view text) {
    return dash::bare_text(element_in(text));
}

} // namespace

TEST_CASE("patched: each operation does what its selector says") {
    CHECK(after(R"(<replace sel="/a/@b">2</replace>)", "<a b='1'/>") == same("<a b='2'/>"));
    CHECK(after(R"(<remove sel="/a/@b"/>)", "<a b='1'/>") == same("<a/>"));
    CHECK(after(R"(<add sel="/a" type="@c">2</add>)", "<a/>") == same("<a c='2'/>"));
    CHECK(after(R"(<remove sel="/a/c[@id='x']"/>)", "<a><c id='x'/><c/></a>") ==
          same("<a><c/></a>"));
    CHECK(after(R"(<remove sel="/a/c[2]"/>)", "<a><c/><d/><c k='1'/></a>") ==
          same("<a><c/><d/></a>"));
    CHECK(after(R"(<remove sel='/a/c[@k="]"][1]'/>)", "<a><c/><c k=']'/></a>") ==
          same("<a><c/></a>"));
    CHECK(after("<add sel='/a'><c/><d/></add>", "<a><b/></a>") == same("<a><b/><c/><d/></a>"));
    CHECK(after("<add sel='/a' pos='prepend'><c/></add>", "<a><b/></a>") ==
          same("<a><c/><b/></a>"));
    CHECK(after("<add sel='/a/b' pos='before'><c/></add>", "<a><b/></a>") ==
          same("<a><c/><b/></a>"));
    CHECK(after("<add sel='/a/b' pos='after'><c/></add>", "<a><b/><d/></a>") ==
          same("<a><b/><c/><d/></a>"));
    CHECK(after("<replace sel='/a/b'><c/></replace>", "<a><b/></a>") == same("<a><c/></a>"));
    CHECK(after("<replace sel='/a/b/text()'>2</replace>", "<a><b>1</b></a>") ==
          same("<a><b>2</b></a>"));
    CHECK(after("<remove sel='/a/text()'/>", "<a>1</a>") == same("<a/>"));
    CHECK(after("<p:remove sel='/q:a/r:b'/>", "<a><b/></a>") == same("<a/>"));
}

TEST_CASE("patched: what can't be done is an error with its selector") {
    CHECK(after("<remove/>") == "remove without sel: malformed");
    CHECK(after("<remove sel='/a/x'/>") == "sel=\"/a/x\" selects 0 elements: not found");
    CHECK(after("<remove sel='/a/c'/>") == "sel=\"/a/c\" selects 2 elements: not found");
    CHECK(after("<remove sel='/a/c[3]'/>") == "sel=\"/a/c[3]\" selects 0 elements: not found");
    CHECK(after("<remove sel='/a/c[0]'/>") == "sel=\"/a/c[0]\" selects 0 elements: not found");
    CHECK(after("<remove sel='/a/@x'/>") == "sel=\"/a/@x\" selects nothing: not found");
    CHECK(after("<add sel='/a/@b'>1</add>") == "sel=\"/a/@b\": malformed");
    CHECK(after("<add sel='/a' type='b'>1</add>") == "add of type \"b\": malformed");
    CHECK(after("<add sel='/a' pos='inside'><c/></add>") == "pos=\"inside\": malformed");
    CHECK(after("<replace sel='/a/d'/>") == "replace of \"/a/d\" with 0 elements: malformed");
    CHECK(after("<move sel='/a/d'/>") == "operation move: malformed");
    CHECK(after("<remove sel='/a'/>") == "what is left is no document: malformed");
    for (auto const* selector : {"", "a", "/", "//a", "/@b", "/a[", "/a[x]", "/a[@b=1]",
                                 "/a[@b='1]", "/a]", "/a/c[1]d", "/a/[1]"})
        CHECK(after("<remove sel=\"" + std::string(selector) + "\"/>") ==
              "sel=\"" + std::string(selector) + "\": malformed");
}

TEST_CASE("patched: operations build on each other") {
    auto const before = element_in(document);
    auto const wanted = element_in(R"(<a b="2" e="3"><c id="y"><S d="5"/><S d="6"/></c><f/></a>)");
    auto const made = dash::patched(before, dash::operations_between(before, wanted));
    REQUIRE(made.has_value());
    CHECK(*made == wanted);
}
