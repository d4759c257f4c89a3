#include "core/media/initialisation.hpp"

#include "core/mp4/movie.hpp"

namespace continuo::media {

Result<> check_initialisation(std::span<std::uint8_t const> init) {
    auto const first = mp4::BoxCursor(init).next();
    if (!first) return first.error();
    if (!*first || (*first)->type != mp4::FourCC("ftyp"))
        return fail(Errc::malformed, "no ftyp in front");
    auto const movie = mp4::parse_movie(init);
    if (!movie) return movie.error();
    if (movie->tracks.empty()) return fail(Errc::malformed, "moov without tracks");
    return {};
}

} // namespace continuo::media
