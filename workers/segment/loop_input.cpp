#include "workers/segment/loop_input.hpp"

#include "core/mpegts/pes.hpp"
#include "core/mpegts/timestamp.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace continuo::segment {
namespace {

constexpr std::size_t read_size = 64 * 1024;
/// Half an audio frame: the one that would overlap the next lap's first by more is left out.
constexpr Ticks90k audio_tolerance{900};

std::optional<mpegts::PesHeader> times_of(mpegts::Packet const& packet) {
    if (!packet.payload_unit_start) return std::nullopt;
    auto const header = mpegts::parse_pes_header(packet.payload);
    if (!header || !header->pts) return std::nullopt;
    return *header;
}

Result<std::size_t> read_at(os::Descriptor const& file, std::span<std::uint8_t> buffer,
                            std::uint64_t position, std::filesystem::path const& path) {
    for (;;) {
        auto const count =
            ::pread(file.get(), buffer.data(), buffer.size(), static_cast<off_t>(position));
        if (count >= 0) return static_cast<std::size_t>(count);
        if (errno != EINTR) return fail_errno("read \"" + path.string() + "\"");
    }
}

} // namespace

void LapFinder::take(mpegts::PacketBytes bytes) {
    auto const packet = mpegts::parse_packet(bytes);
    if (!packet || packet->damaged || map_.take(*packet) || !map_.streams()) return;
    auto const header = times_of(*packet);
    if (!header) return;
    if (packet->pid == map_.streams()->leading_pid) {
        clock_.add(*header->dts);
        has_picture_ = true;
    } else if (packet->pid == map_.streams()->audio_pid && !first_audio_) {
        first_audio_ = *header->pts;
    }
}

Result<Lap> LapFinder::lap() const {
    if (!has_picture_) return fail(Errc::unsupported, map_.problem());
    Lap lap;
    lap.length = clock_.media_time() + clock_.picture_length();
    if (first_audio_) {
        lap.audio_pid = map_.streams()->audio_pid;
        lap.audio_end = wrapped(*first_audio_ + lap.length);
    }
    return lap;
}

bool LapPlayer::take(mpegts::MutablePacketBytes bytes) {
    if (mpegts::pid_of(bytes) == lap_.audio_pid) {
        auto const packet = mpegts::parse_packet(bytes);
        if (auto const header = packet ? times_of(*packet) : std::nullopt) {
            is_past_audio_end_ = elapsed(*header->pts, lap_.audio_end) < audio_tolerance;
        }
        if (is_past_audio_end_) return false;
    }
    mpegts::move_in_time(bytes, shift_);
    return true;
}

void LapPlayer::begin_next_lap() {
    shift_ = wrapped(shift_ + lap_.length);
    is_past_audio_end_ = false;
}

Result<LoopInput> LoopInput::open(std::filesystem::path const& path) {
    os::Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file) return fail_errno("open \"" + path.string() + "\"");
    LapFinder finder;
    mpegts::Packetizer packetizer;
    auto const visit = [&](mpegts::PacketBytes bytes) { finder.take(bytes); };
    std::array<std::uint8_t, read_size> buffer;
    for (std::uint64_t position = 0;;) {
        auto const count = read_at(file, buffer, position, path);
        if (!count) return count.error();
        if (*count == 0) break;
        packetizer.feed(std::span(buffer).first(*count), visit);
        position += *count;
    }
    packetizer.finish(visit);
    auto const lap = finder.lap();
    if (!lap)
        return Error{lap.error().code, "repeat \"" + path.string() + "\": " + lap.error().context};
    return LoopInput(path, std::move(file), *lap);
}

Piece LoopInput::next() {
    auto const packets = read();
    if (packets) return {.bytes = *packets};
    end_ = InputEnd{.why = InputEnd::Why::broken, .reason = to_text(packets.error())};
    return {};
}

Result<std::span<std::uint8_t const>> LoopInput::read() {
    packets_.clear();
    auto const visit = [this](mpegts::PacketBytes bytes) {
        auto const at = packets_.size();
        packets_.insert(packets_.end(), bytes.begin(), bytes.end());
        if (!player_.take(mpegts::MutablePacketBytes(packets_.data() + at, mpegts::packet_size))) {
            packets_.resize(at);
        }
    };
    std::array<std::uint8_t, read_size> buffer;
    while (packets_.empty()) {
        auto const count = read_at(file_, buffer, position_, path_);
        if (!count) return count.error();
        packetizer_.feed(std::span(buffer).first(*count), visit);
        position_ += *count;
        if (*count != 0) continue;
        if (position_ == 0) return fail(Errc::truncated, "repeat \"" + path_.string() + "\"");
        packetizer_.finish(visit);
        player_.begin_next_lap();
        position_ = 0;
    }
    return std::span<std::uint8_t const>(packets_);
}

} // namespace continuo::segment
