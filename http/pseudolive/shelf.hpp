// All that is served from disk, as it is from one change on: what the catalogue puts there, and
// every thread takes from. Immutable.
#pragma once

#include "http/pseudolive/asset.hpp"
#include "http/pseudolive/linear.hpp"
#include "http/pseudolive/stream.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace continuo::pseudolive {

enum class ViewState : std::uint8_t {
    reading, ///< not known yet: come again
    ready,
    refused, ///< for a reason
};

/// A stream, or a linear channel.
struct View {
    ViewState state{ViewState::reading};
    std::string note{};           ///< why it is not as it should be; empty when all is well
    std::filesystem::path folder; ///< of a stream, canonical
    AssetPtr asset;               ///< of a stream that is ready
    std::size_t segments{};       ///< of all its tracks
    std::size_t unmeasured{};     ///< of them
    /// Where it is ready.
    std::shared_ptr<Stream const> stream;
    std::shared_ptr<Face const> face;
    /// Of a channel: what its assets are called, as the items of `stream`.
    std::vector<std::string> item_names{};
    std::chrono::seconds file_lifetime{}; ///< how long others may keep its files
    std::uint64_t generation{};           ///< another one when the files have changed
};
using ViewPtr = std::shared_ptr<View const>;
using Views = std::map<std::string, ViewPtr, std::less<>>;

struct Shelf {
    bool is_complete{false}; ///< whether all names are known
    bool allows_clock{false};
    std::filesystem::path root; ///< canonical; empty where nothing is served from disk
    Views streams;
    Views channels;
};

} // namespace continuo::pseudolive
