// An HLS playlist as an input, `--from URL`: loads the playlist, fetches its segments one after the
// other and hands on their bytes as they come. What to do when is the follower's decision.
#pragma once

#include "workers/segment/input.hpp"
#include "workers/segment/playlist_follower.hpp"
#include "workers/segment/segment_fetch.hpp"

#include <poll.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace continuo::segment {

class HlsInput final : public Input {
public:
    /// `location`: as `location_of` gives it.
    HlsInput(std::string location, FollowRules const& rules, WallClock const& clock, Time now);

    void add_to(std::vector<pollfd>& polled, bool is_wanted) const override;
    std::optional<Time> next_deadline() const override;
    /// Moves loads and fetches on. Bytes that nobody takes hold the fetch up, not the loads.
    void take_events(std::span<pollfd const> polled, Time now) override;

    bool is_ready() const override { return !bytes_.empty() || discontinuities_ > 0; }
    /// Whole transport packets.
    Piece next() override;

    std::optional<RunStart> start() const override { return follower_.start(); }
    std::optional<InputEnd> const& end() const override { return follower_.end(); }
    /// Trouble is told at once, long before it is given up for: somebody may wait for the first
    /// picture.
    std::vector<std::string> take_remarks() override;

private:
    struct Load {
        std::unique_ptr<HttpTransfer> transfer;
        Time asked{};
        std::string text;
    };

    void begin_load(Time now);
    void load_file(Time now);
    void load_stream(Time now);
    void move_load(Time now);
    void take_answer(Load const& load, Time now);
    void take_text(std::string_view text, std::string base, PlaylistLoad const& load);

    void begin_fetch(Time now);
    SegmentFetch::Open opener(Time now);
    void move_fetch(Time now);

    std::string location_; ///< of the playlist
    std::string base_;     ///< where redirects led to: what its URIs are seen from
    std::string etag_;     ///< of the text that was of use
    bool is_variant_{false};
    WallClock clock_;
    PlaylistFollower follower_;
    std::optional<HttpClient> client_;
    std::optional<Load> load_;
    SegmentKeys keys_;
    PackedAudio audio_;
    std::optional<SegmentFetch> fetch_; ///< under way, or between two attempts
    bool is_fetching_{false};
    std::vector<std::uint8_t> bytes_; ///< that nobody has taken yet
    unsigned discontinuities_{};      ///< behind them
    std::vector<std::uint8_t> taken_;
    std::string told_trouble_;
};

} // namespace continuo::segment
