#include "http/pseudolive/eras.hpp"

#include <nlohmann/json.hpp>

#include <memory>
#include <utility>
#include <vector>

namespace continuo::pseudolive {
namespace {

using EraJson = nlohmann::json;

constexpr int newest_version = 1;

std::int64_t microseconds_of(WallTime time) {
    return time.time_since_epoch().count();
}

WallTime time_of(std::int64_t microseconds) {
    return WallTime{std::chrono::microseconds{microseconds}};
}

/// Of which only the numbers are known: equally long segments, and a round more than there was, so
/// that none comes back.
std::uint64_t rounds_until(EraEntry const& entry, WallTime now) {
    auto const passed = std::chrono::floor<Ticks90k>(now - entry.era.start);
    if (passed < Ticks90k::zero() || entry.length <= Ticks90k::zero()) return 0;
    return static_cast<std::uint64_t>(passed / entry.length) + 1;
}

/// The era behind one that nobody remembers but for `entry`.
Era era_behind(Stream const& stream, EraEntry const& entry, WallTime now) {
    auto era = stream.era_behind(stream, now); // for its start alone
    auto const rounds = rounds_until(entry, now);
    era.media_sequence = entry.era.media_sequence + rounds * entry.numbers;
    era.discontinuity_sequence =
        entry.era.discontinuity_sequence + 1 + rounds * entry.discontinuities;
    era.follows = true;
    return era;
}

EraJson json_of(EraEntry const& entry) {
    return {{"start_us", microseconds_of(entry.era.start)},
            {"media_sequence", entry.era.media_sequence},
            {"discontinuity_sequence", entry.era.discontinuity_sequence},
            {"follows", entry.era.follows},
            {"epoch_us", microseconds_of(entry.epoch)},
            {"fingerprint", entry.fingerprint},
            {"numbers", entry.numbers},
            {"discontinuities", entry.discontinuities},
            {"length", entry.length.count()}};
}

EraEntry entry_of(EraJson const& json) {
    EraEntry entry;
    entry.era = {.start = time_of(json.at("start_us").get<std::int64_t>()),
                 .media_sequence = json.at("media_sequence").get<std::uint64_t>(),
                 .discontinuity_sequence = json.at("discontinuity_sequence").get<std::uint64_t>(),
                 .follows = json.at("follows").get<bool>()};
    entry.epoch = time_of(json.at("epoch_us").get<std::int64_t>());
    entry.fingerprint = json.at("fingerprint").get<std::string>();
    entry.numbers = json.at("numbers").get<std::uint64_t>();
    entry.discontinuities = json.at("discontinuities").get<std::uint64_t>();
    entry.length = Ticks90k{json.at("length").get<std::int64_t>()};
    return entry;
}

} // namespace

std::string to_text(Eras const& eras) {
    auto streams = EraJson::object();
    for (auto const& [name, entry] : eras)
        streams[name] = json_of(entry);
    return EraJson{{"version", newest_version}, {"eras", std::move(streams)}}.dump(
               -1, ' ', false, EraJson::error_handler_t::replace) +
           '\n';
}

Result<Eras> parse_eras(std::string_view text) {
    Eras eras;
    try {
        auto const json = EraJson::parse(text);
        if (json.at("version").get<int>() != newest_version)
            return fail(Errc::unsupported, "eras: version");
        for (auto const& [name, entry] : json.at("eras").items())
            eras.emplace(name, entry_of(entry));
    } catch (EraJson::exception const& exception) {
        return fail(Errc::malformed, std::string("eras: ") + exception.what());
    }
    return eras;
}

EraEntry era_of(Stream const& stream, std::string fingerprint, WallTime epoch, Past const& past,
                WallTime now) {
    auto const round = stream.round();
    EraEntry entry{.era = {.start = epoch},
                   .epoch = epoch,
                   .fingerprint = std::move(fingerprint),
                   .numbers = round.numbers,
                   .discontinuities = round.discontinuities,
                   .length = round.length};
    if (past.entry && past.entry->epoch == epoch) {
        if (past.entry->fingerprint == entry.fingerprint)
            entry.era = past.entry->era;
        else
            entry.era = past.before ? stream.era_behind(*past.before, now)
                                    : era_behind(stream, *past.entry, now);
    }
    return entry;
}

} // namespace continuo::pseudolive
