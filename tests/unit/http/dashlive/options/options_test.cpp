#include "core/timeline/addressing.hpp"
#include "http/dashlive/options/options.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace options_test {

using namespace continuo;
using namespace std::chrono_literals;
using dashlive::Addressing;
using dashlive::Dialect;
using dashlive::Options;
using dashlive::parse_options;
using dashlive::UtcMethod;
using State = dashlive::TrafficSpan::State;

/// Of one option in front of an asset.
Options options_of(std::string const& option, Dialect dialect = Dialect::livesim2) {
    auto const parsed = parse_options(dialect, option + "/a/b.mpd");
    REQUIRE_MESSAGE(parsed.has_value(), option, ": ", parsed.error().reason);
    CHECK_MESSAGE(parsed->content == "a/b.mpd", option);
    return parsed->options;
}

/// What is wanted in its place.
std::string refusal_of(std::string const& option, Dialect dialect = Dialect::livesim2) {
    auto const parsed = parse_options(dialect, option + "/a/b.mpd");
    REQUIRE_MESSAGE(parsed.has_error(), option, " is taken");
    CHECK_MESSAGE(option.find(parsed.error().option) != std::string::npos, option);
    return parsed.error().reason;
}

bool is_refused(std::string const& option, Dialect dialect = Dialect::livesim2) {
    return !parse_options(dialect, option + "/a/b.mpd");
}

TEST_CASE("a path without options is all content") {
    auto const parsed = parse_options(Dialect::livesim2, "testpic_2s/Manifest.mpd");
    REQUIRE(parsed.has_value());
    CHECK(parsed->content == "testpic_2s/Manifest.mpd"); // a '_', but "testpic" is no option
    CHECK(parsed->options.path == "/livesim2/");
    CHECK(parsed->options.addressing == Addressing::number);
    CHECK(parsed->options.utc == std::nullopt);
    CHECK(parse_options(Dialect::livesim1, "4k_1s/manifest.mpd")->options.path == "/livesim/");
}

