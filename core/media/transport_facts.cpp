#include "core/media/transport_facts.hpp"

#include "core/media/audio_frames.hpp"
#include "core/mpegts/access_unit.hpp"
#include "core/mpegts/pes.hpp"
#include "core/mpegts/psi.hpp"
#include "core/mpegts/stream_kind.hpp"
#include "core/mpegts/sync.hpp"

#include <algorithm>
#include <span>

namespace continuo::media {
namespace {

/// PIDs below this carry tables of their own (ISO/IEC 13818-1 table 2-3, and DVB's SI).
constexpr std::uint16_t first_free_pid = 0x20;

/// The times of one elementary stream's access units.
class Times {
public:
    void add(mpegts::PesHeader const& header) {
        if (!header.pts) return;
        if (!start_) start_ = header.pts;
        auto const behind_start = elapsed(*start_, *header.pts);
        first_ = std::min(first_, behind_start);
        last_ = std::max(last_, behind_start);
        if (previous_dts_) steps_.push_back(elapsed(*previous_dts_, *header.dts));
        previous_dts_ = header.dts;
    }

    std::optional<Ticks90k> start() const noexcept { return start_; }

    /// The usual step between access units; zero when there was only one, or their times fall.
    Ticks90k step() const {
        if (steps_.empty()) return {};
        auto sorted = steps_;
        auto const middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
        std::nth_element(sorted.begin(), middle, sorted.end());
        return std::max(*middle, Ticks90k::zero());
    }

    /// From the first access unit of the file to where the last one shown begins.
    Ticks90k reach() const noexcept { return last_; }
    /// Where what is shown first lies from the first access unit of the file: not behind it.
    Ticks90k lead() const noexcept { return first_; }

private:
    std::optional<Ticks90k> start_;
    std::optional<Ticks90k> previous_dts_;
    Ticks90k first_{}; ///< from `start_` on, as `last_`
    Ticks90k last_{};
    std::vector<Ticks90k> steps_;
};

/// Walks over the packets of one segment.
class Measurement {
public:
    void take(mpegts::PacketBytes bytes) {
        auto const packet = mpegts::parse_packet(bytes);
        if (!packet || packet->pid == mpegts::null_pid) return;
        if (packet->pid == mpegts::pat_pid)
            take_pat(*packet);
        else if (packet->pid == pmt_pid_)
            take_pmt(*packet);
        else if (packet->pid >= first_free_pid)
            take_elementary(*packet);
    }

    SegmentFacts facts() {
        if (opening_ == Opening::open) judge(opening_unit_->finish());
        facts_.container = Container::transport_stream;
        if (video_times_.start())
            time(video_times_, video_times_.step(), video_times_.step());
        else if (audio_times_.start() && audio_frames_ && audio_frames_->rate_hz() > 0)
            time(audio_times_, audio_frames_->frame_duration(), last_sound());
        else
            time(audio_times_, audio_times_.step(), audio_times_.step());
        return std::move(facts_);
    }

private:
    enum class Opening : std::uint8_t { awaited, open, judged };

    /// `last`: how long the access unit goes on that begins last, or what is packed with it.
    void time(Times const& times, Ticks90k frame, Ticks90k last) {
        facts_.frame = frame;
        if (!times.start()) return;
        facts_.start = times.start();
        facts_.span = times.reach() + last;
        facts_.begin = wrapped(*facts_.start + times.lead());
        facts_.begin_units = facts_.begin->count();
        facts_.duration = facts_.span - times.lead();
        facts_.duration_units = facts_.duration.count();
    }

    /// Of the frames that came with the newest time.
    Ticks90k last_sound() const {
        auto const whole = std::max(audio_frames_->samples(), samples_before_);
        return duration_of(whole - samples_before_, audio_frames_->rate_hz());
    }

    void take_pat(mpegts::Packet const& packet) {
        pat_sections_.feed(packet, [&](std::span<std::uint8_t const> section) {
            auto const pat = mpegts::parse_pat(section);
            if (!pat || pat->programs.empty()) return;
            facts_.programs = static_cast<unsigned>(pat->programs.size());
            pmt_pid_ = pat->programs.front().pmt_pid;
        });
    }

