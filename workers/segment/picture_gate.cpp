#include "workers/segment/picture_gate.hpp"

namespace continuo::segment {
namespace {

constexpr Ticks90k squashed_step{2};
constexpr int squashed_steps_of_a_break = 3;
constexpr Ticks90k step_back{-90'000};
constexpr std::size_t max_held_bytes =
    16u << 20; // a source that sends no further picture must not fill the memory

} // namespace

PictureGate::PictureGate(LeadingTrack const& track, Receiver& receiver)
    : track_(track), receiver_(receiver) {
    if (track.codec) classifier_.emplace(*track.codec);
}

std::optional<TimeBreak> PictureGate::take(mpegts::Packet const& packet,
                                           mpegts::PacketBytes bytes) {
    auto payload = packet.payload;
    if (packet.pid == track_.pid && packet.payload_unit_start) {
        auto const header = mpegts::parse_pes_header(payload);
        if (header && header->pts) {
            if (auto const broken = begin_picture(*header, packet.random_access)) return broken;
            payload = payload.subspan(header->payload_offset);
        }
    }
    if (held_.empty()) {
        receiver_.on_packet(bytes);
        return std::nullopt;
    }
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
    if (classifier_ && packet.pid == track_.pid) classifier_->feed(payload);
    if (is_clear() || bytes_.size() > max_held_bytes) release();
    return std::nullopt;
}

void PictureGate::finish() {
    release();
}

std::optional<TimeBreak> PictureGate::begin_picture(mpegts::PesHeader const& header,
                                                    bool random_access) {
    settle();
    if (squashed_ == 0) release();
    auto const step = latest_dts_ ? elapsed(*latest_dts_, *header.dts) : squashed_step * 2;
    if (step < step_back) return TimeBreak{.from = *latest_dts_, .to = *header.dts};
    if (step > squashed_step) {
        squashed_ = 0;
        release();
    } else {
        if (squashed_ == 0) before_squash_ = *latest_dts_;
        if (++squashed_ == squashed_steps_of_a_break) {
            held_.clear();
            bytes_.clear();
            return TimeBreak{.from = before_squash_, .to = *header.dts, .squashed = true};
        }
    }
    latest_dts_ = *header.dts;
    held_.push_back({.picture = {.pts = *header.pts, .dts = *header.dts, .parameters = {}},
                     .offset = bytes_.size()});
    has_indicator_ = random_access;
    if (classifier_) classifier_->begin(random_access);
    return std::nullopt;
}

bool PictureGate::is_clear() const noexcept {
    auto const is_decided = !classifier_ || classifier_->verdict() != mpegts::Verdict::undecided;
    return squashed_ == 0 && is_decided;
}

void PictureGate::settle() {
    if (held_.empty()) return;
    auto& picture = held_.back().picture;
    picture.keyframe = !classifier_ || classifier_->finish() == mpegts::Verdict::keyframe;
    if (track_.by_indicator) picture.keyframe = has_indicator_;
    if (classifier_ && picture.keyframe) picture.parameters = classifier_->parameters();
}

void PictureGate::release() {
    settle();
    for (std::size_t i = 0; i < held_.size(); ++i) {
        receiver_.on_picture(held_[i].picture);
        auto const end = i + 1 < held_.size() ? held_[i + 1].offset : bytes_.size();
        for (auto at = held_[i].offset; at < end; at += mpegts::packet_size) {
            receiver_.on_packet(mpegts::PacketBytes(bytes_.data() + at, mpegts::packet_size));
        }
    }
    held_.clear();
    bytes_.clear();
}

} // namespace continuo::segment
