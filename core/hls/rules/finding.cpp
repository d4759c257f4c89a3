#include "core/hls/rules/finding.hpp"

#include "core/hls/value.hpp"

#include <fmt/format.h>

namespace continuo::hls::rules {

std::string to_text(Finding const& finding) {
    auto const date = date_text(finding.at);
    auto const time = date.substr(date.find('T') + 1, std::string_view{"14:03:22.120"}.size());
    return fmt::format("rule {}: {}: {} ({})", finding.rule, finding.where, finding.evidence, time);
}

std::string duration_text(Ticks90k duration) {
    return fmt::format("{:.3f} s", seconds_of(duration));
}

} // namespace continuo::hls::rules
