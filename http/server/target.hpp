// The request-target of a request line -> a decoded path and a query; no path that leaves here
// points above the root.
#pragma once

#include "core/base/result.hpp"

#include <string>
#include <string_view>

namespace continuo::server {

struct Target {
    std::string path;       ///< starts with '/', percent-decoded, no "." or ".." segments; or "*"
    std::string_view query; ///< as sent, without the '?'; points into the text that was parsed
};

/// Understands origin-form, absolute-form ("http://host/path") and "*".
/// Errors: `Errc::malformed` for a bad escape, a control character, NUL, '#', an encoded '/' or
/// '\', and for
/// ".." above the root.
/// Spec: RFC 9112 §3.2; RFC 3986 §5.2.4 (dot segments).
Result<Target> parse_target(std::string_view text);

} // namespace continuo::server
