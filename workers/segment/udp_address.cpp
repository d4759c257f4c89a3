#include "workers/segment/udp_address.hpp"

#include <charconv>

namespace continuo::segment {
namespace {

constexpr std::string_view scheme = "udp://";
constexpr std::string_view local_address = "localaddr=";

Error malformed(std::string_view text) {
    return fail(Errc::malformed, "\"" + std::string(text) + "\" is not udp://@HOST:PORT");
}

} // namespace

bool is_udp(std::string_view text) noexcept {
    return text.starts_with(scheme);
}

Result<UdpAddress> parse_udp_address(std::string_view text) {
    if (!is_udp(text)) return malformed(text);
    auto rest = text.substr(scheme.size());
    if (rest.starts_with('@')) rest.remove_prefix(1);
    UdpAddress address;
    if (auto const question = rest.find('?'); question != std::string_view::npos) {
        auto const parameter = rest.substr(question + 1);
        if (!parameter.starts_with(local_address) ||
            parameter.find('&') != std::string_view::npos) {
            return fail(Errc::unsupported, "\"" + std::string(parameter) + "\"");
        }
        address.interface = parameter.substr(local_address.size());
        rest = rest.substr(0, question);
    }
    auto const colon = rest.rfind(':');
    if (colon == std::string_view::npos) return malformed(text);
    auto const port = rest.substr(colon + 1);
    auto const [end, code] = std::from_chars(port.data(), port.data() + port.size(), address.port);
    if (code != std::errc{} || end != port.data() + port.size() || address.port == 0) {
        return malformed(text);
    }
    auto host = rest.substr(0, colon);
    auto const has_brackets = host.starts_with('[') && host.ends_with(']');
    if (has_brackets) host = host.substr(1, host.size() - 2);
    auto const has_colon = host.find(':') != std::string_view::npos;
    if (has_brackets != has_colon || host.find_first_of("[]@/") != std::string_view::npos) {
        return malformed(text);
    }
    address.host = host;
    return address;
}

} // namespace continuo::segment
