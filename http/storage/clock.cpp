#include "http/storage/clock.hpp"

#include "core/base/percent.hpp"
#include "core/hls/value.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace continuo::storage {
namespace {

constexpr double latest = 1e11; // seconds since 1970

} // namespace

hls::WallTime wall_now() {
    return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
}

std::optional<hls::WallTime> parse_now(std::string_view text) {
    if (auto const seconds = hls::parse_decimal(text)) {
        if (*seconds > latest) return std::nullopt;
        return hls::WallTime{std::chrono::microseconds{std::llround(*seconds * 1e6)}};
    }
    return hls::parse_date(text);
}

std::optional<std::string> query_value(std::string_view query, std::string_view name) {
    while (!query.empty()) {
        auto const end = std::min(query.find('&'), query.size());
        auto const field = query.substr(0, end);
        auto const equals = std::min(field.find('='), field.size());
        if (field.substr(0, equals) == name)
            return percent_decoded(field.substr(std::min(equals + 1, field.size())));
        query.remove_prefix(std::min(end + 1, query.size()));
    }
    return std::nullopt;
}

} // namespace continuo::storage
