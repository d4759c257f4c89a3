#include "http/pseudolive/stream_name.hpp"

#include <algorithm>

namespace continuo::pseudolive {
namespace {

/// A stream that is not read yet may have it.
bool may_have_track(View const& view, std::string_view track) {
    return !view.face || std::ranges::find(view.face->ids, track) != view.face->ids.end();
}

} // namespace

std::optional<StreamName> stream_name_of(std::string_view file, Views const& streams) {
    constexpr std::string_view ending = ".m3u8";
    if (!file.ends_with(ending)) return std::nullopt;
    file.remove_suffix(ending.size());
    if (streams.contains(file)) return StreamName{.stream = std::string(file), .track = {}};
    std::optional<StreamName> longest;
    for (auto place = file.rfind('_'); place != std::string_view::npos && place > 0;
         place = file.rfind('_', place - 1)) {
        auto const stream = streams.find(file.substr(0, place));
        if (stream == streams.end()) continue;
        StreamName const name{.stream = stream->first,
                              .track = std::string(file.substr(place + 1))};
        if (name.track.empty()) continue; // that would be the master
        if (may_have_track(*stream->second, name.track)) return name;
        if (!longest) longest = name;
    }
    return longest;
}

} // namespace continuo::pseudolive
