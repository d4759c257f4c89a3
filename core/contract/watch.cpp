#include "core/contract/watch.hpp"

#include "core/contract/json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace continuo::contract {
namespace {

using nlohmann::json;
using std::chrono::milliseconds;
using Action = WatchRequest::Action;
using Phase = WatchState::Phase;
using TrackKind = WatchTrack::Kind;

template <class Value, std::size_t count>
using Names = std::array<std::pair<Value, std::string_view>, count>;

constexpr Names<Action, 9> actions{{{Action::open, "open"},
                                    {Action::seek, "seek"},
                                    {Action::tracks, "tracks"},
                                    {Action::pause, "pause"},
                                    {Action::resume, "resume"},
                                    {Action::beat, "beat"},
                                    {Action::leave, "leave"},
                                    {Action::forget, "forget"},
                                    {Action::close, "close"}}};
constexpr Names<Phase, 6> phases{{{Phase::opening, "opening"},
                                  {Phase::playing, "playing"},
                                  {Phase::paused, "paused"},
                                  {Phase::ended, "ended"},
                                  {Phase::failed, "failed"},
                                  {Phase::closed, "closed"}}};
constexpr Names<TrackKind, 3> kinds{
    {{TrackKind::video, "video"}, {TrackKind::audio, "audio"}, {TrackKind::subtitle, "subtitle"}}};

template <class Table, class Value>
std::string_view name_in(Table const& table, Value value) {
    auto const row = std::ranges::find(table, value, [](auto const& pair) { return pair.first; });
    return row == table.end() ? std::string_view{} : row->second;
}

template <class Table, class Value>
bool find_in(Table const& table, std::string_view name, Value& value) {
    auto const row = std::ranges::find(table, name, [](auto const& pair) { return pair.second; });
    if (row == table.end()) return false;
    value = row->first;
    return true;
}

constexpr std::string_view channel_prefix = "_watch-";

/// Which members belong to an action, beside "do".
bool belongs(Action action, std::string_view member) {
    if (member == "session") return true;
    switch (action) {
    case Action::open: return member == "url" || member == "tracks" || member == "position_ms";
    case Action::seek: return member == "position_ms";
    case Action::tracks: return member == "tracks";
    case Action::beat:
    case Action::leave: return member == "viewer";
    case Action::close: return member == "discards";
    case Action::pause:
    case Action::resume:
    case Action::forget: return false;
    }
    return false;
}

Error misread(std::string context) {
    return fail(Errc::malformed, std::move(context));
}

Result<std::string> text_in(json const& value, std::string_view member, std::size_t longest) {
    auto const* const text = value.get_ptr<std::string const*>();
    if (text == nullptr || text->size() > longest)
        return misread(
            fmt::format("\"{}\" has to be a text of at most {} bytes.", member, longest));
    return *text;
}

Result<TrackWish> tracks_in(json const& value) {
    if (!value.is_object())
        return misread(
            R"("tracks" has to be an object such as {"audio": "jpn", "subtitle": "off"}.)");
    TrackWish wish;
    for (auto const& [name, choice] : value.items()) {
        if (name != "audio" && name != "subtitle")
            return misread("\"tracks\" has the members \"audio\" and \"subtitle\" only.");
        auto text = text_in(choice, name, WatchRequest::longest_choice);
        if (!text) return text.error();
        if (text->empty()) return misread(fmt::format("\"{}\" must not be empty.", name));
        (name == "audio" ? wish.audio : wish.subtitle) = *std::move(text);
    }
    return wish;
}

Result<milliseconds> position_in(json const& value) {
    auto const* const number = value.get_ptr<json::number_unsigned_t const*>();
    if (number == nullptr ||
        *number > static_cast<std::uint64_t>(WatchRequest::latest_position.count()))
        return misread(fmt::format("\"position_ms\" has to be a whole number from 0 to {}.",
                                   WatchRequest::latest_position.count()));
    return milliseconds{static_cast<std::int64_t>(*number)};
}

Result<> read(WatchRequest& request, std::string const& name, json const& value) {
    auto const take = [&](std::string& target, std::size_t longest) -> Result<> {
        auto text = text_in(value, name, longest);
        if (!text) return text.error();
        target = *std::move(text);
        return {};
    };
    if (name == "session") return take(request.session, WatchRequest::longest_name);
    if (name == "viewer") return take(request.viewer, WatchRequest::longest_name);
    if (name == "url") return take(request.url, WatchRequest::longest_url);
    if (name == "tracks") {
        auto tracks = tracks_in(value);
        if (!tracks) return tracks.error();
        request.tracks = *std::move(tracks);
    } else if (name == "position_ms") {
        auto const position = position_in(value);
        if (!position) return position.error();
        request.position = *position;
    } else if (name == "discards") {
        if (!value.is_boolean()) return misread("\"discards\" has to be true or false.");
        request.discards = value.get<bool>();
    }
    return {};
}

/// What an action can't do without.
Result<> check(WatchRequest const& request) {
    auto const action = request.action;
    if (action == Action::open ? request.url.empty() : request.session.empty())
        return misread(
            fmt::format("\"{}\" is missing.", action == Action::open ? "url" : "session"));
    if (action == Action::seek && !request.position) return misread("\"position_ms\" is missing.");
    if (action == Action::tracks && !request.tracks) return misread("\"tracks\" is missing.");
    if ((action == Action::beat || action == Action::leave) && request.viewer.empty())
        return misread("\"viewer\" is missing.");
    return {};
}

json json_of(TrackWish const& wish) {
    auto object = json::object();
    if (wish.audio) object["audio"] = *wish.audio;
    if (wish.subtitle) object["subtitle"] = *wish.subtitle;
    return object;
}

json json_of(WatchTrack const& track) {
    return {{"kind", name_in(kinds, track.kind)},
            {"number", track.number},
            {"language", track.language},
            {"title", track.title},
            {"codec", track.codec},
            {"default", track.is_default},
            {"text", track.is_text},
            {"shown", track.is_shown}};
}

Result<WatchTrack> track_in(json const& object) {
    WatchTrack track;
    std::string kind;
    ObjectReader reader(object, "track");
    reader.read("kind", kind);
    reader.read("number", track.number);
    reader.read("language", track.language);
    reader.read("title", track.title);
    reader.read("codec", track.codec);
    reader.read("default", track.is_default);
    reader.read("text", track.is_text);
    reader.read("shown", track.is_shown);
    if (!find_in(kinds, kind, track.kind)) reader.refuse("kind", "is unknown");
    if (auto const done = reader.finish(); !done) return done.error();
    return track;
}

template <class Time>
void read_time(ObjectReader& reader, json const& object, char const* key,
               std::optional<Time>& target) {
    if (!object.contains(key)) return;
    std::int64_t count = 0;
    reader.read(key, count);
    if constexpr (std::is_same_v<Time, milliseconds>)
        target = milliseconds{count};
    else
        target = Time{std::chrono::microseconds{count}};
}

} // namespace

