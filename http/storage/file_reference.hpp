// What a playlist of an asset calls a file, and where in the asset's folder that is. Pure; no file
// outside of the folder has a name here.
#pragma once

#include "http/storage/refusal.hpp"

#include <string>
#include <string_view>

namespace continuo::storage {

/// The path, from the asset's folder on, of what `playlist` (a path of that kind) means by
/// `reference`. Refused: absolute URIs and paths, and what leads out of the folder. Spec: RFC 3986
/// §5.2.4; a query is passed over, as it is by servers of files.
Accepted<std::string> path_of(std::string_view playlist, std::string_view reference);

/// The same path as a relative URI.
std::string uri_of(std::string_view path);

/// Whether `text` begins with a scheme, so that it is not relative to anything: "https://...",
/// "data:...".
bool has_scheme(std::string_view text) noexcept;

} // namespace continuo::storage
