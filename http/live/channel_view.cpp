#include "http/live/channel_view.hpp"

#include "http/live/render.hpp"

#include <utility>

namespace continuo::live {
namespace {

template <class Playlist>
std::optional<server::Document> document_of(std::optional<Playlist> const& playlist) {
    if (!playlist) return std::nullopt;
    return server::make_document(hls::to_text(*playlist), "application/vnd.apple.mpegurl",
                                 server::one_second);
}

} // namespace

std::optional<server::Document> const* ChannelView::variant(std::string_view name) const noexcept {
    for (std::size_t index = 0; index < variants.size(); ++index)
        if (snapshot.variants[index].name == name) return &variants[index];
    return nullptr;
}

ChannelViewPtr view_of(contract::ChannelSnapshot snapshot) {
    auto view = std::make_shared<ChannelView>();
    view->master = document_of(multivariant_playlist(snapshot));
    for (std::size_t index = 0; index < snapshot.variants.size(); ++index)
        view->variants.push_back(document_of(media_playlist(snapshot, index)));
    view->segment_lifetime = segment_lifetime(snapshot);
    view->snapshot = std::move(snapshot);
    return view;
}

} // namespace continuo::live
