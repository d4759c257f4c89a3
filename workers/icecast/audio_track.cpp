#include "workers/icecast/audio_track.hpp"

#include "core/mpegts/adts.hpp"
#include "core/mpegts/pes.hpp"

#include <utility>

namespace continuo::icecast {
namespace {

constexpr std::size_t pes_prefix_size = 6; // start code, stream_id, PES_packet_length
/// Where a PES packet does not say how long it is, more than this is no audio.
constexpr std::size_t longest_pes = 256 * 1024;

/// Of the whole packet; nothing while that is not known, or not said (ISO/IEC 13818-1 §2.4.3.7
/// allows that for video alone; some packagers do it for audio).
std::optional<std::size_t> size_of_pes(std::span<std::uint8_t const> pes) {
    if (pes.size() < pes_prefix_size) return std::nullopt;
    auto const length = std::size_t{pes[4]} << 8 | pes[5];
    if (length == 0) return std::nullopt;
    return pes_prefix_size + length;
}

/// ffmpeg's demuxer would time all but the first frame of a packet by the rate that it saw at its
/// start; so each goes into a packet of its own, where its header is found.
std::optional<mpegts::AdtsFrame> first_frame(mpegts::AudioCodec codec,
                                             std::span<std::uint8_t const> bytes) {
    if (codec != mpegts::AudioCodec::aac_adts) return std::nullopt;
    auto const frame = mpegts::parse_adts_frame(bytes);
    return frame && frame->size <= bytes.size() ? frame : std::nullopt;
}

} // namespace

void AudioTrack::feed(std::span<std::uint8_t const> bytes, std::vector<AudioUnit>& units) {
    packetizer_.feed(bytes, [&](mpegts::PacketBytes packet) { take(packet, units); });
}

void AudioTrack::finish_file(std::vector<AudioUnit>& units) {
    packetizer_.finish([&](mpegts::PacketBytes packet) { take(packet, units); });
    packetizer_ = {};
}

void AudioTrack::forget_torn_unit() {
    pes_.clear();
}

void AudioTrack::take(mpegts::PacketBytes bytes, std::vector<AudioUnit>& units) {
    auto const packet = mpegts::parse_packet(bytes);
    if (!packet || packet->damaged) return;
    if (packet->pid == mpegts::pat_pid)
        pat_sections_.feed(*packet, [&](auto section) { take_pat(section); });
    else if (packet->pid == pmt_pid_)
        pmt_sections_.feed(*packet, [&](auto section) { take_pmt(section); });
    else if (packet->pid == audio_pid_)
        take_audio(*packet, units);
}

void AudioTrack::take_pat(std::span<std::uint8_t const> section) {
    auto const pat = mpegts::parse_pat(section);
    if (!pat || pat->programs.empty() || pmt_pid_ == pat->programs.front().pmt_pid) return;
    pmt_pid_ = pat->programs.front().pmt_pid;
    pmt_sections_ = {};
}

void AudioTrack::take_pmt(std::span<std::uint8_t const> section) {
    auto const pmt = mpegts::parse_pmt(section);
    if (!pmt) return;
    std::optional<std::uint16_t> pid;
    for (auto const& stream : pmt->streams) {
        auto const codec = mpegts::audio_codec_of(stream);
        if (!codec) continue;
        pid = stream.pid;
        format_ = {.codec = *codec, .stream_type = stream.type, .descriptors = stream.descriptors};
        break;
    }
    if (std::exchange(audio_pid_, pid) != pid) forget_torn_unit();
}

void AudioTrack::take_audio(mpegts::Packet const& packet, std::vector<AudioUnit>& units) {
    if (packet.payload.empty()) return;
    auto const follows = packet.continuity_counter == next_counter_;
    next_counter_ = (packet.continuity_counter + 1U) & 0x0F;
    if (packet.payload_unit_start) {
        if (follows && !size_of_pes(pes_)) emit_pes(units);
        pes_.clear();
    } else if (pes_.empty() || !follows || pes_.size() > longest_pes) {
        return pes_.clear();
    }
    pes_.insert(pes_.end(), packet.payload.begin(), packet.payload.end());
    if (auto const size = size_of_pes(pes_); size && pes_.size() >= *size) {
        pes_.resize(*size);
        emit_pes(units);
    }
}

void AudioTrack::emit_pes(std::vector<AudioUnit>& units) {
    auto const header = mpegts::parse_pes_header(pes_);
    if (header && header->payload_offset < pes_.size()) {
        auto rest = std::span<std::uint8_t const>(pes_).subspan(header->payload_offset);
        auto pts = header->pts;
        while (!rest.empty()) {
            auto const frame = first_frame(format_->codec, rest);
            auto const size = frame ? frame->size : rest.size();
            units.push_back(
                {.pts = pts, .frames = {rest.begin(), rest.begin() + static_cast<long>(size)}});
            rest = rest.subspan(size);
            if (frame && pts) pts = wrapped(*pts + frame->length);
        }
    }
    pes_.clear();
}

} // namespace continuo::icecast
