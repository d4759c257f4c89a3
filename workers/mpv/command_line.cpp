#include "workers/mpv/command_line.hpp"

#include <fmt/format.h>

#include <string_view>

namespace continuo::workers::mpv {
namespace {

std::string track(std::string_view option, std::optional<unsigned> number) {
    return fmt::format("--{}={}", option, number ? std::to_string(*number) : "no");
}

/// A path that can be taken for nothing else: neither an option nor a URL nor standard input.
std::string unmistakable(std::string const& location) {
    if (location.starts_with('/') || location.find("://") != std::string::npos) return location;
    return "./" + location;
}

} // namespace

Command decode(Film const& film) {
    Command made{.name = "mpv", .executable = "mpv", .arguments = {}};
    made.arguments = {// nothing from outside the film
                      "--no-config", "--load-scripts=no", "--ytdl=no", "--no-resume-playback",
                      "--autoload-files=no", "--access-references=no", "--ordered-chapters=no",
                      "--no-input-terminal",
                      // its last words; stdout is the media
                      "--msg-level=all=error", "--no-msg-color",
                      "--hr-seek=yes", // the very picture that was next
                      "--orawts=yes", "--audio-display=no", "--osd-level=0", "--network-timeout=15",
                      "--demuxer-max-bytes=32MiB",
                      // raw: cheapest, and nothing is lost before the one encode
                      "--of=nut", "--ovc=rawvideo", "--oac=pcm_s16le", "--o=-"};
    made.arguments.push_back(track("aid", film.audio));
    made.arguments.push_back(track("sid", film.subtitle));
    if (film.position > std::chrono::milliseconds::zero()) {
        made.arguments.push_back(
            fmt::format("--start={:.3f}", static_cast<double>(film.position.count()) / 1000));
        // Its own way to find subtitles that began before (preroll) is only for Matroska, and not
        // for lavf, which strangers' films are read by.
        if (film.subtitle)
            made.arguments.push_back(
                fmt::format("--hr-seek-demuxer-offset={}", longest_caption.count()));
    }
    if (!film.proxy.empty()) {
        made.arguments.push_back("--demuxer=lavf");
        made.arguments.push_back(
            fmt::format("--demuxer-lavf-o=protocol_whitelist=[{}],format_whitelist=[{}]",
                        web_protocols, self_contained_formats));
        made.arguments.push_back(
            fmt::format("--stream-lavf-o=protocol_whitelist=[{}]", web_protocols));
        made.arguments.push_back("--http-proxy=" + film.proxy);
        made.environment.push_back("http_proxy=" + film.proxy);
    }
    made.arguments.push_back(fmt::format("--stream-lavf-o-append=short_seek_size={}", short_seek));
    made.arguments.insert(made.arguments.end(), {"--", unmistakable(film.location)});
    return made;
}

} // namespace continuo::workers::mpv
