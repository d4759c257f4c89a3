#include "http/live/channel_view.hpp"

#include "core/config/config.hpp"
#include "http/live/alias.hpp"
#include "http/live/render.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace continuo::live {
namespace {

template <class Playlist>
server::Document document_of(Playlist const& playlist) {
    return server::make_document(hls::to_text(playlist), "application/vnd.apple.mpegurl",
                                 server::one_second);
}

template <class Playlist>
MaybeDocument document_of(std::optional<Playlist> const& playlist) {
    if (!playlist) return std::nullopt;
    return document_of(*playlist);
}

AliasView alias_view_of(contract::ChannelSnapshot const& snapshot) {
    AliasView alias;
    alias.copy_stream = document_of(copy_stream(snapshot));
    alias.ladder_stream = document_of(ladder_stream(snapshot));
    for (std::size_t index = 0; index < snapshot.variants.size(); ++index)
        alias.numbered_streams.push_back(document_of(numbered_stream(snapshot, index)));
    return alias;
}

std::optional<std::uint64_t> newest_of(contract::ChannelSnapshot const& snapshot) {
    if (snapshot.segments.empty()) return std::nullopt;
    return snapshot.segments.back().number;
}

} // namespace

MaybeDocument const* ChannelView::variant(std::string_view name) const noexcept {
    for (std::size_t index = 0; index < variants.size(); ++index)
        if (snapshot.variants[index].name == name) return &variants[index];
    return nullptr;
}

ChannelViewPtr view_of(contract::ChannelSnapshot snapshot, SteadyTime grown) {
    auto view = std::make_shared<ChannelView>();
    view->grown = grown;
    view->master = document_of(multivariant_playlist(snapshot));
    for (std::size_t index = 0; index < snapshot.variants.size(); ++index)
        view->variants.push_back(document_of(media_playlist(snapshot, index)));
    if (snapshot.channel == config::aliased_channel) view->alias = alias_view_of(snapshot);
    view->segment_lifetime = segment_lifetime(snapshot);
    view->snapshot = std::move(snapshot);
    return view;
}

SteadyTime growth_of(contract::ChannelSnapshot const& snapshot, ChannelView const* before,
                     SteadyTime now, contract::WallTime wall_now) {
    auto const newest = newest_of(snapshot);
    if (before) return newest_of(before->snapshot) == newest ? before->grown : now;
    if (!newest) return now;
    auto const& last = snapshot.segments.back();
    auto const age =
        wall_now - last.date - std::chrono::duration_cast<std::chrono::microseconds>(last.duration);
    return now - std::max(age, contract::WallTime::duration::zero());
}

server::Document empty_document(std::chrono::seconds target_duration) {
    return document_of(empty_stream(target_duration));
}

} // namespace continuo::live
