#include "core/hls/line_reader.hpp"

namespace continuo::hls {

LineReader::LineReader(std::string_view text) noexcept : rest_(text) {
    if (rest_.starts_with(byte_order_mark)) rest_.remove_prefix(byte_order_mark.size());
}

std::optional<std::string_view> LineReader::next() noexcept {
    if (rest_.empty()) return std::nullopt;
    ++number_;
    auto const end = rest_.find('\n');
    auto line = rest_.substr(0, end);
    rest_ = end == std::string_view::npos ? std::string_view{} : rest_.substr(end + 1);
    line = line.substr(0, line.find_last_not_of(" \t\r") + 1);
    return line;
}

Tag split_tag(std::string_view line) noexcept {
    auto const colon = line.find(':');
    if (colon == std::string_view::npos) return {.name = line, .value = {}};
    return {.name = line.substr(0, colon), .value = line.substr(colon + 1)};
}

} // namespace continuo::hls
