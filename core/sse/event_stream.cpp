#include "core/sse/event_stream.hpp"

#include "core/base/utf8.hpp"

#include <algorithm>
#include <charconv>
#include <system_error>
#include <utility>

namespace continuo::sse {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

} // namespace

std::vector<Event> EventStream::feed(std::string_view bytes) {
    std::vector<Event> events;
    while (!bytes.empty()) {
        // A carriage return ends its line at once: the line feed may never come.
        if (std::exchange(after_carriage_return_, false) && bytes.front() == '\n') {
            bytes.remove_prefix(1);
            continue;
        }
        auto const end = bytes.find_first_of("\r\n");
        take_part_of_line(bytes.substr(0, end));
        if (end == std::string_view::npos) break;
        after_carriage_return_ = bytes[end] == '\r';
        bytes.remove_prefix(end + 1);
        take_line(events);
    }
    return events;
}

void EventStream::begin_response() {
    line_.clear();
    line_too_long_ = false;
    after_carriage_return_ = false;
    first_line_ = true;
    type_.clear();
    data_.clear();
    id_ = last_event_id_;
    left_out_ = false;
}

void EventStream::take_part_of_line(std::string_view part) {
    if (line_too_long_) return;
    line_too_long_ = line_.size() + part.size() > max_size;
    if (line_too_long_)
        leave_out();
    else
        line_ += part;
}

void EventStream::take_line(std::vector<Event>& events) {
    auto const text = std::exchange(line_, {});
    std::string_view line(text);
    auto const unreadable = std::exchange(line_too_long_, false);
    if (std::exchange(first_line_, false) && line.starts_with(byte_order_mark))
        line.remove_prefix(byte_order_mark.size());
    if (unreadable) return;
    if (line.empty()) return dispatch(events);
    auto const name = line.substr(0, line.find(':'));
    line.remove_prefix(std::min(line.size(), name.size() + 1));
    if (line.starts_with(' ')) line.remove_prefix(1);
    take_field(name, line);
}

void EventStream::take_field(std::string_view name, std::string_view value) {
    if (name == "data")
        take_data(value);
    else if (name == "event")
        type_ = well_formed_utf8(value);
    else if (name == "id" && value.find('\0') == std::string_view::npos)
        id_ = well_formed_utf8(value);
    else if (name == "retry")
        take_retry(value);
    // Anything else has no meaning; a comment is a field without a name.
}

void EventStream::take_data(std::string_view value) {
    if (left_out_) return;
    if (data_.size() + value.size() >= max_size) return leave_out();
    data_.append(value).push_back('\n');
}

void EventStream::take_retry(std::string_view value) {
    std::uint32_t milliseconds = 0;
    auto const* const end = value.data() + value.size();
    auto const [stop, code] = std::from_chars(value.data(), end, milliseconds);
    if (code == std::errc{} && stop == end) retry_ = std::chrono::milliseconds{milliseconds};
}

void EventStream::dispatch(std::vector<Event>& events) {
    last_event_id_ = id_;
    auto type = std::exchange(type_, {});
    auto data = std::exchange(data_, {});
    if (std::exchange(left_out_, false) || data.empty()) return;
    data.pop_back();
    events.push_back({.type = type.empty() ? "message" : std::move(type),
                      .data = well_formed_utf8(data),
                      .id = last_event_id_});
}

void EventStream::leave_out() {
    line_.clear();
    data_.clear();
    if (!std::exchange(left_out_, true)) ++oversized_;
}

} // namespace continuo::sse
