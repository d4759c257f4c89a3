// The source's listening socket and the consumers behind it: each says where it wants to begin,
// gets everything from there on as fast as it takes it, and is cut off rather than waited for.
#pragma once

#include "core/contract/run_directory.hpp"
#include "core/os/descriptor.hpp"
#include "workers/segment/gop_log.hpp"

#include <poll.h>

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace continuo::segment {

class Relay {
public:
    using Time = std::chrono::steady_clock::time_point;
    static constexpr std::chrono::seconds join_deadline{5}; ///< for the consumer's first line

    /// Errors: errno with the path; `Errc::out_of_range` for a path that no socket address can
    /// hold.
    static Result<Relay> listen(std::filesystem::path const& path);

    /// What to wait for; the same set is given to `take_events` afterwards.
    void add_to(std::vector<pollfd>& polled) const;
    /// Earliest time at which a silent newcomer is to be closed.
    std::optional<Time> next_deadline() const;
    /// Accepts, reads join requests, notices who left. `polled`: as `add_to` built it, with
    /// results.
    void take_events(std::span<pollfd const> polled, Time now);

    /// Sends whatever the consumers take now. `tables`: PAT and PMT for those that begin.
    void serve(GopLog const& log, std::span<std::uint8_t const> tables);

    /// The oldest GOP that a consumer has not read yet.
    std::optional<std::uint64_t> oldest_needed() const;
    /// Closes those whose place in the log is gone and returns their names.
    std::vector<std::string> cut_off(GopLog const& log);

    /// The run is over: nobody may join any more.
    void stop_listening();
    /// Whether somebody has still to get something of `log`.
    bool has_unsent(GopLog const& log) const;

private:
    struct Consumer {
        os::Descriptor socket;
        Time accepted{};
        std::string line; ///< of the request, as it comes
        std::optional<contract::JoinRequest> request;
        std::optional<Cursor> cursor; ///< once it has begun
        std::vector<std::uint8_t>
            preface; ///< tables and lead-in, sent before what the cursor points to
        std::size_t preface_sent{};
        bool is_full{false}; ///< its socket takes no more for now
        bool is_gone{false};
    };

    Relay(os::Descriptor listener, std::filesystem::path path)
        : listener_(std::move(listener)), path_(std::move(path)) {}

    void accept_all(Time now);
    static void read_request(Consumer& consumer);
    static void begin(Consumer& consumer, GopLog const& log, std::span<std::uint8_t const> tables);
    static void send_all(Consumer& consumer, GopLog const& log);
    /// Number of bytes taken; marks the consumer as full or gone when it is.
    static std::size_t send_some(Consumer& consumer, std::span<std::uint8_t const> bytes);
    void forget_gone();

    os::Descriptor listener_;
    std::filesystem::path path_;
    std::vector<Consumer> consumers_;
};

} // namespace continuo::segment
