// Any bytes as what a child says: lines without users and passwords, the same however the bytes are
// cut.
#include "supervisor/child/stderr_tail.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using continuo::child::StderrTail;

bool ends_authority(char c) {
    return static_cast<unsigned char>(c) <= ' ' ||
           std::string_view("/?#\"'<>").find(c) != std::string_view::npos;
}

bool shows_a_user(std::string_view line) {
    for (;;) {
        auto const scheme = line.find("://");
        if (scheme == std::string_view::npos) return false;
        line.remove_prefix(scheme + 3);
        auto const* const end = std::find_if(line.begin(), line.end(), ends_authority);
        std::string_view const authority(line.begin(), end);
        if (authority.find('@') != std::string_view::npos && !authority.starts_with("***@"))
            return true;
    }
}

std::string said(std::string_view text, std::size_t cut) {
    StderrTail tail;
    std::string all;
    for (auto const part : {text.substr(0, cut), text.substr(cut), std::string_view("\n")})
        for (auto const& line : tail.feed(part)) {
            if (line.empty() || line.find('\n') != std::string::npos) std::abort();
            if (shows_a_user(line)) std::abort();
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
