// Segments from anybody: they are measured or refused, whatever container they claim to be, and
// what is measured makes sense. The first two bytes say how long the initialisation section in
// front of the segment is.
#include "core/media/initialisation.hpp"
#include "core/media/segment_facts.hpp"

#include <algorithm>
#include <cstdlib>

using namespace continuo;

namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    if (size < 2) return 0;
    std::span const input(data + 2, size - 2);
    auto const announced = std::size_t{data[0]} << 8 | data[1];
    auto const init = input.first(std::min(announced, input.size()));
    auto const segment = input.subspan(init.size());
    (void)media::check_initialisation(init); // either is right
    auto const facts = media::segment_facts(segment, init);
    if (!facts) {
        require(media::container_of(segment) == media::Container::fragmented_mp4);
        return 0;
    }
    require(facts->container == media::container_of(segment));
    require(facts->timescale > 0 && facts->start.has_value() == facts->begin.has_value());
    require(facts->duration >= Ticks90k::zero() && facts->duration_units >= 0);
    if (facts->container == media::Container::fragmented_mp4) {
        if (facts->begin) require(*facts->begin <= *facts->start);
        require(facts->duration >= facts->span - Ticks90k(1));
    } else if (facts->begin) {
        require(facts->begin == wrapped(*facts->begin));
    }
    return 0;
}
