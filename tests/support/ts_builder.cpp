#include "tests/support/ts_builder.hpp"

#include "core/mpegts/psi.hpp"
#include "core/mpegts/timestamp.hpp"
#include "tests/support/hex.hpp"

#include <algorithm>

namespace continuo::test {
namespace {

void append(Bytes& to, Bytes const& bytes) {
    to.insert(to.end(), bytes.begin(), bytes.end());
}

Bytes timestamp(std::uint8_t prefix, Ticks90k time) {
    Bytes field{static_cast<std::uint8_t>(prefix << 4 | 1), 0, 1, 0, 1};
    mpegts::write_timestamp(std::span<std::uint8_t, 5>(field.data(), 5), wrapped(time));
    return field;
}

Bytes pes_header(std::uint8_t stream_id, Ticks90k pts, std::optional<Ticks90k> dts) {
    Bytes header{0, 0, 1, stream_id, 0, 0, 0x80};
    header.push_back(dts ? 0xC0 : 0x80);
    header.push_back(dts ? 10 : 5);
    append(header, timestamp(dts ? 3 : 2, pts));
    if (dts) append(header, timestamp(1, *dts));
    return header;
}

Bytes access_unit(TestPicture const& picture) {
    auto unit = bytes_of("00000001 09F0");
    if (picture.mark != Mark::none) {
        append(unit, bytes_of("00000001"));
        append(unit,
               bytes_of(picture.is_wide ? "6764001facd9405005bb011000000300100000030320f1831960"
                                        : "6764001eacd940a02ff97011000003000100000300320f162d96"));
    }
    if (picture.mark == Mark::recovery_point) append(unit, bytes_of("000001 06 06 01 C4 80"));
    append(unit, bytes_of(picture.mark == Mark::idr ? "000001 65 88 84 21" : "000001 41 9A 22 6C"));
    if (unit.size() < picture.size) unit.resize(picture.size, 0x5A);
    return unit;
}

} // namespace

TsBuilder& TsBuilder::tables(std::uint8_t video_type, bool with_audio, std::uint8_t cue_type) {
    mpegts::Pmt pmt{.program_number = 1, .pcr_pid = video_pid, .descriptors = {}, .streams = {}};
    pmt.streams.push_back({.type = video_type, .pid = video_pid, .descriptors = {}});
    if (with_audio) pmt.streams.push_back({.type = 0x0F, .pid = audio_pid, .descriptors = {}});
    if (cue_type != 0) pmt.streams.push_back({.type = cue_type, .pid = cue_pid, .descriptors = {}});
    section(mpegts::pat_pid,
            mpegts::encode(mpegts::Pat{.transport_stream_id = 1, .programs = {{1, pmt_pid}}}));
    section(pmt_pid, mpegts::encode(pmt));
    return *this;
}

TsBuilder& TsBuilder::picture(TestPicture const& picture) {
    auto payload = pes_header(0xE0, picture.pts, picture.dts);
    append(payload, access_unit(picture));
    pes(video_pid, payload, picture.mark == Mark::indicator);
    return *this;
}

TsBuilder& TsBuilder::audio(Ticks90k pts, std::size_t size) {
    auto payload = pes_header(0xC0, pts, std::nullopt);
    append(payload, bytes_of("FF F1 4C 80 2E 7F FC"));
    payload.resize(std::max(size, payload.size()), 0x21);
    pes(audio_pid, payload, /*random_access=*/false);
    return *this;
}

TsBuilder& TsBuilder::audio_frames(Ticks90k pts, unsigned count) {
    constexpr std::size_t frame_size = 32;
    auto payload = pes_header(0xC0, pts, std::nullopt);
    for (unsigned i = 0; i < count; ++i) {
        auto const end = payload.size() + frame_size;
        append(payload, bytes_of("FF F1 4C 80 04 1F FC"));
        payload.resize(end, 0x21);
    }
    pes(audio_pid, payload, /*random_access=*/false);
    return *this;
}

TsBuilder& TsBuilder::cue(Bytes const& bytes) {
    section(cue_pid, bytes);
    return *this;
}

TsBuilder& TsBuilder::cue_in_pes(Ticks90k pts, Bytes const& bytes) {
    auto payload = pes_header(0xBD, pts, std::nullopt);
    append(payload, bytes);
    pes(cue_pid, payload, /*random_access=*/false);
    return *this;
}

TsBuilder& TsBuilder::adts(Ticks90k pts, int frames) {
    auto payload = pes_header(0xC0, pts, std::nullopt);
    for (int i = 0; i < frames; ++i) {
        auto frame = bytes_of("FF F1 4C 80 2E 7F FC");
        frame.resize(371, 0x21); // as the header says
        append(payload, frame);
    }
    pes(audio_pid, payload, /*random_access=*/false);
    return *this;
}

TsBuilder& TsBuilder::packet(std::uint16_t pid, std::string_view payload_hex) {
    Bytes packet{mpegts::sync_byte, static_cast<std::uint8_t>(pid >> 8),
                 static_cast<std::uint8_t>(pid),
                 static_cast<std::uint8_t>(0x10 | (counters_[pid]++ & 0xF))};
    append(packet, bytes_of(payload_hex));
    packet.resize(mpegts::packet_size, 0xFF);
    append(bytes_, packet);
    return *this;
}

void TsBuilder::section(std::uint16_t pid, Bytes const& section) {
    append(bytes_, mpegts::packets_of_section(section, pid, counters_[pid]));
}

void TsBuilder::pes(std::uint16_t pid, Bytes const& payload, bool random_access) {
    std::span<std::uint8_t const> rest = payload;
    for (bool first = true; !rest.empty(); first = false) {
        auto const has_flags = first && random_access;
        std::size_t const room = mpegts::packet_size - 4 - (has_flags ? 2 : 0);
        auto const part = rest.first(std::min(rest.size(), room));
        auto const stuffing = mpegts::packet_size - 4 - part.size();
        bytes_.push_back(mpegts::sync_byte);
        bytes_.push_back(static_cast<std::uint8_t>((first ? 0x40 : 0) | pid >> 8));
        bytes_.push_back(static_cast<std::uint8_t>(pid));
        bytes_.push_back(
            static_cast<std::uint8_t>((stuffing > 0 ? 0x30 : 0x10) | (counters_[pid]++ & 0xF)));
        if (stuffing > 0) {
            bytes_.push_back(static_cast<std::uint8_t>(stuffing - 1));
            if (stuffing > 1) bytes_.push_back(has_flags ? 0x40 : 0x00);
            if (stuffing > 2) bytes_.insert(bytes_.end(), stuffing - 2, 0xFF);
        }
        bytes_.insert(bytes_.end(), part.begin(), part.end());
        rest = rest.subspan(part.size());
    }
}

Bytes stream_of(TestSource const& source) {
    TsBuilder builder;
    builder.tables();
    auto const at = [&](std::int64_t number) { return source.start + number * source.frame; };
    auto const distance = source.b_frames + 1;
    std::int64_t const delay = source.b_frames > 0 ? 1 : 0;
    std::int64_t decoded = 0;
    std::int64_t sounded = 0;
    auto const sound_until = [&](Ticks90k time) {
        for (; at(0) + Ticks90k(sounded * 1920) < time; ++sounded) {
            builder.audio(at(0) + Ticks90k(sounded * 1920));
        }
    };
    auto const put = [&](std::int64_t number, Mark mark) {
        auto const dts = at(decoded++ - delay);
        builder.picture({.pts = at(number), .dts = dts, .mark = mark});
        sound_until(dts);
    };
    for (std::int64_t gop = 0; gop < source.pictures; gop += source.gop) {
        auto const end = std::min<std::int64_t>(gop + source.gop, source.pictures);
        // an open GOP's keyframe is followed by the pictures in front of it
        auto const leading = source.is_open_gop && gop > 0 ? source.b_frames : 0U;
        put(gop, source.mark);
        for (auto number = gop - leading; number < gop; ++number)
            put(number, Mark::none);
        auto const own_end =
            source.is_open_gop && end < source.pictures ? end - source.b_frames : end;
        for (auto number = gop + 1; number < own_end; number += distance) {
            auto const reference = std::min<std::int64_t>(number + source.b_frames, own_end - 1);
            put(reference, Mark::none);
            for (auto b = number; b < reference; ++b)
                put(b, Mark::none);
        }
    }
    sound_until(at(source.pictures));
    return builder.take();
}

} // namespace continuo::test
