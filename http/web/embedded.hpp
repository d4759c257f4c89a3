// What embed.py wrote at build time.
#pragma once

#include <span>
#include <string_view>

namespace continuo::web {

struct EmbeddedFile {
    std::string_view name;
    std::string_view text;
};
std::span<EmbeddedFile const> embedded_files();

extern std::string_view const hls_version;  ///< of the hls.js that is embedded as "hls.js"
extern std::string_view const dash_version; ///< of the dash.js that is embedded as "dash.js"

} // namespace continuo::web
