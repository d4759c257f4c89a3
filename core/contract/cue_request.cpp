#include "core/contract/cue_request.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace continuo::contract {
namespace {

using nlohmann::json;
using std::chrono::milliseconds;
using Kind = CueRequest::Kind;

constexpr std::size_t longest_section = 10'000; // bytes of text: the largest in decimal

constexpr std::array<char const*, 4> members_of_out{"duration_s", "at_s", "event_id",
                                                    "auto_return"};
constexpr std::array<char const*, 2> members_of_in{"at_s", "event_id"};
constexpr std::array<char const*, 1> members_of_section{"at_s"};

char const* name_of(Kind kind) {
    switch (kind) {
    case Kind::out: return "out";
    case Kind::in: return "in";
    case Kind::section: return "section";
    }
    return "";
}

bool is_known(Kind kind, std::string const& member) {
    auto const among = [&](auto const& members) {
        return member == name_of(kind) || std::ranges::find(members, member) != members.end();
    };
    switch (kind) {
    case Kind::out: return among(members_of_out);
    case Kind::in: return among(members_of_in);
    case Kind::section: return among(members_of_section);
    }
    return false;
}

Error refusal(std::string context) {
    return fail(Errc::malformed, std::move(context));
}

Result<Kind> kind_of(json const& object) {
    std::optional<Kind> kind;
    for (auto const candidate : {Kind::out, Kind::in, Kind::section}) {
        if (!object.contains(name_of(candidate))) continue;
        if (kind) return refusal("A cue is one of \"out\", \"in\" and \"section\", not two.");
        kind = candidate;
    }
    if (!kind) return refusal(R"(A cue is {"out": true}, {"in": true} or {"section": "/DA..."}.)");
    auto const& value = object.at(name_of(*kind));
    if (*kind != Kind::section && value != json(true))
        return refusal(fmt::format("\"{}\" has to be true.", name_of(*kind)));
    return *kind;
}

Result<milliseconds> seconds_in(json const& value, char const* name, milliseconds least,
                                milliseconds most) {
    auto const seconds = value.is_number() ? value.get<double>() : -1;
    auto const rounded = std::round(std::clamp(seconds, -1.0, 1e9) * 1000);
    auto const time = milliseconds{static_cast<std::int64_t>(rounded)};
    if (!value.is_number() || time < least || time > most)
        return refusal(fmt::format("\"{}\" has to be a number of seconds from {} to {}.", name,
                                   static_cast<double>(least.count()) / 1000,
                                   static_cast<double>(most.count()) / 1000));
    return time;
}

Result<std::uint32_t> event_id_in(json const& value) {
    constexpr auto greatest = std::numeric_limits<std::uint32_t>::max();
    auto const* const number = value.get_ptr<json::number_unsigned_t const*>();
    if (number == nullptr || *number > greatest)
        return refusal(fmt::format("\"event_id\" has to be a whole number up to {}.", greatest));
    return static_cast<std::uint32_t>(*number);
}

/// Reads one member that is known to belong to the request.
Result<> read(CueRequest& request, std::string const& name, json const& value) {
    if (name == "duration_s") {
        auto const time = seconds_in(value, "duration_s", request.shortest, request.longest);
        if (!time) return time.error();
        request.duration = *time;
    } else if (name == "at_s") {
        auto const time = seconds_in(value, "at_s", milliseconds::zero(), request.latest);
        if (!time) return time.error();
        request.at = *time;
    } else if (name == "event_id") {
        auto const id = event_id_in(value);
        if (!id) return id.error();
        request.event_id = *id;
    } else if (name == "auto_return") {
        if (!value.is_boolean()) return refusal("\"auto_return\" has to be true or false.");
        request.auto_return = value.get<bool>();
    } else if (name == "section") {
        auto const* const text = value.get_ptr<std::string const*>();
        if (text == nullptr || text->empty() || text->size() > longest_section)
            return refusal("\"section\" has to be a splice_info_section in base64 or hexadecimal.");
        request.section = *text;
    }
    return {};
}

double seconds_of_request(milliseconds time) {
    return static_cast<double>(time.count()) / 1000;
}

} // namespace

std::string encode(CueRequest const& request) {
    json object;
    if (request.kind == Kind::section)
        object["section"] = request.section;
    else
        object[name_of(request.kind)] = true;
    if (request.event_id) object["event_id"] = *request.event_id;
    if (request.duration) object["duration_s"] = seconds_of_request(*request.duration);
    if (!request.auto_return) object["auto_return"] = false;
    if (request.at != milliseconds::zero()) object["at_s"] = seconds_of_request(request.at);
    return to_text(object);
}

Result<CueRequest> parse_cue_request(std::string_view text) {
    auto const object = json::parse(text, nullptr, /*allow_exceptions=*/false);
    if (!object.is_object())
        return refusal(R"(A cue is a JSON object such as {"out": true, "duration_s": 30}.)");
    auto const kind = kind_of(object);
    if (!kind) return kind.error();
    CueRequest request{.kind = *kind};
    for (auto const& [name, value] : object.items()) {
        if (!is_known(*kind, name))
            return refusal(
                fmt::format("Beside \"{}\" there is a member that does not belong there; known "
                            "are duration_s (out), auto_return (out), event_id (out, in) and at_s.",
                            name_of(*kind)));
        if (auto const done = read(request, name, value); !done) return done.error();
    }
    if (!request.auto_return && !request.duration)
        return refusal("\"auto_return\" says something only beside \"duration_s\".");
    return request;
}

} // namespace continuo::contract
