#include "workers/segment/packet_writer.hpp"

#include "core/mpegts/adts.hpp"
#include "core/mpegts/pes.hpp"

#include <utility>

namespace continuo::segment {
namespace {

constexpr std::size_t max_kept_bytes = 256 * 1024; // of sound

} // namespace

void PacketWriter::write(mpegts::Packet const& packet, mpegts::PacketBytes bytes,
                         Streams const& streams, Output& output) {
    auto const counter = counters_.next(packet, bytes);
    if (!counter) return;
    if (packet.pid == streams.audio_pid) read_sound(packet, streams, output);
    auto const at = output.bytes.size();
    output.bytes.insert(output.bytes.end(), bytes.begin(), bytes.end());
    mpegts::set_continuity_counter(
        mpegts::MutablePacketBytes(output.bytes.data() + at, mpegts::packet_size), *counter);
    auto const early = std::exchange(early_, {});
    for (std::span<std::uint8_t const> rest = early; !rest.empty();
         rest = rest.subspan(mpegts::packet_size)) {
        auto const one = rest.first<mpegts::packet_size>();
        if (auto const parsed = mpegts::parse_packet(one)) write(*parsed, one, streams, output);
    }
}

std::size_t PacketWriter::write_plain(std::span<std::uint8_t const> packets, StreamMap const& map,
                                      Output& output) {
    std::size_t size = 0;
    while (size < packets.size() &&
           is_plain(packets.subspan(size).first<mpegts::packet_size>(), map))
        size += mpegts::packet_size;
    auto const plain = packets.first(size);
    auto const at = output.bytes.size();
    output.bytes.insert(output.bytes.end(), plain.begin(), plain.end());
    counters_.number(std::span(output.bytes).subspan(at));
    return size;
}

/// Sound, with nothing but payload, and neither the beginning of a unit nor a repetition.
bool PacketWriter::is_plain(mpegts::PacketBytes bytes, StreamMap const& map) noexcept {
    constexpr std::uint8_t damaged_or_unit_start = 0xC0;
    constexpr std::uint8_t adaptation_field_control = 0x30;
    constexpr std::uint8_t payload_only = 0x10;
    return (bytes[1] & damaged_or_unit_start) == 0 &&
           (bytes[3] & adaptation_field_control) == payload_only &&
           map.passes(mpegts::pid_of(bytes)) && counters_.follows(bytes);
}

void PacketWriter::keep_early(mpegts::PacketBytes bytes) {
    if (early_.size() >= max_kept_bytes) early_.clear();
    early_.insert(early_.end(), bytes.begin(), bytes.end());
}

void PacketWriter::read_sound(mpegts::Packet const& packet, Streams const& streams,
                              Output& output) {
    auto payload = packet.payload;
    auto const header = mpegts::parse_pes_header(payload);
    if (packet.payload_unit_start && header && header->pts) {
        output.put(AudioStarted{.pid = packet.pid, .pts = *header->pts});
        payload = payload.subspan(header->payload_offset);
        if (audio_codecs_.empty()) audio_codecs_ = mpegts::codecs_of(streams.audio_codec, payload);
        sound_.clear();
    }
    auto const leads = packet.pid == streams.leading_pid;
    if (leads && sound_.size() < max_kept_bytes)
        sound_.insert(sound_.end(), payload.begin(), payload.end());
}

Ticks90k PacketWriter::sound_length(Streams const& streams) const noexcept {
    auto const is_adts = streams.audio_codec == mpegts::AudioCodec::aac_adts;
    return is_adts ? mpegts::length_of_adts(sound_) : Ticks90k::zero();
}

void PacketWriter::forget_sound() {
    audio_codecs_.clear();
    sound_.clear();
}

} // namespace continuo::segment
