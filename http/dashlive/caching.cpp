#include "http/dashlive/caching.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace continuo::dashlive {
namespace {

using std::chrono::seconds;

constexpr std::string_view never{"no-store"};
constexpr seconds shortest{60};
constexpr seconds longest{31'536'000};

} // namespace

bool is_constant(Options const& options) noexcept {
    return !options.start_relative && !options.stop_relative && !options.modulo &&
           !options.follows_now && !options.keeps_times_short && options.traffic.empty() &&
           options.base_urls.empty();
}

std::string segment_caching(Session const& session, bool by_clock) {
    if (by_clock || !is_constant(*session.options)) return std::string(never);
    // Longer than it can be had here, nobody asks for it.
    auto const lifetime =
        std::clamp(std::chrono::ceil<seconds>(session.depth) + shortest, shortest, longest);
    return fmt::format("public, max-age={}, immutable", lifetime.count());
}

std::string manifest_caching(Session const& session, std::optional<milliseconds> update_period,
                             bool by_clock) {
    if (by_clock || !is_constant(*session.options)) return std::string(never);
    if (!update_period) return fmt::format("max-age={}", shortest.count());
    auto const half = std::chrono::floor<seconds>(*update_period / 2);
    if (half <= seconds{0}) return "no-cache";
    return fmt::format("max-age={}", std::min(half, shortest).count());
}

} // namespace continuo::dashlive
