#include "core/hls/rules/observation.hpp"

#include <algorithm>
#include <functional>
#include <iterator>

namespace continuo::hls::rules {
namespace {

char lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept {
    return std::ranges::equal(a, b, {}, lower, lower);
}

bool is_transport_stream(std::string_view body) noexcept {
    constexpr std::size_t packet_size = 188;
    return body.starts_with('\x47') && (body.size() <= packet_size || body[packet_size] == '\x47');
}

bool is_fragmented_mp4(std::string_view body) noexcept {
    constexpr std::string_view boxes[] = {"styp", "moof", "sidx", "emsg", "prft", "ftyp"};
    return body.size() >= 8 &&
           std::ranges::find(boxes, body.substr(4, 4)) != std::ranges::end(boxes);
}

bool is_packed_audio(std::string_view body) noexcept {
    return body.starts_with("ID3") ||
           (body.size() >= 2 && body[0] == '\xFF' && (body[1] & '\xE0') == '\xE0');
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

Container container_of(std::string_view body) noexcept {
    if (is_transport_stream(body)) return Container::transport_stream;
    if (is_fragmented_mp4(body)) return Container::fragmented_mp4;
    if (is_packed_audio(body)) return Container::packed_audio;
    if (body.starts_with("WEBVTT") || body.starts_with("\xEF\xBB\xBFWEBVTT"))
        return Container::webvtt;
    return Container::unknown;
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
