#include "workers/segment/stream_map.hpp"

#include <algorithm>
#include <utility>

namespace continuo::segment {
namespace {

bool same_media(Streams const& a, Streams const& b) {
    return a.leading_pid == b.leading_pid && a.video_codec == b.video_codec &&
           a.audio_pid == b.audio_pid && a.audio_codec == b.audio_codec;
}

} // namespace

bool Streams::keep(std::uint16_t pid) const noexcept {
    return std::find(kept_pids.begin(), kept_pids.end(), pid) != kept_pids.end();
}

bool Streams::has_cues(std::uint16_t pid) const noexcept {
    return std::ranges::find(cue_tracks, pid, &CueTrack::pid) != cue_tracks.end();
}

bool StreamMap::take(mpegts::Packet const& packet) {
    if (packet.pid == mpegts::pat_pid) {
        pat_sections_.feed(packet, [&](auto section) { take_pat(section); });
        return true;
    }
    if (!pat_ || packet.pid != pat_->programs.front().pmt_pid) return false;
    pmt_sections_.feed(packet, [&](auto section) { take_pmt(section); });
    return true;
}

void StreamMap::forget_streams() {
    streams_.reset();
    passing_.reset();
    change_.clear();
    pat_sections_ = {};
    pmt_sections_ = {};
}

void StreamMap::take_pat(std::span<std::uint8_t const> section) {
    auto pat = mpegts::parse_pat(section);
    if (!pat || pat->programs.empty()) return;
    pat->programs.resize(1);
    if (pat_ && pat_->programs == pat->programs) return;
    pat_ = std::move(*pat);
    pmt_sections_ = {};
}

void StreamMap::take_pmt(std::span<std::uint8_t const> section) {
    auto pmt = mpegts::parse_pmt(section);
    if (!pmt || pmt->program_number != pat_->programs.front().number) return;
    auto streams = streams_of(*pmt);
    if (!streams) return;
    if (streams_ && !same_media(*streams_, *streams)) {
        change_ = "the source's streams changed";
        return;
    }
    std::erase_if(pmt->streams, [&](auto const& stream) { return !streams->keep(stream.pid); });
    pmt_ = std::move(*pmt);
    streams_ = std::move(*streams);
    passing_.reset();
    for (auto const pid : streams_->kept_pids)
        passing_.set(pid, !streams_->has_cues(pid));
}

std::optional<Streams> StreamMap::streams_of(mpegts::Pmt const& pmt) {
    Streams streams;
    auto has_foreign_video = false;
    problem_ = "the source has no video";
    for (auto const& stream : pmt.streams) {
        if (auto const video = mpegts::video_codec_of(stream); video && !streams.video_codec) {
            streams.leading_pid = stream.pid;
            streams.video_codec = *video;
        } else if (auto const audio = mpegts::audio_codec_of(stream); audio && !streams.audio_pid) {
            streams.audio_pid = stream.pid;
            streams.audio_codec = *audio;
        } else if (!mpegts::is_data(stream)) {
            auto const name = mpegts::name_of_foreign_video(stream);
            if (!name.empty()) problem_ = "the source's video is " + name + ": it can't be cut";
            has_foreign_video = has_foreign_video || !name.empty();
            if (selection_ == Selection::first_tracks) continue;
        }
        if (mpegts::may_carry_cues(stream))
            streams.cue_tracks.push_back(
                {.pid = stream.pid, .in_pes = stream.type != mpegts::scte35_sections});
        streams.kept_pids.push_back(stream.pid);
    }
    if (!streams.video_codec) {
        auto const audio_leads = selection_ == Selection::whole_programme && !has_foreign_video;
        if (!audio_leads || !streams.audio_pid) return std::nullopt;
        streams.leading_pid = *streams.audio_pid;
    }
    problem_ = "the source's video has no pictures";
    if (pmt.pcr_pid != mpegts::null_pid) streams.kept_pids.push_back(pmt.pcr_pid);
    return streams;
}

std::vector<std::uint8_t> StreamMap::next_tables() {
    auto const before = static_cast<unsigned>(std::exchange(tables_before_, 0));
    if (before > 0) {
        unsigned pat_packets = 0;
        unsigned pmt_packets = 0;
        (void)tables(pat_packets, pmt_packets); // for their number
        pat_counter_ = before * pat_packets;
        pmt_counter_ = before * pmt_packets;
    }
    return tables(pat_counter_, pmt_counter_);
}

std::vector<std::uint8_t> StreamMap::first_tables() const {
    unsigned pat_counter = 0;
    unsigned pmt_counter = 0;
    return tables(pat_counter, pmt_counter);
}

std::vector<std::uint8_t> StreamMap::tables(unsigned& pat_counter, unsigned& pmt_counter) const {
    auto packets = mpegts::packets_of_section(mpegts::encode(*pat_), mpegts::pat_pid, pat_counter);
    auto const map = mpegts::packets_of_section(mpegts::encode(pmt_),
                                                pat_->programs.front().pmt_pid, pmt_counter);
    packets.insert(packets.end(), map.begin(), map.end());
    return packets;
}

} // namespace continuo::segment
