// When an MPD became what it is, and when it will be another: every instant at which something of
// it changes, and no other.
#include "http/dashlive/session/periods.hpp"
#include "http/dashlive/session/session.hpp"
#include "http/dashlive/session/span.hpp"

#include <algorithm>

namespace continuo::dashlive {
namespace {

/// The last of some instants that is not behind `now`, and the first that is.
class Instants {
public:
    explicit Instants(DateTime now) : now_(now) {}

    void add(DateTime instant) {
        if (instant <= now_)
            publication_.time = std::max(publication_.time, instant);
        else if (!publication_.next || instant < *publication_.next)
            publication_.next = instant;
    }
    Publication const& publication() const noexcept { return publication_; }

private:
    DateTime now_;
    Publication publication_{};
};

/// Both MPDs with a list, and those that begin with it.
void add_list(Instants& instants, Session const& session) {
    auto const& pictures = session.asset->pictures();
    auto const listed_from = [&](std::int64_t index) {
        return std::max(session.available_at(index), session.availability_start);
    };
    auto const list = listed(session);
    auto const end = session.availability_end;
    if (list.begin < list.end) instants.add(listed_from(list.end - 1));
    auto const next = listed_from(list.end);
    auto const is_behind =
        end && (next > *end || pictures.begun_before(*end - session.epoch) <= list.end);
    if (!is_behind) instants.add(next);
}

void add_periods(Instants& instants, Session const& session) {
    auto const change = period_change(session);
    instants.add(session.availability_start + change.last);
    if (change.next) instants.add(session.availability_start + *change.next);
}

void add_endings(Instants& instants, Session const& session) {
    for (auto const& ending : session.endings)
        instants.add(ending.announced);
    if (session.availability_end) instants.add(*session.availability_end + milliseconds{1});
}

/// Where the start moves with the clock.
void add_starts(Instants& instants, Session const& session) {
    using std::chrono::seconds;
    auto const& options = *session.options;
    instants.add(session.availability_start);
    if (options.start_relative || options.stop_relative) {
        auto const second = std::chrono::floor<seconds>(session.client_now);
        auto const moved = session.now - session.client_now;
        instants.add(second + moved);
        instants.add(second + moved + seconds{1});
    }
    if (options.modulo) { // the next one's turn
        milliseconds const cycle = *options.modulo;
        instants.add(session.availability_start + cycle / 10 * 9);
    }
    if (options.keeps_times_short) instants.add(*session.availability_end);
}

} // namespace

Publication publication_of(Session const& session) {
    auto const& options = *session.options;
    Instants instants(session.now);
    add_starts(instants, session);
    add_endings(instants, session);
    if (options.addressing != Addressing::number || options.follows_now)
        add_list(instants, session);
    else
        add_periods(instants, session);
    return instants.publication();
}

} // namespace continuo::dashlive
