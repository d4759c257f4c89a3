#include "workers/ffmpeg/film.hpp"

#include "workers/ffmpeg/arguments.hpp"
#include "workers/ffmpeg/command_line.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace continuo::workers::ffmpeg {
namespace {

using std::chrono::milliseconds;
using namespace std::chrono_literals;

bool is_url(std::string const& location) {
    return location.find("://") != std::string::npos;
}

void append_film_input(Command& made, std::string const& location, std::string const& proxy,
                       milliseconds position) {
    auto& arguments = made.arguments;
    if (!proxy.empty()) {
        append(arguments, {"-protocol_whitelist", std::string(web_protocols), "-format_whitelist",
                           std::string(self_contained_formats)});
        made.environment.push_back("http_proxy=" + proxy);
    }
    if (is_url(location))
        append(arguments,
               {"-rw_timeout", "15000000", "-short_seek_size", std::to_string(short_seek)});
    if (position > longest_caption)
        append(arguments, {"-ss", in_seconds(position - longest_caption)});
    append(arguments, {"-i", is_url(location) ? location : "file:" + location});
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
    append_film_input(made, location, proxy, 0ms);
    return made;
}

bool is_telling(std::string_view line) {
    return line.find("HTTP error ") != std::string_view::npos ||
           line.find("Format not on whitelist") != std::string_view::npos;
}

Command texts(config::Source const& source, milliseconds position,
              std::vector<unsigned> const& tracks) {
    Command made{.name = "ffmpeg", .executable = "ffmpeg", .arguments = preamble()};
    auto& arguments = made.arguments;
    // the film's times as mpv has them: they begin at zero
    append(arguments, {"-copyts", "-start_at_zero"});
    append_film_input(made, source.location, source.film.proxy, position);
    // Pictures tell how far it is; texts may be minutes apart. Under -copyts, what -progress says
    // counts from wherever the film was when it spoke first.
    append(arguments, {"-map", "0:V:0", "-c", "copy", "-flush_packets", "1", "-f",
                       "mkvtimestamp_v2", "pipe:2"});
    for (std::size_t index = 0; index < tracks.size(); ++index)
        append(arguments,
               {"-map", fmt::format("0:s:{}", tracks[index] - 1), "-c:s", "webvtt",
                "-flush_packets", "1", "-f", "webvtt", fmt::format("pipe:{}", index + 3)});
    return made;
}

std::optional<milliseconds> read_until(std::string_view line) {
    milliseconds::rep time = 0;
    auto const* const end = line.data() + line.size();
    auto const read = std::from_chars(line.data(), end, time);
    if (read.ec != std::errc{} || read.ptr != end) return std::nullopt;
    return milliseconds{time};
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
