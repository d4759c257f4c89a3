// Entity tags and the conditions a client attaches to them.
#pragma once

#include <string>
#include <string_view>

namespace continuo::server {

/// A strong tag of these bytes, with its quotes: "\"9c56cc51b374c3ba\"".
std::string etag_of(std::string_view bytes);

/// Whether If-None-Match (`field`) names `etag`, so that 304 is the answer; weak comparison.
/// False for an empty field or tag. Spec: RFC 9110 §13.1.2.
bool none_match_hits(std::string_view field, std::string_view etag) noexcept;

/// Whether a Range may be served in the presence of If-Range (`field`): it is absent, or it names
/// `etag` strongly. A date never holds, since no answer of ours carries Last-Modified. Spec: RFC
/// 9110 §13.1.5.
bool if_range_holds(std::string_view field, std::string_view etag) noexcept;

} // namespace continuo::server
