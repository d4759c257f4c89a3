// Bytes from outside as text: what servers send, what programs say.
#pragma once

#include <string>
#include <string_view>

namespace continuo {

/// `bytes` as well-formed UTF-8: what is none becomes U+FFFD, one for each longest piece that
/// begins a sequence and breaks off.
/// Spec: Encoding Standard, "UTF-8 decoder".
std::string well_formed_utf8(std::string_view bytes);

} // namespace continuo
