// The channel that a session's film is shown by: what a file would have to say for it, and what the
// machine lacks for any.
#pragma once

#include "core/config/config.hpp"
#include "supervisor/watch/session.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace continuo::sessions {

/// One source, played by mpv and fetched through `proxy`; one variant, which is a copy of it.
config::Channel channel_of(std::string_view id, Programme const& programme,
                           config::Watch const& config, std::string const& proxy);

/// A segment that is larger than most.
std::uint64_t bytes_of_segment(config::Watch const& config);

/// What has to be done before films can be shown as they should, a line each: a program that is
/// missing in PATH, a runtime directory that is not in memory or too small.
std::vector<std::string> lacks_of_machine(std::filesystem::path const& runtime_dir,
                                          config::Watch const& config);

} // namespace continuo::sessions
