#include "cli/resegment/options.hpp"

#include <CLI/CLI.hpp>

#include <cmath>
#include <memory>

namespace continuo::cli::resegment {
namespace {

/// What the parser fills before it fits together.
struct Texts {
    Options options;
    double segment_seconds{2};
    double idle_seconds{0};
    std::vector<std::string> styles{"x_cue"};
    std::string output{"."};
    std::string sidecar{"sidecar.txt"};
    bool no_discontinuity{false};
    bool no_throttle{false};
};

std::chrono::milliseconds milliseconds_of(double seconds) {
    return std::chrono::milliseconds(std::llround(seconds * 1000));
}

Options options_of(Texts const& texts) {
    auto options = texts.options;
    options.output = texts.output;
    options.sidecar = texts.sidecar;
    options.segment_time = milliseconds_of(texts.segment_seconds);
    if (texts.idle_seconds > 0) options.idle = milliseconds_of(texts.idle_seconds);
    options.styles.clear();
    for (auto const& name : texts.styles)
        options.styles.push_back(*hls::cue_style_of(name));
    options.cue_discontinuity = !texts.no_discontinuity;
    options.throttle = !texts.no_throttle;
    if (options.replay) options.remove = true;
    if (options.remove || options.dates || options.replay) options.live = true;
    if (options.byte_ranges && options.remove)
        throw CLI::ValidationError("--byterange keeps one file: no --delete, no --replay");
    return options;
}

/// As CLI11 wants it: empty when nothing is wrong.
std::string objection_to_style(std::string const& name) {
    if (hls::cue_style_of(name)) return {};
    return "\"" + name + "\" is none of x_scte35, x_cue, x_daterange, x_splicepoint";
}

} // namespace

void add_command(CLI::App& app, std::function<void(Options const&)> chosen) {
    auto const texts = std::make_shared<Texts>();
    auto& options = texts->options;
    auto* const command = app.add_subcommand(
        "resegment", "Cut an HLS ladder again, in step, with SCTE-35 cues in its playlists");
    command->add_option("-i,--input", options.input, "playlist or TS: path, URL, udp://@ip:port")
        ->type_name("INPUT");
    command->add_option("-o,--output_dir", texts->output, "a folder per variant, master.m3u8")
        ->type_name("DIR");
    command->add_option("-s,--sidecar_file", texts->sidecar, "cues; may grow meanwhile")
        ->type_name("FILE");
    command->add_option("-t,--time", texts->segment_seconds, "seconds per segment")
        ->check(CLI::Range(0.2, 60.0).description(""))
        ->type_name("S");
    command->add_option("-T,--hls_tag", texts->styles, "x_cue x_scte35 x_daterange x_splicepoint")
        ->delimiter(',')
        ->check(objection_to_style)
        ->type_name("TAG,..");
    command->add_option("-w,--window_size", options.window, "segments listed, with --live")
        ->check(CLI::Range(1, 100'000).description(""))
        ->type_name("N");
    command->add_flag("-d,--delete", options.remove, "unlink what has left the window");
    command->add_flag("-l,--live", options.live, "at the pace of real time, a sliding window");
    command->add_flag("-r,--replay", options.replay, "repeat the input for ever");
    command->add_flag("-S,--shulga", options.random_access_indicator,
                      "cut at random access indicators");
    command->add_flag("-p,--program_date_time", options.dates, "a date on every segment");
    command->add_flag("--no-discontinuity", texts->no_discontinuity, "none at breaks");
    command->add_flag("--no-throttle", texts->no_throttle, "--live, but at full speed");
    command->add_flag("--byterange", options.byte_ranges, "one file per variant");
    command->add_flag("--continue", options.append, "append to what DIR lists");
    command->add_option("--idle", texts->idle_seconds, "end S after the last new segment")
        ->check(CLI::Range(0.1, 86'400.0).description(""))
        ->type_name("S");
    for (auto* const option : command->get_options({}))
        if (option->get_expected_max() == 1)
            option->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
    command->set_version_flag("-v,--version", "continuo " CONTINUO_VERSION);
    command->footer("-d and -p imply -l, -r implies -d. Exit: 0 done, 65 input, 74 disk full.");
    command->callback([texts, chosen = std::move(chosen)] { chosen(options_of(*texts)); });
}

} // namespace continuo::cli::resegment
