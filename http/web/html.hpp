// Texts put into pages that are made on the server. Pure.
#pragma once

#include <string>
#include <string_view>

namespace continuo::web {

/// Text for HTML, attribute values included.
std::string escaped(std::string_view text);

/// `page` with each `{{name}}` replaced by `text`, which is HTML already.
std::string filled(std::string_view page, std::string_view name, std::string_view text);

} // namespace continuo::web
