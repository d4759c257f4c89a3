// A client's bytes: however they are cut into pieces, the same requests come out, and no path
// leaves the root.
#include "http/server/request_reader.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>
#include <vector>

using namespace continuo;
using server::RequestReader;

namespace {

void check(server::Request const& request) {
    bool const is_path = request.path.starts_with('/') || request.path == "*";
    bool const climbs =
        request.path.find("/../") != std::string::npos || request.path.ends_with("/..");
    if (!is_path || climbs || request.body.size() > RequestReader::largest_body) std::abort();
}

/// The paths and bodies that were understood, and the status that ended it.
std::vector<std::string> read_all(std::span<char const> bytes, std::size_t chunk) {
    RequestReader reader(/*from_loopback=*/false);
    std::vector<std::string> found;
    for (;;) {
        switch (reader.next()) {
        case RequestReader::Step::complete:
            check(reader.request());
            found.push_back(reader.request().path + '\n' + std::string(reader.request().body));
            reader.consume();
            break;
        case RequestReader::Step::refused: return found;
        case RequestReader::Step::need_more: {
            if (bytes.empty()) return found;
            auto const space = reader.space();
            auto const size = std::min({chunk, bytes.size(), space.size()});
            if (size == 0) std::abort();
            std::copy_n(bytes.begin(), size, space.begin());
            reader.commit(size);
            bytes = bytes.subspan(size);
        }
        }
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    std::span const bytes(reinterpret_cast<char const*>(data), size);
    if (read_all(bytes, size + 1) != read_all(bytes, 1)) std::abort();
    return 0;
}
