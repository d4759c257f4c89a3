#include "tests/support/mp4_builder.hpp"

#include "tests/support/hex.hpp"

namespace continuo::test::fmp4 {
namespace {

void append(Bytes& to, Bytes const& bytes) {
    to.insert(to.end(), bytes.begin(), bytes.end());
}

Bytes text(std::string_view letters) {
    return {letters.begin(), letters.end()};
}

Bytes edit_list(TestTrack const& track) {
    auto const width = track.version == 1 ? 8U : 4U;
    auto entries = number(track.edits.size(), 4);
    for (auto const& edit : track.edits) {
        append(entries, number(edit.duration, width));
        append(entries, number(static_cast<std::uint64_t>(edit.media_time), width));
        append(entries, number(0x0001'0000, 4)); // rate 1
    }
    return box("edts", full_box("elst", track.version, 0, entries));
}

/// mdhd and tkhd begin with two times.
Bytes times(TestTrack const& track) {
    return Bytes(track.version == 1 ? 16U : 8U, 0);
}

Bytes trak(TestTrack const& track) {
    auto const tail = Bytes(track.version == 1 ? 12U : 8U, 0); // duration and what follows
    auto entry = track.sample_entry;
    if (entry.empty()) entry = track.handler == "soun" ? aac_entry() : avc_entry();
    auto const stsd = full_box("stsd", 0, 0, joined({number(1, 4), entry}));
    auto const mdia = box(
        "mdia",
        joined({full_box("mdhd", track.version, 0,
                         joined({times(track), number(track.timescale, 4), tail})),
                full_box("hdlr", 0, 0, joined({number(0, 4), text(track.handler), Bytes(13, 0)})),
                box("minf", box("stbl", stsd))}));
    return box("trak",
               joined({full_box("tkhd", track.version, 3,
                                joined({times(track), number(track.id, 4), tail, Bytes(60, 0)})),
                       track.edits.empty() ? Bytes() : edit_list(track), mdia}));
}

Bytes trex(TestTrack const& track) {
    return full_box("trex", 0, 0,
                    joined({number(track.id, 4), number(1, 4), number(track.default_duration, 4),
                            number(0, 4), number(track.default_flags, 4)}));
}

Bytes trun(std::vector<TestSample> const& samples) {
    auto entries = joined({number(samples.size(), 4), number(0, 4)}); // and data_offset
    for (auto const& sample : samples) {
        append(entries, number(sample.duration, 4));
        append(entries, number(1, 4)); // size
        append(entries, number(sample.is_sync ? sync_flags : other_flags, 4));
        append(entries, number(static_cast<std::uint32_t>(sample.composition_offset), 4));
    }
    return full_box("trun", 1, 0xF01, entries);
}

} // namespace

Bytes number(std::uint64_t value, std::size_t bytes) {
    Bytes written;
    for (auto left = bytes; left > 0; --left)
        written.push_back(static_cast<std::uint8_t>(value >> 8 * (left - 1)));
    return written;
}

Bytes joined(std::initializer_list<Bytes> parts) {
    Bytes whole;
    for (auto const& part : parts)
        append(whole, part);
    return whole;
}

Bytes box(std::string_view type, Bytes const& body) {
    return joined({number(body.size() + 8, 4), text(type), body});
}

Bytes full_box(std::string_view type, std::uint8_t version, std::uint32_t flags,
               Bytes const& body) {
    return box(type, joined({number(version, 1), number(flags, 3), body}));
}

Bytes large_box(std::string_view type, Bytes const& body) {
    return joined({number(1, 4), text(type), number(body.size() + 16, 8), body});
}

Bytes avc_entry() {
    return box("avc1", joined({Bytes(24, 0), number(1280, 2), number(720, 2), Bytes(50, 0),
                               box("avcC", bytes_of("01 64001f ff e0 00"))}));
}

Bytes aac_entry() {
    return box("mp4a",
               joined({Bytes(16, 0), number(2, 2), Bytes(6, 0), number(48'000, 2), Bytes(2, 0),
                       full_box("esds", 0, 0,
                                bytes_of("03 19 0000 00 04 11 40 15 000000 00000000 "
                                         "00000000 05 02 1190 06 01 02"))}));
}

Bytes init_of(std::vector<TestTrack> const& tracks) {
    auto movie = full_box("mvhd", 0, 0, joined({Bytes(8, 0), number(1000, 4), Bytes(84, 0)}));
    Bytes defaults;
    for (auto const& track : tracks) {
        append(movie, trak(track));
        append(defaults, trex(track));
    }
    append(movie, box("mvex", defaults));
    return joined({box("ftyp", text("iso60000iso6")), box("moov", movie)});
}

Bytes fragment_of(std::vector<TestTrackFragment> const& tracks) {
    auto moof = full_box("mfhd", 0, 0, number(7, 4));
    std::size_t samples = 0;
    for (auto const& track : tracks) {
        auto traf = full_box("tfhd", 0, 0x2'0000, number(track.track, 4));
        if (track.decode_time) append(traf, full_box("tfdt", 1, 0, number(*track.decode_time, 8)));
        for (auto const& run : track.runs) {
            append(traf, trun(run));
            samples += run.size();
        }
        append(moof, box("traf", traf));
    }
    return joined({box("moof", moof), box("mdat", Bytes(samples, 0x5A))});
}

std::vector<TestSample> pictures(unsigned count, std::uint32_t duration, bool b_frames) {
    std::vector<TestSample> samples;
    auto const ticks = static_cast<std::int32_t>(duration);
    for (unsigned i = 0; i < count; ++i) {
        // I P b P b ...: a P is shown behind the b that comes after it
        auto const is_b = i > 0 && i % 2 == 0;
        auto const late = !b_frames || i == 0 ? 1 : is_b ? 0 : 2;
        auto const last = b_frames && i + 1 == count && i % 2 == 1; // no b is left to wait for
        samples.push_back({.duration = duration,
                           .composition_offset = b_frames ? (last ? 1 : late) * ticks : 0,
                           .is_sync = i == 0});
    }
    return samples;
}

} // namespace continuo::test::fmp4
