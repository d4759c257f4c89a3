#include "workers/ffmpeg/command_line.hpp"

#include "workers/ffmpeg/arguments.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <string_view>
#include <utility>

namespace continuo::workers::ffmpeg {
namespace {

using std::chrono::milliseconds;

Command command(Arguments arguments) {
    return {.name = "ffmpeg", .executable = "ffmpeg", .arguments = std::move(arguments)};
}

bool starts_with_any(std::string_view text, std::initializer_list<std::string_view> prefixes) {
    return std::any_of(prefixes.begin(), prefixes.end(),
                       [&](std::string_view prefix) { return text.starts_with(prefix); });
}

bool is_hls(std::string_view url) {
    return url.substr(0, url.find('?')).ends_with(".m3u8");
}

void append_url_input(Arguments& arguments, std::string const& url) {
    if (starts_with_any(url, {"rtsp://", "rtsps://"}))
        append(arguments, {"-rtsp_transport", "tcp", "-timeout", "10000000"});
    else
        append(arguments, {"-rw_timeout", "10000000"});
    // Probing ends as soon as all is known; these only bound how long a silent stream is waited
    // for.
    append(arguments, {"-analyzeduration", "3000000", "-probesize", "5000000", "-i", url});
}

std::string escaped(std::string_view text, std::string_view special) {
    std::string result;
    for (char const c : text) {
        if (special.find(c) != std::string_view::npos) result += '\\';
        result += c;
    }
    return result;
}

/// Any text as the value of a filter's option: it is read twice, as the filter's options and,
/// before that, as a part of the filter graph. (Quotes will not do: nothing can be escaped within
/// them.)
std::string as_filter_option(std::string_view text) {
    return escaped(escaped(text, "\\':"), "\\'[],;");
}

/// Frame number n as 16 cells on the top row, white for a set bit, the lowest at the left: tests
/// read it back.
std::string frame_number_cells(int width, int height) {
    auto const cell_width = width / 16;
    auto const cell_height = height / 12;
    auto filter = fmt::format("drawbox=x=0:y=0:w={}:h={}:color=black:t=fill", width, cell_height);
    for (int bit = 0; bit < 16; ++bit)
        filter += fmt::format(
            ",drawbox=x={}:y=0:w={}:h={}:color=white:t=fill:enable='mod(floor(n/{}),2)'",
            bit * cell_width, cell_width, cell_height, 1 << bit);
    return filter;
}

void append_test_input(Arguments& arguments, config::TestPicture const& test) {
    auto const rate = fmt::format("{}/{}", test.rate.numerator, test.rate.denominator);
    auto const clock = fmt::format("drawtext=text='%{{pts\\:hms}}  %{{n}}':x=(w-tw)/2:y=h-2*th:"
                                   "fontsize={}:fontcolor=white:box=1:boxcolor=black@0.6",
                                   test.height / 12);
    append(
        arguments,
        {"-f", "lavfi", "-i",
         fmt::format("testsrc2=size={}x{}:rate={},{},{}", test.width, test.height, rate,
                     frame_number_cells(test.width, test.height), clock),
         "-f", "lavfi", "-i",
         fmt::format("aevalsrc='0.1*sin(2*PI*{}*t)+0.4*sin(2*PI*1000*t)*lt(mod(t,1),0.04)':s=48000,"
                     "aformat=channel_layouts=stereo",
                     test.tone_hz)});
    auto const gop =
        std::max<long>(1, (test.gop.count() * test.rate.numerator + 500L * test.rate.denominator) /
                              (1000L * test.rate.denominator));
    append(arguments, {"-map",
                       "0:v:0",
                       "-map",
                       "1:a:0",
                       "-c:v",
                       "libx264",
                       "-preset",
                       "ultrafast",
                       "-tune",
                       "zerolatency",
                       "-pix_fmt",
                       "yuv420p",
                       "-g",
                       std::to_string(gop),
                       "-keyint_min",
                       std::to_string(gop),
                       "-sc_threshold",
                       "0",
                       "-c:a",
                       "aac",
                       "-b:a",
                       "96k",
                       "-output_ts_offset",
                       std::to_string(file_offset.count())});
}

} // namespace

Command ingest(config::Source const& source, milliseconds position) {
    auto arguments = preamble();
    arguments.push_back("-copyts");
    switch (source.kind) {
    case config::Source::Kind::test: append_test_input(arguments, source.test); break;
    case config::Source::Kind::file:
        // Where it goes on in the middle, the loop waits for the next run: ffmpeg would count its
        // length from there.
        if (position > milliseconds::zero())
            append(arguments, {"-ss", in_seconds(position)});
        else if (source.loop)
            append(arguments, {"-stream_loop", "-1"});
        append(arguments, {"-i", "file:" + source.location, "-map", "0:v:0", "-map", "0:a:0?", "-c",
                           "copy", "-output_ts_offset", std::to_string(file_offset.count())});
        break;
    case config::Source::Kind::mpv: break; // mpv reads it: encode_film
    case config::Source::Kind::url:
        append_url_input(arguments, source.location);
        // Of a master playlist the best picture and its sound, which is ffmpeg's own choice.
        if (!is_hls(source.location))
            append(arguments, {"-map", "0:v:0", "-map", "0:a:0?", "-map", "0:d?"});
        append(arguments, {"-c", "copy"});
        break;
    }
    append_ts_output(arguments, "500000");
    return command(std::move(arguments));
}

Command encode(config::Variant const& variant) {
    auto arguments = preamble();
    auto const bits = [](std::uint64_t bps) { return std::to_string(bps); };
    append(arguments,
           {"-copyts", "-probesize", "1000000", "-analyzeduration", "1000000", "-fpsprobesize", "0",
            "-f", "mpegts", "-i", "pipe:0", "-map", "0:v:0", "-map", "0:a:0?"});
    append(arguments,
           {"-vf", fmt::format("yadif=deint=interlaced,scale=-2:{},format=yuv420p", variant.height),
            "-fps_mode", "passthrough", "-enc_time_base", "-1", "-c:v", "libx264", "-preset",
            variant.preset, "-bf", "2", "-b:v", bits(variant.video_bitrate_bps), "-maxrate",
            bits(variant.video_bitrate_bps * 107 / 100), "-bufsize",
            bits(variant.video_bitrate_bps * 3 / 2)});
    // Keyframes where the source has them and nowhere else: any other would break the ladder.
    append(arguments,
           {"-g", "9999", "-sc_threshold", "0", "-forced-idr", "1", "-force_key_frames", "source",
            "-c:a", "aac", "-ac", "2", "-b:a", bits(variant.audio_bitrate_bps)});
    append_ts_output(arguments, "2000000");
    return command(std::move(arguments));
}

Command encode_sound(config::Icecast const& icecast) {
    auto arguments = preamble();
    // The first frames tell all that is to be known: no waiting for more.
    append(arguments, {"-probesize",
                       "4096",
                       "-analyzeduration",
                       "0",
                       "-fflags",
                       "nobuffer",
                       "-f",
                       "mpegts",
                       "-i",
                       "pipe:0",
                       "-map",
                       "0:a:0",
                       "-ar",
                       "48000",
                       "-ac",
                       "2",
                       "-b:a",
                       std::to_string(icecast.bitrate_bps),
                       "-flush_packets",
                       "1"});
    switch (icecast.format) {
    case config::Icecast::Format::mp3:
        append(arguments,
               {"-c:a", "libmp3lame", "-write_xing", "0", "-id3v2_version", "0", "-f", "mp3"});
        break;
    case config::Icecast::Format::aac: append(arguments, {"-c:a", "aac", "-f", "adts"}); break;
    }
    arguments.push_back("pipe:1");
    return command(std::move(arguments));
}

Command slate(config::Slate const& slate, milliseconds segment_time,
              std::vector<SlateOutput> const& outputs) {
    auto arguments = preamble();
    auto const seconds = in_seconds(segment_time);
    if (slate.file)
        append(arguments, {"-t", "60", "-i", "file:" + slate.file->string()});
    else
        append(arguments,
               {"-f", "lavfi", "-t", seconds, "-i", "color=c=0x1c2430:size=1280x720:rate=25"});
    append(arguments, {"-f", "lavfi", "-t", slate.file ? "60" : seconds, "-i",
                       "anullsrc=channel_layout=stereo:sample_rate=48000"});
    for (auto const& output : outputs) {
        auto filter =
            fmt::format("scale={}:{}:force_original_aspect_ratio=decrease,pad={}:{}:-1:-1,"
                        "setsar=1,fps=25,format=yuv420p",
                        output.width, output.height, output.width, output.height);
        if (!slate.file)
            filter += fmt::format(",drawtext=text={}:expansion=none:x=(w-tw)/2:y=(h-th)/"
                                  "2:fontsize={}:fontcolor=white",
                                  as_filter_option(slate.text), output.height / 12);
        append(arguments, {"-map",
                           "0:v:0",
                           "-map",
                           slate.file ? "0:a:0?" : "1:a:0",
                           "-vf",
                           filter,
                           "-shortest",
                           "-c:v",
                           "libx264",
                           "-preset",
                           "veryfast",
                           "-tune",
                           "stillimage",
                           "-b:v",
                           "400k",
                           "-force_key_frames",
                           fmt::format("expr:gte(t,n_forced*{})", seconds),
                           "-g",
                           "9999",
                           "-sc_threshold",
                           "0",
                           "-bf",
                           "0",
                           "-c:a",
                           "aac",
                           "-b:a",
                           "96k",
                           "-ar",
                           "48000",
                           "-ac",
                           "2",
                           "-output_ts_offset",
                           std::to_string(file_offset.count()),
                           "-f",
                           "mpegts",
                           "-pes_payload_size",
                           "0",
                           "-y",
                           output.file.string()});
    }
    auto made = command(std::move(arguments));
    made.nice = 5;
    return made;
}

} // namespace continuo::workers::ffmpeg
