#include "cli/verify/report.hpp"

#include "core/hls/value.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <set>

namespace continuo::cli {
namespace {

using hls::rules::Finding;
using hls::rules::Protocol;
using hls::rules::Weight;

std::string counted(std::size_t count, std::string_view noun) {
    return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::string_view weight_text(Weight weight) {
    switch (weight) {
    case Weight::broken: return "broken";
    case Weight::advice: return "advice";
    }
    return "";
}

std::size_t count_of(std::vector<Finding> const& findings, Weight weight) {
    return static_cast<std::size_t>(std::ranges::count(findings, weight, &Finding::weight));
}

std::string rules_of(std::vector<Finding> const& findings, Weight weight) {
    std::set<int> rules;
    for (auto const& finding : findings)
        if (finding.weight == weight) rules.insert(finding.rule);
    std::vector<std::string> names;
    for (auto const rule : rules)
        names.push_back(rule_name(findings.front().protocol, rule));
    return fmt::format("rule{} {}", rules.size() == 1 ? "" : "s", fmt::join(names, ", "));
}

std::string_view noun_of(Protocol protocol) {
    return protocol == Protocol::dash ? "representation" : "playlist";
}

} // namespace

TextReport::TextReport() : terminal_(isatty(STDERR_FILENO) != 0) {}

TextReport::~TextReport() {
    clear_progress();
}

void TextReport::add(Finding const& finding) {
    clear_progress();
    auto const prefix = finding.weight == Weight::advice ? "advice: " : "";
    fmt::print("{}{}\n", prefix, to_text(finding));
    std::fflush(stdout);
}

void TextReport::note(std::string const& text) {
    clear_progress();
    fmt::print("note: {}\n", text);
    std::fflush(stdout);
}

void TextReport::progress(Tally const& tally, std::size_t broken) {
    if (!terminal_) return;
    fmt::print(stderr, "\r\x1b[K{:.0f} s: {}, {}, {}, {} broken", tally.watched.count(),
               counted(tally.playlists, noun_of(tally.protocol)), counted(tally.polls, "poll"),
               counted(tally.segments, "segment"), broken);
    std::fflush(stderr);
    progress_shown_ = true;
}

void TextReport::clear_progress() {
    if (std::exchange(progress_shown_, false)) fmt::print(stderr, "\r\x1b[K");
}

std::string summary_of(Tally const& tally, std::vector<Finding> const& findings,
                       std::map<hls::rules::RuleAndPlace, unsigned> const& unsaid) {
    auto const broken = count_of(findings, Weight::broken);
    auto const advice = count_of(findings, Weight::advice);
    auto text = broken == 0 ? std::string{"clean"}
                            : fmt::format("broken: {} of {}", counted(broken, "finding"),
                                          rules_of(findings, Weight::broken));
    text += fmt::format(": {} over {:.1f} s, {}, {}, {} of them fetched again before they may go",
                        counted(tally.playlists, noun_of(tally.protocol)), tally.watched.count(),
                        counted(tally.polls, "poll"), counted(tally.segments, "segment"),
                        tally.segments_again);
    if (advice > 0) text += fmt::format("; advice of {}", rules_of(findings, Weight::advice));
    for (auto const& [key, times] : unsaid)
        text += fmt::format("\n  rule {} had {} more of the kind to say of {}",
                            rule_name(tally.protocol, key.first), times, key.second);
    return text;
}

std::string json_of(std::string const& url, Tally const& tally,
                    std::vector<Finding> const& findings, std::vector<std::string> const& notes) {
    auto list = nlohmann::json::array();
    for (auto const& finding : findings)
        list.push_back({{"rule", finding.protocol == Protocol::dash
                                     ? nlohmann::json(rule_name(finding.protocol, finding.rule))
                                     : nlohmann::json(finding.rule)},
                        {"weight", weight_text(finding.weight)},
                        {"where", finding.where},
                        {"at", hls::date_text(finding.at)},
                        {"evidence", finding.evidence}});
    nlohmann::ordered_json report;
    report["url"] = url;
    report["broken"] = count_of(findings, Weight::broken);
    report["advice"] = count_of(findings, Weight::advice);
    report["watched_seconds"] = tally.watched.count();
    report[fmt::format("{}s", noun_of(tally.protocol))] = tally.playlists;
    report["polls"] = tally.polls;
    report["segments"] = tally.segments;
    report["segments_fetched_again"] = tally.segments_again;
    report["findings"] = std::move(list);
    report["notes"] = notes;
    return report.dump(2, ' ', false, nlohmann::json::error_handler_t::replace);
}

} // namespace continuo::cli
