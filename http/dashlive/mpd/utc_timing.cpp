#include "http/dashlive/mpd/utc_timing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <string>

namespace continuo::dashlive {
namespace {

using dash::Element;

/// What the method is called, and where a client asks.
struct Source {
    std::string_view scheme;
    std::string value;
};

Source source_of(UtcMethod method, Session const& session, std::string_view base) {
    auto const ours = [&](std::string_view path) { return fmt::format("{}{}", base, path); };
    bool const is_livesim1 = session.options->dialect == Dialect::livesim1;
    switch (method) {
    // Not moved by timeoffset, as no other method is.
    case UtcMethod::direct: return {"direct", dash::to_text(session.client_now)};
    case UtcMethod::head:
        return {"http-head", ours(is_livesim1 ? "/dash/time.txt" : "/static/time.txt")};
    case UtcMethod::ntp: return {"ntp", "1.de.pool.ntp.org"};
    case UtcMethod::sntp: return {"sntp", "time.kfki.hu"};
    case UtcMethod::xsdate: return {"http-xsdate", ours("/time.iso")};
    case UtcMethod::xsdate_ms: return {"http-xsdate", ours("/time.iso?ms")};
    case UtcMethod::iso: return {"http-iso", ours("/time.iso")};
    case UtcMethod::iso_ms: return {"http-iso", ours("/time.iso?ms")};
    }
    return {};
}

} // namespace

std::vector<Element> utc_timings_of(Session const& session, Manifest const& manifest,
                                    std::string_view base) {
    auto const& options = *session.options;
    std::vector<Element> timings;
    if (options.keeps_utc) {
        std::ranges::copy_if(
            manifest.root.children, std::back_inserter(timings),
            [](auto const& child) { return dash::local_name(child.name) == "UTCTiming"; });
        return timings;
    }
    for (auto const method : options.utc.value_or(std::vector{UtcMethod::xsdate_ms})) {
        auto source = source_of(method, session, base);
        timings.push_back({.name = "UTCTiming",
                           .attributes = {{"schemeIdUri",
                                           fmt::format("urn:mpeg:dash:utc:{}:2014", source.scheme)},
                                          {"value", std::move(source.value)}}});
    }
    return timings;
}

} // namespace continuo::dashlive
