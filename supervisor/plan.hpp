// What the parts of a channel share: where things lie, what they are called, which loop they live
// on.
#pragma once

#include "core/config/config.hpp"
#include "supervisor/child/restart_policy.hpp"
#include "supervisor/segment/directory_watch.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <spdlog/common.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <random>
#include <string>

namespace continuo::supervisor {

namespace asio = boost::asio;
namespace fs = std::filesystem;

using SteadyTime = std::chrono::steady_clock::time_point;

/// The daemon's side of a channel; owned by the daemon, outlives every channel.
struct Surroundings {
    asio::any_io_executor executor;
    segment::DirectoryWatches& watches;
    fs::path runtime_dir;
    fs::path state_dir;
    std::string segmenter; ///< path of continuo-segment
    std::function<std::chrono::sys_time<std::chrono::microseconds>()> wall_clock;
    std::function<std::string()> new_run_name; ///< the start time, unique and growing
    std::minstd_rand random;
};

/// How loud a death is told: that a unit slows down once, those that follow to who asks.
inline spdlog::level::level_enum level_of(child::Verdict const& verdict) {
    return verdict.slowed_down ? spdlog::level::err
           : verdict.slow      ? spdlog::level::debug
                               : spdlog::level::warn;
}

/// A unit that shows no segment for so long is taken for dead, whatever its processes look like.
inline std::chrono::milliseconds stall_limit(config::Channel const& channel) {
    return std::max<std::chrono::milliseconds>(3 * channel.target_duration,
                                               std::chrono::seconds{10});
}

/// How far a source may be read ahead of the clock: two segments, and what an encoder looks ahead.
inline std::chrono::milliseconds read_ahead(config::Channel const& channel) {
    return 2 * channel.segment_time + std::chrono::seconds{3};
}

} // namespace continuo::supervisor
