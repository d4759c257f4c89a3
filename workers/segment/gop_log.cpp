#include "workers/segment/gop_log.hpp"

#include "core/mpegts/packet.hpp"

#include <algorithm>

namespace continuo::segment {
namespace {

/// Audio may run ahead of the video in the stream: so much of it is remembered for the next GOP's
/// lead-in.
constexpr Ticks90k audio_memory{3 * 90'000};
constexpr std::size_t max_audio_units = 1024;

} // namespace

void GopLog::append(Output const& output) {
    std::span<std::uint8_t const> const bytes = output.bytes;
    std::size_t done = 0;
    for (auto const& event : output.events) {
        append_packets(bytes.subspan(done, event.offset - done));
        done = event.offset;
        if (auto const* const gop = std::get_if<GopOpened>(&event.what)) open_gop(*gop);
        if (auto const* const audio = std::get_if<AudioStarted>(&event.what)) begin_audio(*audio);
    }
    append_packets(bytes.subspan(done));
}

void GopLog::append_packets(std::span<std::uint8_t const> packets) {
    if (gops_.empty()) return;
    auto& bytes = gops_.back().bytes;
    bytes.insert(bytes.end(), packets.begin(), packets.end());
    size_bytes_ += packets.size();
    if (audio_.empty()) return;
    for (; !packets.empty(); packets = packets.subspan(mpegts::packet_size)) {
        auto const packet = packets.first<mpegts::packet_size>();
        if (mpegts::pid_of(packet) != audio_pid_) continue;
        auto& unit = audio_.back().packets;
        unit.insert(unit.end(), packet.begin(), packet.end());
    }
}

void GopLog::open_gop(GopOpened const& opened) {
    Gop gop{.opened = opened, .lead_in = {}, .bytes = {}};
    if (!gops_.empty()) gop.bytes.reserve(gops_.back().bytes.size());
    if (opened.keyframe) {
        for (auto const& unit : audio_) {
            if (elapsed(opened.pts - lead_in_time, unit.pts) < Ticks90k::zero()) continue;
            gop.lead_in.insert(gop.lead_in.end(), unit.packets.begin(), unit.packets.end());
        }
    }
    size_bytes_ += gop.lead_in.size();
    gops_.push_back(std::move(gop));
}

void GopLog::begin_audio(AudioStarted const& audio) {
    audio_pid_ = audio.pid;
    audio_.push_back({.pts = audio.pts, .packets = {}});
    while (audio_.size() > max_audio_units ||
           elapsed(audio_.front().pts, audio.pts) > audio_memory) {
        audio_.pop_front();
    }
}

std::optional<Cursor> GopLog::join(std::optional<Ticks90k> from) const {
    for (std::size_t i = 0; i < gops_.size(); ++i) {
        auto const& opened = gops_[i].opened;
        auto const is_wanted = !from || elapsed(*from, opened.pts) >= Ticks90k::zero();
        if (opened.keyframe && is_wanted) return Cursor{.gop = first_ + i, .offset = 0};
    }
    return std::nullopt;
}

std::span<std::uint8_t const> GopLog::lead_in(Cursor const& cursor) const {
    return gops_[cursor.gop - first_].lead_in;
}

std::span<std::uint8_t const> GopLog::unread(Cursor& cursor) const {
    auto const newest = first_ + gops_.size() - 1;
    while (cursor.gop < newest && cursor.offset == gops_[cursor.gop - first_].bytes.size()) {
        cursor = {.gop = cursor.gop + 1, .offset = 0};
    }
    return std::span(gops_[cursor.gop - first_].bytes).subspan(cursor.offset);
}

void GopLog::trim(std::optional<std::uint64_t> oldest_needed, Retention const& retention,
                  bool keep_time) {
    while (auto const spare = oldest_spare_segment()) {
        auto const newest = gops_.back().opened.media_time;
        auto const age_of = [&](Gop const& gop) { return newest - gop.opened.media_time; };
        auto const is_needed = (oldest_needed && *oldest_needed < first_ + spare) ||
                               age_of(gops_[spare]) < retention.min_age;
        auto const is_old = !keep_time && (!is_needed || age_of(gops_.front()) > retention.max_age);
        if (!is_old && size_bytes_ <= retention.max_bytes) return;
        for (std::size_t i = 0; i < spare; ++i) {
            size_bytes_ -= gops_.front().bytes.size() + gops_.front().lead_in.size();
            gops_.pop_front();
        }
        first_ += spare;
    }
}

std::size_t GopLog::oldest_spare_segment() const noexcept {
    std::size_t segments = 0;
    std::size_t length = 0;
    for (std::size_t i = 0; i < gops_.size(); ++i) {
        if (!gops_[i].opened.opens_segment) continue;
        if (++segments == 2) length = i;
        if (segments == 3) return length;
    }
    return 0;
}

} // namespace continuo::segment
