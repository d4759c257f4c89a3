// Which URLs viewers may have this machine watch, and what mpv is given for them: the rule that
// HTTP and daemon hold against what strangers write, before anything is started or fetched. What
// names lead to is checked by continuo-egress, when it connects.
#pragma once

#include "core/base/result.hpp"
#include "core/base/web_place.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace continuo {

inline constexpr std::size_t longest_watch_url = 4096; // bytes

/// What of a gateway's URL stands for the link.
inline constexpr std::string_view magnet_blank = "{magnet}";

/// Of the operator: config::Watch.
struct WatchUrlRules {
    std::string torrent_gateway{}; ///< URL with {magnet}; empty: magnet links are refused
    bool allow_private{false};     ///< names, addresses and ports of a home are fine, too
};

struct WatchUrl {
    /// What is fetched; the same for texts that mean the same place: scheme and host in lower case,
    /// no default port, no fragment, no character that a URL may not hold.
    std::string url;
    bool is_magnet{false}; ///< `url` is the gateway's: it goes through the gateway's door
};

/// http and https, without user and password, to a place that `check_web_place` allows; magnet
/// links (one BitTorrent hash, BEP 9 or BEP 52) where there is a gateway.
/// Errors: `Errc::malformed` for what is no URL, `Errc::unsupported` for what is not watched here;
/// the context is a sentence for people, without any of `text`.
Result<WatchUrl> parse_watch_url(std::string_view text, WatchUrlRules const& rules);

/// Whom a torrent gateway's URL leads to; its user and password are the gateway's business.
/// Errors: `Errc::malformed`, the context being a sentence.
Result<WebPlace> parse_gateway(std::string_view url);

} // namespace continuo
