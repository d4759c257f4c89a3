#include "core/contract/layout.hpp"

#include "core/base/name.hpp"
#include "core/contract/run_directory.hpp"

#include <algorithm>

namespace continuo::contract {
namespace {

bool is_run_name(std::string_view name) {
    return !name.empty() && name.size() <= 32 && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z');
    });
}

bool is_valid(SegmentPath const& path) {
    return (is_valid_name(path.variant) || path.variant == source_directory) &&
           is_run_name(path.run) &&
           (is_segment_file_name(path.file) || is_text_file_name(path.file));
}

} // namespace

fs::path control_socket(fs::path const& runtime_dir) {
    return runtime_dir / "control.sock";
}

fs::path channels_directory(fs::path const& runtime_dir) {
    return runtime_dir / "channels";
}

fs::path channel_directory(fs::path const& runtime_dir, std::string_view channel) {
    return channels_directory(runtime_dir) / channel;
}

fs::path snapshot_file(fs::path const& runtime_dir, std::string_view channel) {
    return channel_directory(runtime_dir, channel) / "channel.json";
}

std::string text_file_name(std::string_view segment_file) {
    return std::string(segment_file.substr(0, segment_file.rfind('.'))) + ".vtt";
}

bool is_text_file_name(std::string_view name) noexcept {
    return name.size() >= 10 && name.ends_with(".vtt") &&
           std::all_of(name.begin(), name.end() - 4, [](char c) { return c >= '0' && c <= '9'; });
}

std::string to_text(SegmentPath const& path) {
    return path.variant + '/' + path.run + '/' + path.file;
}

std::optional<SegmentPath> parse_segment_path(std::string_view relative) {
    auto const first = relative.find('/');
    if (first == std::string_view::npos) return std::nullopt;
    auto const second = relative.find('/', first + 1);
    if (second == std::string_view::npos) return std::nullopt;
    SegmentPath path{.variant = std::string(relative.substr(0, first)),
                     .run = std::string(relative.substr(first + 1, second - first - 1)),
                     .file = std::string(relative.substr(second + 1))};
    if (!is_valid(path)) return std::nullopt;
    return path;
}

std::string uri_in(std::string_view variant, SegmentPath const& path) {
    auto const file = path.run + '-' + path.file;
    return path.variant == variant ? file : "../" + path.variant + '/' + file;
}

std::optional<SegmentPath> path_of(std::string_view variant, std::string_view file) {
    auto const dash = file.find('-');
    if (dash == std::string_view::npos) return std::nullopt;
    SegmentPath path{.variant = std::string(variant),
                     .run = std::string(file.substr(0, dash)),
                     .file = std::string(file.substr(dash + 1))};
    if (!is_valid(path)) return std::nullopt;
    return path;
}

} // namespace continuo::contract
