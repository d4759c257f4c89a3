#include "core/mpegts/pes.hpp"
#include "core/mpegts/psi.hpp"
#include "core/mpegts/sync.hpp"
#include "workers/segment/packed_audio.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <string_view>

namespace packed_audio_test {

using namespace continuo;
using namespace continuo::segment;

using Bytes = std::vector<std::uint8_t>;

constexpr std::uint8_t rate_48000 = 3;
constexpr std::uint8_t rate_44100 = 4;

/// AAC-LC in stereo, `size` bytes with its header.
Bytes frame(std::size_t size, std::uint8_t fill, std::uint8_t rate = rate_48000) {
    Bytes bytes(size, fill);
    bytes[0] = 0xFF;
    bytes[1] = 0xF1;
    bytes[2] = static_cast<std::uint8_t>(0x40 | rate << 2);
    bytes[3] = static_cast<std::uint8_t>(0x80 | size >> 11);
    bytes[4] = static_cast<std::uint8_t>(size >> 3);
    bytes[5] = static_cast<std::uint8_t>((size & 7) << 5 | 0x1F);
    bytes[6] = 0xFC;
    return bytes;
}

void append(Bytes& to, Bytes const& bytes) {
    to.insert(to.end(), bytes.begin(), bytes.end());
}

/// An ID3 tag that tells the time, as Apple's tools write it.
Bytes tag(std::uint64_t time) {
    std::string_view const owner("com.apple.streaming.transportStreamTimestamp\0", 45);
    Bytes bytes{'I', 'D', '3', 4, 0, 0, 0, 0, 0, 63, 'P', 'R', 'I', 'V', 0, 0, 0, 53, 0, 0};
    for (char const letter : owner)
        bytes.push_back(static_cast<std::uint8_t>(letter));
    for (int shift = 56; shift >= 0; shift -= 8)
        bytes.push_back(static_cast<std::uint8_t>(time >> shift));
    return bytes;
}

struct Unit {
    Ticks90k pts{};
    Bytes payload;
};

/// What a demultiplexer finds.
struct Demuxed {
    std::vector<Unit> units;
    std::vector<std::uint64_t> pcrs;
    unsigned tables{};
    bool counts_on{true};
};

Demuxed demuxed(Bytes const& packets) {
    Demuxed result;
    std::array<int, 8192> counters{};
    counters.fill(-1);
    REQUIRE(packets.size() % mpegts::packet_size == 0);
    for (std::size_t at = 0; at < packets.size(); at += mpegts::packet_size) {
        auto const packet =
            mpegts::parse_packet(mpegts::PacketBytes(packets.data() + at, mpegts::packet_size))
                .value();
        auto& counter = counters[packet.pid];
        if (counter >= 0 && packet.continuity_counter != (counter + 1) % 16) {
            result.counts_on = false;
        }
        counter = packet.continuity_counter;
        if (packet.pid == mpegts::pat_pid) ++result.tables;
        if (packet.pid != 0x101) continue;
        if (packet.pcr) result.pcrs.push_back(*packet.pcr);
        auto payload = packet.payload;
        if (packet.payload_unit_start) {
            auto const header = mpegts::parse_pes_header(payload).value();
            REQUIRE(packet.random_access);
            result.units.push_back({.pts = header.pts.value(), .payload = {}});
            payload = payload.subspan(header.payload_offset);
        }
        auto& unit = result.units.back().payload;
        unit.insert(unit.end(), payload.begin(), payload.end());
    }
    return result;
}

Bytes packets_of(PackedAudio& audio, Bytes const& segment, std::size_t chunk) {
    Bytes out;
    audio.begin_segment();
    auto rest = std::span<std::uint8_t const>(segment);
    while (!rest.empty()) {
        auto const part = rest.first(std::min(chunk, rest.size()));
        rest = rest.subspan(part.size());
        REQUIRE(audio.take(part, /*is_all=*/rest.empty(), out).has_value());
    }
    return out;
}

Bytes packets_of(Bytes const& segment, std::size_t chunk = 1 << 20) {
    PackedAudio audio;
    return packets_of(audio, segment, chunk);
}

/// Frames of all sizes, some of which fill packets to the last byte.
struct Sample {
    Bytes segment = tag(900'000);
    Bytes frames;

    Sample() {
        for (std::size_t i = 0; i < 20; ++i)
            append(frames, frame(8 + i * 37, static_cast<std::uint8_t>(i)));
        append(segment, frames);
    }
};

TEST_CASE("packed audio: frames come out of the transport stream as they went in, timed by them") {
    Sample const sample;
    auto const found = demuxed(packets_of(sample.segment));
    CHECK(found.tables == 1);
    CHECK(found.counts_on);
    REQUIRE(found.units.size() == 5);
    Bytes all;
    for (std::size_t i = 0; i < found.units.size(); ++i) {
        CHECK(found.units[i].pts == Ticks90k(900'000 + static_cast<int>(i) * 4 * 1920));
        CHECK(found.pcrs[i] / 300 == static_cast<std::uint64_t>(found.units[i].pts.count()) - 9000);
        append(all, found.units[i].payload);
    }
    CHECK(all == sample.frames);
}

TEST_CASE("packed audio: the chunks make no difference, and a torn frame is dropped") {
    Sample const sample;
    auto const whole = packets_of(sample.segment);
    for (std::size_t chunk = 1; chunk < 400; chunk += 7)
        REQUIRE(packets_of(sample.segment, chunk) == whole);
    for (std::size_t size = 0; size < sample.segment.size(); ++size) {
        Bytes const torn(sample.segment.begin(),
                         sample.segment.begin() + static_cast<std::ptrdiff_t>(size));
        Bytes all;
        for (auto const& unit : demuxed(packets_of(torn, 100)).units)
            append(all, unit.payload);
        REQUIRE(all.size() <= sample.frames.size());
        REQUIRE(std::equal(all.begin(), all.end(), sample.frames.begin()));
    }
}

TEST_CASE("packed audio: counters run on from one segment to the next; times begin anew") {
    PackedAudio audio;
    Bytes packets;
    for (std::uint64_t const time :
         {std::uint64_t{8'589'934'000}, std::uint64_t{3'000}}) { // over the clock's wrap
        auto segment = tag(time % (std::uint64_t{1} << 33));
        for (int i = 0; i < 6; ++i)
            append(segment, frame(300, 1));
        append(packets, packets_of(audio, segment, 1000));
    }
    auto const found = demuxed(packets);
    CHECK(found.counts_on);
    CHECK(found.tables == 2);
    REQUIRE(found.units.size() == 4);
    CHECK(found.units[1].pts == wrapped(Ticks90k(8'589'934'000 + 4 * 1920)));
    CHECK(found.units[2].pts == Ticks90k(3'000));
}

TEST_CASE("packed audio: 44.1 kHz keeps time without adding up its rounding") {
    auto segment = tag(0);
    for (int i = 0; i < 4410; ++i)
        append(segment, frame(20, 0, rate_44100));
    auto const found = demuxed(packets_of(segment));
    CHECK(found.units.back().pts == Ticks90k(4408LL * 1024 * 90'000 / 44'100));
}

TEST_CASE("packed audio: a picture in the tag, a second tag and noise between frames") {
    auto segment = tag(90'000);
    segment[9] = 63 + 20; // more of the tag
    segment.insert(segment.end(), 20, 0xFF);
    append(segment, frame(100, 1));
    append(segment, tag(500'000)); // not at the head: says nothing of the next frame
    append(segment, Bytes{1, 2, 3});
    append(segment, frame(100, 2));
    auto const found = demuxed(packets_of(segment));
    REQUIRE(found.units.size() == 1);
    CHECK(found.units[0].pts == Ticks90k(90'000));
    CHECK(found.units[0].payload.size() == 200);
}

TEST_CASE("packed audio: what can't be timed or is no AAC is refused") {
    PackedAudio audio;
    Bytes out;
    auto const refusal = [&](Bytes const& segment) {
        audio.begin_segment();
        auto const result = audio.take(segment, /*is_all=*/true, out);
        return result ? std::string() : result.error().context;
    };
    CHECK(refusal(frame(100, 1)) == "packed audio without its timestamp");
    auto mp3 = tag(0);
    append(mp3, Bytes{0xFF, 0xFB, 0x90, 0, 0, 0, 0, 0, 0, 0, 0});
    CHECK(refusal(mp3) == "audio that is no AAC");
    auto ac3 = tag(0);
    append(ac3, Bytes{0x0B, 0x77, 0, 0, 0, 0, 0, 0, 0, 0});
    CHECK(refusal(ac3) == "audio that is no AAC");
    auto endless = tag(0);
    endless[6] = 0x7F;
    CHECK(refusal(endless) == "an ID3 tag");
    CHECK(out.empty());
}

} // namespace packed_audio_test
