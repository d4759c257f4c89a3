#include "cli/resegment/report.hpp"

#include "core/base/redact.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <utility>

namespace continuo::cli::resegment {
namespace {

constexpr std::size_t max_remembered = 1000;
constexpr std::string_view dropped = ": the segment is dropped";

/// Why a segment was dropped, without its name: "No space left on device".
std::string_view reason_of(std::string_view said) {
    auto const before = said.substr(0, said.size() - dropped.size());
    auto const colon = before.rfind(": ");
    return colon == std::string_view::npos ? before : before.substr(colon + 2);
}

} // namespace

std::string process_line(std::size_t variant, bool up) {
    return fmt::format("Process-{}  is {}", variant, up ? "up" : "down");
}

std::string segment_line(std::filesystem::path const& file, Ticks90k start, Ticks90k duration) {
    return fmt::format("{}:   start: {:.6f}   end: {:.6f}   duration: {:.6f}", file.string(),
                       seconds_of(start), seconds_of(start + duration), seconds_of(duration));
}

std::string throttling_line(std::chrono::steady_clock::duration wait) {
    return fmt::format("throttling {:.2f}", std::chrono::duration<double>(wait).count());
}

void print_report(std::string const& line) {
    fmt::print("{}\n", line);
}

void print_remark(std::string const& line) {
    fmt::print(stderr, "continuo resegment: {}\n", without_credentials(line));
}

bool tells_loss(std::string_view said) noexcept {
    return said.ends_with(dropped);
}

std::optional<std::string> Remarks::take(std::string const& said) {
    if (tells_loss(said)) {
        std::string const reason(reason_of(said));
        if (std::exchange(refusal_, reason) == reason) return std::nullopt;
        return said;
    }
    if (said_.size() == max_remembered) said_.clear();
    if (!said_.insert(said).second) return std::nullopt;
    return said;
}

} // namespace continuo::cli::resegment
