// One request as the handlers see it: what the reader understood of a client's bytes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace continuo::server {

enum class Method : std::uint8_t {
    get,
    head,
    options,
    post,
    remove, ///< DELETE
    other,  ///< known to HTTP, but to none of our routes
};

/// The views point into the connection's buffer: valid until the answer to this request has been
/// built.
struct Request {
    Method method{Method::get};
    std::string path{}; ///< decoded, dot segments resolved; starts with '/'; "*" for OPTIONS *
    std::string_view query{}; ///< as sent, without the '?'
    bool is_http_1_1{true};
    bool keep_alive{true}; ///< what version and Connection ask for
    bool from_loopback{false};
    std::string_view peer{}; ///< the address at the other end, as text; empty where it is not known

    // Header fields as sent; empty when absent.
    std::string_view host{};
    std::string_view range{};
    std::string_view if_range{};
    std::string_view if_none_match{};
    std::string_view accept_encoding{};
    std::string_view authorization{};
    std::string_view content_type{};
    std::string_view origin{};
    std::string_view fetch_site{};      ///< Sec-Fetch-Site: whose page asks, as its browser says
    bool forwarded{false};              ///< a proxy says that it stands between the client and us
    std::string_view forwarded_proto{}; ///< the client's protocol, as such a proxy says
    std::string_view
        forwarded_for{}; ///< the addresses before it, likewise; the last one is its peer

    std::string_view body{};
};

} // namespace continuo::server
