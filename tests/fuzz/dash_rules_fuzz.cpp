// Versions of an MPD and patches of it, one after the other, as a hostile origin may serve them:
// the verifier has to judge them all. The input is cut at NUL bytes; each part is an answer, and
// every segment that is asked for is what its list says, or not there.
#include "core/dash/rules/verifier.hpp"
#include "tests/fuzz/parts.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

using namespace continuo::dash::rules;
using namespace std::chrono_literals;

namespace {

Response answer(std::string_view body, WallTime at, int status = 200) {
    Response response;
    response.asked = response.at = at;
    response.status = status;
    response.complete = true;
    response.body = body;
    return response;
}

SegmentFacts facts_of(Segment const& segment) {
    SegmentFacts facts;
    facts.decode_begin = continuo::Ticks90k{0};
    facts.decode_begin_units = static_cast<std::int64_t>(segment.time % (1ull << 60));
    facts.decode_duration_units = static_cast<std::int64_t>(segment.duration % (1ull << 60));
    return facts;
}

void answer_all(Verifier& verifier, WallTime now, bool everything) {
    for (auto const& fetch : verifier.take_due(now, everything)) {
        auto const& segment = fetch.fetch.segment;
        verifier.saw_initialisation(fetch, answer("", now), {});
        verifier.saw_segment(fetch, answer("x", now, segment.number % 5 == 0 ? 404 : 200),
                             facts_of(segment));
    }
    (void)verifier.next_due();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    Verifier verifier("/live.mpd");
    WallTime now{1'767'226'600s};
    for (auto const part : continuo::fuzz::parts_of(data, size)) {
        if (part.starts_with("<Patch")) {
            verifier.saw_patch(answer(part, now));
            continue;
        }
        for (auto const& timing : Verifier::time_sources(answer(part, now)))
            verifier.saw_time(timing, answer(timing.value, now));
        (void)verifier.saw_mpd(answer(part, now));
        (void)verifier.patch_location();
        for (auto const& location : verifier.take_locations())
            verifier.saw_location(location, answer(part, now));
        answer_all(verifier, now, /*everything=*/false);
        now += 2s;
        answer_all(verifier, now, /*everything=*/false);
    }
    answer_all(verifier, now, /*everything=*/true);
    for (auto const& finding : verifier.take_findings())
        (void)to_text(finding);
    (void)verifier.take_notes();
    return 0;
}
