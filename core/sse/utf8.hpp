// Bytes from the network as text: the decoding that stands in front of the event stream's syntax.
#pragma once

#include <string>
#include <string_view>

namespace continuo::sse {

/// `bytes` as well-formed UTF-8: what is none becomes U+FFFD, one for each longest piece that
/// begins a sequence and breaks off.
/// Spec: Encoding Standard, "UTF-8 decoder".
std::string decoded(std::string_view bytes);

} // namespace continuo::sse
