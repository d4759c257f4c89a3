// Any bytes as segments: the same units whatever the chunks, and what is played is whole packets
// that give the same sound back, one after the other in time.
#include "workers/icecast/audio_track.hpp"
#include "workers/icecast/playout.hpp"

#include <algorithm>
#include <cstdlib>

using namespace continuo;
using namespace continuo::icecast;

namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

std::vector<AudioUnit> units_of(AudioTrack& track, std::span<std::uint8_t const> input,
                                std::size_t chunk) {
    std::vector<AudioUnit> units;
    while (!input.empty()) {
        auto const part = input.first(std::min(chunk, input.size()));
        track.feed(part, units);
        input = input.subspan(part.size());
    }
    track.finish_file(units);
    return units;
}

void play(AudioFormat const& format, std::vector<AudioUnit> const& units) {
    Playout::Time now{};
    Playout playout(now);
    playout.add(now, format, units);
    AudioTrack heard;
    std::optional<Ticks90k> last;
    for (auto const& unit : units) {
        now = std::max(now, playout.due());
        std::vector<std::uint8_t> bytes;
        playout.write_next(now, bytes);
        require(bytes.size() % mpegts::packet_size == 0);
        std::vector<AudioUnit> got;
        heard.feed(bytes, got);
        heard.finish_file(got);
        if (unit.frames.size() >= 60'000) continue; // its end is known with the next
        require(!last || *last < *got.at(0).pts);
        last = got[0].pts;
        std::vector<std::uint8_t> frames;
        for (auto const& part : got)
            frames.insert(frames.end(), part.frames.begin(), part.frames.end());
        require(frames.size() >= unit.frames.size() &&
                std::equal(unit.frames.rbegin(), unit.frames.rend(), frames.rbegin()));
    }
    require(!playout.has_sound());
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    if (size == 0) return 0;
    std::span<std::uint8_t const> const input(data + 1, size - 1);
    AudioTrack whole;
    auto const units = units_of(whole, input, input.size() + 1);
    AudioTrack chunked;
    require(units_of(chunked, input, std::size_t{data[0]} + 1) == units);
    require(units.empty() || whole.format());
    if (!units.empty()) play(*whole.format(), units);
    return 0;
}
