// The end of the way to Icecast: encoded sound in on stdin, to the server for as long as it takes
// it, and again and again when it does not.
#pragma once

#include "workers/icecast/options.hpp"
#include "workers/icecast/source_client.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace continuo::icecast {

/// One per process. While there is no connection the sound is thrown away: who connects hears what
/// plays then.
class Sender {
public:
    using Clock = std::chrono::steady_clock;

    explicit Sender(SendOptions options);
    Sender(Sender const&) = delete;
    Sender& operator=(Sender const&) = delete;
    ~Sender();

    /// Until stdin ends.
    int run();

private:
    void connect();
    void wait();
    void read_sound();
    void note_connection();
    void take_finished();
    void retry(std::string const& why);
    void tell_title();
    void take_title_answer(CURLcode code);
    void say(std::string line);

    SendOptions options_;
    CURLM* multi_;
    std::unique_ptr<SourceClient> source_;
    std::unique_ptr<Transfer> title_request_;
    std::vector<char> buffer_;
    std::string password_;
    std::string said_;                ///< the last line about the connection
    std::string asked_;               ///< the title under way
    std::optional<std::string> told_; ///< the title that this connection has
    bool title_failed_{false};
    Clock::time_point retry_at_{};
    std::chrono::milliseconds delay_{};
    Clock::time_point look_at_title_{};
    bool ended_{false};
};

} // namespace continuo::icecast
