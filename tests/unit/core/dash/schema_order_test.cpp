#include "core/dash/schema_order.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace schema_order_test {

using namespace continuo;
using dash::Element;

Element named(std::string_view name) {
    return {.name = std::string(name)};
}

std::vector<std::string> names_in(Element const& parent) {
    std::vector<std::string> names;
    for (auto const& child : parent.children)
        names.push_back(child.name);
    return names;
}

TEST_CASE("children stand as the schema wants them, whichever came first") {
    std::vector<std::string> const order{"ProgramInformation", "Location", "PatchLocation",
                                         "ServiceDescription", "Period",   "UTCTiming"};
    auto names = order;
    std::ranges::sort(names);
    do {
        auto mpd = named("MPD");
        for (auto const& name : names)
            dash::insert_child(mpd, named(name));
        CHECK(names_in(mpd) == order);
    } while (std::ranges::next_permutation(names).found);
}

TEST_CASE("one more of a name comes behind the others, and is what is given back") {
    auto set = named("x:AdaptationSet");
    for (auto const* const name : {"Role", "x:SegmentTemplate", "Representation"})
        dash::insert_child(set, named(name));
    auto& second = dash::insert_child(set, named("Role"));
    second.set_attribute("value", "second");
    CHECK(names_in(set) ==
          std::vector<std::string>{"Role", "Role", "x:SegmentTemplate", "Representation"});
    CHECK(set.children.at(1).find_attribute("value") != nullptr);
}

TEST_CASE("what the schema doesn't know comes last, and is passed over") {
    auto period = named("Period");
    dash::insert_child(period, named("vendor:Thing"));
    dash::insert_child(period, named("AdaptationSet"));
    dash::insert_child(period, named("BaseURL"));
    CHECK(names_in(period) == std::vector<std::string>{"vendor:Thing", "BaseURL", "AdaptationSet"});
    auto unknown = named("SegmentTimeline");
    dash::insert_child(unknown, named("S"));
    dash::insert_child(unknown, named("Pattern"));
    CHECK(names_in(unknown) == std::vector<std::string>{"S", "Pattern"});
}

} // namespace schema_order_test
