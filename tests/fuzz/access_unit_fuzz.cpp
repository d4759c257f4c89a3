// Any bytes as a video access unit: the verdict does not depend on how they come, and parameter
// sets are never read beyond.
#include "core/mpegts/access_unit.hpp"

#include <algorithm>
#include <cstdlib>

using namespace continuo::mpegts;

namespace {

Verdict verdict_of(VideoCodec codec, bool random_access, std::span<std::uint8_t const> bytes,
                   std::size_t chunk, std::optional<VideoParameters>& parameters) {
    AccessUnitClassifier classifier(codec);
    classifier.begin(random_access);
    while (!bytes.empty()) {
        auto const part = bytes.first(std::min(chunk, bytes.size()));
        classifier.feed(part);
        bytes = bytes.subspan(part.size());
    }
    auto const verdict = classifier.finish();
    parameters = classifier.parameters();
    return verdict;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    if (size < 2) return 0;
    auto const codec = static_cast<VideoCodec>(data[0] % 3);
    auto const random_access = (data[0] & 0x80) != 0;
    auto const chunk = std::size_t{data[1]} + 1;
    std::span<std::uint8_t const> const bytes(data + 2, size - 2);

    std::optional<VideoParameters> whole;
    std::optional<VideoParameters> in_parts;
    auto const verdict = verdict_of(codec, random_access, bytes, size, whole);
    if (verdict == Verdict::undecided) std::abort();
    if (verdict_of(codec, random_access, bytes, chunk, in_parts) != verdict) std::abort();
    if (whole != in_parts) std::abort();
    (void)parse_h264_sps(bytes);
    (void)parse_hevc_sps(bytes);
    (void)parse_mpeg2_sequence(bytes);
    return 0;
}
