// Reads the master playlist of a resegmented channel, until it is there: before that nobody knows
// which variants the channel has.
#pragma once

#include "supervisor/plan.hpp"
#include "supervisor/run/ladder.hpp"
#include "supervisor/source/backoff.hpp"
#include "supervisor/source/http_stream.hpp"

#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace continuo::supervisor {

/// Owned by the daemon while the channel waits. What goes wrong is logged when it changes.
class LadderReader {
public:
    /// `on_read` is called once, on the loop and not from within `start`; the reader may be
    /// destroyed from within.
    LadderReader(Surroundings& surroundings, config::Channel const& channel,
                 std::function<void(Ladder)> on_read);
    LadderReader(LadderReader const&) = delete;
    LadderReader& operator=(LadderReader const&) = delete;

    void start() { read(); }
    /// Why the ladder is not there yet; empty before the first try has ended.
    std::string const& problem() const { return problem_; }

private:
    void read();
    void after(std::chrono::milliseconds delay, void (LadderReader::*then)());
    void read_file();
    void give_up();
    void take(std::string_view text);
    void fail(std::string why);

    Surroundings& surroundings_;
    std::string channel_;
    std::string location_;
    std::function<void(Ladder)> on_read_;
    source::Backoff backoff_;
    source::HttpStream stream_;
    asio::steady_timer timer_; ///< the deadline of a try, or the wait for the next one
    std::string text_;
    int status_{};
    std::string problem_;
    /// A wait that has just ended when we are destroyed finds this gone, and does nothing.
    std::shared_ptr<bool> alive_{std::make_shared<bool>(true)};
};

} // namespace continuo::supervisor