TrackChoices changed(TrackChoices choices, TrackWish const& wish) {
    if (wish.audio) choices.audio = *wish.audio;
    if (wish.subtitle) choices.subtitle = *wish.subtitle;
    return choices;
}

std::string encode(WatchRequest const& request) {
    json object{{"do", name_in(actions, request.action)}};
    if (!request.session.empty()) object["session"] = request.session;
    if (!request.url.empty()) object["url"] = request.url;
    if (request.tracks) object["tracks"] = json_of(*request.tracks);
    if (request.position) object["position_ms"] = request.position->count();
    if (!request.viewer.empty()) object["viewer"] = request.viewer;
    if (request.discards) object["discards"] = true;
    return to_text(object);
}

Result<WatchRequest> parse_watch_request(std::string_view text) {
    auto const object = json::parse(text, nullptr, /*allow_exceptions=*/false);
    if (!object.is_object())
        return misread(R"(A request is a JSON object such as {"url": "..."}.)");
    WatchRequest request;
    auto const action = object.find("do");
    if (action == object.end() || !action->is_string() ||
        !find_in(actions, action->get_ref<std::string const&>(), request.action))
        return misread("\"do\" is missing or unknown.");
    for (auto const& [name, value] : object.items()) {
        if (name == "do") continue;
        if (!belongs(request.action, name))
            return misread(fmt::format("There is a member that does not belong to \"{}\".",
                                       name_in(actions, request.action)));
        if (auto const done = read(request, name, value); !done) return done.error();
    }
    if (auto const done = check(request); !done) return done.error();
    return request;
}

