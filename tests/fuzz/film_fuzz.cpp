// ffprobe's answer about a film that a stranger named, and a stranger's choice of its tracks: the
// first line of the input is the choice.
#include "core/media/film.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    using namespace continuo::media;
    std::string_view const input(reinterpret_cast<char const*>(data), size);
    auto const line_end = std::min(input.find('\n'), input.size());
    auto const film = parse_film(input.substr(std::min(line_end + 1, input.size())));
    if (!film) return 0;
    for (auto const kind :
         {FilmTrack::Kind::video, FilmTrack::Kind::audio, FilmTrack::Kind::subtitle}) {
        auto const chosen = chosen_track(*film, kind, input.substr(0, line_end));
        if (!chosen || !*chosen) continue;
        // what is chosen is there
        auto is_there = false;
        for (auto const& track : film->tracks)
            is_there = is_there || (track.kind == kind && track.number == **chosen);
        if (!is_there) std::abort();
    }
    return 0;
}
