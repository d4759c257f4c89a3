// Where a transport stream over UDP is listened for: udp://@239.1.2.3:5000 on the command line.
#pragma once

#include "core/base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace continuo::segment {

struct UdpAddress {
    std::string host; ///< a number; empty: whatever comes to this machine
    std::uint16_t port{};
    std::string interface {}; ///< the address of ours at which a group is joined; empty: the
                              ///< system's choice

    friend bool operator==(UdpAddress const&, UdpAddress const&) = default;
};

bool is_udp(std::string_view text) noexcept;

/// "udp://@HOST:PORT", the @ may be left out, with "?localaddr=ADDRESS" as ffmpeg has it; IPv6 in
/// brackets. Errors: `Errc::malformed`; `Errc::unsupported` for other parameters.
Result<UdpAddress> parse_udp_address(std::string_view text);

} // namespace continuo::segment
