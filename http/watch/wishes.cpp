#include "http/watch/wishes.hpp"

#include "core/base/percent.hpp"
#include "http/server/field_value.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <optional>
#include <utility>

namespace continuo::watch {
namespace {

using contract::TrackWish;
using contract::WatchRequest;
using nlohmann::json;
using Action = WatchRequest::Action;

constexpr std::chrono::duration<double> latest_position = WatchRequest::latest_position;

Trouble wrong(std::string detail) {
    return {.status = 400, .detail = std::move(detail)};
}

/// application/x-www-form-urlencoded (WHATWG URL §5.1): a plus sign is a blank.
std::string decoded(std::string_view text) {
    std::string blanks{text};
    std::ranges::replace(blanks, '+', ' ');
    return percent_decoded(blanks);
}

void read_fields(std::string_view fields, Members& members) {
    while (!fields.empty()) {
        auto const end = std::min(fields.find('&'), fields.size());
        auto const field = fields.substr(0, end);
        auto const equals = std::min(field.find('='), field.size());
        if (!field.empty())
            members.insert_or_assign(decoded(field.substr(0, equals)),
                                     decoded(field.substr(std::min(equals + 1, field.size()))));
        fields.remove_prefix(std::min(end + 1, fields.size()));
    }
}

Outcome<> read_json(std::string_view body, Members& members) {
    auto const object = json::parse(body, nullptr, /*allow_exceptions=*/false);
    if (!object.is_object())
        return wrong(R"(The body is no JSON object such as {"url": "https://host/film.mkv"}.)");
    for (auto const& [name, value] : object.items()) {
        if (value.is_null()) {
            members.erase(name);
        } else if (auto const* const text = value.get_ptr<std::string const*>()) {
            members.insert_or_assign(name, *text);
        } else if (value.is_number() || value.is_boolean()) {
            members.insert_or_assign(name, value.dump());
        } else {
            return wrong("The body's members have to be texts and numbers.");
        }
    }
    return {};
}

/// RFC 9110 §8.3.1: in any case, parameters behind a semicolon.
std::string lower_media_type(std::string_view content_type) {
    std::string type(content_type.substr(0, content_type.find_first_of("; \t")));
    std::ranges::transform(type, type.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
    });
    return type;
}

std::optional<std::string> member(Members const& members, std::string_view name) {
    auto const found = members.find(name);
    if (found == members.end() || found->second.empty()) return std::nullopt;
    return found->second;
}

Outcome<std::chrono::milliseconds> seconds_in(std::string_view name, std::string_view text) {
    double seconds{};
    auto const [rest, failure] =
        std::from_chars(text.data(), text.data() + text.size(), seconds, std::chars_format::fixed);
    if (failure != std::errc{} || rest != text.data() + text.size() || !(seconds >= 0) ||
        seconds > latest_position.count())
        return wrong(fmt::format("\"{}\" has to be seconds, from 0 to {:.0f}.", name,
                                 latest_position.count()));
    return std::chrono::milliseconds{std::llround(seconds * 1000)};
}

Outcome<std::optional<std::string>> choice_in(Members const& members, std::string_view name) {
    auto text = member(members, name);
    if (text && text->size() > WatchRequest::longest_choice)
        return wrong(fmt::format("\"{}\" has to be a text of at most {} bytes.", name,
                                 WatchRequest::longest_choice));
    return text;
}

Outcome<TrackWish> choices_in(Members const& members) {
    auto audio = choice_in(members, "audio");
    if (!audio) return audio.error();
    auto subtitle = choice_in(members, "subtitle");
    if (!subtitle) return subtitle.error();
    return TrackWish{.audio = *std::move(audio), .subtitle = *std::move(subtitle)};
}

Outcome<std::optional<int>> index_in(Members const& members, std::string_view name) {
    auto const text = member(members, name);
    if (!text) return std::optional<int>{};
    int index{};
    auto const [rest, failure] = std::from_chars(text->data(), text->data() + text->size(), index);
    if (failure != std::errc{} || rest != text->data() + text->size() || index < -1 || index > 999)
        return wrong(fmt::format("\"{}\" has to be a number from 0 on, or -1.", name));
    return std::optional(index);
}

WatchRequest request_for(Action action) {
    WatchRequest request;
    request.action = action;
    return request;
}

} // namespace

Outcome<Members> members_of(server::Request const& request) {
    Members members;
    read_fields(request.query, members);
    auto const start = request.body.find_first_not_of(" \t\r\n");
    if (start == std::string_view::npos) return members;
    auto const type = lower_media_type(request.content_type);
    bool const may_be_json = type.empty() || type == "application/json" || type == "text/plain";
    bool const is_form = type == "application/x-www-form-urlencoded";
    if (!may_be_json && !is_form)
        return Trouble{.status = 415,
                       .detail = "The body has to be application/json, or a form "
                                 "(application/x-www-form-urlencoded)."};
    // What curl sends is called a form, whatever it is.
    if (is_form && request.body[start] != '{') {
        read_fields(request.body, members);
        return members;
    }
    if (auto const read = read_json(request.body, members); !read) return read.error();
    return members;
}

bool is_set(Members const& members, std::string_view name) {
    auto const text = member(members, name);
    return text == "true" || text == "1";
}

Outcome<> refuse_others(Members const& members, std::initializer_list<std::string_view> known) {
    for (auto const& [name, value] : members)
        if (std::ranges::find(known, name) == known.end())
            return wrong(fmt::format("There is a member that is not known here; known: {}.",
                                     fmt::join(known, ", ")));
    return {};
}

Outcome<WatchRequest> opening_wish(Members const& members) {
    if (auto const done = refuse_others(members, {"url", "audio", "subtitle", "start", "alias"});
        !done)
        return done.error();
    auto request = request_for(Action::open);
    auto url = member(members, "url");
    if (!url) return wrong("\"url\" is missing: the address of a film.");
    request.url = *std::move(url);
    auto choices = choices_in(members);
    if (!choices) return choices.error();
    request.tracks = *std::move(choices);
    if (auto const start = member(members, "start")) {
        auto const position = seconds_in("start", *start);
        if (!position) return position.error();
        request.position = *position;
    }
    if (auto alias = member(members, "alias")) {
        if (!contract::is_alias(*alias))
            return wrong("\"alias\" has to be 1 to 64 letters, digits, _ and -.");
        request.session = *std::move(alias);
    }
    return request;
}

Outcome<WatchRequest> seeking_wish(Members const& members) {
    if (auto const done = refuse_others(members, {"position"}); !done) return done.error();
    auto const text = member(members, "position");
    if (!text) return wrong("\"position\" is missing: seconds from the beginning of the film.");
    auto const position = seconds_in("position", *text);
    if (!position) return position.error();
    auto request = request_for(Action::seek);
    request.position = *position;
    return request;
}

Outcome<WatchRequest> tracks_wish(Members const& members) {
    if (auto const done = refuse_others(members, {"audio", "subtitle"}); !done) return done.error();
    if (!member(members, "audio") && !member(members, "subtitle"))
        return wrong("\"audio\" and \"subtitle\" are missing; one is enough.");
    auto choices = choices_in(members);
    if (!choices) return choices.error();
    auto request = request_for(Action::tracks);
    request.tracks = *std::move(choices);
    return request;
}

Outcome<WatchRequest> plain_opening_wish(Members const& members, std::string_view sid) {
    if (!contract::is_alias(sid))
        return wrong("A session's name has 1 to 64 letters, digits, _ and -.");
    auto request = request_for(Action::open);
    request.session = sid;
    auto url = member(members, "url");
    if (!url) return wrong("\"url\" is missing: the address of a film.");
    request.url = *std::move(url);
    auto const video = index_in(members, "video_index");
    if (!video) return video.error();
    if (video->value_or(0) > 0) return wrong("Only the first video track, 0, can be shown.");
    auto const subtitle = index_in(members, "subtitle_index");
    if (!subtitle) return subtitle.error();
    request.tracks.emplace();
    if (*subtitle)
        request.tracks->subtitle = **subtitle < 0 ? "off" : std::to_string(**subtitle + 1);
    return request;
}

Outcome<WatchRequest> presence_wish(Members const& members, Action action, std::string_view name,
                                    std::string_view client) {
    auto request = request_for(action);
    request.session = name;
    auto const other_name = contract::is_session_id(name) ? client : name;
    request.viewer = member(members, "viewer").value_or(std::string(other_name));
    if (request.viewer.empty() || request.viewer.size() > WatchRequest::longest_name)
        return wrong(fmt::format("\"viewer\" has to be a text of 1 to {} bytes.",
                                 WatchRequest::longest_name));
    return request;
}

std::string_view client_of(server::Request const& request) noexcept {
    auto const list = request.forwarded_for;
    if (!request.from_loopback || list.empty()) return request.peer;
    auto const comma = list.rfind(',');
    return server::trimmed(comma == std::string_view::npos ? list : list.substr(comma + 1));
}

} // namespace continuo::watch
