// A request for something of a session, understood: what, and when.
#pragma once

#include "http/dashlive/asked.hpp"

#include <chrono>
#include <filesystem>

namespace continuo::dashlive {

/// Lives in the coroutine that answers.
struct Demand {
    Asked asked;
    DateTime wall;                                ///< what our clock showed
    std::chrono::steady_clock::time_point steady; ///< and that by which we wait
    bool by_clock{false};                         ///< the request itself says what time it is
    std::filesystem::path root;                   ///< of the assets
};

} // namespace continuo::dashlive
