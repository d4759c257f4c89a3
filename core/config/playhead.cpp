#include "core/config/playhead.hpp"

#include "core/config/scalars.hpp"

#include <array>

namespace continuo::config {
namespace {

/// An empty text switches off what `key` is for.
void read_or_empty(Section const& section, std::string_view key, Scalar<std::string> const& scalar,
                   std::string& target) {
    auto const entry = section.find(key);
    if (entry && entry->value.IsScalar() && entry->value.Scalar().empty())
        target.clear();
    else
        section.read(key, scalar, target);
}

} // namespace

Playhead read_playhead(Entry const& entry, Problems& problems) {
    static constexpr std::array<std::string_view, 4> known{
        "api_url", "core_api_hostname", "restreamer_internal_url", "transition_timeout"};
    Section const section(entry, known, problems);
    Playhead playhead;
    section.read("api_url", base_url, playhead.api_url);
    read_or_empty(section, "core_api_hostname", authority, playhead.core_api_hostname);
    read_or_empty(section, "restreamer_internal_url", base_url, playhead.restreamer_internal_url);
    section.read("transition_timeout", whole_seconds, playhead.transition_timeout,
                 transition_timeout_range);
    return playhead;
}

} // namespace continuo::config
