#include "core/contract/channel_snapshot.hpp"

#include "core/contract/cue_json.hpp"
#include "core/contract/json.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace continuo::contract {
namespace {

using nlohmann::json;

json to_json(TimelineSegment const& segment) {
    json object{{"number", segment.number},
                {"start", segment.start.count()},
                {"duration", segment.duration.count()},
                {"date_us", segment.date.time_since_epoch().count()},
                {"discontinuity", segment.discontinuity},
                {"run", segment.run},
                {"files", segment.files}};
    for (auto const& mark : segment.breaks)
        object["breaks"].push_back(contract::to_json(mark));
    return object;
}

json to_json(hls::Rendition const& rendition) {
    return {{"type", rendition.type},
            {"group_id", rendition.group_id},
            {"name", rendition.name},
            {"language", rendition.language},
            {"characteristics", rendition.characteristics},
            {"channels", rendition.channels},
            {"default", rendition.is_default},
            {"autoselect", rendition.autoselect}};
}

json to_json(VariantFacts const& variant) {
    json object{{"name", variant.name},
                {"bandwidth_bps", variant.bandwidth_bps},
                {"average_bandwidth_bps", variant.average_bandwidth_bps},
                {"width", variant.width},
                {"height", variant.height},
                {"frame_rate", variant.frame_rate},
                {"codecs", variant.codecs},
                {"independent_segments", variant.independent_segments}};
    if (!variant.audio_group.empty()) object["audio_group"] = variant.audio_group;
    if (variant.rendition) object["rendition"] = to_json(*variant.rendition);
    return object;
}

json to_json(Switch const& entry) {
    return {{"url", entry.url},
            {"name", entry.name},
            {"asked_us", entry.asked.time_since_epoch().count()},
            {"took_ms", entry.took ? json(entry.took->count()) : json(nullptr)},
            {"outcome", to_text(entry.outcome)}};
}

json to_json(PlayheadState const& playhead) {
    json latest = json::array();
    for (auto const& entry : playhead.latest)
        latest.push_back(to_json(entry));
    return {{"head", playhead.head},
            {"name", playhead.name},
            {"api_connected", playhead.api_connected},
            {"switches", playhead.switches},
            {"failures", playhead.failures},
            {"latest", std::move(latest)}};
}

json to_json(ChannelState const& state) {
    json object{{"state", state.state},
                {"source", state.source},
                {"note", state.note},
                {"since_us", state.since.time_since_epoch().count()}};
    if (state.playhead) object["playhead"] = to_json(*state.playhead);
    if (state.icecast) object["icecast"] = *state.icecast;
    for (auto const& entry : state.breaks)
        object["breaks"].push_back(contract::to_json(entry));
    return object;
}

void read_wall_time(ObjectReader& reader, char const* key, WallTime& time) {
    std::int64_t count = 0;
    reader.read(key, count);
    time = WallTime{std::chrono::microseconds{count}};
}

Result<TimelineSegment> segment_of(json const& value) {
    TimelineSegment segment;
    ObjectReader reader(value, "channel.json segment");
    reader.read("number", segment.number);
    reader.read_ticks("start", segment.start);
    reader.read_ticks("duration", segment.duration);
    read_wall_time(reader, "date_us", segment.date);
    reader.read("discontinuity", segment.discontinuity);
    reader.read("run", segment.run);
    reader.read("files", segment.files);
    if (value.contains("breaks") && value.at("breaks").is_array())
        for (auto const& entry : value.at("breaks")) {
            auto mark = break_mark_of(entry);
            if (!mark) return mark.error();
            segment.breaks.push_back(*std::move(mark));
        }
    if (auto const read = reader.finish(); !read) return read.error();
    return segment;
}

Result<hls::Rendition> rendition_of(json const& value) {
    hls::Rendition rendition;
    ObjectReader reader(value, "channel.json rendition");
    reader.read("type", rendition.type);
    reader.read("group_id", rendition.group_id);
    reader.read("name", rendition.name);
    reader.read("language", rendition.language);
    reader.read("characteristics", rendition.characteristics);
    reader.read("channels", rendition.channels);
    reader.read("default", rendition.is_default);
    reader.read("autoselect", rendition.autoselect);
    if (auto const read = reader.finish(); !read) return read.error();
    return rendition;
}

Result<VariantFacts> variant_of(json const& value) {
    VariantFacts variant;
    ObjectReader reader(value, "channel.json variant");
    reader.read("name", variant.name);
    reader.read("bandwidth_bps", variant.bandwidth_bps);
    reader.read("average_bandwidth_bps", variant.average_bandwidth_bps);
    reader.read("width", variant.width);
    reader.read("height", variant.height);
    reader.read("frame_rate", variant.frame_rate);
    reader.read("codecs", variant.codecs);
    reader.read("independent_segments", variant.independent_segments, /*required=*/false);
    reader.read("audio_group", variant.audio_group, /*required=*/false);
    if (auto const read = reader.finish(); !read) return read.error();
    if (!value.contains("rendition")) return variant;
    auto rendition = rendition_of(value.at("rendition"));
    if (!rendition) return rendition.error();
    variant.rendition = *std::move(rendition);
    return variant;
}

constexpr std::array<std::pair<Switch::Outcome, std::string_view>, 4> outcome_names{
    {{Switch::Outcome::pending, "pending"},
     {Switch::Outcome::done, "done"},
     {Switch::Outcome::failed, "failed"},
     {Switch::Outcome::superseded, "superseded"}}};

Result<Switch> switch_of(json const& value) {
    Switch entry;
    std::string outcome;
    ObjectReader reader(value, "channel.json switch");
    reader.read("url", entry.url);
    reader.read("name", entry.name);
    read_wall_time(reader, "asked_us", entry.asked);
    reader.read("outcome", outcome);
    if (value.contains("took_ms") && !value.at("took_ms").is_null())
        reader.read_ticks("took_ms", entry.took.emplace());
    auto const* const found =
        std::find_if(outcome_names.begin(), outcome_names.end(),
                     [&](auto const& known) { return known.second == outcome; });
    if (found == outcome_names.end())
        reader.refuse("outcome", "is unknown");
    else
        entry.outcome = found->first;
    if (auto const read = reader.finish(); !read) return read.error();
    return entry;
}

Result<PlayheadState> playhead_of(json const& value) {
    PlayheadState playhead;
    json latest;
    ObjectReader reader(value, "channel.json playhead");
    reader.read("head", playhead.head);
    reader.read("name", playhead.name);
    reader.read("api_connected", playhead.api_connected);
    reader.read("switches", playhead.switches);
    reader.read("failures", playhead.failures);
    reader.read("latest", latest);
    if (auto const read = reader.finish(); !read) return read.error();
    for (auto const& listed : latest) {
        auto entry = switch_of(listed);
        if (!entry) return entry.error();
        playhead.latest.push_back(*std::move(entry));
    }
    return playhead;
}

Result<ChannelState> state_of(json const& value) {
    ChannelState state;
    ObjectReader reader(value, "channel.json state");
    reader.read("state", state.state);
    reader.read("source", state.source);
    reader.read("note", state.note);
    read_wall_time(reader, "since_us", state.since);
    if (value.contains("icecast")) reader.read("icecast", state.icecast.emplace());
    json breaks = json::array();
    reader.read("breaks", breaks, /*required=*/false);
    if (auto const read = reader.finish(); !read) return read.error();
    for (auto const& listed : breaks) {
        auto entry = break_state_of(listed);
        if (!entry) return entry.error();
        state.breaks.push_back(*std::move(entry));
    }
    if (!value.contains("playhead")) return state;
    auto playhead = playhead_of(value.at("playhead"));
    if (!playhead) return playhead.error();
    state.playhead = *std::move(playhead);
    return state;
}

/// What the timeline promises beyond its syntax: numbers ascend by one, every segment knows every
/// variant.
Result<> check(ChannelSnapshot const& snapshot) {
    auto const& segments = snapshot.segments;
    for (std::size_t i = 0; i < segments.size(); ++i) {
        if (segments[i].files.size() != snapshot.variants.size())
            return fail(Errc::malformed,
                        "channel.json: a segment's files do not match the variants");
        if (segments[i].number != segments[0].number + i)
            return fail(Errc::malformed, "channel.json: numbers do not ascend by one");
    }
    return {};
}

} // namespace

