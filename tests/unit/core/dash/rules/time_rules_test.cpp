#include "core/dash/rules/time_rules.hpp"

#include <doctest/doctest.h>

#include <string>

namespace continuo::dash::rules {
namespace {

using namespace std::chrono_literals;

constexpr hls::WallTime asked{1'795'269'802'000ms}; // 2026-11-21T14:03:22Z

hls::rules::Response answer(std::string body, std::string date) {
    hls::rules::Response response;
    response.asked = asked;
    response.at = asked + 10ms;
    response.status = 200;
    response.complete = true;
    response.headers = {{"Date", std::move(date)}};
    response.body = std::move(body);
    return response;
}

Timing const by_text{"urn:mpeg:dash:utc:http-xsdate:2014", "/time"};
Timing const by_iso{"urn:mpeg:dash:utc:http-iso:2014", "/time"};
Timing const by_head{"urn:mpeg:dash:utc:http-head:2014", "/time"};
std::string const on_time = "Sat, 21 Nov 2026 14:03:22 GMT";

std::string said(Timing const& timing, hls::rules::Response const& response) {
    auto const check = check_time(timing, response);
    for (auto const& remark : check.remarks)
        CHECK(remark.rule == 10);
    return check.remarks.empty() ? "" : check.remarks.front().evidence;
}

} // namespace

TEST_CASE("D10: a time is compared with the Date of its answer, which has whole seconds") {
    for (auto const* text :
         {"2026-11-21T14:03:21.9Z", "2026-11-21T14:03:22.500Z\n", "2026-11-21T15:03:23.1+01:00"})
        for (auto const& timing : {by_text, by_iso})
            CHECK(said(timing, answer(text, on_time)).empty());
    CHECK(said(by_text, answer("2026-11-21T14:03:21.899Z", on_time)) ==
          "UTCTiming /time says 2026-11-21T14:03:21.899Z, Date 2026-11-21T14:03:22.000Z");
    CHECK_FALSE(said(by_text, answer("2026-11-21T14:03:23.101Z", on_time)).empty());
    CHECK(said(by_text, answer("2026-11-21T20:03:23.101Z", "")).empty()); // no Date
    CHECK(said(by_head, answer("", on_time)).empty());
    Timing const direct{"urn:mpeg:dash:utc:direct:2014", "2026-11-21T14:03:22.1Z"};
    CHECK(said(direct, answer("<MPD/>", on_time)).empty());
}

TEST_CASE("D10: what tells no time") {
    CHECK(said(by_text, answer("soon", on_time)) == "UTCTiming /time tells no time");
    CHECK(said(by_head, answer("", "Sat, 21 Foo 2026 14:03:22 GMT")) ==
          "UTCTiming /time tells no time");
    auto absent = answer("", on_time);
    absent.status = 404;
    CHECK(said(by_text, absent) == "UTCTiming /time answered 404");
}

TEST_CASE("D10: our clock is set by an exact one, in the middle of the way there and back") {
    CHECK(check_time(by_text, answer("2026-11-21T14:03:23Z", "")).offset == 995ms);
    CHECK_FALSE(check_time(by_head, answer("", on_time)).offset);
    auto slow = answer("2026-11-21T14:03:23Z", "");
    slow.at = slow.asked + 2s;
    CHECK_FALSE(check_time(by_text, slow).offset);
}

TEST_CASE("D10: sources that nobody asks over HTTP") {
    CHECK(source_of({"urn:mpeg:dash:utc:ntp:2014", "pool"}) == TimeSource::other);
    CHECK(source_of({"urn:mpeg:dash:utc:direct:2012", ""}) == TimeSource::direct);
    CHECK(source_of(by_head) == TimeSource::http_head);
}

} // namespace continuo::dash::rules
