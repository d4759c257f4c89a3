#include "core/config/environment.hpp"

#include "core/config/abr_variants.hpp"
#include "core/config/channel_text.hpp"
#include "core/config/config.hpp"
#include "core/config/nearest.hpp"
#include "core/config/scalars.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <span>

namespace continuo::config {
namespace {

constexpr auto listen = "0.0.0.0:8091"; // where the mux service listened

/// With its unit; nothing where it has one of its own ("4m" is no number of seconds).
std::optional<std::string> as_seconds(std::string_view number) {
    if (number.find_first_not_of("0123456789.") != std::string_view::npos) return {};
    return std::string(number) + "s";
}

std::optional<milliseconds> parse_number_of_seconds(std::string_view text) {
    auto const written = as_seconds(text);
    return written ? parse_duration(*written) : std::nullopt;
}

std::optional<seconds> parse_whole_number_of_seconds(std::string_view text) {
    auto const written = as_seconds(text);
    return written ? parse_whole_seconds(*written) : std::nullopt;
}

/// As written by people, compose files and programs of several languages.
std::optional<bool> parse_truth(std::string_view text) {
    std::string lower(text);
    std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return std::tolower(c); });
    for (auto const* const yes : {"true", "1", "yes", "on"})
        if (lower == yes) return true;
    for (auto const* const no : {"false", "0", "no", "off"})
        if (lower == no) return false;
    return {};
}

constexpr Scalar<milliseconds> number_of_seconds{parse_number_of_seconds, "a number of seconds"};
constexpr Scalar<seconds> whole_number_of_seconds{parse_whole_number_of_seconds,
                                                  "a whole number of seconds"};
constexpr Scalar<bool> truth{parse_truth, "true or false"};

constexpr std::array<std::string_view, 2> modes{"copy", "abr"};

/// The variables, and everything that is wrong with them.
class Environment {
public:
    explicit Environment(Variables const& variables) : variables_(variables) {}

    std::optional<std::string> text(std::string const& name) const {
        auto value = variables_(name);
        if (value && value->empty()) return {};
        return value;
    }

    /// The value of `name` into `target`, which keeps its own where the variable is not set.
    template <class Value>
    void read(std::string const& name, Scalar<Value> const& scalar, Value& target) {
        auto const written = text(name);
        if (!written) return;
        if (auto const value = scalar.parse(*written))
            target = *value;
        else
            complain(name, fmt::format("must be {}, got \"{}\"", scalar.expected, *written));
    }

    template <class Value>
    void read(std::string const& name, Scalar<Value> const& scalar, Range range, Value& target) {
        auto value = target;
        read(name, scalar, value);
        if (value >= *scalar.parse(range.least) && value <= *scalar.parse(range.most))
            target = value;
        else
            complain(name, fmt::format("must be from {} to {}, got \"{}\"", range.least, range.most,
                                       *text(name)));
    }

    std::string choice(std::string const& name, std::span<std::string_view const> choices,
                       std::string_view otherwise) {
        auto written = text(name);
        if (!written) return std::string(otherwise);
        if (std::ranges::find(choices, *written) != choices.end()) return *written;
        auto const meant = nearest(*written, choices);
        complain(name,
                 fmt::format("must be {}, got \"{}\"{}", listed(choices), *written,
                             meant.empty() ? "" : fmt::format("; did you mean \"{}\"?", meant)));
        return std::string(otherwise);
    }

    void complain(std::string_view name, std::string_view message) {
        complaints_.push_back(fmt::format("{}: {}", name, fit_for_log(message)));
    }
    /// Complaints about the inside of a variable, with their places in it.
    void complain(Problems problems) {
        for (auto const& problem : std::move(problems).take())
            complaints_.push_back(to_text(problem));
    }

    void note(std::string note) { notes_.push_back(std::move(note)); }

    std::vector<std::string> const& complaints() const { return complaints_; }
    std::vector<std::string> const& notes() const { return notes_; }

private:
    Variables const& variables_;
    std::vector<std::string> notes_;
    std::vector<std::string> complaints_;
};