std::string_view to_text(Switch::Outcome outcome) noexcept {
    return std::find_if(outcome_names.begin(), outcome_names.end(),
                        [&](auto const& known) { return known.first == outcome; })
        ->second;
}

std::string encode(PlayheadState const& playhead) {
    return to_text(to_json(playhead));
}

std::string encode(ChannelSnapshot const& snapshot) {
    json variants = json::array();
    for (auto const& variant : snapshot.variants)
        variants.push_back(to_json(variant));
    json segments = json::array();
    for (auto const& segment : snapshot.segments)
        segments.push_back(to_json(segment));
    json styles = json::array();
    for (auto const style : snapshot.cue_styles)
        styles.push_back(hls::to_text(style));
    return to_text(json{{"version", ChannelSnapshot::version},
                        {"cue_styles", std::move(styles)},
                        {"interstitial_uri", snapshot.interstitial_uri},
                        {"channel", snapshot.channel},
                        {"target_duration_s", snapshot.target_duration.count()},
                        {"window", snapshot.window},
                        {"discontinuity_sequence", snapshot.discontinuity_sequence},
                        {"ended", snapshot.ended},
                        {"variants", std::move(variants)},
                        {"segments", std::move(segments)},
                        {"state", to_json(snapshot.state)}});
}

Result<ChannelSnapshot> parse_channel_snapshot(std::string_view text) {
    auto const object = parse_object(text, "channel.json");
    if (!object) return object.error();
    ChannelSnapshot snapshot;
    int version = 0;
    json variants;
    json segments;
    json state;
    std::vector<std::string> cue_styles;
    ObjectReader reader(*object, "channel.json");
    reader.read("cue_styles", cue_styles, /*required=*/false);
    reader.read("interstitial_uri", snapshot.interstitial_uri, /*required=*/false);
    reader.read("version", version);
    reader.read("channel", snapshot.channel);
    reader.read_ticks("target_duration_s", snapshot.target_duration);
    reader.read("window", snapshot.window);
    reader.read("discontinuity_sequence", snapshot.discontinuity_sequence);
    reader.read("ended", snapshot.ended);
    reader.read("variants", variants);
    reader.read("segments", segments);
    reader.read("state", state);
    if (auto const read = reader.finish(); !read) return read.error();
    if (version != ChannelSnapshot::version)
        return fail(Errc::unsupported, "channel.json version " + std::to_string(version));
    for (auto const& name : cue_styles)
        if (auto const style = hls::cue_style_of(name)) snapshot.cue_styles.push_back(*style);
    for (auto const& value : variants) {
        auto variant = variant_of(value);
        if (!variant) return variant.error();
        snapshot.variants.push_back(*std::move(variant));
    }
    for (auto const& value : segments) {
        auto segment = segment_of(value);
        if (!segment) return segment.error();
        snapshot.segments.push_back(*std::move(segment));
    }
    auto const channel_state = state_of(state);
    if (!channel_state) return channel_state.error();
    snapshot.state = *channel_state;
    if (auto const checked = check(snapshot); !checked) return checked.error();
    return snapshot;
}

Window window_of(ChannelSnapshot const& snapshot, std::size_t variant) noexcept {
    auto const& segments = snapshot.segments;
    auto const has = [&](std::size_t index) { return !segments[index].files[variant].empty(); };
    auto last = segments.size();
    while (last > 0 && !has(last - 1))
        --last;
    auto first = last;
    Ticks90k listed{};
    auto const enough = Ticks90k{3 * snapshot.target_duration};
    while (first > 0 && has(first - 1) && (last - first < snapshot.window || listed < enough))
        listed += segments[--first].duration;
    auto const tags =
        std::count_if(segments.begin(), segments.begin() + static_cast<std::ptrdiff_t>(first),
                      [](auto const& segment) { return segment.discontinuity; });
    return {.first = first,
            .last = last,
            .discontinuity_sequence =
                snapshot.discontinuity_sequence + static_cast<std::uint64_t>(tags)};
}

} // namespace continuo::contract
