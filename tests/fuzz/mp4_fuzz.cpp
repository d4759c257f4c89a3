// Any bytes as MP4: no box is read beyond its end, boxes lie inside each other, and what is said of
// a fragment is the same wherever it lies.
#include "core/mp4/event_message.hpp"
#include "core/mp4/file_type.hpp"
#include "core/mp4/fragment.hpp"
#include "core/mp4/movie.hpp"
#include "core/mp4/segment_index.hpp"

#include <cstdlib>

using namespace continuo;

namespace {

constexpr std::size_t place = 1000; // where the input lies

void require(bool holds) {
    if (!holds) std::abort();
}

void check_fragment(mp4::Box const& box) {
    auto const fragment = mp4::parse_movie_fragment(box);
    if (!fragment) return;
    auto const end = box.offset + box.bytes.size();
    for (auto const& track : fragment->tracks) {
        require(track.offset > box.offset && track.header.offset > track.offset);
        auto const defaults = track.defaults({.duration = 1, .size = 2, .flags = 3});
        for (auto const& run : track.runs) {
            require(run.offset > track.offset && run.offset < end);
            require(run.entries.size() == run.listed_samples() * run.entry_size());
            for (std::uint32_t i = 0; i < run.listed_samples(); ++i)
                (void)run.sample(i, defaults);
        }
    }
}

Result<> check(mp4::Box const& box) {
    require(box.offset >= place && box.header_size <= box.bytes.size());
    if (box.type == mp4::FourCC("moof")) check_fragment(box);
    if (box.type == mp4::FourCC("moov")) {
        if (auto const movie = mp4::parse_movie(box)) {
            for (auto const& track : movie->tracks) {
                require(track.timescale > 0 && movie->find(track.id) != nullptr);
                (void)presentation_shift(*movie, track);
            }
        }
    }
    if (box.type == mp4::FourCC("sidx")) (void)mp4::parse_segment_index(box);
    if (box.type == mp4::FourCC("emsg")) (void)mp4::parse_event_message(box);
    if (box.type == mp4::FourCC("styp")) (void)mp4::parse_file_type(box);
    return {};
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    std::size_t end = place;
    auto const read = mp4::for_each_box(mp4::BoxCursor({data, size}, place), [&](auto const& box) {
        require(box.offset == end);
        end += box.bytes.size();
        return check(box);
    });
    require(end <= place + size && (!read || end == place + size));
    return 0;
}
