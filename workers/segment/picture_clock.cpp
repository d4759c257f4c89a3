#include "workers/segment/picture_clock.hpp"

#include <algorithm>

namespace continuo::segment {

void PictureClock::add(Ticks90k dts) noexcept {
    media_time_ = media_time_at(dts);
    auto const step = latest_ ? elapsed(*latest_, dts) : Ticks90k::zero();
    if (is_length(step)) steps_[count_++ % steps_.size()] = step;
    latest_ = dts;
}

Ticks90k PictureClock::media_time_at(Ticks90k dts) const noexcept {
    if (!latest_) return media_time_;
    auto const step = elapsed(*latest_, dts);
    return media_time_ + (is_length(step) ? step : picture_length());
}

void PictureClock::begin_anew() noexcept {
    if (latest_) media_time_ += picture_length();
    latest_.reset();
    count_ = 0;
}

bool PictureClock::is_length(Ticks90k step) const noexcept {
    auto const unusual = step > jump && count_ > 0 && step > 3 * picture_length();
    return step > Ticks90k::zero() && !unusual;
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
