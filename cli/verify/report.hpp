// What `continuo verify` tells: findings as they are made, progress on a terminal, the summary, or
// all of it as JSON.
#pragma once

#include "core/hls/rules/finding_log.hpp"

#include <chrono>
#include <map>
#include <string>
#include <vector>

namespace continuo::cli {

/// What was looked at; grows during the run.
struct Tally {
    hls::rules::Protocol protocol{hls::rules::Protocol::hls};
    std::size_t playlists{}; ///< media playlists, or representations
    std::size_t polls{};     ///< of playlists, or of the MPD
    std::size_t segments{};
    std::size_t segments_again{}; ///< fetched once more, before they may go
    std::chrono::duration<double> watched{};
};

/// Findings as text to stdout, one line each; progress to stderr when that is a terminal.
class TextReport {
public:
    TextReport();
    ~TextReport();
    TextReport(TextReport const&) = delete;
    TextReport& operator=(TextReport const&) = delete;

    void add(hls::rules::Finding const& finding);
    /// Something that is no finding, said once.
    void note(std::string const& text);
    void progress(Tally const& tally, std::size_t broken);

private:
    void clear_progress();

    bool const terminal_;
    bool progress_shown_{false};
};

/// "clean: 3 playlists over 30.0 s, 60 polls, 24 segments, 6 of them fetched again after removal".
std::string summary_of(Tally const& tally, std::vector<hls::rules::Finding> const& findings,
                       std::map<hls::rules::RuleAndPlace, unsigned> const& unsaid);

/// The whole run as one JSON object.
std::string json_of(std::string const& url, Tally const& tally,
                    std::vector<hls::rules::Finding> const& findings,
                    std::vector<std::string> const& notes);

} // namespace continuo::cli
