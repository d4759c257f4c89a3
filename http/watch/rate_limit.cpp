#include "http/watch/rate_limit.hpp"

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <utility>

namespace continuo::watch {
namespace {

constexpr std::size_t longest_unknown_address = 64; // bytes

/// One for all addresses of a client.
std::string key_of(std::string_view text) {
    boost::system::error_code code;
    auto const address = boost::asio::ip::make_address(std::string(text), code);
    if (code) return std::string(text.substr(0, longest_unknown_address));
    if (address.is_v4()) return address.to_string();
    auto const v6 = address.to_v6();
    if (v6.is_v4_mapped())
        return boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, v6).to_string();
    auto bytes = v6.to_bytes();
    std::fill(bytes.begin() + 8, bytes.end(), static_cast<unsigned char>(0));
    return boost::asio::ip::address_v6(bytes).to_string();
}

} // namespace

std::optional<std::chrono::milliseconds> RateLimit::refuse(std::string_view address,
                                                           SteadyTime now) {
    auto const key = key_of(address);
    std::lock_guard const lock(mutex_);
    if (restored_.size() >= options_.most_addresses) forget_silent(now);
    auto& restored = restored_.try_emplace(key, now).first->second;
    auto const next = std::max(restored, now) + options_.period;
    auto const latest = now + options_.at_once * options_.period;
    if (next > latest) return std::chrono::ceil<std::chrono::milliseconds>(next - latest);
    restored = next;
    return std::nullopt;
}

/// Those that may do everything again; where all are busy, the one that soonest may.
void RateLimit::forget_silent(SteadyTime now) {
    std::erase_if(restored_, [&](auto const& entry) { return entry.second <= now; });
    if (restored_.size() < options_.most_addresses) return;
    restored_.erase(std::ranges::min_element(
        restored_, [](auto const& a, auto const& b) { return a.second < b.second; }));
}

} // namespace continuo::watch
