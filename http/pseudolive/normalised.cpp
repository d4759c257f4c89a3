#include "http/pseudolive/normalised.hpp"

#include "core/hls/attribute_list.hpp"
#include "http/storage/file_reference.hpp"

#include <fmt/format.h>

#include <optional>
#include <string>
#include <utility>

namespace continuo::pseudolive {
namespace {

/// A key's attributes with the URI that is meant, and the IV that is in force.
storage::Accepted<std::string> key_attributes(hls::MediaKey const& key, std::string_view playlist,
                                              std::uint64_t number) {
    auto const list = hls::AttributeList::parse(key.attributes);
    if (!list) return storage::refused(fmt::format("key: {}", list.error().context));
    if (list->text("METHOD").empty()) return storage::refused("key: it has no METHOD");
    auto attributes = key.attributes;
    auto const uri = list->find("URI").value_or(std::string_view{});
    if (!uri.empty() && !storage::has_scheme(uri)) {
        auto const path = storage::path_of(playlist, uri);
        if (!path) return storage::refused(fmt::format("key: {}", path.error().reason));
        auto const place = static_cast<std::size_t>(uri.data() - key.attributes.data());
        if (place == 0 || attributes[place - 1] != '"')
            return storage::refused("key: its URI is not in quotes");
        attributes.replace(place, uri.size(), storage::uri_of(*path));
    }
    if (key.format == "identity" && !list->find("IV")) {
        attributes.erase(attributes.find_last_not_of(" \t,") + 1); // a list may end with a comma
        attributes += fmt::format(",IV=0x{:032X}", number);
    }
    return attributes;
}

/// Where parts of one file are listed behind each other, only the first may say where it begins.
class Ranges {
public:
    storage::Accepted<> fill_in(hls::MediaSegment& segment) {
        auto& range = segment.byte_range;
        if (!range) {
            uri_.clear();
            return {};
        }
        if (!range->offset_bytes) {
            if (segment.uri != uri_) return storage::refused("has a byte range that follows none");
            range->offset_bytes = end_;
        }
        if (range->length_bytes > ~std::uint64_t{0} - *range->offset_bytes)
            return storage::refused("has a byte range that no file has");
        uri_ = segment.uri;
        end_ = *range->offset_bytes + range->length_bytes;
        return {};
    }

private:
    std::string uri_;
    std::uint64_t end_{};
};

class Normaliser {
public:
    explicit Normaliser(std::string_view playlist) : playlist_(playlist) {}

    storage::Accepted<> normalise(hls::MediaSegment& segment, std::uint64_t number) {
        if (segment.gap) return storage::refused("is marked as missing");
        auto const path = storage::path_of(playlist_, segment.uri);
        if (!path) return path.error();
        segment.uri = storage::uri_of(*path);
        if (auto const filled = ranges_.fill_in(segment); !filled) return filled.error();
        if (auto const map = normalise_map(segment); !map) return map.error();
        for (auto& key : segment.keys) {
            auto attributes = key_attributes(key, playlist_, number);
            if (!attributes) return attributes.error();
            key.attributes = *std::move(attributes);
        }
        segment.program_date_time.reset();
        segment.extra_tags.clear();
        return {};
    }

private:
    storage::Accepted<> normalise_map(hls::MediaSegment& segment) const {
        if (!segment.map) return {};
        auto const path = storage::path_of(playlist_, segment.map->uri);
        if (!path) return storage::refused(fmt::format("map: {}", path.error().reason));
        segment.map->uri = storage::uri_of(*path);
        if (auto& range = segment.map->byte_range; range && !range->offset_bytes)
            range->offset_bytes = 0; // RFC 8216 §4.3.2.5
        return {};
    }

    std::string_view playlist_;
    Ranges ranges_;
};

} // namespace

std::string key_uri(hls::MediaKey const& key) {
    auto const list = hls::AttributeList::parse(key.attributes);
    return list ? list->text("URI") : std::string();
}

storage::Accepted<std::vector<hls::MediaSegment>> normalised(hls::MediaPlaylist playlist,
                                                             std::string_view path) {
    if (playlist.segments.empty()) return storage::refused("lists no segment");
    Normaliser normaliser(path);
    auto number = playlist.media_sequence;
    for (auto& segment : playlist.segments) {
        auto const written = segment.uri;
        if (auto const done = normaliser.normalise(segment, number); !done)
            return storage::refused(fmt::format("segment {} ({}): {}",
                                                number - playlist.media_sequence, written,
                                                done.error().reason));
        ++number;
    }
    playlist.segments.front().discontinuity = false; // each lap begins with one as it is
    return std::move(playlist.segments);
}

} // namespace continuo::pseudolive