std::string_view to_text(Phase phase) noexcept {
    return name_in(phases, phase);
}

std::string encode(WatchState const& state) {
    json object{{"version", WatchState::version},
                {"id", state.id},
                {"aliases", state.aliases},
                {"channel", state.channel},
                {"url", state.url},
                {"phase", name_in(phases, state.phase)},
                {"note", state.note},
                {"clock_zero_us", state.clock_zero.time_since_epoch().count()},
                {"delay_ms", state.delay.count()},
                {"position_ms", state.position.count()},
                {"jumps", state.jumps},
                {"buffered_ms", state.buffered.count()},
                {"speed", state.speed},
                {"viewers", state.viewers},
                {"since_us", state.since.time_since_epoch().count()}};
    auto& tracks = object["tracks"] = json::array();
    for (auto const& track : state.tracks)
        tracks.push_back(json_of(track));
    if (state.duration) object["duration_ms"] = state.duration->count();
    if (state.anchor) object["anchor_us"] = state.anchor->time_since_epoch().count();
    if (state.standing_at) object["standing_at_us"] = state.standing_at->time_since_epoch().count();
    return to_text(object);
}

Result<WatchState> parse_watch_state(std::string_view text) {
    auto const object = parse_object(text, "watch session");
    if (!object) return object.error();
    WatchState state;
    ObjectReader reader(*object, "watch session");
    int version = 0;
    reader.read("version", version);
    if (auto const read = reader.finish(); !read) return read.error();
    if (version != WatchState::version)
        return fail(Errc::unsupported, fmt::format("watch session: version {}", version));
    std::string phase;
    std::int64_t clock_zero = 0;
    std::int64_t since = 0;
    json tracks;
    reader.read("id", state.id);
    reader.read("aliases", state.aliases);
    reader.read("channel", state.channel);
    reader.read("url", state.url);
    reader.read("phase", phase);
    reader.read("note", state.note);
    reader.read("tracks", tracks);
    reader.read("clock_zero_us", clock_zero);
    reader.read_ticks("delay_ms", state.delay);
    reader.read_ticks("position_ms", state.position);
    reader.read("jumps", state.jumps);
    reader.read_ticks("buffered_ms", state.buffered);
    reader.read("speed", state.speed);
    reader.read("viewers", state.viewers);
    reader.read("since_us", since);
    read_time(reader, *object, "duration_ms", state.duration);
    read_time(reader, *object, "anchor_us", state.anchor);
    read_time(reader, *object, "standing_at_us", state.standing_at);
    state.clock_zero = WatchState::WallTime{std::chrono::microseconds{clock_zero}};
    state.since = WatchState::WallTime{std::chrono::microseconds{since}};
    if (!find_in(phases, phase, state.phase)) reader.refuse("phase", "is unknown");
    if (!tracks.is_array()) reader.refuse("tracks", "is no list");
    if (auto const read = reader.finish(); !read) return read.error();
    for (auto const& entry : tracks) {
        auto track = track_in(entry);
        if (!track) return track.error();
        state.tracks.push_back(*std::move(track));
    }
    return state;
}

std::filesystem::path watch_directory(std::filesystem::path const& runtime_dir) {
    return runtime_dir / "watch";
}

std::filesystem::path watch_file(std::filesystem::path const& runtime_dir, std::string_view id) {
    return watch_directory(runtime_dir) / fmt::format("{}.json", id);
}

std::optional<std::string> session_of_file(std::string_view file) {
    constexpr std::string_view ending = ".json";
    if (!file.ends_with(ending)) return std::nullopt;
    file.remove_suffix(ending.size());
    if (!is_session_id(file)) return std::nullopt;
    return std::string(file);
}

bool is_session_id(std::string_view text) noexcept {
    return text.size() == 32 && std::ranges::all_of(text, [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
           });
}

bool is_alias(std::string_view text) noexcept {
    return !text.empty() && text.size() <= WatchRequest::longest_name &&
           std::ranges::all_of(text, [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                      c == '_' || c == '-';
           });
}

std::string watch_channel(std::string_view id) {
    return fmt::format("{}{}", channel_prefix, id);
}

bool is_watch_channel(std::string_view name) noexcept {
    return name.starts_with(channel_prefix) && is_session_id(name.substr(channel_prefix.size()));
}

} // namespace continuo::contract
