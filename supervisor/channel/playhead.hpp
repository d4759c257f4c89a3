// What a playhead channel is told to play: by its API's event stream, by an operator, by its own
// memory of the time before a restart. The channel carries it out and says what came of it.
#pragma once

#include "core/config/config.hpp"
#include "core/contract/channel_snapshot.hpp"
#include "supervisor/plan.hpp"
#include "supervisor/source/event_feed.hpp"
#include "supervisor/source/head.hpp"

#include <functional>
#include <memory>
#include <string>

namespace continuo::supervisor {

/// Called on the loop.
struct PlayheadHandlers {
    std::function<void(source::Head const&)>
        on_head;                     ///< another stream; its URL as it is to be fetched
    std::function<void()> on_change; ///< of `state` alone: a name, the API's connection
};

/// Owned by its channel.
class Playhead {
public:
    Playhead(Surroundings& surroundings, config::Channel const& channel, PlayheadHandlers handlers);

    /// Takes up the head of the time before a restart, then listens to the API.
    void start();
    void stop();

    /// What the API or an operator wants; the newest wins. The stream that is wanted already may
    /// only get another name.
    void ask(source::Head head);

    /// What became of the newest switch; calls that come when none is pending say nothing new.
    void on_listed();
    void on_failed(std::string const& why);

    contract::PlayheadState const& state() const { return state_; }

private:
    void on_event(sse::Event const& event);
    void on_connection(bool is_open, std::string const& why);
    void remember(source::Head const& head);
    void begin_switch(source::Head const& head);
    contract::Switch* pending();
    std::string label() const;

    Surroundings& surroundings_;
    config::Channel const& channel_;
    PlayheadHandlers handlers_;
    fs::path memory_; ///< on disk: the head that is wanted
    std::unique_ptr<source::EventFeed> feed_;
    source::Head wanted_; ///< its URL as it is to be fetched
    SteadyTime asked_{};
    contract::PlayheadState state_;
};

} // namespace continuo::supervisor
