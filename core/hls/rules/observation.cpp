#include "core/hls/rules/observation.hpp"

#include <algorithm>
#include <functional>

namespace continuo::hls::rules {
namespace {

char lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept {
    return std::ranges::equal(a, b, {}, lower, lower);
}

} // namespace

std::optional<std::string_view> Response::header(std::string_view name) const noexcept {
    auto const found = std::find_if(headers.rbegin(), headers.rend(), [&](Header const& each) {
        return equal_ignoring_case(each.name, name);
    });
    if (found == headers.rend()) return std::nullopt;
    return found->value;
}

std::string outcome_of(Response const& response) {
    if (response.status == 0) return response.failure;
    auto const status = std::to_string(response.status);
    return response.failure.empty() ? status : status + " and then " + response.failure;
}

Content content_of(std::string_view body) noexcept {
    return {.bytes = body.size(), .digest = std::hash<std::string_view>{}(body)};
}

Ticks90k frame_of(SegmentFacts const& facts) noexcept {
    constexpr Ticks90k usual_frame{3'600};
    return facts.frame > Ticks90k::zero() ? facts.frame : usual_frame;
}

double seconds_between(WallTime from, WallTime to) noexcept {
    return std::chrono::duration<double>(to - from).count();
}

} // namespace continuo::hls::rules
