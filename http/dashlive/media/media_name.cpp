#include "http/dashlive/media/media_name.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <string>
#include <utility>

namespace continuo::dashlive {
namespace {

constexpr std::size_t max_digits = 20; // more than any number or time has

/// What stands in a name where its template has an identifier.
struct Numbers {
    std::int64_t value{};
    std::optional<std::uint32_t> part;
};

template <class Number>
std::optional<Number> number_in(std::string_view digits) {
    if (digits.empty() || digits.size() > max_digits ||
        digits.find_first_not_of("0123456789") != std::string_view::npos)
        return std::nullopt;
    Number number{};
    auto const [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    return error == std::errc() ? std::optional(number) : std::nullopt;
}

/// The text in front of and behind $Number$ or $Time$, which there is one of.
struct Template {
    std::string_view front, back;
};
std::optional<Template> split(std::string_view media) {
    auto const begin = media.find('$');
    if (begin == std::string_view::npos) return std::nullopt;
    auto const end = media.find('$', begin + 1);
    if (end == std::string_view::npos) return std::nullopt;
    return Template{.front = media.substr(0, begin), .back = media.substr(end + 1)};
}

std::optional<Numbers> numbers_in(std::string_view path, std::string_view media) {
    auto const parts = split(media);
    if (!parts || !path.starts_with(parts->front)) return std::nullopt;
    auto digits = path.substr(parts->front.size());
    if (!digits.ends_with(parts->back)) return std::nullopt;
    digits.remove_suffix(parts->back.size());

    Numbers result;
    if (auto const mark = digits.find('_'); mark != std::string_view::npos) {
        result.part = number_in<std::uint32_t>(digits.substr(mark + 1));
        if (!result.part) return std::nullopt;
        digits = digits.substr(0, mark);
    }
    auto const value = number_in<std::int64_t>(digits);
    if (!value) return std::nullopt;
    result.value = *value;
    return result;
}

Refusal no_segment(std::string_view path) {
    return {.status = 404, .detail = fmt::format("no segment begins at the time in \"{}\"", path)};
}

Refusal out_of_time(std::string_view path) {
    return {.status = 404, .detail = fmt::format("there is never a segment \"{}\"", path)};
}

Answer<std::int64_t> index_of(Session const& session, Track const& track, std::string_view path,
                              std::int64_t value) {
    auto const by_time =
        session.options->addressing == Addressing::timeline_time && track.content != Content::image;
    if (by_time) {
        auto const index = index_at(*session.asset, track, value);
        if (!index) return no_segment(path);
        return Answer<std::int64_t>(boost::system::in_place_value, *index);
    }
    // Asked in this order, neither sum can overflow: the index at the end of time is far from that.
    auto const end = std::min(session.asset->pictures().ended_by(timeline::max_elapsed),
                              track.loop ? track.loop->ended_by(timeline::max_elapsed)
                                         : std::numeric_limits<std::int64_t>::max());
    if (value > session.number_of(end)) return out_of_time(path);
    auto const index = session.index_of(value);
    if (index < 0) return out_of_time(path);
    return Answer<std::int64_t>(boost::system::in_place_value, index);
}

std::optional<Answer<MediaName>> name_of_one(Session const& session, TrackPtr const& track,
                                             std::string_view path) {
    if (!track->initialisation.empty() && path == track->initialisation)
        return MediaName{
            .kind = MediaName::Kind::initialisation, .tracks = {track}, .index = {}, .part = {}};
    auto const numbers = numbers_in(path, track->media);
    if (!numbers) return std::nullopt;
    auto const index = index_of(session, *track, path, numbers->value);
    if (!index) return index.error();
    return MediaName{.kind = MediaName::Kind::segment,
                     .tracks = {track},
                     .index = *index,
                     .part = numbers->part};
}

/// "V1__A1/7.m4s" is "V1/7.m4s", with the sound of A1 in it.
std::optional<Answer<MediaName>> name_of_two(Session const& session, std::string_view path) {
    constexpr std::string_view joint = "__";
    auto const& tracks = session.asset->tracks;
    for (auto at = path.find(joint); at != std::string_view::npos; at = path.find(joint, at + 1)) {
        auto const behind = path.substr(at + joint.size());
        for (auto const& [second_id, second] : tracks) {
            if (!behind.starts_with(second_id) || second->content != Content::audio) continue;
            auto const alone = std::string(path.substr(0, at)).append(behind, second_id.size());
            for (auto const& [first_id, first] : tracks) {
                if (!path.substr(0, at).ends_with(first_id) || first->content != Content::video)
                    continue;
                auto name = name_of_one(session, first, alone);
                if (!name) continue;
                if (*name) (*name)->tracks.push_back(second);
                return name;
            }
        }
    }
    return std::nullopt;
}

} // namespace

Answer<MediaName> media_name_of(Session const& session, std::string_view path) {
    std::optional<Answer<MediaName>> refused;
    for (auto const& [id, track] : session.asset->tracks) {
        auto name = name_of_one(session, track, path);
        if (name && *name) return *name;
        if (name && !refused) refused = std::move(name);
    }
    if (auto name = name_of_two(session, path)) return *name;
    if (refused) return *refused;
    return Refusal{.status = 404, .detail = fmt::format("nothing is called \"{}\" here", path)};
}

} // namespace continuo::dashlive
