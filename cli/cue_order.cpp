#include "cli/cue_order.hpp"

#include "core/config/units.hpp"

#include <CLI/CLI.hpp>

#include <memory>

namespace continuo::cli {
namespace {

using contract::CueRequest;
using std::chrono::milliseconds;

/// What the command line says, before it is known to fit together.
struct Arguments {
    CueOrder order;
    bool out{false};
    bool in{false};
    bool no_auto_return{false};
    std::string duration;
    std::string at;
};

struct Limits {
    milliseconds least;
    milliseconds most;
    char const* words;
};

/// "30", "30s", "+8.5s", "2m": seconds where there is no unit.
milliseconds time_of(char const* option, std::string_view text, Limits const& limits) {
    if (text.starts_with('+')) text.remove_prefix(1);
    auto const has_unit = text.find_first_not_of("0123456789.") != std::string_view::npos;
    auto const time = config::parse_duration(std::string(text) + (has_unit ? "" : "s"));
    if (!time || *time < limits.least || *time > limits.most)
        throw CLI::ValidationError(option, limits.words);
    return *time;
}

/// What CLI11 can't check by itself is thrown as it throws.
CueOrder order_of(Arguments const& arguments) {
    auto order = arguments.order;
    auto& request = order.request;
    if (order.channel.empty()) throw CLI::RequiredError("CHANNEL, decode or encode");
    if (arguments.out + arguments.in + !request.section.empty() != 1)
        throw CLI::RequiredError("One of --out, --in and --section");
    request.kind = arguments.out  ? CueRequest::Kind::out
                   : arguments.in ? CueRequest::Kind::in
                                  : CueRequest::Kind::section;
    if (!arguments.out && (!arguments.duration.empty() || arguments.no_auto_return))
        throw CLI::ExcludesError("--duration", "--in and --section");
    if (request.kind == CueRequest::Kind::section && request.event_id)
        throw CLI::ExcludesError("--id", "--section");
    if (!arguments.duration.empty())
        request.duration = time_of("--duration", arguments.duration,
                                   {CueRequest::shortest, CueRequest::longest,
                                    "has to be a time from 0.1s to 24h, such as 30 or 1m"});
    if (!arguments.at.empty())
        request.at = time_of("--at", arguments.at,
                             {milliseconds::zero(), CueRequest::latest,
                              "has to be a time up to 12h, such as 8 or +8.5s"});
    request.auto_return = !arguments.no_auto_return;
    return order;
}

} // namespace

void add_cue_order(CLI::App& cue, std::function<void(CueOrder const&)> chosen) {
    auto const arguments = std::make_shared<Arguments>();
    auto& order = arguments->order;
    cue.add_option("CHANNEL", order.channel, "its name in the configuration")->type_name("");
    cue.add_flag("--out", arguments->out, "a break begins");
    cue.add_flag("--in", arguments->in, "it ends");
    cue.add_option("--section", order.request.section,
                   "any section, in base64, hexadecimal or decimal")
        ->type_name("SCTE35");
    auto* const duration =
        cue.add_option("--duration", arguments->duration, "how long the break is planned to be")
            ->type_name("SECONDS");
    cue.add_option("--at", arguments->at, "so long after the newest picture; at once unless told")
        ->type_name("SECONDS");
    cue.add_option("--id,--event-id", order.request.event_id,
                   "of the break: the next one, or the one that is open, unless told")
        ->type_name("N");
    cue.add_flag("--no-auto-return", arguments->no_auto_return, "it lasts until its --in")
        ->needs(duration);
    cue.add_option_function<std::string>(
           "--config", [arguments](std::string const& file) { arguments->order.config = file; },
           "the configuration")
        ->type_name("FILE");
    cue.footer("Put a break on air: continuo cue news --out --duration 30\n"
               "All variants begin it at one number, or none does.");
    cue.callback([&cue, arguments, chosen = std::move(chosen)] {
        if (cue.get_subcommands().empty()) chosen(order_of(*arguments));
    });
}

} // namespace continuo::cli
