// How long a segment of an asset is, by its own bytes.
#pragma once

#include "core/base/ticks.hpp"
#include "core/hls/media_playlist.hpp"
#include "http/storage/refusal.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

namespace continuo::pseudolive {

namespace fs = std::filesystem;

/// A file, or a part of it.
struct Part {
    fs::path path;
    std::optional<hls::ByteRange> range; ///< with its offset

    friend bool operator==(Part const&, Part const&) = default;
};

/// Reads whole segments: one thread's, and as long as it has something to measure.
class Meter {
public:
    /// From the first picture shown to the end of the last (of sound, where there is no picture);
    /// zero where the bytes don't tell: encrypted, or of no container that we know. `map`: what
    /// EXT-X-MAP names. Refused: what can't be read.
    storage::Accepted<Ticks90k> duration_of(Part const& segment, std::optional<Part> const& map);

private:
    std::vector<std::uint8_t> segment_;
    std::vector<std::uint8_t> map_;
    std::optional<Part> map_read_; ///< what is in `map_`
};

} // namespace continuo::pseudolive
