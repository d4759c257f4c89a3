// Any text as the MPD of an asset: what is planned stays in the asset's folder, and the MPD that is
// kept has one form.
#include "core/dash/element.hpp"
#include "http/dashlive/asset/plan.hpp"

#include <cstdint>
#include <cstdlib>
#include <string_view>

namespace {

namespace dash = continuo::dash;
using namespace continuo::dashlive;

void require(bool holds) {
    if (!holds) std::abort();
}

void check_path(std::string_view path) {
    require(!path.empty() && !path.starts_with('/'));
    require(!path.starts_with("../") && path.find("/../") == std::string_view::npos);
}

bool has_template(dash::Element const& element) {
    return element.find_child("SegmentTemplate") != nullptr;
}

void check_form(dash::Element const& root) {
    for (auto const* const name : {"BaseURL", "Location", "SegmentBase", "SegmentList"})
        require(!root.find_child(name));
    auto const& period = *root.find_child("Period");
    require(!has_template(root) && !has_template(period) && !period.find_child("BaseURL"));
    for (auto const& set : period.children) {
        if (dash::local_name(set.name) != "AdaptationSet") continue;
        require(!set.find_child("BaseURL") && set.find_attribute("contentType"));
        for (auto const& child : set.children)
            if (dash::local_name(child.name) == "Representation")
                require(has_template(set) != has_template(child) && !child.find_child("BaseURL"));
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const planned = plan_of("m.mpd", {reinterpret_cast<char const*>(data), size});
    if (!planned) return 0;
    require(!planned->tracks.empty());
    for (auto const& track : planned->tracks) {
        if (track.header) check_path(track.header->path);
        if (auto const* const parts = std::get_if<ListedSegments>(&track.segments)) {
            require(!parts->empty());
            for (auto const& part : *parts)
                check_path(part.path);
        }
        if (auto const path = path_of_segment(track, 7, 90'000)) check_path(*path);
    }
    check_form(planned->manifest.root);
    return 0;
}
