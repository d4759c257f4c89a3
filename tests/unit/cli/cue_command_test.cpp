#include "cli/cue.hpp"
#include "core/base/binary_text.hpp"
#include "core/scte35/event.hpp"

#include <CLI/CLI.hpp>
#include <doctest/doctest.h>

#include <algorithm>
#include <sstream>

namespace cue_command_test {

using namespace continuo;
using namespace continuo::cli;

struct Parsed {
    std::optional<CueOptions> options;
    std::string objection; ///< first line on stderr
    std::string help;
};

Parsed parse(std::vector<std::string> arguments) {
    Parsed parsed;
    CLI::App app{"", "continuo"};
    add_cue(app, [&](CueOptions const& options) { parsed.options = options; });
    arguments.insert(arguments.begin(), "cue");
    std::reverse(arguments.begin(), arguments.end()); // as CLI11 wants them
    try {
        app.parse(arguments);
    } catch (CLI::ParseError const& error) {
        std::ostringstream output, errors;
        app.exit(error, output, errors);
        parsed.options.reset();
        parsed.help = output.str();
        parsed.objection = errors.str().substr(0, errors.str().find('\n'));
    }
    return parsed;
}

CueEncode encode_of(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "encode");
    auto const parsed = parse(arguments);
    REQUIRE_MESSAGE(parsed.options.has_value(), parsed.objection);
    return std::get<CueEncode>(*parsed.options);
}

std::string objection_to(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "encode");
    auto const parsed = parse(arguments);
    CHECK_FALSE(parsed.options.has_value());
    return parsed.objection;
}

TEST_CASE("cue: decode takes cues, and a dash for stdin") {
    auto const parsed = parse({"decode", "--json", "/DAR", "-", "0xFC30"});
    REQUIRE(parsed.options.has_value());
    auto const& decode = std::get<CueDecode>(*parsed.options);
    CHECK(decode.cues == std::vector<std::string>{"/DAR", "-", "0xFC30"});
    CHECK(decode.json);
    CHECK_FALSE(parse({"decode"}).options.has_value());
    CHECK_FALSE(parse({}).options.has_value());
}

TEST_CASE("cue: encode makes the splice that was asked for") {
    auto const out = encode_of({"--out", "--duration", "30", "--time", "1234.56789"});
    CHECK(base64_of(encode(splice_insert_of(out.request))) ==
          "/DAlAAAAAAAAAP/wFAUAAAABf+/+Bp9rxv4AKTLgAAEAAAAAhzvmvQ==");
    CHECK_FALSE(out.segmentation_type.has_value());
    CHECK_FALSE(out.hex);
    auto const in = encode_of({"--in", "--pts", "90000", "--event-id", "0x40000001", "--hex"});
    CHECK_FALSE(in.request.out);
    CHECK(in.request.time == Ticks90k{90'000});
    CHECK(in.request.event_id == 0x4000'0001);
    CHECK(in.hex);
    auto const now = encode_of({"--out", "--immediate"});
    CHECK_FALSE(now.request.time.has_value());
    CHECK_FALSE(now.request.duration.has_value());
    CHECK(now.request.auto_return);
    CHECK_FALSE(encode_of({"--out", "--duration", "13.4", "--no-auto-return"}).request.auto_return);
}

TEST_CASE("cue: help fits one screen") {
    for (std::string const command : {"decode", "encode"}) {
        auto const help = parse({command, "--help"}).help;
        CHECK(help.find("Usage: continuo cue " + command) != std::string::npos);
        CHECK(std::ranges::count(help, '\n') <= 24);
    }
}

TEST_CASE("cue: a time_signal has the type that was asked for, or the usual one") {
    CHECK(encode_of({"--out", "--duration", "1", "--time-signal"}).segmentation_type == 0x30);
    CHECK(encode_of({"--in", "--time-signal"}).segmentation_type == 0x31);
    CHECK(encode_of({"--out", "--duration", "1", "--time-signal", "--type", "0x34"})
              .segmentation_type == 0x34);
}

TEST_CASE("cue: what does not fit together is refused with a reason") {
    CHECK(objection_to({}) == "one of --out and --in is needed");
    CHECK(objection_to({"--out", "--in"}) == "one of --out and --in is needed");
    for (std::vector<std::string> const& two :
         {std::vector<std::string>{"--pts", "1", "--time", "1"},
          {"--pts", "1", "--immediate"},
          {"--immediate", "--time", "1"}}) {
        std::vector<std::string> arguments{"--out"};
        arguments.insert(arguments.end(), two.begin(), two.end());
        CHECK(objection_to(arguments) == "--pts, --time and --immediate exclude each other");
    }
    CHECK(objection_to({"--in", "--duration", "3"}) == "--duration is that of a break: --out");
    CHECK(objection_to({"--out", "--no-auto-return"}) ==
          "--no-auto-return says nothing without --duration");
    CHECK(objection_to({"--out", "--type", "0x30"}) == "--type needs --time-signal");
    CHECK(objection_to({"--out", "--time-signal"}) == "a break by --time-signal needs --duration");
    CHECK(objection_to({"--out", "--duration", "1", "--time-signal", "--no-auto-return"}) ==
          "a break by --time-signal always returns by itself");
    CHECK(objection_to({"--out", "--duration", "1", "--time-signal", "--type", "0x31"}) ==
          "--type: this type begins no break");
    CHECK(objection_to({"--in", "--time-signal", "--type", "0x30"}) ==
          "--type: this type ends no break");
    CHECK_FALSE(objection_to({"--out", "--pts", "8589934592"}).empty());
    CHECK_FALSE(objection_to({"--out", "--duration", "-1"}).empty());
    CHECK_FALSE(objection_to({"--out", "--event-id", "4294967296"}).empty());
    CHECK_FALSE(
        objection_to({"--out", "--duration", "1", "--time-signal", "--type", "256"}).empty());
}

} // namespace cue_command_test
