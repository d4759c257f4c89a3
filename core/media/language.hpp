// Names of languages that mean the same: files say "ger" or "deu", people "de".
#pragma once

#include <string_view>

namespace continuo::media {

/// Of ASCII; all else stays as it is.
constexpr char lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// Whether both name one language, in whatever case; regions ("de-CH") are left out of account.
/// Spec: ISO 639-1 and both kinds of ISO 639-2, for the languages that have several codes.
bool is_same_language(std::string_view one, std::string_view other) noexcept;

} // namespace continuo::media
