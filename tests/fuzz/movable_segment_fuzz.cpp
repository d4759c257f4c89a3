// Any bytes as a segment that is moved: what comes out are boxes again, and where fragments can be
// read their times are those that were asked for.
#include "core/mp4/fragment.hpp"
#include "core/mp4/initialisation.hpp"
#include "core/mp4/movable_segment.hpp"

#include <cstdint>
#include <cstdlib>
#include <span>
#include <vector>

namespace {

using namespace continuo;
using Bytes = std::vector<std::uint8_t>;

constexpr std::uint32_t number = 77;
Bytes const event{0, 0, 0, 8, 'e', 'm', 's', 'g'};

Bytes joined(std::vector<mp4::Stretch> const& stretches, std::span<std::uint8_t const> file) {
    Bytes bytes;
    for (auto const& stretch : stretches) {
        bytes.insert(bytes.end(), stretch.bytes.begin(), stretch.bytes.end());
        if (stretch.file_offset > file.size() ||
            file.size() - stretch.file_offset < stretch.file_bytes)
            std::abort();
        auto const media = file.subspan(stretch.file_offset, stretch.file_bytes);
        bytes.insert(bytes.end(), media.begin(), media.end());
    }
    return bytes;
}

std::vector<std::uint64_t> times_of(std::span<std::uint8_t const> file) {
    std::vector<std::uint64_t> times;
    auto const walked =
        mp4::for_each_box(mp4::BoxCursor(file), [&](mp4::Box const& box) -> Result<> {
            if (box.type != mp4::FourCC("moof")) return {};
            if (auto const fragment = mp4::parse_movie_fragment(box))
                for (auto const& track : fragment->tracks)
                    if (track.decode_time) times.push_back(track.decode_time->time);
            return {};
        });
    if (!walked) std::abort(); // it was walked before
    return times;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    std::span const file(data, size);
    (void)mp4::without_fragments_duration(file);
    auto const segment = mp4::MovableSegment::parse(file);
    if (!segment) return 0;
    auto const before = times_of(file);
    for (auto const units : {std::int64_t{0}, std::int64_t{90'000}, std::int64_t{1} << 40})
        for (auto const& inserted : {Bytes{}, event}) {
            auto const stretches = segment->moved(
                {.sequence_number = number, .shifts = {{1, 90'000, units}}, .inserted = inserted});
            if (!stretches) continue;
            auto const after = times_of(joined(*stretches, file));
            if (after.size() != before.size()) std::abort();
            for (std::size_t i = 0; i < before.size(); ++i)
                if (after[i] != before[i] &&
                    after[i] != before[i] + static_cast<std::uint64_t>(units))
                    std::abort();
        }
    return 0;
}
