#include "core/contract/cue_json.hpp"

#include "core/contract/json.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace continuo::contract {
namespace {

using nlohmann::json;
using timeline::BreakMark;
using timeline::Cue;
using timeline::WallTime;

constexpr std::array<std::pair<Cue::Kind, std::string_view>, 2> cue_kinds{
    {{Cue::Kind::out, "out"}, {Cue::Kind::in, "in"}}};
constexpr std::array<std::pair<BreakMark::Kind, std::string_view>, 3> mark_kinds{
    {{BreakMark::Kind::out, "out"}, {BreakMark::Kind::cont, "cont"}, {BreakMark::Kind::in, "in"}}};

template <class Names, class Kind>
std::string_view name_of(Names const& names, Kind kind) {
    return std::ranges::find(names, kind, &Names::value_type::first)->second;
}

template <class Names, class Kind>
void read_kind(ObjectReader& reader, Names const& names, Kind& kind) {
    std::string name;
    reader.read("kind", name);
    auto const* const found = std::ranges::find(names, name, &Names::value_type::second);
    if (found == names.end()) return reader.refuse("kind", "is unknown");
    kind = found->first;
}

WallTime date_of(std::int64_t microseconds) {
    return WallTime{std::chrono::microseconds{microseconds}};
}

} // namespace

json to_json(Cue const& cue) {
    json object{{"kind", name_of(cue_kinds, cue.kind)},
                {"event_id", cue.event_id},
                {"time", cue.time.count()},
                {"auto_return", cue.auto_return},
                {"section", cue.section}};
    if (cue.planned) object["planned"] = cue.planned->count();
    return object;
}

json to_json(std::vector<Cue> const& cues) {
    json list = json::array();
    for (auto const& cue : cues)
        list.push_back(to_json(cue));
    return list;
}

Result<Cue> cue_of(json const& value) {
    Cue cue;
    ObjectReader reader(value, "cue");
    read_kind(reader, cue_kinds, cue.kind);
    reader.read("event_id", cue.event_id);
    reader.read_ticks("time", cue.time);
    reader.read("auto_return", cue.auto_return);
    reader.read("section", cue.section);
    if (value.contains("planned")) reader.read_ticks("planned", cue.planned.emplace());
    if (auto const read = reader.finish(); !read) return read.error();
    return cue;
}

json to_json(BreakMark const& mark) {
    json object{{"kind", name_of(mark_kinds, mark.kind)},
                {"out", to_json(mark.out)},
                {"first_number", mark.first_number},
                {"elapsed", mark.elapsed.count()},
                {"start_date_us", mark.start_date.time_since_epoch().count()}};
    if (mark.in) object["in"] = to_json(*mark.in);
    if (mark.end_date) object["end_date_us"] = mark.end_date->time_since_epoch().count();
    return object;
}

Result<BreakMark> break_mark_of(json const& value) {
    BreakMark mark;
    json out;
    std::int64_t start_us = 0;
    std::int64_t end_us = 0;
    ObjectReader reader(value, "break");
    read_kind(reader, mark_kinds, mark.kind);
    reader.read("out", out);
    reader.read("first_number", mark.first_number);
    reader.read_ticks("elapsed", mark.elapsed);
    reader.read("start_date_us", start_us);
    reader.read("end_date_us", end_us, /*required=*/false);
    if (auto const read = reader.finish(); !read) return read.error();
    auto opened = cue_of(out);
    if (!opened) return opened.error();
    mark.out = *std::move(opened);
    mark.start_date = date_of(start_us);
    if (value.contains("end_date_us")) mark.end_date = date_of(end_us);
    if (!value.contains("in")) return mark;
    auto closed = cue_of(value.at("in"));
    if (!closed) return closed.error();
    mark.in = *std::move(closed);
    return mark;
}

json to_json(BreakState const& state) {
    json object{{"event_id", state.event_id},
                {"first_number", state.first_number},
                {"start_us", state.start.time_since_epoch().count()}};
    if (state.planned) object["planned"] = state.planned->count();
    if (state.end) object["end_us"] = state.end->time_since_epoch().count();
    return object;
}

std::string encode(BreakState const& state) {
    return to_json(state).dump();
}

Result<BreakState> break_state_of(json const& value) {
    BreakState state;
    std::int64_t start_us = 0;
    std::int64_t end_us = 0;
    ObjectReader reader(value, "channel.json state's break");
    reader.read("event_id", state.event_id);
    reader.read("first_number", state.first_number);
    reader.read("start_us", start_us);
    reader.read("end_us", end_us, /*required=*/false);
    if (value.contains("planned")) reader.read_ticks("planned", state.planned.emplace());
    if (auto const read = reader.finish(); !read) return read.error();
    state.start = date_of(start_us);
    if (value.contains("end_us")) state.end = date_of(end_us);
    return state;
}

} // namespace continuo::contract
