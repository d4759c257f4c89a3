#include "workers/segment/options.hpp"

#include "core/hls/location.hpp"
#include "core/os/program.hpp"
#include "workers/segment/command_line.hpp"
#include "workers/segment/udp_address.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <vector>

namespace continuo::segment {
namespace {

constexpr auto default_loop_lead = Ticks90k(11 * 90'000); // a loop has nobody else to hold it back
constexpr double max_seconds = 24 * 3600.0;               // the 33-bit clock turns in 26.5 h

template <class Number>
std::optional<Number> whole_number(std::string_view text) {
    Number value{};
    auto const [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (code != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

struct Texts {
    std::string directory, segment_time, target_duration, listen, grid, cuts, boundaries, loop,
        from, at, lead, idle;
};

/// A wrong command line, thrown to where CLI11's own complaints are caught.
[[noreturn]] void refuse(std::string const& text) {
    throw CLI::ValidationError(text);
}

Ticks90k duration_of(char const* option, std::string const& text) {
    auto const duration = parse_duration(text);
    if (!duration)
        refuse(std::string(option) + ": \"" + text + "\" is no duration such as 4s or 4000ms");
    return *duration;
}

std::optional<std::filesystem::path> path_of(std::string const& text) {
    if (text.empty()) return std::nullopt;
    return std::filesystem::path(text);
}

std::string location_in(std::string const& text) {
    if (text == standard_input) return text;
    if (is_udp(text)) {
        auto const address = parse_udp_address(text);
        if (!address) refuse("--from: " + to_text(address.error()));
        return text;
    }
    auto location = hls::location_of(text);
    if (!location) refuse("--from: " + location.error().context);
    return std::move(*location);
}

std::chrono::sys_time<std::chrono::microseconds> date_of(std::string const& text) {
    auto const microseconds = whole_number<std::int64_t>(text);
    if (!microseconds) refuse("--at: \"" + text + "\" is no number of microseconds since 1970");
    return std::chrono::sys_time<std::chrono::microseconds>(
        std::chrono::microseconds(*microseconds));
}

void check_combination(Options const& options) {
    auto const refuse_if = [](bool wrong, char const* text) {
        if (wrong) refuse(text);
    };
    refuse_if(options.listen && !options.is_source, "--listen needs --source");
    refuse_if(!options.writes_files && !options.is_source, "--no-files needs --source");
    refuse_if(options.is_source && options.cuts, "--source decides the cuts: no --cuts");
    refuse_if(options.cuts && !options.grid, "--cuts needs --grid");
    refuse_if(!options.cues.empty() && !options.is_source, "--cues needs --source");
    auto const follows = options.boundaries && !options.is_source;
    refuse_if(follows && (options.grid || options.cuts),
              "--boundaries tells all segments: no --grid, no --cuts");
    refuse_if(options.boundaries && (options.loop || options.listen),
              "--boundaries goes with neither --loop nor --listen");
    refuse_if(options.raise_target && !(options.boundaries && options.is_source),
              "--raise-target needs --source and --boundaries");
    refuse_if(options.begin_with != 0 && !options.boundaries, "--begin-with needs --boundaries");
    refuse_if(!options.cuts && !options.is_source && !options.loop && !follows,
              "say what it cuts: --source, --grid with --cuts, --boundaries, or --loop");
    refuse_if(options.loop && options.from, "--loop and --from are two inputs");
    refuse_if(options.at && !options.from, "--at needs --from");
    refuse_if(options.from_start && !options.from, "--from-start needs --from");
    refuse_if(options.from_start && options.at, "--from-start and --at are two beginnings");
    refuse_if(options.replay &&
                  (!options.from || options.from == standard_input || is_udp(*options.from)),
              "--replay needs --from a file or a playlist");
    refuse_if(options.idle && !options.from, "--idle needs --from");
    refuse_if(options.short_first && !options.is_source, "--short-first needs --source");
    refuse_if(!options.grid && !follows && options.segment_time == Ticks90k::zero(),
              "--segment-time is needed without --grid or --boundaries to follow");
    refuse_if(options.segment_time > options.target_duration,
              "--segment-time is longer than --target-duration");
}

Options options_of(Texts const& texts, Options options) {
    options.directory = texts.directory;
    options.target_duration = duration_of("--target-duration", texts.target_duration);
    if (!texts.segment_time.empty()) {
        options.segment_time = duration_of("--segment-time", texts.segment_time);
    }
    options.listen = path_of(texts.listen);
    options.cuts = path_of(texts.cuts);
    options.boundaries = path_of(texts.boundaries);
    options.loop = path_of(texts.loop);
    if (!texts.from.empty()) options.from = location_in(texts.from);
    if (!texts.at.empty()) options.at = date_of(texts.at);
    if (!texts.idle.empty()) {
        options.idle =
            std::chrono::ceil<std::chrono::milliseconds>(duration_of("--idle", texts.idle));
    }
    if (options.loop) options.lead = default_loop_lead;
    if (texts.lead == "0" || texts.lead == "0s" || texts.lead == "0ms")
        options.lead = Ticks90k::zero();
    else if (!texts.lead.empty())
        options.lead = duration_of("--lead", texts.lead);
    if (!texts.grid.empty()) {
        options.grid = parse_grid(texts.grid);
        if (!options.grid)
            refuse("--grid: \"" + texts.grid + "\" is not ORIGIN:PERIOD in ticks of 90 kHz");
    }
    check_combination(options);
    return options;
}

} // namespace

std::variant<Options, Message> parse_options(std::span<char const* const> arguments) {
    CLI::App app("Cuts a transport stream on standard input into the segments of a run directory.",
                 "continuo-segment");
    Options options;
    Texts texts;
    bool no_files = false;
    app.add_option("--directory", texts.directory,
                   "run directory: segments, segments.jsonl, run.json")
        ->required();
    app.add_option("--target-duration", texts.target_duration, "no segment may be listed as longer")
        ->required();
    app.add_option("--segment-time", texts.segment_time, "what segments should be as long as");
    app.add_flag("--source", options.is_source, "lead a ladder: find the grid, decide the cuts");
    app.add_option("--listen", texts.listen, "Unix socket that feeds consumers (with --source)");
    app.add_flag("--no-files", no_files, "feed consumers only (with --source)");
    app.add_option("--grid", texts.grid, "ORIGIN:PERIOD in ticks, from the source's run.json");
    app.add_option("--cuts", texts.cuts, "the source's file of cuts, to be followed (with --grid)");
    app.add_option("--boundaries", texts.boundaries,
                   "file of the segments of several that read the same: appended to (--source),\n"
                   "or followed");
    app.add_option("--begin-with", options.begin_with,
                   "number of the first segment wanted of those in --boundaries (0)");
    app.add_flag("--raise-target", options.raise_target,
                 "a longer first GOP raises the target duration (--source --boundaries)");
    app.add_flag("--random-access-indicator", options.by_indicator,
                 "keyframes are where the random access indicator says so");
    app.add_option(
        "--cues", options.cues,
        "file of cues to follow, \"insert_pts, cue\" a line; may be repeated\n(--source)");
    app.add_option("--loop", texts.loop, "repeat this TS file instead of reading standard input");
    app.add_option("--from", texts.from,
                   "read this instead of standard input (-): an HLS playlist or a TS\n"
                   "(http, https, file, udp://@HOST:PORT)")
        ->envname(workers::segment::from_variable);
    app.add_option("--at", texts.at,
                   "begin with the picture of this date, microseconds since 1970 (--from)");
    app.add_flag("--from-start", options.from_start,
                 "read all that the playlist lists, and leave nothing out (--from)");
    app.add_flag("--replay", options.replay, "begin again behind the end (--from)");
    app.add_option("--idle", texts.idle,
                   "a playlist without news for so long has ended\n"
                   "(--from; --from-start: 10 x its target duration)");
    app.add_flag("--short-first", options.short_first,
                 "end the first segment with the first GOP (--source)");
    app.add_option("--lead", texts.lead,
                   "read at most so far ahead of the clock (--loop: 11s);\n"
                   "0s: each picture when the clock has reached it");
    app.set_version_flag("--version", "continuo-segment " CONTINUO_VERSION);
    app.footer("Durations: 4s, 4000ms, 2min; a plain number counts seconds.\n"
               "SIGUSR1 holds the input, so that its writer waits; SIGUSR2 lets it go on.\n"
               "Exit codes: 0 input ended or asked to stop, 64 usage, 65 source can't be used,\n"
               "66 --from can't read it but ffmpeg may, 75 source broke and may be tried again,\n"
               "71 system error.");
    try {
        std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
        app.parse(std::move(reversed));
        options.writes_files = !no_files;
        return options_of(texts, std::move(options));
    } catch (CLI::CallForHelp const&) {
        return Message{app.help(), os::exit_ok};
    } catch (CLI::CallForVersion const&) {
        return Message{"continuo-segment " CONTINUO_VERSION "\n", os::exit_ok};
    } catch (CLI::ParseError const& error) {
        return Message{std::string("continuo-segment: ") + error.what() + " (see --help)\n",
                       os::exit_usage};
    }
}

std::optional<Ticks90k> parse_duration(std::string_view text) {
    struct Unit {
        std::string_view name;
        double seconds;
    };
    constexpr std::array<Unit, 5> units{
        {{"ms", 0.001}, {"min", 60}, {"s", 1}, {"h", 3600}, {"", 1}}};
    auto const* const unit = std::ranges::find_if(
        units, [&](Unit const& candidate) { return text.ends_with(candidate.name); });
    text.remove_suffix(unit->name.size());
    double value = 0;
    auto const [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (code != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    auto const seconds = value * unit->seconds;
    if (!(seconds > 0) || seconds > max_seconds) return std::nullopt;
    return Ticks90k(std::llround(seconds * 90'000));
}

std::optional<timeline::Grid> parse_grid(std::string_view text) {
    auto const colon = text.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    auto const origin = whole_number<std::int64_t>(text.substr(0, colon));
    auto const period = whole_number<std::int64_t>(text.substr(colon + 1));
    if (!origin || !period || *period <= 0) return std::nullopt;
    if (std::abs(*origin) >= clock_turn.count() || *period >= clock_turn.count())
        return std::nullopt;
    return timeline::Grid{.origin = Ticks90k(*origin), .period = Ticks90k(*period)};
}

} // namespace continuo::segment
