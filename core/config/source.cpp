#include "core/config/source.hpp"

#include "core/config/nearest.hpp"
#include "core/config/scalars.hpp"

#include <algorithm>
#include <array>

namespace continuo::config {
namespace {

constexpr std::array<std::string_view, 17> schemes{
    "http", "https", "rtmp", "rtmps", "rtmpt", "rtmpe", "rtsp", "rtsps", "srt",
    "udp",  "rtp",   "tcp",  "tls",   "rist",  "mmsh",  "ftp",  "sftp"};

/// What is wrong with a source's URL, in words; empty when nothing is.
std::string complaint_about_url(std::string_view url) {
    auto const end = url.find("://");
    if (end == std::string_view::npos)
        return fmt::format("must be a URL such as https://host/live.m3u8, got \"{}\"; for a path "
                           "write file: instead of url:",
                           url);
    auto const scheme = url.substr(0, end);
    if (scheme == "file") return "must not be a file; write file: and its path instead";
    if (std::ranges::find(schemes, scheme) == schemes.end()) {
        auto const meant = nearest(scheme, schemes);
        return meant.empty() ? fmt::format("\"{}\" is no scheme known here; use one of {}", scheme,
                                           listed(schemes))
                             : fmt::format("\"{}\" is no scheme known here; did you mean \"{}\"?",
                                           scheme, meant);
    }
    if (url.size() == end + 3) return fmt::format("names no host, got \"{}\"", url);
    return {};
}

void check_rate(Section const& section, TestPicture const& picture) {
    auto const frames = static_cast<double>(picture.rate.numerator) / picture.rate.denominator;
    if (frames < 1 || frames > 240)
        section.complain(section.find("rate")->place, "rate", "must be from 1 to 240");
}

TestPicture read_test(Entry const& entry, Problems& problems) {
    static constexpr std::array<std::string_view, 4> known{"size", "rate", "gop", "tone"};
    Section const section(entry, known, problems);
    TestPicture picture;
    if (auto const size = section.value("size", picture_size)) {
        picture.width = size->width;
        picture.height = size->height;
        if (size->width < 64 || size->height < 64 || size->width > 7680 || size->height > 4320)
            section.complain(section.find("size")->place, "size",
                             "must be from 64x64 to 7680x4320");
    }
    section.read("rate", rate, picture.rate);
    check_rate(section, picture);
    section.read("gop", duration, picture.gop, Range{"100ms", "30s"});
    section.read("tone", count, picture.tone_hz, Range{"20", "20000"});
    return picture;
}

void read_track(Section const& section, std::string_view key, std::string& choice) {
    constexpr std::size_t longest = 100;
    auto const written = section.text(key);
    if (!written) return;
    choice = *written;
    if (choice.size() > longest)
        section.complain(section.find(key)->place, key,
                         fmt::format("must be at most {} bytes", longest));
}

constexpr std::array<std::string_view, 7> film_keys{
    "audio", "subtitle", "start", "height", "video_bitrate", "audio_bitrate", "preset"};

FilmOptions read_film(Section const& section) {
    FilmOptions film;
    read_track(section, "audio", film.audio);
    read_track(section, "subtitle", film.subtitle);
    section.read("start", duration, film.start, Range{"0s", "24h"});
    unsigned height = static_cast<unsigned>(film.height);
    section.read("height", count, height, Range{"64", "4320"});
    film.height = static_cast<int>(height);
    if (height % 2 != 0) section.complain(section.find("height")->place, "height", "must be even");
    section.read("video_bitrate", bitrate, film.video_bitrate_bps, Range{"50k", "100M"});
    section.read("audio_bitrate", bitrate, film.audio_bitrate_bps, Range{"16k", "512k"});
    if (auto const preset = section.choice("preset", presets)) film.preset = *preset;
    return film;
}

void refuse_film_keys(Section const& section) {
    for (auto const key : film_keys)
        if (auto const entry = section.find(key))
            section.complain(entry->place, key, "has no meaning without \"mpv\"; remove it");
}

} // namespace

Source read_source(Entry const& entry, fs::path const& folder, Problems& problems) {
    static constexpr std::array<std::string_view, 12> known{
        "url",      "file",  "test",   "mpv",           "loop",          "audio",
        "subtitle", "start", "height", "video_bitrate", "audio_bitrate", "preset"};
    static constexpr std::array<std::string_view, 4> kinds{"url", "file", "test", "mpv"};
    Section const section(entry, known, problems);
    Source source;
    section.read("loop", on_off, source.loop);
    auto const kind = exactly_one(section, kinds);
    if (!kind) return source;
    if (*kind == "mpv")
        source.film = read_film(section);
    else
        refuse_film_keys(section);

    if (*kind == "test") {
        source.kind = Source::Kind::test;
        source.test = read_test(*section.find("test"), problems);
        if (source.loop)
            section.complain(section.find("loop")->place, "loop",
                             "has no meaning beside \"test\", which never ends; remove it");
        return source;
    }
    auto const written = section.text(*kind);
    if (!written) return source;
    if (*kind == "file") source.kind = Source::Kind::file;
    if (*kind == "mpv") source.kind = Source::Kind::mpv;
    auto const is_path =
        *kind == "file" || (*kind == "mpv" && written->find("://") == std::string::npos);
    source.location = is_path ? (folder / *written).string() : *written;
    if (auto const wrong = is_path ? std::string{} : complaint_about_url(*written); !wrong.empty())
        section.complain(section.find(*kind)->place, *kind, wrong);
    return source;
}

} // namespace continuo::config
