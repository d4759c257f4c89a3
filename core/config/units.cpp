#include "core/config/units.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <numeric>
#include <span>
#include <system_error>

namespace continuo::config {
namespace {

template <class Integer>
std::optional<Integer> parse_integer(std::string_view text) noexcept {
    Integer value{};
    auto const* const end = text.data() + text.size();
    auto const [stop, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc{} || stop != end) return {};
    return value;
}

/// A decimal with up to three places, in thousandths, so that no binary fraction comes in between.
std::optional<std::uint64_t> parse_thousandths(std::string_view text) noexcept {
    auto const point = std::min(text.find('.'), text.size());
    auto const whole = parse_integer<std::uint64_t>(text.substr(0, point));
    if (!whole) return {};
    std::uint64_t thousandths{};
    if (__builtin_mul_overflow(*whole, 1000u, &thousandths)) return {};
    if (point == text.size()) return thousandths;

    auto const places = text.substr(point + 1);
    auto const fraction = parse_integer<unsigned>(places);
    if (!fraction || places.size() > 3) return {};
    constexpr std::array<unsigned, 4> scale{0, 100, 10, 1};
    if (__builtin_add_overflow(thousandths, *fraction * scale[places.size()], &thousandths))
        return {};
    return thousandths;
}

struct Unit {
    std::string_view suffix;
    std::uint64_t size;
};

/// "1.5GiB" in terms of the smallest thing that counts; nothing where that leaves a rest and
/// `exact` is asked for.
std::optional<std::uint64_t> parse_quantity(std::string_view text, std::span<Unit const> units,
                                            bool exact) noexcept {
    auto const digits = std::min(text.find_first_not_of("0123456789."), text.size());
    auto const unit = std::ranges::find(units, text.substr(digits), &Unit::suffix);
    auto const thousandths = parse_thousandths(text.substr(0, digits));
    if (unit == units.end() || !thousandths) return {};
    std::uint64_t product{};
    if (__builtin_mul_overflow(*thousandths, unit->size, &product)) return {};
    if (exact && product % 1000 != 0) return {};
    return product / 1000;
}

constexpr std::array duration_units{Unit{"ms", 1}, Unit{"s", 1000}, Unit{"m", 60'000},
                                    Unit{"h", 3'600'000}};

constexpr std::array byte_units{Unit{"kB", 1'000},         Unit{"MB", 1'000'000},
                                Unit{"GB", 1'000'000'000}, Unit{"KiB", 1ull << 10},
                                Unit{"MiB", 1ull << 20},   Unit{"GiB", 1ull << 30}};

constexpr std::array bitrate_units{Unit{"k", 1'000}, Unit{"M", 1'000'000}};

struct NamedRate {
    std::string_view text;
    Rate rate;
};
constexpr std::array customary_rates{
    NamedRate{"23.976", {24'000, 1001}}, NamedRate{"23.98", {24'000, 1001}},
    NamedRate{"29.97", {30'000, 1001}},  NamedRate{"47.952", {48'000, 1001}},
    NamedRate{"59.94", {60'000, 1001}},  NamedRate{"119.88", {120'000, 1001}}};

bool is_address(std::string const& text, int family) noexcept {
    std::array<unsigned char, sizeof(in6_addr)> address{};
    return ::inet_pton(family, text.c_str(), address.data()) == 1;
}

} // namespace

std::optional<milliseconds> parse_duration(std::string_view text) noexcept {
    constexpr std::uint64_t longest =
        365ull * 24 * 3'600'000; // a year in ms, far from any overflow
    auto const value = parse_quantity(text, duration_units, /*exact=*/true);
    if (!value || *value > longest) return {};
    return milliseconds{*value};
}

std::optional<seconds> parse_whole_seconds(std::string_view text) noexcept {
    auto const value = parse_duration(text);
    if (!value || *value % seconds{1} != milliseconds::zero()) return {};
    return std::chrono::duration_cast<seconds>(*value);
}

std::optional<std::uint64_t> parse_bytes(std::string_view text) noexcept {
    return parse_quantity(text, byte_units, /*exact=*/false);
}

std::optional<std::uint64_t> parse_bitrate(std::string_view text) noexcept {
    return parse_quantity(text, bitrate_units, /*exact=*/true);
}

std::optional<Rate> parse_rate(std::string_view text) noexcept {
    auto const named = std::ranges::find(customary_rates, text, &NamedRate::text);
    if (named != customary_rates.end()) return named->rate;

    if (auto const slash = text.find('/'); slash != std::string_view::npos) {
        auto const numerator = parse_count(text.substr(0, slash));
        auto const denominator = parse_count(text.substr(slash + 1));
        if (!numerator || !denominator || *numerator == 0 || *denominator == 0) return {};
        return Rate{*numerator, *denominator};
    }
    auto const thousandths = parse_thousandths(text);
    if (!thousandths || *thousandths == 0 || *thousandths > 1'000'000) return {};
    auto const divisor = std::gcd(*thousandths, std::uint64_t{1000});
    return Rate{static_cast<unsigned>(*thousandths / divisor),
                static_cast<unsigned>(1000 / divisor)};
}

std::optional<unsigned> parse_count(std::string_view text) noexcept {
    return parse_integer<unsigned>(text);
}

std::optional<bool> parse_switch(std::string_view text) noexcept {
    if (text == "true") return true;
    if (text == "false") return false;
    return {};
}

std::optional<PictureSize> parse_picture_size(std::string_view text) noexcept {
    auto const cross = text.find('x');
    if (cross == std::string_view::npos) return {};
    auto const width = parse_integer<std::uint16_t>(text.substr(0, cross));
    auto const height = parse_integer<std::uint16_t>(text.substr(cross + 1));
    if (!width || !height || *width % 2 != 0 || *height % 2 != 0) return {};
    return PictureSize{*width, *height};
}

std::optional<Endpoint> parse_endpoint(std::string_view text) {
    auto const colon = text.rfind(':');
    if (colon == std::string_view::npos) return {};
    auto const port = parse_integer<std::uint16_t>(text.substr(colon + 1));
    if (!port || *port == 0) return {};

    auto host = text.substr(0, colon);
    auto const bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
    if (bracketed) host = host.substr(1, host.size() - 2);
    Endpoint endpoint{std::string(host), *port};
    if (!is_address(endpoint.address, bracketed ? AF_INET6 : AF_INET)) return {};
    return endpoint;
}

} // namespace continuo::config
