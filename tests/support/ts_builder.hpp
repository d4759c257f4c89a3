// Transport streams put together in tests: H.264 pictures that are nothing but their first bytes,
// and AAC frames.
#pragma once

#include "core/base/ticks.hpp"
#include "core/mpegts/packet.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace continuo::test {

using Bytes = std::vector<std::uint8_t>;

/// How a keyframe says that it is one.
enum class Mark : std::uint8_t { none, idr, recovery_point, indicator };

struct TestPicture {
    Ticks90k pts{};
    std::optional<Ticks90k> dts{};
    Mark mark{Mark::none};
    std::size_t size = 400; ///< bytes of the access unit, at least
    bool is_wide{true};     ///< 1280x720, else 640x360
};

class TsBuilder {
public:
    static constexpr std::uint16_t pmt_pid = 0x1000;
    static constexpr std::uint16_t video_pid = 0x100;
    static constexpr std::uint16_t audio_pid = 0x101;

    static constexpr std::uint16_t cue_pid = 0x102;

    /// `cue_type`: stream_type of `cue_pid`; 0: none.
    TsBuilder& tables(std::uint8_t video_type = 0x1B, bool with_audio = true,
                      std::uint8_t cue_type = 0);
    TsBuilder& picture(TestPicture const& picture);
    TsBuilder& audio(Ticks90k pts, std::size_t size = 200);
    /// A packet of PES with so many whole frames of 1920 ticks.
    TsBuilder& audio_frames(Ticks90k pts, unsigned count);
    /// So many AAC frames of 48 kHz in one PES packet.
    TsBuilder& adts(Ticks90k pts, int frames);
    /// A section on `cue_pid`, and one in a PES packet there, as ffmpeg has it.
    TsBuilder& cue(Bytes const& section);
    TsBuilder& cue_in_pes(Ticks90k pts, Bytes const& section);
    /// A packet of `pid` with any payload.
    TsBuilder& packet(std::uint16_t pid, std::string_view payload_hex = {});

    Bytes const& bytes() const { return bytes_; }
    Bytes take() { return std::exchange(bytes_, {}); }

private:
    void section(std::uint16_t pid, Bytes const& section);
    void pes(std::uint16_t pid, Bytes const& payload, bool random_access);

    Bytes bytes_;
    std::map<std::uint16_t, unsigned> counters_;
};

/// A regular source: a keyframe each `gop` pictures of `frame` ticks, `b_frames` between
/// references, audio along with it.
struct TestSource {
    Ticks90k frame{3600};
    unsigned gop = 48;
    unsigned pictures = 480;
    Ticks90k start{127'920};
    unsigned b_frames = 0;
    bool is_open_gop{false}; ///< with B-frames: those in front of a keyframe come behind it
    Mark mark{Mark::idr};
};
Bytes stream_of(TestSource const& source);

/// Appends `count` pictures of `frame` ticks from `start` on, a keyframe where `is_key(number)`
/// says so.
template <class IsKey>
TsBuilder& pictures(TsBuilder& builder, Ticks90k start, int count, IsKey is_key,
                    Ticks90k frame = Ticks90k(3600)) {
    for (int i = 0; i < count; ++i) {
        builder.picture({.pts = start + i * frame, .mark = is_key(i) ? Mark::idr : Mark::none});
    }
    return builder;
}

inline auto every(int gop) {
    return [gop](int i) { return i % gop == 0; };
}

} // namespace continuo::test
