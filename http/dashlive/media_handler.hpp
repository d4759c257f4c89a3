// Requests for media of a session: what may be had is looked up, read, composed and sent, or fails
// as the options want it.
#pragma once

#include "http/dashlive/demand.hpp"
#include "http/dashlive/media/layouts.hpp"
#include "http/dashlive/media/media_name.hpp"
#include "http/dashlive/media/timed_text_name.hpp"
#include "http/dashlive/part_files.hpp"
#include "http/server/request.hpp"
#include "http/server/response.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>

namespace continuo::dashlive {

struct MediaAnswer {
    server::Response response;
    /// Whether anybody who asks in the next `MediaHandler::hold_time` gets the same.
    bool is_lasting{false};
};

/// One thread's.
class MediaHandler {
public:
    static constexpr std::chrono::seconds hold_time{10};

    /// Both outlive it.
    MediaHandler(storage::Openers& openers, Layouts& layouts)
        : openers_(&openers), files_(openers), layouts_(&layouts) {}

    /// `demand`: of anything but an MPD or a playlist; it and `request` live until the answer is
    /// there.
    boost::asio::awaitable<MediaAnswer> answer(server::Request const& request,
                                               Demand const& demand);
    void each_second() { files_.drop_removed(); }

private:
    static MediaAnswer timed_text(Demand const& demand, TimedTextName const& name,
                                  Retention retention);
    boost::asio::awaitable<MediaAnswer> stored(Demand const& demand, MediaName const& name,
                                               Retention retention);
    boost::asio::awaitable<Answer<server::Response>> composed(Demand const& demand,
                                                              MediaName const& name);

    storage::Openers* openers_;
    PartFiles files_;
    Layouts* layouts_;
};

} // namespace continuo::dashlive
