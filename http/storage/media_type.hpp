// What the files of assets are, told from their names. Pure.
#pragma once

#include <string_view>

namespace continuo::storage {

/// "video/mp2t" for "720p/3.ts"; application/octet-stream for what we do not know.
std::string_view media_type_of(std::string_view path) noexcept;

} // namespace continuo::storage
