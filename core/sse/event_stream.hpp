// From the bytes of a text/event-stream to its events: how a server says that something changed.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace continuo::sse {

/// Well-formed UTF-8, whatever the server sent.
struct Event {
    std::string type{"message"}; ///< "message" where the server gives no name
    std::string data;            ///< lines joined by "\n"
    std::string id;              ///< the last that the server named, in this event or before

    friend bool operator==(Event const&, Event const&) = default;
};

/// Pure; the same events however the bytes are cut. One per server: it outlives connections, of
/// which the last event ID and the retry time are kept.
/// Spec: WHATWG HTML §9.2.5 and §9.2.6; what it leaves open is bounded here.
class EventStream {
public:
    /// A line, or all data of an event, of more bytes than this: that event is left out and
    /// counted, and reading goes on behind it.
    static constexpr std::size_t max_size = 1 << 20;

    /// The events that `bytes` complete.
    std::vector<Event> feed(std::string_view bytes);

    /// Another response begins: the unfinished event of the one before is forgotten.
    void begin_response();

    /// What a new request names as Last-Event-ID; empty when there is nothing to name.
    std::string const& last_event_id() const { return last_event_id_; }
    /// After how long the server wants to see us again, when it said so.
    std::optional<std::chrono::milliseconds> retry() const { return retry_; }
    /// Events that were left out for their size.
    std::uint64_t oversized() const { return oversized_; }

private:
    void take_part_of_line(std::string_view part);
    void take_line(std::vector<Event>& events);
    void take_field(std::string_view name, std::string_view value);
    void take_data(std::string_view value);
    void take_retry(std::string_view value);
    void dispatch(std::vector<Event>& events);
    void leave_out();

    std::string line_; ///< what there is of the unfinished line
    bool line_too_long_{false};
    bool after_carriage_return_{false}; ///< a line feed now belongs to the line before
    bool first_line_{true};

    std::string type_;
    std::string data_; ///< each line with its "\n"
    std::string id_;   ///< the last one named; it counts when its event is complete
    bool left_out_{false};

    std::string last_event_id_;
    std::optional<std::chrono::milliseconds> retry_;
    std::uint64_t oversized_{};
};

} // namespace continuo::sse
