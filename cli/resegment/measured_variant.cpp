#include "cli/resegment/measured_variant.hpp"

#include "core/hls/multivariant_playlist.hpp"

#include <algorithm>

namespace continuo::cli::resegment {
namespace {

std::uint64_t rate_of(std::uint64_t bytes, Ticks90k duration) {
    if (duration <= Ticks90k::zero()) return 0;
    return static_cast<std::uint64_t>(static_cast<double>(bytes) * 8 / seconds_of(duration));
}

} // namespace

void MeasuredVariant::add(contract::SegmentLine const& line) {
    video_ = line.video;
    audio_codecs_ = line.audio_codecs;
    bytes_ += line.bytes;
    duration_ += line.duration;
    peak_bps_ = std::max(peak_bps_, rate_of(line.bytes, line.duration));
}

std::string MeasuredVariant::master() const {
    hls::VariantStream variant;
    variant.uri = "0/index.m3u8";
    variant.bandwidth_bps = peak_bps_;
    variant.average_bandwidth_bps = rate_of(bytes_, duration_);
    variant.width = video_.width;
    variant.height = video_.height;
    variant.frame_rate = video_.frame_rate;
    variant.codecs = video_.codecs;
    if (!variant.codecs.empty() && !audio_codecs_.empty()) variant.codecs += ',';
    variant.codecs += audio_codecs_;
    hls::MultivariantPlaylist playlist;
    playlist.variants.push_back(std::move(variant));
    return hls::to_text(playlist);
}

} // namespace continuo::cli::resegment
