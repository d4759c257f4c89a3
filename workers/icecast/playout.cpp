#include "workers/icecast/playout.hpp"

#include <iterator>
#include <string_view>
#include <utility>

namespace continuo::icecast {
namespace {

/// A larger step of the timestamps is a jump, not a unit.
constexpr Ticks90k longest_unit{90'000};

std::string_view name_of(mpegts::AudioCodec codec) {
    switch (codec) {
    case mpegts::AudioCodec::aac_adts: return "AAC";
    case mpegts::AudioCodec::aac_latm: return "AAC in LATM";
    case mpegts::AudioCodec::mpeg: return "MPEG audio";
    case mpegts::AudioCodec::ac3: return "AC-3";
    case mpegts::AudioCodec::eac3: return "E-AC-3";
    case mpegts::AudioCodec::opus: return "Opus";
    }
    return {};
}

} // namespace

Playout::Playout(Time now) : began_(now), last_sound_(now) {}

void Playout::add(Time now, AudioFormat const& format, std::vector<AudioUnit> units) {
    if (units.empty()) return;
    use(format);
    if (!position_ && !has_sound()) began_ = now + reserve;
    units_.insert(units_.end(), std::make_move_iterator(units.begin()),
                  std::make_move_iterator(units.end()));
    is_silent_ = false;
}

/// A decoder lives with one codec; rates and channels may change under it.
void Playout::use(AudioFormat const& format) {
    if (!format_) {
        format_ = format;
        writer_.emplace(format);
    } else if (format_->codec != format.codec && change_.empty()) {
        change_ = std::string("the sound changes from ")
                      .append(name_of(format_->codec))
                      .append(" to ")
                      .append(name_of(format.codec));
    }
}

Ticks90k Playout::next_position() const {
    if (!position_) return Ticks90k::zero();
    if (units_.empty() || !pts_ || !units_.front().pts) return *position_ + usual_length_;
    auto const step = elapsed(*pts_, *units_.front().pts);
    return *position_ + (step > Ticks90k::zero() && step <= longest_unit ? step : usual_length_);
}

Playout::Time Playout::time_of(Ticks90k position) const {
    return began_ + std::chrono::ceil<Time::duration>(position);
}

Playout::Time Playout::due() const {
    auto const time = time_of(next_position());
    return has_sound() || is_silent_ ? time : std::max(time, last_sound_ + patience);
}

void Playout::write_next(Time now, std::vector<std::uint8_t>& out) {
    auto const position = next_position();
    auto const late = now - time_of(position);
    if (late > tolerance) began_ += late;
    if (has_sound()) {
        auto const& unit = units_.front();
        if (position_) usual_length_ = position - *position_;
        pts_ = unit.pts;
        last_sound_ = now;
        writer_->append(unit, position, out);
        units_.pop_front();
    } else {
        use(AudioFormat{});
        pts_.reset();
        usual_length_ = silent_frame_length;
        writer_->append(silent_aac_frame(), position, out);
    }
    position_ = position;
}

} // namespace continuo::icecast
