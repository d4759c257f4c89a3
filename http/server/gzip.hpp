// The one content coding that we speak besides identity.
#pragma once

#include <string>
#include <string_view>

namespace continuo::server {

/// The same bytes for the same text: no time stamp, no name. Spec: RFC 1952.
std::string gzip(std::string_view text);

/// Whether Accept-Encoding allows gzip: it, or "*", stands there with a weight above 0. Spec: RFC
/// 9110 §12.5.3.
bool accepts_gzip(std::string_view accept_encoding) noexcept;

} // namespace continuo::server
