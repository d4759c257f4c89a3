#include "core/media/film.hpp"

#include "core/media/language.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace continuo::media {
namespace {

using nlohmann::json;
using Kind = FilmTrack::Kind;
using milliseconds = Film::milliseconds;

constexpr std::size_t most_tracks = 200;
constexpr std::size_t longest_title = 200;
constexpr double longest_film = 10 * 24 * 3600; // seconds; more is a mistake of the file

/// Subtitles that are pictures; all others that ffmpeg knows are text.
constexpr std::array<std::string_view, 4> pictured{"hdmv_pgs_subtitle", "dvd_subtitle",
                                                   "dvb_subtitle", "xsub"};

/// The member `key`; a null where `object` has none, or is none.
json const& at(json const& object, char const* key) {
    static json const nothing;
    auto const found = object.is_object() ? object.find(key) : object.end();
    return object.is_object() && found != object.end() ? *found : nothing;
}

std::string text_at(json const& object, char const* key) {
    auto const& value = at(object, key);
    return value.is_string() ? value.get<std::string>() : std::string{};
}

bool flag_at(json const& object, char const* key) {
    auto const& value = at(object, key);
    return value.is_number_integer() && value != 0;
}

/// One line that fits on a page, cut between two characters.
std::string fit_for_reading(std::string text) {
    std::erase_if(text, [](unsigned char c) { return c < 0x20 || c == 0x7f; });
    if (text.size() <= longest_title) return text;
    auto end = longest_title;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80)
        --end;
    text.resize(end);
    return text;
}

std::optional<double> number(std::string_view text) {
    double value = 0;
    auto const [end, error] =
        std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
    if (error != std::errc{} || end != text.data() + text.size()) return {};
    return value;
}

std::optional<milliseconds> duration_of(std::optional<double> seconds) {
    if (!seconds || !(*seconds > 0 && *seconds <= longest_film)) return {};
    return milliseconds(std::llround(*seconds * 1000));
}

/// "5400.021000".
std::optional<milliseconds> duration_at(json const& object, char const* key) {
    return duration_of(number(text_at(object, key)));
}

/// "01:30:00.021000000", as Matroska's writers leave it in a tag.
std::optional<milliseconds> tagged_duration(json const& tags) {
    auto const text = text_at(tags, "DURATION");
    double seconds = 0;
    for (std::string_view rest = text; !rest.empty();) {
        auto const colon = std::min(rest.find(':'), rest.size());
        auto const value = number(rest.substr(0, colon));
        if (!value) return {};
        seconds = seconds * 60 + *value;
        rest.remove_prefix(std::min(colon + 1, rest.size()));
    }
    return duration_of(seconds);
}

std::optional<Kind> kind_of(json const& stream) {
    auto const type = text_at(stream, "codec_type");
    if (type == "video" && !flag_at(at(stream, "disposition"), "attached_pic")) return Kind::video;
    if (type == "audio") return Kind::audio;
    if (type == "subtitle") return Kind::subtitle;
    return {};
}

FilmTrack track_of(json const& stream, Kind kind) {
    auto const& tags = at(stream, "tags");
    auto const& disposition = at(stream, "disposition");
    FilmTrack track{.kind = kind,
                    .number = 0,
                    .language = fit_for_reading(text_at(tags, "language")),
                    .title = fit_for_reading(text_at(tags, "title")),
                    .codec = fit_for_reading(text_at(stream, "codec_name")),
                    .is_default = flag_at(disposition, "default"),
                    .is_forced = flag_at(disposition, "forced"),
                    .is_text = false};
    if (track.language == "und") track.language.clear();
    track.is_text = kind == Kind::subtitle && !track.codec.empty() &&
                    std::ranges::find(pictured, track.codec) == pictured.end();
    return track;
}

using Candidates = std::vector<FilmTrack const*>;

Candidates tracks_of(Film const& film, Kind kind) {
    Candidates found;
    for (auto const& track : film.tracks)
        if (track.kind == kind) found.push_back(&track);
    return found;
}

