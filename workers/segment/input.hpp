// Where the bytes to be cut come from: standard input, a file, a socket, a loop, a playlist. The
// worker's poll loop sees all of them through this.
#pragma once

#include "core/base/result.hpp"
#include "workers/segment/input_facts.hpp"
#include "workers/segment/options.hpp"
#include "workers/segment/wall_clock.hpp"

#include <poll.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace continuo::segment {

/// What comes next of an input: bytes, or a seam between them.
struct Piece {
    std::span<std::uint8_t const> bytes{}; ///< valid until the input is used again
    /// What follows has other times, perhaps another form: EXT-X-DISCONTINUITY, or the beginning of
    /// another lap. No bytes come with it.
    bool discontinuity{false};
};

class Input {
public:
    using Time = WallClock::Time;

    virtual ~Input() = default;

    /// What to wait for; the same set is given to `take_events` afterwards. `is_wanted`: pieces
    /// will be taken; where they will not, standard input and files are left alone.
    virtual void add_to(std::vector<pollfd>& polled, bool is_wanted) const = 0;
    /// When there is something to do, whatever the descriptors say.
    virtual std::optional<Time> next_deadline() const { return std::nullopt; }
    virtual void take_events(std::span<pollfd const> polled, Time now) = 0;

    /// There is a piece that can be taken without waiting.
    virtual bool is_ready() const = 0;
    /// To be asked only when there is one. Its bytes may be none after all.
    virtual Piece next() = 0;
    /// What is left is little and is to be taken at once, whatever the pace.
    virtual bool hurries() const { return false; }

    /// Where the first bytes belong; there as soon as there are any, where it is known at all.
    virtual std::optional<RunStart> start() const { return std::nullopt; }
    /// Nothing more comes once the pieces that are ready were taken.
    virtual std::optional<InputEnd> const& end() const = 0;
    /// What an operator should know, a line each.
    virtual std::vector<std::string> take_remarks() { return {}; }
};

/// What the command line asks for. Errors: errno with the path; `Errc::unsupported` for a file that
/// can't be repeated.
Result<std::unique_ptr<Input>> open_input(Options const& options, WallClock const& clock,
                                          WallClock::Time now);

} // namespace continuo::segment
