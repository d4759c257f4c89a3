#include "core/hls/rules/finding.hpp"

#include "core/hls/value.hpp"

#include <fmt/format.h>

#include <iterator>
#include <utility>

namespace continuo::hls::rules {

void broken(Remarks& remarks, int rule, std::string evidence) {
    remarks.push_back({rule, Weight::broken, std::move(evidence)});
}

void append(Remarks& remarks, Remarks more) {
    remarks.insert(remarks.end(), std::make_move_iterator(more.begin()),
                   std::make_move_iterator(more.end()));
}

std::string rule_name(Protocol protocol, int rule) {
    return fmt::format("{}{}", protocol == Protocol::dash ? "D" : "", rule);
}

std::string to_text(Finding const& finding) {
    auto const date = date_text(finding.at);
    auto const time = date.substr(date.find('T') + 1, std::string_view{"14:03:22.120"}.size());
    return fmt::format("rule {}: {}: {} ({})", rule_name(finding.protocol, finding.rule),
                       finding.where, finding.evidence, time);
}

std::string duration_text(Ticks90k duration) {
    return fmt::format("{:.3f} s", seconds_of(duration));
}

} // namespace continuo::hls::rules
