#include "http/dashlive/faults.hpp"

#include "http/storage/clock.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace continuo::dashlive {
namespace {

using std::chrono::seconds;

/// Which segment of its cycle the one at `index` is.
std::int64_t place_in_cycle(timeline::SegmentLoop const& pictures, std::int64_t index,
                            seconds cycle) {
    auto const start = pictures.place_of(index).start;
    auto const length = cycle.count() * std::int64_t{pictures.timescale()};
    auto const cycle_start = start - start % length;
    auto first = pictures.index_covering(cycle_start);
    if (pictures.place_of(first).start < cycle_start) ++first;
    return index - first;
}

} // namespace

std::optional<unsigned> status_fault(Asset const& asset, Options const& options,
                                     std::string_view representation, std::int64_t index) {
    auto const meant = std::ranges::find_if(options.status_faults, [&](StatusFault const& fault) {
        return representation.find(fault.representation) != std::string_view::npos &&
               place_in_cycle(asset.pictures(), index, fault.cycle) == fault.segment;
    });
    if (meant == options.status_faults.end()) return std::nullopt;
    return meant->status;
}

Answer<Origin> origin_of(Options const& options, std::string_view path, DateTime now) {
    auto const place = placed_path_of(options, path);
    if (!place) return place.error();
    if (place->base_url)
        return Origin{.state = state_at(options.traffic[*place->base_url], now),
                      .path = place->path};
    if (options.base_urls.size() == 1)
        return Origin{.state = state_at(options.base_urls.front(), now), .path = path};
    return Origin{.state = TrafficSpan::State::up, .path = path};
}

Answer<> check_query(Options const& options, std::string_view query) {
    for (auto const& [name, value] : options.required_query) {
        auto const given = storage::query_value(query, name);
        if (given == value) continue;
        auto const found = given ? fmt::format("not \"{}\"", *given) : "which is not there";
        return Refusal{
            400, fmt::format("annexI_ wants {} to be \"{}\" in the query, {}", name, value, found)};
    }
    return boost::system::in_place_value;
}

} // namespace continuo::dashlive
