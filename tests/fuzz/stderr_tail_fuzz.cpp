// Any bytes as what a child says: lines within their limit, the same however the bytes are cut.
#include "core/base/redact.hpp"
#include "supervisor/child/stderr_tail.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using continuo::child::StderrTail;

std::string said(std::string_view text, std::size_t cut) {
    StderrTail tail;
    std::string all;
    for (auto const part : {text.substr(0, cut), text.substr(cut), std::string_view("\n")})
        for (auto const& line : tail.feed(part)) {
            if (line.empty() || line.find('\n') != std::string::npos) std::abort();
            if (continuo::without_credentials(line) != line) std::abort();
            all += line + '\n';
        }
    if (tail.lines().size() > StderrTail::kept_lines) std::abort();
    return all + tail.last();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    std::string_view const text(reinterpret_cast<char const*>(data), size);
    if (said(text, 0) != said(text, size / 2)) std::abort();
    return 0;
}
