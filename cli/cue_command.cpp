#include "cli/cue.hpp"
#include "core/scte35/event.hpp"

#include <CLI/CLI.hpp>

#include <cmath>
#include <memory>

namespace continuo::cli {
namespace {

constexpr double longest_seconds = 95'443.0; // less than a turn of the clock
constexpr std::uint8_t provider_advertisement_start = 0x30;
constexpr std::uint8_t provider_advertisement_end = 0x31;

Ticks90k nearest_ticks(double seconds) {
    return Ticks90k{std::llround(seconds * Ticks90k::period::den)};
}

using Chosen = std::function<void(CueOptions const&)>;

void add_decode(CLI::App& cue, Chosen const& chosen) {
    auto* const command = cue.add_subcommand("decode", "Say what SCTE-35 sections say");
    auto const options = std::make_shared<CueDecode>();
    command
        ->add_option("CUE", options->cues,
                     "base64, hexadecimal (0x..., FC...) or a decimal number; - reads stdin, one a "
                     "line")
        ->required()
        ->type_name("");
    command->add_flag("--json", options->json, "one JSON object a cue, for programs");
    command->footer("Exit codes: 0 all were read, 65 one was no cue or was broken.");
    command->callback([options, chosen] { chosen(*options); });
}

/// What the command line says of a new cue, before it is known to fit together.
struct EncodeArguments {
    bool out{false};
    bool in{false};
    std::optional<double> duration_s;
    std::optional<std::int64_t> pts;
    std::optional<double> time_s;
    bool immediate{false};
    std::uint32_t event_id{1};
    bool no_auto_return{false};
    bool time_signal{false};
    std::optional<std::uint8_t> type;
    bool hex{false};
};

/// CLI11 could say part of this by itself, but then its help would be about little else.
std::string objection_to(EncodeArguments const& arguments) {
    if (arguments.out == arguments.in) return "one of --out and --in is needed";
    if (arguments.pts.has_value() + arguments.time_s.has_value() + arguments.immediate > 1)
        return "--pts, --time and --immediate exclude each other";
    if (arguments.in && arguments.duration_s) return "--duration is that of a break: --out";
    if (arguments.no_auto_return && !arguments.duration_s)
        return "--no-auto-return says nothing without --duration";
    if (!arguments.time_signal) return arguments.type ? "--type needs --time-signal" : "";
    if (arguments.no_auto_return) return "a break by --time-signal always returns by itself";
    if (arguments.out && !arguments.duration_s) return "a break by --time-signal needs --duration";
    return "";
}

std::uint8_t segmentation_type_of(EncodeArguments const& arguments) {
    if (!arguments.type)
        return arguments.out ? provider_advertisement_start : provider_advertisement_end;
    auto const type = *arguments.type;
    if (arguments.out ? scte35::begins_break(type) : scte35::ends_break(type)) return type;
    throw CLI::ValidationError("--type", arguments.out ? "this type begins no break"
                                                       : "this type ends no break");
}

CueEncode encode_options(EncodeArguments const& arguments) {
    if (auto const objection = objection_to(arguments); !objection.empty())
        throw CLI::ValidationError(objection);
    CueEncode options{.request = {.out = arguments.out,
                                  .event_id = arguments.event_id,
                                  .auto_return = !arguments.no_auto_return},
                      .hex = arguments.hex};
    if (arguments.pts) options.request.time = Ticks90k{*arguments.pts};
    if (arguments.time_s) options.request.time = nearest_ticks(*arguments.time_s);
    if (arguments.duration_s) options.request.duration = nearest_ticks(*arguments.duration_s);
    if (arguments.time_signal) options.segmentation_type = segmentation_type_of(arguments);
    return options;
}

void add_encode(CLI::App& cue, Chosen const& chosen) {
    auto* const command = cue.add_subcommand("encode", "Write the SCTE-35 section of a splice");
    auto const arguments = std::make_shared<EncodeArguments>();
    auto const seconds = CLI::Range(0.0, longest_seconds).description("");
    auto const ticks = CLI::Range(std::int64_t{0}, clock_turn.count() - 1).description("");
    command->add_flag("--out", arguments->out, "a break begins");
    command->add_flag("--in", arguments->in, "it ends");
    command->add_option("--duration", arguments->duration_s, "how long the break is")
        ->type_name("SECONDS")
        ->check(seconds);
    command->add_option("--pts", arguments->pts, "when, in ticks of 90 kHz")
        ->type_name("TICKS")
        ->check(ticks);
    command->add_option("--time", arguments->time_s, "when, in seconds of the same clock")
        ->type_name("SECONDS")
        ->check(seconds);
    command->add_flag("--immediate", arguments->immediate, "at once, as without the two");
    command->add_option("--event-id", arguments->event_id, "which a break and its end share")
        ->type_name("N")
        ->capture_default_str();
    command->add_flag("--no-auto-return", arguments->no_auto_return, "it lasts until its --in");
    command->add_flag("--time-signal", arguments->time_signal, "not a splice_insert");
    command->add_option("--type", arguments->type, "segmentation_type_id [0x30, of --in 0x31]")
        ->type_name("N");
    command->add_flag("--hex", arguments->hex, "hexadecimal, not base64");
    command->callback([arguments, chosen] { chosen(encode_options(*arguments)); });
}

} // namespace

CLI::App& add_cue(CLI::App& app, Chosen chosen) {
    auto* const command =
        app.add_subcommand("cue", "Begin and end breaks on air; read and write SCTE-35 cues");
    command->require_subcommand(0, 1);
    add_decode(*command, chosen);
    add_encode(*command, chosen);
    return *command;
}

} // namespace continuo::cli
