#include "core/media/segment_facts.hpp"
#include "tests/support/ts_builder.hpp"

#include <doctest/doctest.h>

namespace {

using namespace continuo;

media::SegmentFacts facts_of(test::Bytes const& bytes) {
    return media::segment_facts(bytes).value();
}

} // namespace

TEST_CASE("segment facts of a transport stream are those of its pictures") {
    test::TestSource source;
    source.pictures = 96;
    source.b_frames = 2;
    auto const facts = facts_of(test::stream_of(source));
    CHECK(facts.container == media::Container::transport_stream);
    CHECK(facts.starts_with_keyframe == true);
    CHECK(facts.begin == source.start);
    CHECK(facts.duration == source.frame * 96);
    CHECK(facts.timescale == 90'000);
    CHECK(facts.begin_units == source.start.count());
    CHECK(facts.duration_units == facts.duration.count());
}
