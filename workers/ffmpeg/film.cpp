#include "workers/ffmpeg/film.hpp"

#include "workers/ffmpeg/arguments.hpp"
#include "workers/ffmpeg/command_line.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace continuo::workers::ffmpeg {
namespace {

using std::chrono::milliseconds;
using namespace std::chrono_literals;

bool is_url(std::string const& location) {
    return location.find("://") != std::string::npos;
}

} // namespace

Command probe(std::string const& location, std::string const& proxy) {
    Command made{.name = "ffprobe", .executable = "ffprobe", .arguments = {}};
    auto& arguments = made.arguments;
    // Why a server, or our proxy, gives nothing is no error to ffprobe, but a warning.
    append(arguments,
           {"-hide_banner", "-loglevel", "repeat+level+warning", "-of", "json", "-show_entries",
            "format=duration:stream=codec_type,codec_name,duration:"
            "stream_disposition=default,forced,attached_pic:"
            "stream_tags=language,title,DURATION"});
    if (!proxy.empty()) {
        append(arguments, {"-protocol_whitelist", std::string(web_protocols), "-format_whitelist",
                           std::string(self_contained_formats)});
        made.environment.push_back("http_proxy=" + proxy);
    }
    if (is_url(location)) append(arguments, {"-rw_timeout", "15000000"});
    append(arguments, {"-i", is_url(location) ? location : "file:" + location});
    return made;
}

bool is_telling(std::string_view line) {
    return line.find("HTTP error ") != std::string_view::npos ||
           line.find("Format not on whitelist") != std::string_view::npos;
}

milliseconds keyframe_interval(milliseconds segment_time) {
    return segment_time / std::max<milliseconds::rep>(1, (segment_time + 500ms) / 2s);
}

Command encode_film(config::FilmOptions const& options, milliseconds segment_time) {
    auto arguments = preamble();
    auto const bits = [](std::uint64_t bps) { return std::to_string(bps); };
    // Less is not enough to see the picture rate, and then the level would be wrong.
    append(arguments, {"-copyts", "-probesize", "20000000", "-analyzeduration", "2000000",
                       "-protocol_whitelist", "pipe", "-f", "nut", "-i", "pipe:0", "-map", "0:v:0",
                       "-map", "0:a:0?"});
    append(arguments,
           {"-vf", fmt::format("scale=-2:'trunc(min({},ih)/2)*2',format=yuv420p", options.height),
            "-fps_mode", "passthrough", "-enc_time_base", "1:90000", "-c:v", "libx264", "-preset",
            options.preset, "-bf", "2", "-b:v", bits(options.video_bitrate_bps), "-maxrate",
            bits(options.video_bitrate_bps * 107 / 100), "-bufsize",
            bits(options.video_bitrate_bps * 3 / 2)});
    // Two milliseconds early will do: Matroska rounds its times.
    append(
        arguments,
        {"-g", "9999", "-sc_threshold", "0", "-forced-idr", "1", "-force_key_frames",
         fmt::format("expr:gte(t+0.002,n_forced*{})", in_seconds(keyframe_interval(segment_time))),
         "-c:a", "aac", "-ac", "2", "-ar", "48000", "-b:a", bits(options.audio_bitrate_bps),
         "-output_ts_offset", std::to_string(file_offset.count())});
    append_ts_output(arguments, "2000000");
    return {.name = "ffmpeg", .executable = "ffmpeg", .arguments = std::move(arguments)};
}

} // namespace continuo::workers::ffmpeg
