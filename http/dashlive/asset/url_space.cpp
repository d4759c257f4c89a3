#include "http/dashlive/asset/url_space.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace continuo::dashlive {
namespace {

/// Folders behind every asset's name that are on no disk, by how they begin.
struct OwnFolder {
    std::string_view begin;
    std::string_view holds;
};
constexpr std::array<OwnFolder, 4> own_folders{{{"hls", "its HLS playlists"},
                                                {"bu", "its base URLs (traffic_)"},
                                                {"timestpp-", "its subtitles"},
                                                {"timewvtt-", "its subtitles"}}};

/// "hls", "bu0", "timestpp-en".
OwnFolder const* find_own(std::string_view folder) noexcept {
    auto const* const found = std::ranges::find_if(own_folders, [&](OwnFolder const& own) {
        if (!folder.starts_with(own.begin)) return false;
        auto const rest = folder.substr(own.begin.size());
        if (own.begin == "hls") return rest.empty();
        if (own.begin == "bu")
            return !rest.empty() && rest.find_first_not_of("0123456789") == std::string_view::npos;
        return true;
    });
    return found == own_folders.end() ? nullptr : found;
}

bool is_inside(std::string_view path, std::string_view folder) noexcept {
    return path.size() > folder.size() && path.starts_with(folder) && path[folder.size()] == '/';
}

} // namespace

std::string clash_of(std::string_view inner, Asset const& outer) {
    auto const below = inner.substr(outer.name.size() + 1);
    auto const first = below.substr(0, below.find('/'));
    if (auto const* const own = find_own(first))
        return fmt::format("lies in \"{}/\" below the asset \"{}\", which has {} there: put its "
                           "folder elsewhere",
                           first, outer.name, own->holds);
    for (auto const& [id, track] : outer.tracks)
        for (auto const* const name : {&track->media, &track->initialisation})
            if (is_inside(*name, below))
                return fmt::format("lies where the asset \"{}\" has its Representation \"{}\" "
                                   "(\"{}\"): put one of them elsewhere",
                                   outer.name, id, *name);
    return {};
}

void UrlSpaces::claim(Assembled& assembled) {
    if (!assembled.asset) return;
    std::string_view const name = assembled.asset->name;
    for (auto slash = name.rfind('/'); slash != std::string_view::npos && slash > 0;
         slash = name.rfind('/', slash - 1)) {
        auto const above = assets_.find(name.substr(0, slash));
        if (above == assets_.end()) continue;
        auto const reason = clash_of(name, *above->second);
        if (reason.empty()) continue;
        for (auto const& [manifest, content] : assembled.asset->manifests)
            assembled.refused.push_back({.name = manifest, .reason = reason});
        assembled.asset.reset();
        return;
    }
    assets_.emplace(name, assembled.asset);
}

} // namespace continuo::dashlive
