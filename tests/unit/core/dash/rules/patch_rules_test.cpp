#include "core/dash/document_patch.hpp"
#include "tests/unit/core/dash/rules/recording.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

namespace continuo::test {
namespace {

using dash::Element;
using dash::rules::attribute;
using Rules = std::set<int>;

Element patch_element(std::string const& before, std::string const& after) {
    auto const old = dash::parse_element(before).value();
    auto const now = dash::parse_element(after).value();
    return {.name = "Patch",
            .attributes = {{"mpdId", attribute(old, "id")},
                           {"originalPublishTime", attribute(old, "publishTime")},
                           {"publishTime", attribute(now, "publishTime")}},
            .children = dash::operations_between(old, now)};
}

/// With patches that were changed so.
Recording with(std::function<void(Element&)> const& change) {
    return {.patch = [=](std::string const& before, std::string const& after) {
        auto patch = patch_element(before, after);
        if (before != after) change(patch);
        return dash::to_text(patch);
    }};
}

} // namespace

TEST_CASE("D11: a patch makes the next MPD of the one before") {
    CHECK(with([](Element&) {}).rules().empty());
}

TEST_CASE("D11: a patch that makes another one") {
    auto recording = with([](Element& patch) { patch.children.pop_back(); });
    auto const findings = recording.watch();
    REQUIRE_FALSE(findings.empty());
    CHECK(findings.front().evidence.find("as a patch makes it has another /MPD/Period[") !=
          std::string::npos);
    CHECK(recording.rules() == Rules{11});
    CHECK(with([](Element& patch) {
              patch.children.front().set_attribute("sel", "/MPD/Period[@id='x']");
          }).rules() == Rules{11});
    CHECK(with([](Element& patch) { patch.set_attribute("mpdId", "n"); }).rules() == Rules{11});
    CHECK(with([](Element& patch) {
              patch.set_attribute("originalPublishTime", "2026-01-01T00:00:00Z");
          }).rules() == Rules{11});
    CHECK(with([](Element& patch) { patch.remove_attribute("publishTime"); }).rules() == Rules{11});
    CHECK(with([](Element& patch) { patch.name = "Batch"; }).rules() == Rules{11});
}

TEST_CASE("D11: a patch that is not there, or no XML") {
    auto absent = with([](Element&) {});
    absent.patch_status = 404;
    CHECK(absent.rules() == Rules{11});
    CHECK(Recording{.patch = [](auto const&, auto const&) { return "<Patch"; }}.rules() ==
          Rules{11});
}

} // namespace continuo::test
