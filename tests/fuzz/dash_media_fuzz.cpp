// What clients and assets bring to the simulator's media: paths, documents of subtitles, licence
// requests, pictures that are to be encrypted.
#include "http/dashlive/media/clear_key.hpp"
#include "http/dashlive/media/media_name.hpp"
#include "http/dashlive/media/protected_ranges.hpp"
#include "http/dashlive/media/ttml_shift.hpp"

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace continuo;
using namespace continuo::dashlive;

void demand(bool condition) {
    if (!condition) std::abort();
}

Session session_with(Addressing addressing) {
    auto track = std::make_shared<Track>();
    track->id = "v";
    track->timescale = 90'000;
    track->media = "v/$Number$.m4s";
    track->initialisation = "v/init.mp4";
    track->segments.resize(2);
    track->loop.emplace(90'000, std::vector<std::int64_t>{180'000, 180'000});
    auto asset = std::make_shared<Asset>();
    asset->tracks["v"] = track;
    asset->reference = track;
    auto options = std::make_shared<Options>();
    options->addressing = addressing;
    Session session;
    session.asset = asset;
    session.options = options;
    return session;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    std::string_view const text(reinterpret_cast<char const*>(data), size);
    for (auto const addressing : {Addressing::number, Addressing::timeline_time}) {
        static Session const by_number = session_with(Addressing::number);
        static Session const by_time = session_with(Addressing::timeline_time);
        auto const& session = addressing == Addressing::number ? by_number : by_time;
        if (auto const name = media_name_of(session, text)) {
            demand(!name->tracks.empty() && name->index >= 0);
            (void)interval_of(*session.asset, name->first(), name->index);
        }
    }
    (void)shifted_ttml(text, std::chrono::hours{1});
    auto const settled = shifted_ttml(text, {}); // all stamps have milliseconds
    demand(shifted_ttml(settled, {}) == settled);
    (void)licence_for(text);
    for (std::size_t length_bytes = 1; length_bytes <= 4; ++length_bytes) {
        std::size_t sum = 0;
        for (auto const& part : protected_ranges(
                 {data, size}, {.codec = mp4::NalLayout::Codec::avc, .length_bytes = length_bytes}))
            sum += std::size_t{part.clear} + part.protected_bytes;
        demand(sum == size);
    }
    return 0;
}
