// A splice_info_section as people and tools pass it on in text.
#pragma once

#include "core/scte35/splice_info.hpp"

#include <string_view>

namespace continuo::scte35 {

struct CueText {
    Bytes section;
    SpliceInfo info;
};

/// Base64 ("/DAl..."), hexadecimal with 0x or beginning with "FC", or one big decimal number;
/// blanks around it are passed over. Errors: `Errc::malformed` for anything else,
/// `Errc::out_of_range` for more than a section holds, and those of `parse_splice_info`; bytes
/// behind the section are malformed.
Result<CueText> parse_cue_text(std::string_view text);

} // namespace continuo::scte35
