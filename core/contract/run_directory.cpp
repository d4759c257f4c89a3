#include "core/contract/run_directory.hpp"

#include "core/contract/cue_json.hpp"
#include "core/contract/json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace continuo::contract {
namespace {

using nlohmann::json;

constexpr std::array<std::pair<SegmentEnd, char const*>, 4> end_names{{
    {SegmentEnd::grid, "grid"},
    {SegmentEnd::cut, "cut"},
    {SegmentEnd::overlong, "overlong"},
    {SegmentEnd::input, "input"},
}};

json to_json(VideoFacts const& video) {
    return {{"codecs", video.codecs},
            {"width", video.width},
            {"height", video.height},
            {"frame_rate", video.frame_rate}};
}

void read_video(ObjectReader& owner, json const& value, VideoFacts& video) {
    ObjectReader reader(value, "video");
    reader.read("codecs", video.codecs);
    reader.read("width", video.width);
    reader.read("height", video.height);
    reader.read("frame_rate", video.frame_rate);
    if (!reader.finish()) owner.refuse("video", "has the wrong shape");
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

std::optional<Ticks90k> parse_ticks(std::string_view text) {
    std::int64_t count = 0;
    auto const [end, code] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (code != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    if (count < 0 || Ticks90k{count} >= clock_turn) return std::nullopt;
    return Ticks90k{count};
}

/// "a b" -> {"a", "b"}; without a blank the second is empty.
std::pair<std::string_view, std::string_view> split_word(std::string_view text) {
    auto const blank = text.find(' ');
    if (blank == std::string_view::npos) return {text, {}};
    return {text.substr(0, blank), text.substr(blank + 1)};
}

std::string_view without_newline(std::string_view line) {
    if (line.ends_with('\n')) line.remove_suffix(1);
    return line;
}

} // namespace

namespace {

void read_cues(ObjectReader& reader, json const& list, std::vector<timeline::Cue>& cues) {
    if (!list.is_array()) return reader.refuse("cues", "is no list");
    for (auto const& value : list) {
        auto cue = cue_of(value);
        if (!cue) return reader.refuse("cues", "has a cue of the wrong shape");
        cues.push_back(*std::move(cue));
    }
}

} // namespace

std::string segment_file_name(std::uint64_t index) {
    return fmt::format("{:06}.ts", index);
}

bool is_segment_file_name(std::string_view name) noexcept {
    if (name.size() < 9 || !name.ends_with(".ts")) return false;
    name.remove_suffix(3);
    return std::all_of(name.begin(), name.end(), is_digit);
}

std::string encode(SegmentLine const& line) {
    auto const* const end =
        std::find_if(end_names.begin(), end_names.end(),
                     [&](auto const& entry) { return entry.first == line.end; });
    json object{{"name", line.name},
                {"start", line.start.count()},
                {"duration", line.duration.count()},
                {"bytes", line.bytes},
                {"end", end->second},
                {"discontinuity", line.discontinuity},
                {"keyframe", line.keyframe},
                {"video", to_json(line.video)},
                {"audio_codecs", line.audio_codecs}};
    if (!line.cues.empty()) object["cues"] = to_json(line.cues);
    if (line.boundary) object["boundary"] = line.boundary->count();
    return object.dump();
}

Result<SegmentLine> parse_segment_line(std::string_view text) {
    auto const object = parse_object(text, "segment line");
    if (!object) return object.error();
    SegmentLine line;
    std::string end;
    ObjectReader reader(*object, "segment line");
    reader.read("name", line.name);
    reader.read_ticks("start", line.start);
    reader.read_ticks("duration", line.duration);
    reader.read("bytes", line.bytes);
    reader.read("end", end);
    reader.read("discontinuity", line.discontinuity);
    reader.read("keyframe", line.keyframe);
    reader.read("audio_codecs", line.audio_codecs);
    if (object->contains("video")) read_video(reader, object->at("video"), line.video);
    if (object->contains("cues")) read_cues(reader, object->at("cues"), line.cues);
    if (object->contains("boundary")) reader.read_ticks("boundary", line.boundary.emplace());
    if (!is_segment_file_name(line.name)) reader.refuse("name", "is no segment file's");
    if (line.duration <= Ticks90k::zero()) reader.refuse("duration", "is not positive");
    auto const* const found = std::find_if(end_names.begin(), end_names.end(),
                                           [&](auto const& entry) { return entry.second == end; });
    if (found == end_names.end())
        reader.refuse("end", "is unknown");
    else
        line.end = found->first;
    if (auto const read = reader.finish(); !read) return read.error();
    return line;
}

std::string encode(RunInfo const& info) {
    json object{
        {"grid", {{"origin", info.grid.origin.count()}, {"period", info.grid.period.count()}}},
        {"first_gop", info.first_gop.count()},
        {"video", to_json(info.video)},
        {"audio_codecs", info.audio_codecs},
        {"cut_off", info.cut_off}};
    if (info.made)
        object["made"] = {{"pts", info.made->pts.count()},
                          {"date_us", info.made->date.time_since_epoch().count()}};
    if (info.target_duration_s) object["target_duration_s"] = *info.target_duration_s;
    return object.dump();
}

namespace {

Result<MediaDate> made_of(json const& value) {
    MediaDate made;
    std::int64_t date_us = 0;
    ObjectReader reader(value, "run.json made");
    reader.read_ticks("pts", made.pts);
    reader.read("date_us", date_us);
    made.date = decltype(made.date){std::chrono::microseconds{date_us}};
    if (auto const read = reader.finish(); !read) return read.error();
    return made;
}

} // namespace

Result<RunInfo> parse_run_info(std::string_view text) {
    auto const object = parse_object(text, "run.json");
    if (!object) return object.error();
    RunInfo info;
    json grid;
    ObjectReader reader(*object, "run.json");
    reader.read("grid", grid);
    reader.read_ticks("first_gop", info.first_gop);
    reader.read("audio_codecs", info.audio_codecs);
    reader.read("cut_off", info.cut_off);
    if (object->contains("video")) read_video(reader, object->at("video"), info.video);
    ObjectReader grid_reader(grid, "run.json grid");
    grid_reader.read_ticks("origin", info.grid.origin);
    grid_reader.read_ticks("period", info.grid.period);
    if (!grid_reader.finish() || info.grid.period <= Ticks90k::zero())
        reader.refuse("grid", "has the wrong shape");
    if (object->contains("target_duration_s"))
        reader.read("target_duration_s", info.target_duration_s.emplace());
    if (auto const read = reader.finish(); !read) return read.error();
    if (!object->contains("made")) return info;
    auto const made = made_of(object->at("made"));
    if (!made) return made.error();
    info.made = *made;
    return info;
}

std::string encode(Cut const& cut) {
    auto const* const reason = cut.overlong ? "overlong" : "cue";
    if (!cut.cue) return fmt::format("{} {}\n", cut.pts.count(), reason);
    return fmt::format("{} {} {}\n", cut.pts.count(), reason, to_json(*cut.cue).dump());
}

Result<Cut> parse_cut(std::string_view line) {
    auto const malformed = [&] {
        return fail(Errc::malformed, fmt::format("cut \"{}\"", without_newline(line)));
    };
    auto const [number, rest] = split_word(without_newline(line));
    auto const [reason, text] = split_word(rest);
    auto const pts = parse_ticks(number);
    if (!pts || (reason != "cue" && reason != "overlong")) return malformed();
    Cut cut{.pts = *pts, .overlong = reason == "overlong"};
    if (text.empty()) return cut;
    auto const object = parse_object(text, "cut");
    if (!object || cut.overlong) return malformed();
    auto cue = cue_of(*object);
    if (!cue) return cue.error();
    cut.cue = *std::move(cue);
    return cut;
}

std::string encode(Boundary const& boundary) {
    switch (boundary.kind) {
    case Boundary::Kind::discontinuity: return "discontinuity\n";
    case Boundary::Kind::end: return "end\n";
    case Boundary::Kind::segment: break;
    }
    if (boundary.overlong) return fmt::format("{} overlong\n", boundary.pts.count());
    if (boundary.cues.empty()) return fmt::format("{}\n", boundary.pts.count());
    return fmt::format("{} {}\n", boundary.pts.count(), to_json(boundary.cues).dump());
}

Result<Boundary> parse_boundary(std::string_view line) {
    auto const text = without_newline(line);
    if (text == "discontinuity") return Boundary{.kind = Boundary::Kind::discontinuity};
    if (text == "end") return Boundary{.kind = Boundary::Kind::end};
    auto const malformed = [&] {
        return fail(Errc::malformed, fmt::format("boundary \"{}\"", text));
    };
    auto const [number, cues] = split_word(text);
    auto const pts = parse_ticks(number);
    if (!pts) return malformed();
    Boundary boundary{.pts = *pts};
    boundary.overlong = cues == "overlong";
    if (cues.empty() || boundary.overlong) return boundary;
    auto const list = json::parse(cues, nullptr, /*allow_exceptions=*/false);
    if (!list.is_array()) return malformed();
    for (auto const& value : list) {
        auto cue = cue_of(value);
        if (!cue) return cue.error();
        boundary.cues.push_back(*std::move(cue));
    }
    return boundary;
}

std::string encode(JoinRequest const& request) {
    return request.from ? fmt::format("from {} {}\n", request.from->count(), request.consumer)
                        : fmt::format("start {}\n", request.consumer);
}

Result<JoinRequest> parse_join_request(std::string_view line) {
    auto const malformed = [&] {
        return fail(Errc::malformed, fmt::format("join request \"{}\"", without_newline(line)));
    };
    auto const [verb, rest] = split_word(without_newline(line));
    if (verb == "start" && !rest.empty())
        return JoinRequest{.from = std::nullopt, .consumer = std::string(rest)};
    if (verb != "from") return malformed();
    auto const [number, consumer] = split_word(rest);
    auto const from = parse_ticks(number);
    if (!from || consumer.empty()) return malformed();
    return JoinRequest{.from = from, .consumer = std::string(consumer)};
}

} // namespace continuo::contract
