// What `continuo resegment` prints: to standard output as its predecessor did, and to standard
// error what there is to say beside. Pure, but for the two that print.
#pragma once

#include "core/base/ticks.hpp"

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace continuo::cli::resegment {

/// "Process-0  is up"
std::string process_line(std::size_t variant, bool up);

/// "out/0/seg0.ts:   start: 2.050167   end: 4.403000   duration: 2.352833"
std::string segment_line(std::filesystem::path const& file, Ticks90k start, Ticks90k duration);

/// "throttling 1.88"
std::string throttling_line(std::chrono::steady_clock::duration wait);

/// A line to standard output; it is flushed with others.
void print_report(std::string const& line);
/// A line to standard error, without credentials.
void print_remark(std::string const& line);

/// Whether a worker says that the disk did not take a segment.
bool tells_loss(std::string_view said) noexcept;

/// What the workers say, each thing once: they read the same content and would all say the same.
class Remarks {
public:
    /// The line to print for what one of them said; nothing when it was said before.
    std::optional<std::string> take(std::string const& said);
    /// All variants had their segment: when the disk does not take one the next time, that is news.
    void on_whole_step() { refusal_.clear(); }

private:
    std::set<std::string> said_;
    std::string refusal_; ///< why segments are being dropped
};

} // namespace continuo::cli::resegment
