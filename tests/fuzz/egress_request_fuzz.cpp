// What clients of the proxy send: whatever it is, an origin is sent one request that ends with the
// answer, and nobody is connected to who must not be.
#include "core/base/address_guard.hpp"
#include "workers/egress/door.hpp"
#include "workers/egress/request.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <variant>

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    namespace egress = continuo::egress;
    auto const parsed = egress::parse_request({reinterpret_cast<char const*>(data), size});
    if (auto const* const refusal = std::get_if<egress::Refusal>(&parsed)) {
        if (refusal->status < 400 || refusal->reason.empty()) std::abort();
        if (refusal->reason.find_first_of("\r\n") != std::string::npos) std::abort();
        return 0;
    }
    auto const& [place, is_tunnel, head] = std::get<egress::Request>(parsed);
    if (place.host.empty() || place.port == 0 || head.empty() != is_tunnel) std::abort();
    if (place.address && !continuo::may_be_reached(*place.address, false) &&
        egress::check_place({}, place))
        std::abort();
    if (is_tunnel) return 0;
    if (!head.starts_with("GET /") && !head.starts_with("HEAD /")) std::abort();
    if (!head.ends_with("\r\nConnection: close\r\n\r\n")) std::abort();
    if (head.find("\r\n\r\n") + 4 != head.size()) std::abort();
    for (std::size_t at = head.find('\n'); at != std::string::npos; at = head.find('\n', at + 1))
        if (head[at - 1] != '\r') std::abort();
    return 0;
}
