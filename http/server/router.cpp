#include "http/server/router.hpp"

#include <algorithm>
#include <cassert>
#include <optional>
#include <utility>

namespace continuo::server {
namespace {

constexpr std::string_view rest_mark{"...}"};

/// Cuts "/segment" off the front of a path that is not empty.
std::string_view take_segment(std::string_view& path) {
    path.remove_prefix(1);
    auto const end = std::min(path.find('/'), path.size());
    auto const segment = path.substr(0, end);
    path.remove_prefix(end);
    return segment;
}

std::optional<Parameters> match_segments(std::vector<std::string> const& pattern,
                                         std::string_view path) {
    Parameters parameters;
    for (std::string_view const wanted : pattern) {
        if (!path.starts_with('/')) return std::nullopt;
        if (wanted.ends_with(rest_mark)) {
            if (path.size() == 1) return std::nullopt;
            parameters.add(wanted.substr(1, wanted.size() - 1 - rest_mark.size()), path.substr(1));
            return parameters;
        }
        auto const segment = take_segment(path);
        if (wanted.starts_with('{')) {
            if (segment.empty()) return std::nullopt;
            parameters.add(wanted.substr(1, wanted.size() - 2), segment);
        } else if (wanted != segment) {
            return std::nullopt;
        }
    }
    if (!path.empty()) return std::nullopt;
    return parameters;
}

bool serves(Method offered, Method wanted) {
    return offered == wanted || (offered == Method::get && wanted == Method::head);
}

} // namespace

void Parameters::add(std::string_view name, std::string_view value) {
    assert(count_ < capacity);
    parameters_[count_++] = {name, value};
}

std::string_view Parameters::operator[](std::string_view name) const noexcept {
    for (auto const& parameter : parameters_)
        if (parameter.name == name) return parameter.value;
    return {};
}

void Router::add(Method method, std::string_view pattern, AnyHandler handler) {
    Route route{.method = method, .segments = {}, .handler = std::move(handler)};
    while (!pattern.empty())
        route.segments.emplace_back(take_segment(pattern));
    routes_.push_back(std::move(route));
}

Router::Match Router::match(Method method, std::string_view path) const {
    for (auto const& route : routes_) {
        if (!serves(route.method, method)) continue;
        if (auto parameters = match_segments(route.segments, path))
            return Found{.handler = &route.handler, .parameters = *parameters};
    }
    auto allow = allowed(path);
    if (allow.empty()) return NoSuchPath{};
    return OtherMethods{std::move(allow)};
}

std::string Router::allowed(std::string_view path) const {
    bool get = path == "*";
    bool post = path == "*";
    bool remove = false;
    for (auto const& route : routes_) {
        if (!match_segments(route.segments, path)) continue;
        get = get || route.method == Method::get;
        post = post || route.method == Method::post;
        remove = remove || route.method == Method::remove;
    }
    if (!get && !post && !remove) return {};
    return std::string(get ? "GET, HEAD, " : "") + (post ? "POST, " : "") +
           (remove ? "DELETE, " : "") + "OPTIONS";
}

} // namespace continuo::server
