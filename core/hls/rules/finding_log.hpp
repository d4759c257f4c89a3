// What rules have said of a stream, each thing once and each rule no more often than anybody wants
// to read.
#pragma once

#include "core/hls/rules/finding.hpp"

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace continuo::hls::rules {

/// A rule and where it spoke, as `Finding` has them.
using RuleAndPlace = std::pair<int, std::string>;

class FindingLog {
public:
    /// The same rule is reported this often for the same place; `unsaid` counts the rest.
    static constexpr unsigned findings_per_rule = 5;

    explicit FindingLog(Protocol protocol) : protocol_(protocol) {}

    void add(std::string const& where, WallTime at, Remarks remarks);
    /// What was found since the last call, oldest first.
    std::vector<Finding> take() { return std::exchange(new_, {}); }
    /// How often a rule had more to say than is reported.
    std::map<RuleAndPlace, unsigned> const& unsaid() const noexcept { return unsaid_; }

private:
    Protocol protocol_;
    std::vector<Finding> new_;
    std::set<std::pair<std::string, std::string>> said_; ///< {where, evidence}
    std::map<RuleAndPlace, unsigned> said_per_rule_;
    std::map<RuleAndPlace, unsigned> unsaid_;
};

} // namespace continuo::hls::rules
