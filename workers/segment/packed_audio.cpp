#include "workers/segment/packed_audio.hpp"

#include "core/mpegts/adts.hpp"
#include "core/mpegts/psi.hpp"
#include "core/mpegts/timestamp.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace continuo::segment {
namespace {

constexpr std::uint16_t pmt_pid = 0x1000;
constexpr std::uint16_t audio_pid = 0x0101;
constexpr std::uint8_t adts_stream = 0x0F;
/// Little enough for segments to begin near where they should, and PCRs to come in time.
constexpr unsigned frames_in_a_group = 4;
constexpr Ticks90k pcr_lead{9'000}; // what a decoder may need to have the frame in time

constexpr std::string_view tag_mark = "ID3";
constexpr std::size_t tag_header = 10;
constexpr std::size_t max_tag = 1 << 20;
constexpr std::string_view time_owner{"com.apple.streaming.transportStreamTimestamp\0", 45};
constexpr std::size_t time_size = 8;

bool begins_with_mark(std::span<std::uint8_t const> bytes, std::string_view text) {
    return bytes.size() >= text.size() &&
           std::equal(text.begin(), text.end(), bytes.begin(),
                      [](char a, std::uint8_t b) { return static_cast<std::uint8_t>(a) == b; });
}

/// Whole, with header and footer. Spec: ID3v2.4 §3.1.
std::size_t size_of_tag(std::span<std::uint8_t const> bytes) noexcept {
    auto const size = std::size_t{bytes[6]} << 21 | std::size_t{bytes[7]} << 14 |
                      std::size_t{bytes[8]} << 7 | std::size_t{bytes[9]};
    auto const has_footer = (bytes[5] & 0x10) != 0;
    return tag_header + size + (has_footer ? tag_header : 0);
}

/// The PRIV frame's: a 33-bit time in eight bytes.
std::optional<Ticks90k> time_in(std::span<std::uint8_t const> tag) {
    auto const found =
        std::search(tag.begin(), tag.end(), time_owner.begin(), time_owner.end(),
                    [](std::uint8_t a, char b) { return a == static_cast<std::uint8_t>(b); });
    auto const at = static_cast<std::size_t>(found - tag.begin()) + time_owner.size();
    if (at + time_size > tag.size()) return std::nullopt;
    std::uint64_t time = 0;
    for (auto const byte : tag.subspan(at, time_size))
        time = time << 8 | byte;
    return wrapped(Ticks90k(static_cast<std::int64_t>(time & ((std::uint64_t{1} << 33) - 1))));
}

std::array<std::uint8_t, 6> field_of_pcr(Ticks90k time) {
    auto const base = static_cast<std::uint64_t>(wrapped(time).count());
    return {static_cast<std::uint8_t>(base >> 25),
            static_cast<std::uint8_t>(base >> 17),
            static_cast<std::uint8_t>(base >> 9),
            static_cast<std::uint8_t>(base >> 1),
            static_cast<std::uint8_t>((base & 1) << 7 | 0x7E),
            0};
}

/// A packet of the audio's PID up to its payload, which takes `wanted` bytes or what is left
/// beside `pcr`, and is stuffed in front to end with the packet. Returns the payload's size.
std::size_t begin_packet(std::vector<std::uint8_t>& out, unsigned& counter,
                         std::optional<Ticks90k> pcr, std::size_t wanted) {
    constexpr std::size_t header = 4;
    auto const begin = out.size();
    out.resize(begin + header, 0);
    auto field = pcr ? std::size_t{8} : std::size_t{0};
    auto const room = mpegts::packet_size - header - field;
    auto const size = std::min(wanted, room);
    field += room - size;
    auto* const head = out.data() + begin;
    head[0] = mpegts::sync_byte;
    head[1] = static_cast<std::uint8_t>((pcr ? 0x40 : 0) | audio_pid >> 8);
    head[2] = audio_pid & 0xFF;
    head[3] = static_cast<std::uint8_t>((field > 0 ? 0x30 : 0x10) | (counter++ & 0x0F));
    if (field > 0) out.push_back(static_cast<std::uint8_t>(field - 1));
    if (field > 1) out.push_back(pcr ? 0x50 : 0); // random access, PCR
    if (pcr) {
        auto const bytes = field_of_pcr(*pcr);
        out.insert(out.end(), bytes.begin(), bytes.end());
    }
    out.resize(begin + header + field, 0xFF);
    return size;
}

/// Spec: ISO/IEC 13818-1 §2.4.3.6.
std::vector<std::uint8_t> pes_header(Ticks90k pts, std::size_t payload) {
    constexpr std::size_t behind_length = 8;
    auto const length = payload + behind_length;
    std::vector<std::uint8_t> header{0,
                                     0,
                                     1,
                                     0xC0,
                                     static_cast<std::uint8_t>(length >> 8),
                                     static_cast<std::uint8_t>(length),
                                     0x84, // a frame begins here
                                     0x80, // PTS alone
                                     mpegts::timestamp_size,
                                     0x21,
                                     0,
                                     1,
                                     0,
                                     1};
    mpegts::write_timestamp(std::span(header).last<mpegts::timestamp_size>(), pts);
    return header;
}

} // namespace

void PackedAudio::begin_segment() {
    pending_.clear();
    begin_.reset();
    rate_ = 0;
    samples_ = 0;
    has_frames_ = false;
    group_.clear();
    group_frames_ = 0;
}

Result<> PackedAudio::take(std::span<std::uint8_t const> bytes, bool is_all,
                           std::vector<std::uint8_t>& out) {
    pending_.insert(pending_.end(), bytes.begin(), bytes.end());
    std::size_t position = 0;
    auto const rest = [&] { return std::span<std::uint8_t const>(pending_).subspan(position); };
    while (rest().size() >= mpegts::adts_header_size) {
        if (begins_with_mark(rest(), tag_mark)) {
            if (rest().size() < tag_header) break;
            auto const is_whole = take_tag(position);
            if (!is_whole) return is_whole.error();
            if (!*is_whole) break;
            continue;
        }
        auto const frame = mpegts::parse_adts_frame(rest());
        if (!frame) {
            if (!has_frames_) return fail(Errc::unsupported, "audio that is no AAC");
            ++position;
            continue;
        }
        if (!begin_) return fail(Errc::malformed, "packed audio without its timestamp");
        if (frame->size > rest().size()) break;
        take_frame(rest().first(frame->size), *frame, out);
        position += frame->size;
    }
    pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(position));
    if (is_all && group_frames_ > 0) write_group(out);
    return {};
}

