// Request targets, and the small header parsers behind them: nothing climbs above the root, no
// range leaves its content.
#include "http/server/conditional.hpp"
#include "http/server/gzip.hpp"
#include "http/server/range.hpp"
#include "http/server/target.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <variant>

using namespace continuo;

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    std::string_view const text(reinterpret_cast<char const*>(data), size);
    if (auto const target = server::parse_target(text)) {
        auto const& path = target->path;
        if (path != "*" && !path.starts_with('/')) std::abort();
        if (path.find("/../") != std::string::npos || path.ends_with("/..")) std::abort();
        if (path.find('\0') != std::string::npos) std::abort();
    }
    auto const range = server::choose_range(text, size);
    if (auto const* bytes = std::get_if<server::ByteRange>(&range)) {
        if (bytes->length == 0 || bytes->first + bytes->length > size) std::abort();
    }
    (void)server::accepts_gzip(text);
    (void)server::none_match_hits(text, "\"tag\"");
    return 0;
}
