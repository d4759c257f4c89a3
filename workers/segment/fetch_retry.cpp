#include "workers/segment/fetch_retry.hpp"

#include <algorithm>

namespace continuo::segment {
namespace {

using namespace std::chrono_literals;

constexpr int answers_enough = 4;
constexpr std::chrono::milliseconds first_fetch_pause = 200ms;
constexpr std::chrono::milliseconds longest_fetch_pause = 2s;

} // namespace

bool FetchRetry::failed(FetchFailure const& failure, Time now) noexcept {
    if (!failing_since_) failing_since_ = now;
    pause_ = std::clamp(2 * pause_, first_fetch_pause, longest_fetch_pause);
    due_ = now + pause_;
    if (failure.answered) return ++answers_ < answers_enough;
    return now < *failing_since_ + longest_silence_;
}

} // namespace continuo::segment
