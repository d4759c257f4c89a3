#include "core/hls/rules/finding_log.hpp"

namespace continuo::hls::rules {

void FindingLog::add(std::string const& where, WallTime at, Remarks remarks) {
    for (auto& remark : remarks) {
        if (!said_.emplace(where, remark.evidence).second) continue;
        RuleAndPlace const key{remark.rule, where};
        if (++said_per_rule_[key] > findings_per_rule) {
            ++unsaid_[key];
            continue;
        }
        new_.push_back({.protocol = protocol_,
                        .rule = remark.rule,
                        .weight = remark.weight,
                        .where = where,
                        .at = at,
                        .evidence = std::move(remark.evidence)});
    }
}

} // namespace continuo::hls::rules
