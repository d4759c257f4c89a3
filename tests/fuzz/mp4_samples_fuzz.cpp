// Any bytes as a segment or as an initialisation that is written anew: samples lie inside of what
// they were found in, what comes out are boxes again, and says the same of them.
#include "core/mp4/fragment_writer.hpp"
#include "core/mp4/initialisation.hpp"
#include "core/mp4/protection.hpp"
#include "core/mp4/sample_location.hpp"
#include "core/mp4/subsample_sizes.hpp"

#include <cstdint>
#include <cstdlib>
#include <span>
#include <vector>

namespace {

using namespace continuo;

void demand(bool condition) {
    if (!condition) std::abort();
}

void check_boxes(std::span<std::uint8_t const> bytes) {
    demand(mp4::for_each_box(mp4::BoxCursor(bytes), [](mp4::Box const&) -> Result<> {
               return {};
           }).has_value());
}

void rewrite_samples(std::span<std::uint8_t const> file) {
    auto const found = mp4::locate_samples(file, 1, {.duration = 1, .size = 0, .flags = 0});
    if (!found) return;
    std::vector<mp4::Sample> samples;
    std::vector<std::uint8_t> media;
    for (auto const& [sample, offset] : found->samples) {
        demand(offset <= file.size() && sample.size <= file.size() - offset);
        if (media.size() > file.size()) return; // runs that share their data
        auto const bytes = file.subspan(offset, sample.size);
        media.insert(media.end(), bytes.begin(), bytes.end());
        samples.push_back(sample);
    }
    std::vector<mp4::TrackSamples> const tracks{
        {.track_id = 1, .decode_time = found->decode_time, .samples = samples}};
    auto written = mp4::fragment_of(1, tracks);
    written.insert(written.end(), media.begin(), media.end());
    auto const again = mp4::locate_samples(written, 1, {});
    demand(again.has_value() && again->decode_time == found->decode_time &&
           again->samples.size() == samples.size());
    for (std::size_t i = 0; i < samples.size(); ++i)
        demand(again->samples[i].sample.size == samples[i].size &&
               again->samples[i].sample.duration == samples[i].duration &&
               again->samples[i].sample.flags == samples[i].flags &&
               again->samples[i].sample.composition_offset == samples[i].composition_offset);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    std::span const file(data, size);
    rewrite_samples(file);
    (void)mp4::nal_layout(file);
    if (auto const changed = mp4::protected_initialisation(file, {.scheme = mp4::FourCC("cenc")}))
        check_boxes(*changed);
    if (auto const both = mp4::with_second_track(file, file, 2)) check_boxes(*both);
    if (auto const box = mp4::BoxCursor(file).next(); box && *box)
        if (auto sizes = mp4::parse_subsample_sizes(**box)) {
            for (std::size_t sample = 0; sample < 4; ++sample)
                sizes->set_first_of(sample, 77);
            demand(sizes->encoded().size() == (*box)->bytes.size());
        }
    return 0;
}