/// The first that is `wanted`; one that is forced only where no other is.
template <class Wanted>
FilmTrack const* first(Candidates const& tracks, Wanted wanted) {
    FilmTrack const* forced = nullptr;
    for (auto const* track : tracks) {
        if (!wanted(*track)) continue;
        if (!track->is_forced) return track;
        if (forced == nullptr) forced = track;
    }
    return forced;
}

FilmTrack const* usual(Candidates const& tracks) {
    auto const flagged = std::ranges::find_if(tracks, &FilmTrack::is_default);
    return flagged != tracks.end() ? *flagged : tracks.front();
}

bool has_words(std::string_view title, std::string_view words) {
    auto const equal = [](char one, char other) { return lower(one) == lower(other); };
    return std::search(title.begin(), title.end(), words.begin(), words.end(), equal) !=
           title.end();
}

FilmTrack const* named(Candidates const& tracks, std::string_view choice) {
    auto const* const spoken = first(
        tracks, [&](FilmTrack const& track) { return is_same_language(track.language, choice); });
    if (spoken != nullptr) return spoken;
    return first(tracks, [&](FilmTrack const& track) { return has_words(track.title, choice); });
}

/// "1 (ger), 2 (eng, \"Signs\")".
std::string listed(Candidates const& tracks) {
    std::string text;
    for (auto const* track : tracks) {
        if (!text.empty()) text += ", ";
        if (text.size() > 300) return text + "...";
        text += fmt::format("{}", track->number);
        auto const quoted = track->title.empty() ? "" : fmt::format("\"{}\"", track->title);
        auto const* const comma = track->language.empty() || quoted.empty() ? "" : ", ";
        if (!track->language.empty() || !quoted.empty())
            text += fmt::format(" ({}{}{})", track->language, comma, quoted);
    }
    return text;
}

} // namespace

std::string_view to_text(Kind kind) noexcept {
    switch (kind) {
    case Kind::video: return "video";
    case Kind::audio: return "audio";
    case Kind::subtitle: return "subtitle";
    }
    return {};
}

Result<Film> parse_film(std::string_view text) {
    auto const document = json::parse(text, nullptr, /*allow_exceptions=*/false);
    auto const& streams = at(document, "streams");
    if (!streams.is_array()) return fail(Errc::malformed, "ffprobe's answer: no list of streams");
    if (streams.size() > most_tracks)
        return fail(Errc::out_of_range,
                    fmt::format("{} tracks, more than {}", streams.size(), most_tracks));
    Film film;
    film.duration = duration_at(at(document, "format"), "duration");
    std::array<unsigned, 3> count{};
    for (auto const& stream : streams) {
        auto const kind = kind_of(stream);
        if (!kind) continue;
        auto track = track_of(stream, *kind);
        track.number = ++count.at(static_cast<std::size_t>(*kind));
        if (*kind == Kind::video && track.number == 1) {
            film.picture_length = duration_at(stream, "duration");
            if (!film.picture_length) film.picture_length = tagged_duration(at(stream, "tags"));
        }
        film.tracks.push_back(std::move(track));
    }
    return film;
}

Result<std::optional<unsigned>> chosen_track(Film const& film, Kind kind, std::string_view choice) {
    using Number = std::optional<unsigned>;
    auto const tracks = tracks_of(film, kind);
    if (choice == "off" || (choice == "auto" && tracks.empty())) return Number{};
    if (tracks.empty())
        return fail(Errc::not_found, fmt::format("there is no {} track, \"{}\" was asked for",
                                                 to_text(kind), choice));
    if (choice == "auto") return Number{usual(tracks)->number};
    unsigned wanted = 0;
    auto const* const end = choice.data() + choice.size();
    auto const [rest, error] = std::from_chars(choice.data(), end, wanted);
    auto const is_number = error == std::errc{} && rest == end;
    if (is_number && wanted >= 1 && wanted <= tracks.size()) return Number{wanted};
    auto const* const found = is_number || choice.empty() ? nullptr : named(tracks, choice);
    if (found != nullptr) return Number{found->number};
    return fail(Errc::not_found, fmt::format("no {} track is \"{}\"; there are {}", to_text(kind),
                                             choice, listed(tracks)));
}

} // namespace continuo::media
