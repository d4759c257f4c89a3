#include "http/dashlive/asset/representation_kind.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace continuo::dashlive {
namespace {

constexpr std::array<std::pair<std::string_view, Content>, 4> content_names{
    {{"video", Content::video},
     {"audio", Content::audio},
     {"text", Content::text},
     {"image", Content::image}}};

/// What the codecs of our days begin with (RFC 6381).
constexpr std::array<std::pair<std::string_view, Content>, 20> codec_names{
    {{"avc", Content::video},  {"hev", Content::video},  {"hvc", Content::video},
     {"dv", Content::video},   {"av01", Content::video}, {"vp0", Content::video},
     {"vvc", Content::video},  {"mp4v", Content::video}, {"mp4a", Content::audio},
     {"ac-3", Content::audio}, {"ec-3", Content::audio}, {"ac-4", Content::audio},
     {"opus", Content::audio}, {"Opus", Content::audio}, {"fLaC", Content::audio},
     {"mh", Content::audio},   {"dts", Content::audio},  {"alac", Content::audio},
     {"stpp", Content::text},  {"wvtt", Content::text}}};

std::optional<Content> content_of(KindAttributes const& attributes) {
    auto const by_name = [](std::string_view name) -> std::optional<Content> {
        auto const row =
            std::ranges::find(content_names, name, &std::pair<std::string_view, Content>::first);
        if (row == content_names.end()) return std::nullopt;
        return row->second;
    };
    if (auto const content = by_name(attributes.content_type)) return content;
    auto const top = attributes.mime_type.substr(0, attributes.mime_type.find('/'));
    if (auto const content = by_name(top)) return content;
    for (auto const& [beginning, content] : codec_names)
        if (attributes.codecs.starts_with(beginning)) return content;
    return std::nullopt;
}

std::string_view usual_type(Content content) noexcept {
    switch (content) {
    case Content::video: return "video/mp4";
    case Content::audio: return "audio/mp4";
    case Content::text: return "application/mp4";
    case Content::image: return "image/jpeg";
    }
    return {};
}

} // namespace

storage::Accepted<Kind> kind_of(KindAttributes const& attributes) {
    auto const content = content_of(attributes);
    if (!content)
        return storage::refused(
            fmt::format("what it is can't be told (contentType \"{}\", mimeType \"{}\", "
                        "codecs \"{}\")",
                        attributes.content_type, attributes.mime_type, attributes.codecs));
    if (attributes.mime_type.empty())
        return Kind{.content = *content, .media_type = std::string(usual_type(*content))};
    bool const is_served = *content == Content::image ? attributes.mime_type.starts_with("image/")
                                                      : attributes.mime_type.ends_with("/mp4");
    if (!is_served)
        return storage::refused(fmt::format("\"{}\" is not served, MP4 is", attributes.mime_type));
    return Kind{.content = *content, .media_type = std::string(attributes.mime_type)};
}

std::string_view name_of(Content content) noexcept {
    return content_names[static_cast<std::size_t>(content)].first;
}

} // namespace continuo::dashlive