    void take_pmt(mpegts::Packet const& packet) {
        pmt_sections_.feed(packet, [&](std::span<std::uint8_t const> section) {
            auto const pmt = mpegts::parse_pmt(section);
            if (!pmt || tables_seen_) return;
            tables_seen_ = true;
            facts_.starts_with_tables = !elementary_seen_;
            for (auto const& stream : pmt->streams)
                choose(stream);
        });
    }

    void choose(mpegts::Pmt::Stream const& stream) {
        auto const video = mpegts::video_codec_of(stream);
        auto const audio = mpegts::audio_codec_of(stream);
        if (video && !opening_unit_) {
            video_pid_ = stream.pid;
            opening_unit_.emplace(*video);
        } else if (audio && !audio_codec_) {
            audio_pid_ = stream.pid;
            audio_codec_ = audio;
            audio_frames_.emplace(*audio);
        }
    }

    void take_elementary(mpegts::Packet const& packet) {
        elementary_seen_ = true;
        if (packet.pid == video_pid_) take_video(packet);
        if (packet.pid == audio_pid_) take_audio(packet);
    }

    void take_video(mpegts::Packet const& packet) {
        auto payload = packet.payload;
        if (packet.payload_unit_start) {
            auto const header = mpegts::parse_pes_header(payload);
            if (!header) return;
            video_times_.add(*header);
            if (opening_ == Opening::open) judge(opening_unit_->finish());
            if (opening_ == Opening::judged) return;
            opening_ = Opening::open;
            opening_unit_->begin(packet.random_access);
            payload = payload.subspan(header->payload_offset);
        }
        if (opening_ != Opening::open) return;
        auto const verdict = opening_unit_->feed(payload);
        if (verdict != mpegts::Verdict::undecided) judge(verdict);
    }

    void judge(mpegts::Verdict verdict) {
        opening_ = Opening::judged;
        facts_.starts_with_keyframe = verdict == mpegts::Verdict::keyframe;
        auto const& parameters = opening_unit_->parameters();
        if (!parameters) return;
        facts_.video_codecs = parameters->codecs;
        facts_.width = parameters->width;
        facts_.height = parameters->height;
    }

    void take_audio(mpegts::Packet const& packet) {
        auto payload = packet.payload;
        if (packet.payload_unit_start) {
            auto const header = mpegts::parse_pes_header(payload);
            if (!header) return;
            audio_times_.add(*header);
            payload = payload.subspan(header->payload_offset);
            if (header->pts) samples_before_ = audio_frames_->samples_begun();
            if (facts_.audio_codecs.empty())
                facts_.audio_codecs = mpegts::codecs_of(*audio_codec_, payload);
        }
        if (!video_pid_ && audio_times_.start()) audio_frames_->take(payload);
    }

    SegmentFacts facts_;
    mpegts::SectionAssembler pat_sections_;
    mpegts::SectionAssembler pmt_sections_;
    std::optional<std::uint16_t> pmt_pid_;
    std::optional<std::uint16_t> video_pid_;
    std::optional<std::uint16_t> audio_pid_;
    std::optional<mpegts::AudioCodec> audio_codec_;
    std::optional<mpegts::AccessUnitClassifier> opening_unit_;
    Opening opening_{Opening::awaited};
    bool tables_seen_{false};
    bool elementary_seen_{false};
    Times video_times_;
    Times audio_times_;
    std::optional<AudioFrameCounter> audio_frames_; ///< while there is no video to go by
    std::uint64_t samples_before_{};                ///< the newest audio time
};

} // namespace

SegmentFacts transport_facts(std::span<std::uint8_t const> segment) {
    Measurement measurement;
    mpegts::Packetizer packetizer;
    auto const take = [&](mpegts::PacketBytes bytes) { measurement.take(bytes); };
    packetizer.feed(segment, take);
    packetizer.finish(take);
    return measurement.facts();
}

} // namespace continuo::media
