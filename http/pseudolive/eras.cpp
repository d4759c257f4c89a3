#include "http/pseudolive/eras.hpp"

#include <nlohmann/json.hpp>

#include <chrono>
#include <optional>
#include <utility>

namespace continuo::pseudolive {
namespace {

using EraJson = nlohmann::json;

constexpr int newest_version = 1;

std::int64_t microseconds_of(WallTime time) {
    return time.time_since_epoch().count();
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

/// Reads an entry key by key; what is missing, or of another kind, is remembered.
class EntryReader {
public:
    explicit EntryReader(EraJson const& json) : json_(json) {}

    std::optional<EraEntry> read() {
        EraEntry entry;
        entry.era = {.start = time("start_us"),
                     .media_sequence = number<std::uint64_t>("media_sequence"),
                     .discontinuity_sequence = number<std::uint64_t>("discontinuity_sequence"),
                     .follows = value("follows").is_boolean() && value("follows").get<bool>()};
        entry.epoch = time("epoch_us");
        if (auto const& text = value("fingerprint"); text.is_string())
            entry.fingerprint = text.get<std::string>();
        entry.numbers = number<std::uint64_t>("numbers");
        entry.discontinuities = number<std::uint64_t>("discontinuities");
        entry.length = Ticks90k{number<std::int64_t>("length")};
        is_whole_ &= value("follows").is_boolean() && value("fingerprint").is_string() &&
                     entry.length > Ticks90k::zero();
        if (!is_whole_) return std::nullopt;
        return entry;
    }

private:
    EraJson const& value(char const* key) const {
        static EraJson const nothing;
        auto const found = json_.find(key);
        return found == json_.end() ? nothing : *found;
    }

    /// The library takes fractions for integers, and what does not fit for something that does.
    template <class Integer>
    Integer number(char const* key) {
        auto const& found = value(key);
        if (found.is_number_unsigned() && std::in_range<Integer>(found.get<std::uint64_t>()))
            return found.get<Integer>();
        if (found.is_number_integer() && !found.is_number_unsigned() &&
            std::in_range<Integer>(found.get<std::int64_t>()))
            return found.get<Integer>();
        is_whole_ = false;
        return {};
    }

    WallTime time(char const* key) {
        // The distance to any clock's time has to fit in all units.
        constexpr std::chrono::microseconds farthest = std::chrono::years{10'000};
        std::chrono::microseconds const since_1970{number<std::int64_t>(key)};
        is_whole_ &= since_1970 >= -farthest && since_1970 <= farthest;
        return WallTime{since_1970};
    }

    EraJson const& json_;
    bool is_whole_{true};
};

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
    auto const json = EraJson::parse(text, nullptr, /*allow_exceptions=*/false);
    if (!json.is_object() || json.value("version", EraJson()) != newest_version)
        return fail(Errc::malformed, "eras");
    auto const entries = json.find("eras");
    if (entries == json.end() || !entries->is_object()) return fail(Errc::malformed, "eras");
    Eras eras;
    for (auto const& [name, value] : entries->items()) {
        auto entry = value.is_object() ? EntryReader(value).read() : std::nullopt;
        if (!entry) return fail(Errc::malformed, "era of " + name);
        eras.emplace_hint(eras.end(), name, *std::move(entry));
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
