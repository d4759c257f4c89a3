#include "cli/cue.hpp"
#include "cli/cue_order.hpp"

#include <CLI/CLI.hpp>
#include <doctest/doctest.h>

#include <algorithm>
#include <optional>
#include <sstream>
#include <vector>

namespace cue_order_test {

using namespace continuo;
using namespace continuo::cli;
using namespace std::chrono_literals;
using contract::CueRequest;

struct Parsed {
    std::optional<CueOrder> order;
    bool is_subcommand{false};
    std::string objection; ///< first line on stderr
};

Parsed parse(std::vector<std::string> arguments) {
    Parsed parsed;
    CLI::App app{"", "continuo"};
    auto& cue = add_cue(app, [&](CueOptions const&) { parsed.is_subcommand = true; });
    add_cue_order(cue, [&](CueOrder const& order) { parsed.order = order; });
    arguments.insert(arguments.begin(), "cue");
    std::reverse(arguments.begin(), arguments.end()); // as CLI11 wants them
    try {
        app.parse(arguments);
    } catch (CLI::ParseError const& error) {
        std::ostringstream output, errors;
        app.exit(error, output, errors);
        parsed.order.reset();
        parsed.objection = errors.str().substr(0, errors.str().find('\n'));
    }
    return parsed;
}

CueRequest request_of(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "news");
    auto const parsed = parse(arguments);
    CAPTURE(parsed.objection);
    REQUIRE(parsed.order);
    CHECK(parsed.order->channel == "news");
    return parsed.order->request;
}

TEST_CASE("cue order: what is asked of a channel") {
    CHECK(request_of({"--out"}) == CueRequest{});
    CHECK(request_of({"--out", "--duration", "30", "--at", "+8s", "--id", "7"}) ==
          CueRequest{.event_id = 7, .duration = 30s, .at = 8s});
    CHECK(request_of({"--out", "--duration", "1m", "--no-auto-return"}) ==
          CueRequest{.duration = 60s, .auto_return = false});
    CHECK(request_of({"--in", "--event-id", "4294967295", "--at", "0.25"}) ==
          CueRequest{.kind = CueRequest::Kind::in, .event_id = 4'294'967'295, .at = 250ms});
    CHECK(request_of({"--section", "/DAl", "--at", "2s"}) ==
          CueRequest{.kind = CueRequest::Kind::section, .at = 2s, .section = "/DAl"});
    CHECK(parse({"news", "--out", "--config", "a.yaml"}).order->config == "a.yaml");
    CHECK_FALSE(parse({"news", "--out"}).order->config);
}

TEST_CASE("cue order: the subcommands are what they were") {
    auto const parsed = parse({"decode", "/DAl"});
    CHECK(parsed.is_subcommand);
    CHECK_FALSE(parsed.order);
}

TEST_CASE("cue order: what does not fit together is told") {
    for (auto const& [arguments, objection] :
         std::vector<std::pair<std::vector<std::string>, std::string>>{
             {{}, "CHANNEL, decode or encode is required"},
             {{"--out"}, "CHANNEL, decode or encode is required"},
             {{"news"}, "One of --out, --in and --section is required"},
             {{"news", "--out", "--in"}, "One of --out, --in and --section is required"},
             {{"news", "--in", "--section", "/DA"}, "One of --out, --in and --section is required"},
             {{"news", "--in", "--duration", "3"}, "--duration excludes --in and --section"},
             {{"news", "--section", "/DA", "--id", "3"}, "--id excludes --section"},
             {{"news", "--out", "--no-auto-return"}, "--no-auto-return requires --duration"}}) {
        auto const parsed = parse(arguments);
        CHECK_FALSE(parsed.order);
        CHECK(parsed.objection == objection);
    }
    for (auto const* const time : {"0", "0.01", "25h", "-3", "x", "+", "1e3", "3 s"})
        CHECK(parse({"news", "--out", "--duration", time}).objection.starts_with("--duration"));
    for (auto const* const time : {"13h", "x", "--"})
        CHECK_FALSE(parse({"news", "--out", "--at", time}).order);
    CHECK_FALSE(parse({"news", "--out", "--id", "4294967296"}).order);
    CHECK_FALSE(parse({"news", "--out", "--id", "-1"}).order);
}

} // namespace cue_order_test
