#include "core/media/packed_facts.hpp"

#include "core/media/audio_frames.hpp"
#include "core/media/id3_tag.hpp"

#include <array>

namespace continuo::media {
namespace {

/// The codec of the frame that `frames` begins with.
std::optional<mpegts::AudioCodec> codec_of(std::span<std::uint8_t const> frames) noexcept {
    using enum mpegts::AudioCodec;
    if (frames.size() < audio_header_size) return std::nullopt;
    constexpr unsigned last_ac3 = 10; // bsid
    for (auto const codec : {aac_adts, mpeg, ac3}) {
        if (!audio_frame_at(codec, frames.first<audio_header_size>())) continue;
        return codec == ac3 && frames[5] >> 3U > last_ac3 ? eac3 : codec;
    }
    return std::nullopt;
}

} // namespace

SegmentFacts packed_facts(std::span<std::uint8_t const> segment) {
    SegmentFacts facts;
    facts.container = Container::packed_audio;
    auto frames = segment;
    while (auto const tag = parse_id3_tag(frames)) {
        if (tag->time && !facts.start) facts.start = facts.begin = tag->time;
        frames = frames.subspan(tag->size);
    }
    auto const codec = codec_of(frames);
    if (!codec) return facts;
    facts.audio_codecs = mpegts::codecs_of(*codec, frames);
    AudioFrameCounter counter(*codec);
    counter.take(frames);
    if (counter.rate_hz() == 0) return facts;
    facts.frame = counter.frame_duration();
    facts.span = facts.duration = duration_of(counter.samples(), counter.rate_hz());
    facts.timescale = counter.rate_hz();
    facts.duration_units = static_cast<std::int64_t>(counter.samples());
    if (facts.begin)
        facts.begin_units = (facts.begin->count() * facts.timescale + Ticks90k::period::den / 2) /
                            Ticks90k::period::den;
    return facts;
}

} // namespace continuo::media
