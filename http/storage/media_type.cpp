#include "http/storage/media_type.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace continuo::storage {

std::string_view media_type_of(std::string_view path) noexcept {
    using Row = std::pair<std::string_view, std::string_view>;
    static constexpr std::array<Row, 18> types{{{"mpd", "application/dash+xml"},
                                                {"jpg", "image/jpeg"},
                                                {"jpeg", "image/jpeg"},
                                                {"png", "image/png"},
                                                {"ts", "video/mp2t"},
                                                {"m2ts", "video/mp2t"},
                                                {"m4s", "video/mp4"},
                                                {"mp4", "video/mp4"},
                                                {"m4v", "video/mp4"},
                                                {"cmfv", "video/mp4"},
                                                {"m4a", "audio/mp4"},
                                                {"cmfa", "audio/mp4"},
                                                {"aac", "audio/aac"},
                                                {"ac3", "audio/ac3"},
                                                {"ec3", "audio/eac3"},
                                                {"mp3", "audio/mpeg"},
                                                {"vtt", "text/vtt"},
                                                {"webvtt", "text/vtt"}}};
    auto const dot = path.rfind('.');
    auto const ending = dot == std::string_view::npos ? std::string_view{} : path.substr(dot + 1);
    auto const row = std::ranges::find(types, ending, &Row::first);
    return row == types.end() ? "application/octet-stream" : row->second;
}

} // namespace continuo::storage
