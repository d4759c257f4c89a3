// Any two references, a line each, the first to a playlist, the second made by it: where there is
// a path it lies in the asset's folder, and its URI leads there again.
#include "http/storage/file_reference.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

namespace {

bool is_inside(std::string_view path) {
    for (auto rest = path;;) {
        auto const name = rest.substr(0, rest.find('/'));
        if (name.empty() || name == "." || name == "..") return false;
        if (name.size() == rest.size()) return true;
        rest.remove_prefix(name.size() + 1);
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    namespace storage = continuo::storage;
    std::string_view const text(reinterpret_cast<char const*>(data), size);
    auto const line_end = std::min(text.find('\n'), text.size());
    auto const playlist = storage::path_of({}, text.substr(0, line_end));
    if (!playlist) return 0;

    auto const path = storage::path_of(*playlist, text.substr(std::min(line_end + 1, text.size())));
    if (!path) {
        if (path.error().reason.empty()) std::abort();
        return 0;
    }
    if (!is_inside(*path)) std::abort();
    auto const again = storage::path_of({}, storage::uri_of(*path));
    if (!again || *again != *path) std::abort();
    return 0;
}
