// A transport stream file as an input without end: after its last picture it begins again,
// timestamps running on.
#pragma once

#include "core/base/result.hpp"
#include "core/mpegts/sync.hpp"
#include "core/os/descriptor.hpp"
#include "workers/segment/input.hpp"
#include "workers/segment/picture_clock.hpp"
#include "workers/segment/stream_map.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <vector>

namespace continuo::segment {

/// What has to be known of a file to repeat it.
struct Lap {
    Ticks90k length{}; ///< from the first picture to the end of the last one, by decoding time
    std::optional<std::uint16_t> audio_pid;
    Ticks90k audio_end{}; ///< audio from here on belongs to the next lap's beginning; there the
                          ///< clock's own, first lap

    friend bool operator==(Lap const&, Lap const&) = default;
};

/// Finds the lap of a file from its packets, one after the other. Pure.
class LapFinder {
public:
    void take(mpegts::PacketBytes bytes);
    /// Errors: `Errc::unsupported` when there was no video, with the words for it.
    Result<Lap> lap() const;

private:
    StreamMap map_;
    PictureClock clock_;
    bool has_picture_{false};
    std::optional<Ticks90k> first_audio_;
};

/// Moves packets of a file into the lap they are played in. Pure.
class LapPlayer {
public:
    explicit LapPlayer(Lap const& lap) : lap_(lap) {}

    /// Rewrites `bytes`; false when the packet is to be left out, because the next lap's audio
    /// begins there.
    bool take(mpegts::MutablePacketBytes bytes);
    void begin_next_lap();

private:
    Lap lap_;
    Ticks90k shift_{};
    bool is_past_audio_end_{false};
};

class LoopInput final : public Input {
public:
    /// Reads the whole file once. Errors: errno with the path; `Errc::unsupported` when it can't be
    /// repeated.
    static Result<LoopInput> open(std::filesystem::path const& path);

    /// The next packets, valid until the next call; never empty. Errors: errno with the path,
    /// `Errc::truncated` when the file shrank away.
    Result<std::span<std::uint8_t const>> read();

    void add_to(std::vector<pollfd>&, bool) const override {}
    void take_events(std::span<pollfd const>, Time) override {}
    bool is_ready() const override { return !end_; }
    Piece next() override;
    std::optional<InputEnd> const& end() const override { return end_; }

private:
    LoopInput(std::filesystem::path path, os::Descriptor file, Lap const& lap)
        : path_(std::move(path)), file_(std::move(file)), player_(lap) {}

    std::filesystem::path path_;
    os::Descriptor file_;
    LapPlayer player_;
    mpegts::Packetizer packetizer_;
    std::uint64_t position_{};
    std::vector<std::uint8_t> packets_;
    std::optional<InputEnd> end_;
};

} // namespace continuo::segment
