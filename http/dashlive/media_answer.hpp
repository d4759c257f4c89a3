// A composed segment as it is sent: its parts of files opened, its chunks told when they are due.
#pragma once

#include "http/dashlive/media/composed.hpp"
#include "http/dashlive/part_files.hpp"
#include "http/server/response.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>

namespace continuo::dashlive {

/// What is said about a segment in its header.
struct MediaFacts {
    std::string_view content_type;
    std::string caching; ///< Cache-Control
};

/// A segment of ours, all of it in memory.
server::RepresentationPtr represent_media(std::vector<std::uint8_t> bytes, MediaFacts const& facts);

/// The moment of a request, on the session's clock and on that by which we wait.
struct Moment {
    DateTime now;
    std::chrono::steady_clock::time_point steady;
};

/// How long a client may be kept waiting for a chunk.
inline constexpr std::chrono::seconds longest_wait{60};

/// A stream if a chunk of `composed` isn't due at `moment`, else all of it at once.
/// Errors: 425 where one isn't due for longer than `longest_wait`; those of `PartFiles::open`.
boost::asio::awaitable<Answer<server::Response>>
media_answer(PartFiles& files, Asset const& asset, std::filesystem::path const& root,
             Composed& composed, MediaFacts const& facts, Moment moment);

} // namespace continuo::dashlive