Result<bool> PackedAudio::take_tag(std::size_t& position) {
    auto const tag = std::span<std::uint8_t const>(pending_).subspan(position);
    auto const size = size_of_tag(tag);
    if (size > max_tag) return fail(Errc::malformed, "an ID3 tag");
    if (size > tag.size()) return false;
    if (auto const time = time_in(tag.first(size)); time && !has_frames_) begin_ = time;
    position += size;
    return true;
}

void PackedAudio::take_frame(std::span<std::uint8_t const> bytes, mpegts::AdtsFrame const& frame,
                             std::vector<std::uint8_t>& out) {
    auto const now = [&] {
        return *begin_ +
               Ticks90k(rate_ == 0 ? 0 : static_cast<std::int64_t>(samples_ * 90'000 / rate_));
    };
    if (!has_frames_) write_tables(out);
    has_frames_ = true;
    if (rate_ != frame.rate) {
        begin_ = now();
        rate_ = frame.rate;
        samples_ = 0;
    }
    if (group_frames_ == 0) group_begin_ = now();
    group_.insert(group_.end(), bytes.begin(), bytes.end());
    samples_ += frame.samples;
    if (++group_frames_ == frames_in_a_group) write_group(out);
}

void PackedAudio::write_tables(std::vector<std::uint8_t>& out) {
    mpegts::Pat pat;
    pat.transport_stream_id = 1;
    pat.programs = {{.number = 1, .pmt_pid = pmt_pid}};
    mpegts::Pmt pmt;
    pmt.program_number = 1;
    pmt.pcr_pid = audio_pid;
    pmt.streams = {{.type = adts_stream, .pid = audio_pid, .descriptors = {}}};
    for (auto const& packets :
         {mpegts::packets_of_section(mpegts::encode(pat), mpegts::pat_pid, pat_counter_),
          mpegts::packets_of_section(mpegts::encode(pmt), pmt_pid, pmt_counter_)}) {
        out.insert(out.end(), packets.begin(), packets.end());
    }
}

void PackedAudio::write_group(std::vector<std::uint8_t>& out) {
    auto const pts = wrapped(group_begin_);
    auto bytes = pes_header(pts, group_.size());
    bytes.insert(bytes.end(), group_.begin(), group_.end());
    std::optional<Ticks90k> pcr = pts - pcr_lead;
    for (std::size_t at = 0; at < bytes.size(); pcr.reset()) {
        auto const size = begin_packet(out, audio_counter_, pcr, bytes.size() - at);
        auto const from = bytes.begin() + static_cast<std::ptrdiff_t>(at);
        out.insert(out.end(), from, from + static_cast<std::ptrdiff_t>(size));
        at += size;
    }
    group_.clear();
    group_frames_ = 0;
}

} // namespace continuo::segment
