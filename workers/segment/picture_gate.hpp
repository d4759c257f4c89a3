// Holds packets back until it is sure what the picture they begin is: so a cut falls exactly in
// front of a keyframe, and nothing of a source whose time went back gets through.
#pragma once

#include "core/base/ticks.hpp"
#include "core/mpegts/access_unit.hpp"
#include "core/mpegts/packet.hpp"
#include "core/mpegts/pes.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace continuo::segment {

/// An access unit of the video, as far as cutting is concerned; one PES packet each. Where audio
/// leads its PES packets take the place of pictures, and a segment may begin with any of them.
struct Picture {
    Ticks90k pts{}; ///< 33 bit
    Ticks90k dts{};
    bool keyframe{false};
    std::optional<mpegts::VideoParameters> parameters; ///< a keyframe's
};

/// The source's time went back: `from` is the last good DTS, `to` the one that followed.
struct TimeBreak {
    Ticks90k from{};
    Ticks90k to{};
    bool squashed{
        false}; ///< ffmpeg hid it: it lets such pictures follow each other by single ticks
};

/// The track whose access units segments begin with.
struct LeadingTrack {
    std::uint16_t pid{};
    std::optional<mpegts::VideoCodec> codec{}; ///< nothing: audio leads
    bool by_indicator{false}; ///< the random access indicator alone makes a keyframe
};

class PictureGate {
public:
    /// Gets what passes, in the order in which it came: each picture in front of its packets.
    class Receiver {
    public:
        virtual void on_picture(Picture const& picture) = 0;
        virtual void on_packet(mpegts::PacketBytes bytes) = 0;

    protected:
        ~Receiver() = default;
    };

    /// `receiver` must outlive the gate.
    PictureGate(LeadingTrack const& track, Receiver& receiver);

    /// `packet` and `bytes`: the same one, of any PID that is kept. After a break nothing more may
    /// be given.
    std::optional<TimeBreak> take(mpegts::Packet const& packet, mpegts::PacketBytes bytes);
    bool holds_packets() const noexcept { return !held_.empty(); }
    /// The input ended: what is still held passes.
    void finish();

private:
    struct Held {
        Picture picture;
        std::size_t offset{}; ///< of its first packet in `bytes_`
    };

    std::optional<TimeBreak> begin_picture(mpegts::PesHeader const& header, bool random_access);
    bool is_clear() const noexcept;
    void settle();
    void release();

    LeadingTrack track_;
    bool has_indicator_{false};                              ///< the last of `held_`
    std::optional<mpegts::AccessUnitClassifier> classifier_; ///< looks at the last of `held_`
    Receiver& receiver_;
    std::vector<Held> held_;
    std::vector<std::uint8_t> bytes_; ///< packets since the first of `held_` began
    std::optional<Ticks90k> latest_dts_;
    Ticks90k before_squash_{};
    int squashed_{}; ///< steps of almost nothing in a row
};

} // namespace continuo::segment
