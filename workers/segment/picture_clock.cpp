#include "workers/segment/picture_clock.hpp"

#include <algorithm>

namespace continuo::segment {

void PictureClock::add(Ticks90k dts) noexcept {
    if (latest_) media_time_ += length_of(elapsed(*latest_, dts));
    latest_ = dts;
}

void PictureClock::begin_anew() noexcept {
    if (latest_) media_time_ += picture_length();
    latest_.reset();
    count_ = 0;
}

Ticks90k PictureClock::length_of(Ticks90k step) noexcept {
    auto const unusual = step > jump && count_ > 0 && step > 3 * picture_length();
    if (step <= Ticks90k::zero() || unusual) return picture_length();
    steps_[count_++ % steps_.size()] = step;
    return step;
}

Ticks90k PictureClock::picture_length() const noexcept {
    if (count_ == 0) return usual_length;
    auto sorted = steps_;
    auto* const end = sorted.begin() + std::min(count_, sorted.size());
    auto* const middle = sorted.begin() + (end - sorted.begin()) / 2;
    std::nth_element(sorted.begin(), middle, end);
    return *middle;
}

} // namespace continuo::segment
