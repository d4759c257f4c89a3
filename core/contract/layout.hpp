// Where things lie under runtime_dir, and which URL a file has: the one place that both sides of
// the shared tree ask.
//
//   RUNTIME_DIR/control.sock
//   RUNTIME_DIR/channels/CHANNEL/channel.json               the snapshot
//   RUNTIME_DIR/channels/CHANNEL/VARIANT/RUN/NNNNNN.ts      a run directory; .vtt: subtitles
//   /live/CHANNEL/VARIANT/RUN-NNNNNN.ts                     its URL, beside
//   /live/CHANNEL/VARIANT/index.m3u8
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace continuo::contract {

namespace fs = std::filesystem;

/// Directory of a source's own run where no variant is a copy of it; no variant may bear this name.
inline constexpr std::string_view source_directory = "_source";

fs::path control_socket(fs::path const& runtime_dir);
fs::path channels_directory(fs::path const& runtime_dir);
fs::path channel_directory(fs::path const& runtime_dir, std::string_view channel);
fs::path snapshot_file(fs::path const& runtime_dir, std::string_view channel);

/// A file of a channel's tree, relative to the channel's directory: "720p/18c2f3a9b01/000012.ts".
struct SegmentPath {
    std::string variant;
    std::string run; ///< [0-9a-z]+: the run's start time, unique and growing within the channel
    std::string file;

    friend bool operator==(SegmentPath const&, SegmentPath const&) = default;
};

std::string to_text(SegmentPath const& path);
/// Nothing for a text that is no such path.
std::optional<SegmentPath> parse_segment_path(std::string_view relative);

/// The file of texts that belongs to a segment file: "000012.vtt" of "000012.ts".
std::string text_file_name(std::string_view segment_file);
bool is_text_file_name(std::string_view name) noexcept;

/// The URI of `path` in the playlist of `variant`: "18c2f3a9b01-000012.ts", or
/// "../source/18c2f3a9b01-000012.ts".
std::string uri_in(std::string_view variant, SegmentPath const& path);

/// The inverse of `uri_in` for a file requested below /live/CHANNEL/VARIANT/; nothing for any other
/// name.
std::optional<SegmentPath> path_of(std::string_view variant, std::string_view file);

} // namespace continuo::contract
