// Any text as what was measured of an asset: what is read is written as something that reads the
// same.
#include "http/dashlive/asset/index.hpp"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    using namespace continuo::dashlive;
    auto const index = parse_asset_index({reinterpret_cast<char const*>(data), size});
    if (!index) return 0;
    auto const again = parse_asset_index(to_text(*index));
    if (!again || *again != *index) std::abort();
    return 0;
}
