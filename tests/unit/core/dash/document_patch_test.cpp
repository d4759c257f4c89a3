#include "core/dash/document_patch.hpp"
#include "tests/support/applied_patch.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

namespace document_patch_test {

using namespace continuo;
using dash::Element;
using dash::operations_between;

Element parsed(std::string_view text) {
    return dash::parse_element(text).value();
}

Element patched(Element const& before, std::vector<Element> const& operations) {
    Element document{.name = "document", .children = {before}};
    for (auto const& operation : operations)
        support::apply(document, operation);
    return document.children.at(0);
}

std::string operations(std::string_view before, std::string_view after) {
    std::string text;
    for (auto const& operation : operations_between(parsed(before), parsed(after)))
        text += dash::bare_text(operation);
    return text;
}

Element random_element(std::mt19937_64& random, int depth) {
    auto const below = [&](unsigned limit) { return static_cast<unsigned>(random() % limit); };
    Element element{.name = std::string(1, static_cast<char>('a' + below(3)))};
    if (below(4) == 0) element.name = "S";
    if (below(2)) element.set_attribute("id", std::to_string(below(4)));
    if (below(5) == 0) element.set_attribute("id", "it's");
    for (auto const* const name : {"d", "r"})
        if (below(2)) element.set_attribute(name, std::to_string(below(3)));
    if (below(6) == 0) element.text = std::to_string(below(3));
    if (depth > 0)
        for (auto count = below(6); count > 0; --count)
            element.children.push_back(random_element(random, depth - 1));
    return element;
}

void change(Element& element, std::mt19937_64& random, int depth) {
    auto& children = element.children;
    switch (random() % 6) {
    case 0: element.set_attribute("d", std::to_string(random() % 5)); break;
    case 1: element.remove_attribute("r"); break;
    case 2: element.set_attribute("n", "1"); break;
    case 3:
        if (!children.empty())
            children.erase(children.begin() +
                           static_cast<std::ptrdiff_t>(random() % children.size()));
        break;
    case 4:
        children.insert(children.begin() +
                            static_cast<std::ptrdiff_t>(random() % (children.size() + 1)),
                        random_element(random, 1));
        break;
    case 5: std::ranges::shuffle(children, random); break;
    }
    if (depth > 0 && !children.empty())
        change(children[random() % children.size()], random, depth - 1);
}

TEST_CASE("what has not changed needs no operation") {
    CHECK(operations("<a b=\"1\"><c/>d</a>", "<a b=\"1\"><c/>d</a>").empty());
}

TEST_CASE("each kind of change has its operation") {
    CHECK(operations("<a b=\"1\"/>", "<a b=\"2\"/>") == "<replace sel=\"/a/@b\">2</replace>\n");
    CHECK(operations("<a b=\"1\"/>", "<a/>") == "<remove sel=\"/a/@b\"></remove>\n");
    CHECK(operations("<a/>", "<a b=\"1\"/>") == "<add sel=\"/a\" type=\"@b\">1</add>\n");
    CHECK(operations("<a><b/></a>", "<a/>") == "<remove sel=\"/a/b\"></remove>\n");
    CHECK(operations("<a/>", "<a><b/></a>") ==
          "<add sel=\"/a\" pos=\"prepend\">\n  <b></b>\n</add>\n");
    CHECK(operations("<a><c/></a>", "<a><c/><b/></a>") ==
          "<add sel=\"/a/c\" pos=\"after\">\n  <b></b>\n</add>\n");
    CHECK(operations("<a><b>1</b></a>", "<a><b>2</b></a>") ==
          "<replace sel=\"/a/b\">\n  <b>2</b>\n</replace>\n");
    CHECK(operations("<a><b id=\"x\"/><b id=\"y\"><c d=\"1\"/><c d=\"2\"/></b></a>",
                     "<a><b id=\"x\"/><b id=\"y\"><c d=\"1\"/><c d=\"3\"/></b></a>") ==
          "<replace sel=\"/a/b[@id='y']/c[2]/@d\">3</replace>\n");
}

TEST_CASE("a window that moved on is a few operations, however long it is") {
    Element before{.name = "SegmentTimeline"};
    for (int i = 0; i < 8000; ++i)
        before.children.push_back(
            {.name = "S", .attributes = {{"d", std::to_string(i % 4)}, {"r", "1"}}});
    auto after = before;
    before.children.front().set_attribute("t", "0");
    after.children.erase(after.children.begin(), after.children.begin() + 2);
    after.children.front().set_attribute("t", "20");
    after.children.back().set_attribute("r", "2");
    after.children.push_back({.name = "S", .attributes = {{"d", "7"}}});
    auto const operations = operations_between(before, after);
    CHECK(operations.size() <= 7);
    CHECK(patched(before, operations) == after);
}

TEST_CASE("a timeline with hardly anything left is replaced as a whole") {
    Element before{.name = "a", .children = {{.name = "SegmentTimeline"}}};
    auto after = before;
    for (int i = 0; i < 1000; ++i) {
        before.children[0].children.push_back(
            {.name = "S", .attributes = {{"d", std::to_string(i)}}});
        after.children[0].children.push_back(
            {.name = "S", .attributes = {{"d", std::to_string(-i)}}});
    }
    auto const operations = operations_between(before, after);
    REQUIRE(operations.size() == 1);
    CHECK(patched(before, operations) == after);
}

TEST_CASE("a document with its patch is the other one") {
    std::mt19937_64 random(5261);
    for (int i = 0; i < 3000; ++i) {
        auto before = random_element(random, 3);
        before.text.clear();
        auto after = before;
        for (auto count = random() % 8; count > 0; --count)
            change(after, random, 3);
        auto const operations = operations_between(before, after);
        CHECK(support::with_sorted_attributes(patched(before, operations)) ==
              support::with_sorted_attributes(after));
    }
}

} // namespace document_patch_test
