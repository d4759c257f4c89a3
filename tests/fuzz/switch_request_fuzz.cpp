// A client's body: what is taken is a stream's URL and can be told back.
#include "core/base/stream_url.hpp"
#include "http/status/switch_request.hpp"

#include <cstdint>
#include <cstdlib>

using namespace continuo;

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const url = status::parse_switch_request({reinterpret_cast<char const*>(data), size});
    if (!url) return 0;
    if (!check_stream_url(*url)) std::abort();
    (void)status::switching_json("live", *url); // throws where it is no UTF-8
    return 0;
}
