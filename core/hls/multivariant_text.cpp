#include "core/hls/multivariant_text.hpp"

#include "core/hls/attribute_list.hpp"
#include "core/hls/line_reader.hpp"
#include "core/hls/multivariant_playlist.hpp"

#include <algorithm>

namespace continuo::hls {
namespace {

constexpr std::string_view variant_tag = "#EXT-X-STREAM-INF";
constexpr std::string_view rendition_tag = "#EXT-X-MEDIA";

ListedStream stream_of(ListedStream::Kind kind, AttributeList const& attributes) {
    ListedStream stream{.kind = kind, .uri = {}, .attributes = {}};
    for (auto const& [name, value, written] : attributes.all()) {
        if (name == "URI")
            stream.uri = value;
        else
            stream.attributes.emplace_back(name, value);
    }
    return stream;
}

bool belongs_to_old_segments(std::string_view tag) noexcept {
    return tag == "#EXT-X-I-FRAME-STREAM-INF" || tag == "#EXT-X-SESSION-KEY";
}

/// `line` with another text in place of `part`, which is a view into it.
std::string replaced(std::string_view line, std::string_view part, std::string_view with) {
    auto const at = static_cast<std::size_t>(part.data() - line.data());
    return std::string(line.substr(0, at)).append(with).append(line.substr(at + part.size()));
}

} // namespace

std::string_view ListedStream::attribute(std::string_view name) const noexcept {
    auto const found = std::ranges::find(
        attributes, name, [](auto const& each) -> auto& { return each.first; });
    return found == attributes.end() ? std::string_view{} : found->second;
}

Result<std::vector<ListedStream>> listed_streams(std::string_view text) {
    if (auto const parsed = parse_multivariant_playlist(text); !parsed) return parsed.error();
    std::vector<ListedStream> streams;
    std::optional<ListedStream> pending;
    LineReader lines(text);
    while (auto const line = lines.next()) {
        auto const tag = split_tag(*line);
        if (tag.name == variant_tag) {
            pending = stream_of(ListedStream::Kind::variant, *AttributeList::parse(tag.value));
        } else if (tag.name == rendition_tag) {
            auto stream =
                stream_of(ListedStream::Kind::rendition, *AttributeList::parse(tag.value));
            if (!stream.uri.empty()) streams.push_back(std::move(stream));
        } else if (pending && !line->empty() && !line->starts_with('#')) {
            pending->uri = *line;
            streams.push_back(*std::exchange(pending, std::nullopt));
        }
    }
    return streams;
}

Result<std::string> with_uris(std::string_view text,
                              std::function<std::string(std::size_t index)> const& uri_of) {
    if (auto const parsed = parse_multivariant_playlist(text); !parsed) return parsed.error();
    std::string rewritten;
    std::size_t index = 0;
    LineReader lines(text);
    while (auto const line = lines.next()) {
        auto const tag = split_tag(*line);
        if (belongs_to_old_segments(tag.name)) continue;
        if (tag.name == rendition_tag) {
            auto const uri = AttributeList::parse(tag.value)->find("URI");
            rewritten +=
                uri && !uri->empty() ? replaced(*line, *uri, uri_of(index++)) : std::string(*line);
        } else if (!line->empty() && !line->starts_with('#')) {
            rewritten += uri_of(index++);
        } else {
            rewritten += *line;
        }
        rewritten += '\n';
    }
    return rewritten;
}

} // namespace continuo::hls
