// Versions of a playlist, one after the other, as a hostile origin may serve them: the verifier has
// to judge them all. The input is cut at NUL bytes; each part is a version, and every segment that
// is asked for is answered with a part.
#include "core/hls/rules/verifier.hpp"
#include "tests/fuzz/parts.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

using namespace continuo::hls::rules;
using namespace std::chrono_literals;

namespace {

Response answer(std::string_view body, continuo::hls::WallTime at) {
    Response response;
    response.asked = response.at = at;
    response.status = 200;
    response.complete = true;
    response.body = body;
    return response;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const parts = continuo::fuzz::parts_of(data, size);
    Verifier verifier;
    continuo::hls::WallTime now{1'795'269'600s};
    (void)verifier.saw_multivariant("master", answer(parts.back(), now));
    for (auto const* name : {"a", "b"})
        verifier.add_stream(name, StreamKind::variant, name, "");
    for (std::size_t i = 0; i < parts.size(); ++i) {
        now += 2s;
        auto const stream = i % 2;
        verifier.saw_playlist(stream, answer(parts[i], now));
        for (auto const& fetch : verifier.new_segments(stream)) {
            SegmentFacts facts;
            facts.start =
                continuo::Ticks90k{static_cast<std::int64_t>(fetch.number % 1'000) * 360'000};
            facts.span = continuo::Ticks90k{360'000};
            verifier.saw_segment(fetch, answer(parts.front(), now), facts);
        }
        for (auto const& fetch : verifier.due_segments(now, /*everything=*/false))
            verifier.saw_segment_again(fetch, answer(parts.back(), now));
    }
    verifier.finish(now);
    for (auto const& finding : verifier.take_findings())
        (void)to_text(finding);
    return 0;
}
