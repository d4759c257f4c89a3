// From a codec's configuration box to its RFC 6381 string. For sample_entry.cpp.
#pragma once

#include "core/mp4/box.hpp"

#include <span>
#include <string>

namespace continuo::mp4 {

/// `format`: of the sample entry, unencrypted; `boxes`: those inside it. The four letters alone
/// where nothing can be read that says more.
std::string codec_text(FourCC format, std::span<Box const> boxes);

} // namespace continuo::mp4