Playhead read_playhead(Environment& environment) {
    Playhead playhead;
    environment.read("API_URL", base_url, playhead.api_url);
    environment.read("CORE_API_HOSTNAME", authority, playhead.core_api_hostname);
    environment.read("RESTREAMER_INTERNAL_URL", base_url, playhead.restreamer_internal_url);
    environment.read("TRANSITION_TIMEOUT", whole_number_of_seconds, Range{"1", "600"},
                     playhead.transition_timeout);
    return playhead;
}

std::vector<Variant> read_encoded(Environment& environment, std::vector<Variant> copy) {
    static constexpr auto usual = R"([
        {"name": "1080p", "height": 1080, "video_bitrate": "5000k", "audio_bitrate": "192k"},
        {"name": "720p", "height": 720, "video_bitrate": "2800k", "audio_bitrate": "128k"},
        {"name": "576p", "height": 576, "video_bitrate": "1400k", "audio_bitrate": "96k"}])";
    Problems problems("ABR_VARIANTS");
    auto variants = read_abr_variants(environment.text("ABR_VARIANTS").value_or(usual),
                                      std::move(copy), problems);
    environment.complain(std::move(problems));
    return variants;
}

void note_gop_size(Environment& environment) {
    constexpr auto name = "ABR_GOP_SIZE";
    unsigned frames{};
    environment.read(name, count, frames);
    if (environment.text(name))
        environment.note(
            fmt::format("{} is not used: keyframes stay where the source has them", name));
}

std::vector<Variant> read_variants(Environment& environment) {
    std::vector<Variant> const copy{Variant{.name = "source", .copy = true, .preset = {}}};
    if (environment.choice("MUX_MODE", modes, "copy") == "copy") return copy;
    auto const preset = environment.choice("ABR_PRESET", presets, "veryfast");
    note_gop_size(environment);
    auto variants = read_encoded(environment, copy);
    for (auto& variant : variants)
        if (!variant.copy) variant.preset = preset;
    return variants;
}

std::optional<Icecast> read_icecast(Environment& environment) {
    bool enabled = true;
    environment.read("ICECAST_ENABLED", truth, enabled);
    if (!enabled) return {};
    Icecast icecast;
    unsigned port = icecast.port;
    environment.read("ICECAST_HOST", host, icecast.host);
    environment.read("ICECAST_PORT", count, port_range, port);
    icecast.port = static_cast<std::uint16_t>(port);
    icecast.password_file = icecast_password_file;
    environment.read("ICECAST_MOUNT", mount, icecast.mount);
    environment.read("ICECAST_AUDIO_BITRATE", ffmpeg_bitrate, icecast_bitrate_range,
                     icecast.bitrate_bps);
    if (environment.choice("ICECAST_AUDIO_FORMAT", icecast_formats, "mp3") == "aac")
        icecast.format = Icecast::Format::aac;
    return icecast;
}

std::string read_password(Environment& environment) {
    constexpr auto name = "ICECAST_SOURCE_PASSWORD";
    auto password = environment.text(name).value_or("hackme");
    auto const is_control = [](unsigned char c) { return c < ' ' || c == 0x7f; };
    if (std::ranges::any_of(password, is_control)) environment.complain(name, "must be one line");
    return password;
}

Channel read_channel(Environment& environment) {
    Channel channel;
    channel.name = aliased_channel;
    channel.playhead = read_playhead(environment);
    environment.read("HLS_SEGMENT_TIME", number_of_seconds, Range{"1", "60"}, channel.segment_time);
    environment.read("HLS_LIST_SIZE", count, window_range, channel.window);
    channel.variants = read_variants(environment);
    channel.icecast = read_icecast(environment);
    return channel;
}

} // namespace

boost::system::result<EnvironmentConfig, std::vector<std::string>>
from_environment(Variables const& variables) {
    Environment environment(variables);
    auto const channel = read_channel(environment);
    EnvironmentConfig made;
    if (channel.icecast) made.icecast_password = read_password(environment);
    if (!environment.complaints().empty()) return environment.complaints();
    made.notes = environment.notes();
    made.yaml =
        fmt::format("# Made of the environment by `continuo run --from-env`, at each start anew.\n"
                    "http: {{ listen: {} }}\n"
                    "channels:\n{}",
                    listen, channel_text(channel));
    return made;
}

} // namespace continuo::config
