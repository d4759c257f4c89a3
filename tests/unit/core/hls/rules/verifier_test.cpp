#include "tests/unit/core/hls/rules/broken.hpp"

#include <doctest/doctest.h>

namespace verifier_test {

using namespace continuo::hls::rules;
using namespace std::chrono_literals;

TEST_CASE("verifier: a stream without a fault gives no finding, over a discontinuity and the wrap "
          "of the clock") {
    Recording recording;
    recording.watched = 300s;
    CHECK(text_of(recording.play()) == "");
}

TEST_CASE("verifier: a finding says rule, place, evidence and time") {
    Recording recording;
    recording.clock = [](Occasion const& at) {
        return at.time > 59s && at.time < 61s ? at.time - 10s : at.time;
    };
    auto const findings = recording.play();
    REQUIRE_FALSE(findings.empty());
    CHECK(to_text(findings.front()) ==
          "rule 8: high.m3u8: MEDIA-SEQUENCE went from 108 to 106 (14:01:00.010)");
}

} // namespace verifier_test