TEST_CASE("options end where a part is none, even when later ones look like options") {
    auto const parsed = parse_options(Dialect::livesim1,
                                      "start_1504191600/tsbd_3000000000/4k_1s/snr_1/manifest.mpd");
    REQUIRE(parsed.has_value());
    CHECK(parsed->content == "4k_1s/snr_1/manifest.mpd");
    CHECK(parsed->options.path == "/livesim/start_1504191600/tsbd_3000000000/");
    CHECK(parsed->options.start == 1'504'191'600s);
    CHECK(parsed->options.time_shift_buffer_depth == 3'000'000'000s);
    CHECK(parsed->options.start_number == std::nullopt);
    CHECK(parse_options(Dialect::livesim2, "foo_1/a.mpd")->content == "foo_1/a.mpd");
    CHECK(parse_options(Dialect::livesim2, "_1/a.mpd")->content == "_1/a.mpd");
    CHECK(parse_options(Dialect::livesim2, "START_1/a.mpd")->content == "START_1/a.mpd");
}

TEST_CASE("options with nothing behind them are refused") {
    for (std::string_view const path : {"", "snr_1", "snr_1/", "snr_1/tsbd_20/"}) {
        auto const parsed = parse_options(Dialect::livesim2, path);
        REQUIRE_MESSAGE(parsed.has_error(), path);
        CHECK(parsed.error().option == path);
        CHECK(parsed.error().reason == "has no asset behind its options");
    }
}

TEST_CASE("of an option that stands twice the last one counts, of durations and origins each") {
    CHECK(options_of("tsbd_10/tsbd_20").time_shift_buffer_depth == 20s);
    CHECK(options_of("ato_inf/ato_2").ahead == 2s);
    CHECK_FALSE(options_of("ato_inf/ato_2").is_ahead_for_ever);
    CHECK(options_of("ato_2/ato_inf").ahead == std::nullopt);
    CHECK_FALSE(options_of("utc_keep/utc_head").keeps_utc);
    CHECK(options_of("utc_head/utc_keep").utc == std::nullopt);
    CHECK(options_of("dur_30/dur_60").durations == std::vector{30s, 60s});
    CHECK(options_of("baseurl_u40_d20/baseurl_d30_u30").base_urls.size() == 2);
    CHECK(refusal_of("segtimeline_1/segtimeline_1") == "stands twice");
    CHECK(refusal_of("segtimelinenr_1/segtimelinenr_pattern") == "stands twice");
}

TEST_CASE("options of addressing") {
    CHECK(options_of("segtimeline_1").addressing == Addressing::timeline_time);
    CHECK(options_of("segtimelinenr_1").addressing == Addressing::timeline_number);
    CHECK_FALSE(options_of("segtimeline_1").has_patterns);
    CHECK(options_of("segtimelinenr_pattern").addressing == Addressing::timeline_number);
    CHECK(options_of("segtimelinenr_pattern").has_patterns);
    CHECK(options_of("snr_7").start_number == 7);
    CHECK(options_of("snr_9007199254740991").start_number == 9'007'199'254'740'991);
    CHECK(options_of("snr_-1", Dialect::livesim1).start_number == -1);
    CHECK(refusal_of("snr_-1") == "wants a whole number, 0 to 9007199254740991");
    CHECK(refusal_of("snr_9007199254740992") == "wants a whole number, 0 to 9007199254740991");
    CHECK(is_refused("snr_9223372036854775808"));
    CHECK(is_refused("snr_99999999999999999999999999"));
    CHECK(is_refused("snr_-2", Dialect::livesim1));
    CHECK(options_of("tfdt_32").keeps_times_short);
    CHECK(options_of("sidx_1").inserts_index);
    CHECK(refusal_of("tfdt_64") == "wants 32");
    CHECK(refusal_of("segtimeline_0") == "wants 1 or pattern");
    CHECK(refusal_of("sidx_0") == "wants 1, or to be left out");
}

TEST_CASE("options of a session's times") {
    CHECK(options_of("start_1000").start == 1000s);
    CHECK(options_of("ast_1000").start == 1000s);
    CHECK(options_of("stop_1000").stop == 1000s);
    CHECK(options_of("startrel_-20").start_relative == -20s);
    CHECK(options_of("stoprel_20").stop_relative == 20s);
    CHECK(options_of("timeoffset_-1.5").time_offset == -1500ms);
    CHECK(options_of("timeoffset_1500000000", Dialect::livesim1).time_offset == 1'500'000'000s);
    CHECK(options_of("tsbd_0").time_shift_buffer_depth == 0s);
    CHECK(options_of("mup_1").minimum_update_period == 1s);
    CHECK(options_of("spd_0").suggested_presentation_delay == 0s);
    CHECK(options_of("init_10").initialisation_ahead == 10s);
    CHECK(options_of("modulo_10").modulo == 10min);
    CHECK(options_of("cont_1").follows_now);

    CHECK(refusal_of("start_-1") == "wants whole seconds, 0 to 68719476736");
    CHECK(is_refused("start_68719476737"));
    CHECK(is_refused("start_1.5"));
    CHECK(is_refused("start_+1"));
    CHECK(is_refused("start_ 1"));
    CHECK(is_refused("start_0x10"));
    CHECK(is_refused("startrel_-68719476737"));
    CHECK(is_refused("timeoffset_1.5", Dialect::livesim1));
    CHECK(is_refused("timeoffset_-1", Dialect::livesim1));
    CHECK(refusal_of("tsbd_a") == "wants whole seconds, 0 to 68719476736");
    CHECK(is_refused("tsbd_-1"));
    CHECK(refusal_of("mup_0") == "wants whole seconds, 1 to 68719476736");
    CHECK(refusal_of("modulo_0") == "wants whole minutes, 1 to 10080");
    CHECK(is_refused("dur_0"));
    CHECK(is_refused("cont_2"));
}

TEST_CASE("the configuration limits the time-shift buffer") {
    dashlive::OptionLimits const limits{.time_shift_buffer_depth = 172'800s};
    CHECK(parse_options(Dialect::livesim2, "tsbd_172800/a/b.mpd", limits).has_value());
    auto const parsed = parse_options(Dialect::livesim2, "tsbd_172801/a/b.mpd", limits);
    REQUIRE(parsed.has_error());
    CHECK(parsed.error().option == "tsbd_172801");
    CHECK(parsed.error().reason == "wants whole seconds, 0 to 172800");
}

TEST_CASE("seconds with decimals are rounded to milliseconds") {
    CHECK(options_of("ato_1.75").ahead == 1750ms);
    CHECK(options_of("ato_1.").ahead == 1s);
    CHECK(options_of("ato_0.0004").ahead == 0ms);
    CHECK(options_of("ato_0.0005").ahead == 1ms);
    CHECK(options_of("ato_1.9995").ahead == 2s);
    CHECK(options_of("chunkdur_0.03336667").chunk_duration == 33ms);
    for (auto const* text : {"", ".", ".5", "-", "1e3", "1,5", "1.5.5", "nan", "infinity", "--1",
                             "1000000000000000000000"})
        CHECK_MESSAGE(is_refused(std::string("ato_") + text), text);
}

TEST_CASE("segments ahead of their time: for ever, and never behind it") {
    CHECK(options_of("ato_inf").is_ahead_for_ever);
    CHECK(refusal_of("ato_-5") == "wants seconds, 0 to 31622400, or inf");
    CHECK(options_of("ato_-5", Dialect::livesim1).ahead == 0s);
}

TEST_CASE("ways to tell the time") {
    CHECK(options_of("utc_none").utc == std::vector<UtcMethod>{});
    CHECK(options_of("utc_keep").keeps_utc);
    CHECK(options_of("utc_direct-head-ntp-sntp-httpxsdate-httpxsdatems-httpiso-httpisoms").utc ==
          std::vector{UtcMethod::direct, UtcMethod::head, UtcMethod::ntp, UtcMethod::sntp,
                      UtcMethod::xsdate, UtcMethod::xsdate_ms, UtcMethod::iso, UtcMethod::iso_ms});
    for (auto const* text : {"", "unknown", "head-head", "head-", "none-head", "keep-none"})
        CHECK_MESSAGE(is_refused(std::string("utc_") + text), text);
}

TEST_CASE("options of periods") {
    CHECK(options_of("periods_60").periods_per_hour == 60U);
    CHECK(options_of("periods_7").periods_per_hour == 7U);
    CHECK(options_of("periods_0", Dialect::livesim1).periods_per_hour == 0U);
    CHECK(refusal_of("periods_7", Dialect::livesim1) ==
          "wants how many an hour: 0, 1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30 or 60");
    CHECK(refusal_of("periods_3600") == "wants how many an hour, 1 to 360");
    CHECK(is_refused("periods_0"));
    auto const all =
        options_of("periods_60/continuous_1/etp_30/etpDuration_20/xlink_20/insertad_10/"
                   "peroff_1/mpdcallback_5",
                   Dialect::livesim1);
    CHECK(all.is_continuous);
    CHECK(all.early_terminations_per_hour == 30U);
    CHECK(all.early_termination == 20s);
    CHECK(all.xlinks_per_hour == 20U);
    CHECK(all.advertisements_per_hour == 10U);
    CHECK(all.has_period_offsets);
    CHECK(all.callbacks_per_hour == 5U);
    CHECK(options_of("periods_60/xlink_1").xlinks_per_hour == 1U);
    CHECK(is_refused("periods_60/xlink_2"));
}

TEST_CASE("options of low latency") {
    auto const options = options_of("ltgt_2500/ato_1/chunkdur_0.25");
    CHECK(options.latency_target == 2500ms);
    CHECK(options.chunk_duration == 250ms);
    CHECK(refusal_of("chunkdur_0") == "wants seconds, 0.001 to 3600");
    CHECK(is_refused("chunkdur_-1"));
    CHECK(is_refused("chunkdur_0.0001"));

    auto const sets = options_of("chunkdurssr_3,0.5;1,1.0/ssras_1,2;3,4").sub_segments;
    REQUIRE(sets.size() == 2);
    CHECK(sets[0].adaptation_set == 1);
    CHECK(sets[0].partner == 2);
    CHECK(sets[0].part == 1s);
    CHECK(sets[1].part == 500ms);
    CHECK(options_of("ssras_1,2").sub_segments[0].part == std::nullopt);
    for (auto const* text :
         {"", "1", "1,2,3", "1,1", "1,2;1,3", "1, 2", "-1,2", "1,4294967296", "1,2;"})
        CHECK_MESSAGE(is_refused(std::string("ssras_") + text), text);
    for (auto const* text : {"", "1", "1,0", "1,-1", "1,1;1,2", "1,x"})
        CHECK_MESSAGE(is_refused(std::string("ssras_1,2/chunkdurssr_") + text), text);
}

TEST_CASE("options of events and subtitles") {
    CHECK(options_of("scte35_3").splices_per_minute == 3U);
    CHECK(refusal_of("scte35_4") == "wants how many a minute, 1 to 3");
    auto const options =
        options_of("timesubsstpp_en,sv/timesubswvtt_de-CH/timesubsdur_600/timesubsreg_1");
    CHECK(options.stpp_languages == std::vector<std::string>{"en", "sv"});
    CHECK(options.wvtt_languages == std::vector<std::string>{"de-CH"});
    CHECK(options.cue_duration == 600ms);
    CHECK(options.cue_region == 1);
    CHECK(refusal_of("timesubsstpp_en/timesubsreg_2") == "wants a region, 0 to 1");
    for (auto const* text :
         {"", "en,", "en,en", "e n", "<en>", "123456789012345678901234567890123456"})
        CHECK_MESSAGE(is_refused(std::string("timesubswvtt_") + text), text);
}

TEST_CASE("statuses on purpose") {
    auto const one = options_of("statuscode_[{cycle:30,code:404}]").status_faults;
    REQUIRE(one.size() == 1);
    CHECK(one[0].cycle == 30s);
    CHECK(one[0].segment == 0);
    CHECK(one[0].status == 404);
    CHECK(one[0].representation.empty());
    auto const two =
        options_of("statuscode_[{cycle:30, rsq:1, code:503, rep:V300},{rep:*,code:599,cycle:60}]")
            .status_faults;
    REQUIRE(two.size() == 2);
    CHECK(two[0].segment == 1);
    CHECK(two[0].representation == "V300");
    CHECK(two[1].status == 599);
    for (auto const* text : {"",
                             "[]",
                             "[{}]",
                             "[{cycle:30}]",
                             "[{code:404}]",
                             "[{cycle:0,code:404}]",
                             "[{cycle:-1,code:404}]",
                             "[{cycle:30,rsq:-1,code:404}]",
                             "[{cycle:30,code:200}]",
                             "[{cycle:30,code:600}]",
                             "[{cycle:30,code:404,cycle:30}]",
                             "[{cycle:30,code:404,x:1}]",
                             "[{cycle:30,code:404}",
                             "{cycle:30,code:404}]",
                             "[{cycle:30,code:404},]",
                             "[{cycle:30,code:404}{cycle:30,code:404}]",
                             "[{cycle:30,code:404,rep:}]",
                             "[{cycle:30,code:404,}]",
                             "[{cycle,code:404}]",
                             "]",
                             "["})
        CHECK_MESSAGE(is_refused(std::string("statuscode_") + text), text);
}

TEST_CASE("origins that are up and down") {
    auto const traffic = options_of("traffic_u20d10,s5h3").traffic;
    REQUIRE(traffic.size() == 2);
    REQUIRE(traffic[0].size() == 2);
    CHECK(traffic[0][0].state == State::up);
    CHECK(traffic[0][0].length == 20s);
    CHECK(traffic[0][1].state == State::down);
    CHECK(traffic[1][0].state == State::slow);
    CHECK(traffic[1][1].state == State::hanging);
    for (auto const* text : {"", "u", "20", "u0", "u-1", "x5", "u20,", "u20 d10", "u20u", "u86401"})
        CHECK_MESSAGE(is_refused(std::string("traffic_") + text), text);

    auto const minute = options_of("baseurl_u40_d20").base_urls;
    REQUIRE(minute.size() == 1);
    CHECK(minute[0][1].length == 20s);
    CHECK(options_of("baseurl_u10_d5").base_urls.size() == 1); // four times a minute
    for (auto const* text : {"", "u40d20", "u40_d30", "u7", "u60_", "u61", "x60"})
        CHECK_MESSAGE(is_refused(std::string("baseurl_") + text), text);
}

TEST_CASE("queries that must be there, patches, encryption") {
    auto const pairs = options_of("annexI_a=1,b=").required_query;
    REQUIRE(pairs.size() == 2);
    CHECK(pairs[0].name == "a");
    CHECK(pairs[0].value == "1");
    CHECK(pairs[1].value.empty());
    for (auto const* text : {"", "a", "=1", "a=1,a=2", "a=1,"})
        CHECK_MESSAGE(is_refused(std::string("annexI_") + text), text);
    CHECK(options_of("patch_60").patch_lifetime == 60s);
    CHECK(is_refused("patch_0"));
    CHECK(options_of("eccp_cbcs").encryption == dashlive::Encryption::cbcs);
    CHECK(options_of("eccp_cenc").encryption == dashlive::Encryption::cenc);
    CHECK(refusal_of("eccp_aes") == "wants cbcs or cenc");
}

TEST_CASE("what the predecessors have and we haven't is said so") {
    for (auto const* option : {"sgai_30:10", "steer_a,b", "cdn_x", "sid_1", "csid_1", "sts_1",
                               "drm_x", "timecc608_CC1-en"})
        for (auto const dialect : {Dialect::livesim1, Dialect::livesim2})
            CHECK_MESSAGE(refusal_of(option, dialect) == "is not supported here", option);
}

TEST_CASE(
    "an option that would do nothing, or contradicts another, is refused with the other's name") {
    struct Row {
        char const* path;
        char const* option;
        char const* reason;
    };
    for (auto const& row : std::vector<Row>{
             {"continuous_1", "continuous_1", "does nothing without periods_"},
             {"etp_1", "etp_1", "does nothing without periods_"},
             {"periods_6/etpDuration_20", "etpDuration_20", "does nothing without etp_"},
             {"xlink_1", "xlink_1", "does nothing without periods_"},
             {"insertad_1", "insertad_1", "does nothing without periods_"},
             {"peroff_1", "peroff_1", "does nothing without periods_"},
             {"mpdcallback_1", "mpdcallback_1", "does nothing without periods_"},
             {"segtimeline_1/segtimelineloss_1", "segtimelineloss_1",
              "does nothing without baseurl_"},
             {"baseurl_u60/segtimelineloss_1", "segtimelineloss_1",
              "does nothing without segtimeline_ or segtimelinenr_"},
             {"ltgt_2500", "ltgt_2500", "does nothing without chunkdur_"},
             {"ltgt_2500/chunkdur_1", "ltgt_2500", "does nothing without ato_"},
             {"chunkdurssr_1,1", "chunkdurssr_1,1", "does nothing without ssras_"},
             {"timesubsdur_600", "timesubsdur_600",
              "does nothing without timesubsstpp_ or timesubswvtt_"},
             {"timesubsreg_0", "timesubsreg_0",
              "does nothing without timesubsstpp_ or timesubswvtt_"},
             {"segtimeline_1/segtimelinenr_1", "segtimeline_1", "can't stand with segtimelinenr_1"},
             {"start_1/startrel_1", "start_1", "can't stand with startrel_1"},
             {"stop_1/stoprel_1", "stop_1", "can't stand with stoprel_1"},
             {"dur_30/stop_1", "dur_30", "can't stand with stop_1"},
             {"modulo_10/start_1", "modulo_10", "can't stand with start_1"},
             {"modulo_10/ast_1", "modulo_10", "can't stand with ast_1"},
             {"modulo_10/tfdt_32", "modulo_10", "can't stand with tfdt_32"},
             {"modulo_10/cont_1", "modulo_10", "can't stand with cont_1"},
             {"tfdt_32/stop_1", "tfdt_32", "can't stand with stop_1"},
             {"cont_1/dur_30", "cont_1", "can't stand with dur_30"},
             {"cont_1/periods_6", "cont_1", "can't stand with periods_6"},
             {"ssras_1,2/segtimeline_1", "ssras_1,2", "can't stand with segtimeline_1"},
             {"traffic_u1/baseurl_u60", "traffic_u1", "can't stand with baseurl_u60"},
             {"ato_inf/segtimeline_1", "ato_inf",
              "can't stand with a SegmentTimeline, which would have no end"},
             {"ato_inf/chunkdur_1/ltgt_1", "ltgt_1", "can't stand with ato_inf"},
             {"start_10/stop_10", "stop_10", "is not behind the start"},
             {"startrel_5/stoprel_-5", "stoprel_-5", "is not behind the start"},
             {"periods_6/etp_7", "etp_7", "can't be more than the 6 periods of an hour"},
             {"periods_6/etp_1/etpDuration_600", "etpDuration_600",
              "is not less than a period, which has 600 s"},
             {"ssras_1,2/chunkdurssr_2,1", "chunkdurssr_2,1", "has the set 2, which ssras_ hasn't"},
         }) {
        auto const parsed = parse_options(Dialect::livesim2, std::string(row.path) + "/a/b.mpd");
        REQUIRE_MESSAGE(parsed.has_error(), row.path);
        CHECK(parsed.error().option == row.option);
        CHECK_MESSAGE(parsed.error().reason == row.reason, row.path);
    }
    CHECK(is_refused("tfdt_32/timeoffset_5", Dialect::livesim1));
    CHECK_FALSE(is_refused("tfdt_32/timeoffset_5"));
    CHECK(is_refused("periods_0/etp_1/etpDuration_1", Dialect::livesim1));
}

TEST_CASE("nothing that a URL holds makes options of more than it has room for") {
    std::string durations, origins;
    for (int count = 0; count < 16; ++count)
        durations += "dur_1/";
    for (int count = 0; count < 20; ++count)
        origins += "baseurl_u60/";
    CHECK_FALSE(is_refused(durations.substr(0, durations.size() - 1)));
    CHECK(refusal_of(durations + "dur_1") == "wants to stand up to 16 times");
    CHECK_FALSE(is_refused(origins.substr(0, origins.size() - 1)));
    CHECK(refusal_of(origins + "baseurl_u60") == "wants to stand up to 20 times");
    std::string spans;
    for (int count = 0; count < 101; ++count)
        spans += "u1";
    CHECK(is_refused("traffic_" + spans));
    CHECK_FALSE(is_refused("traffic_" + spans.substr(2)));
}

} // namespace options_test
