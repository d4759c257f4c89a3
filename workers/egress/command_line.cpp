#include "workers/egress/command_line.hpp"

#include <algorithm>

namespace continuo::workers::egress {
namespace {

constexpr std::string_view proxy_words = "listening on ";
constexpr std::string_view gateway_words = ", for the gateway on ";
constexpr std::string_view proxy_scheme = "http://";

std::string_view without_scheme(std::string_view url) {
    return url.substr(std::min(url.size(), proxy_scheme.size()));
}

} // namespace

Command serve(std::string const& executable, ServeOptions const& options) {
    Command made{.name = "continuo-egress", .executable = executable, .arguments = {}};
    made.arguments = {"--port", std::to_string(options.port)};
    if (options.allow_private) made.arguments.emplace_back("--allow-private");
    if (!options.gateway.empty()) {
        made.arguments.emplace_back("--gateway");
        made.arguments.push_back(options.gateway);
        made.arguments.emplace_back("--gateway-port");
        made.arguments.push_back(std::to_string(options.gateway_port));
    }
    return made;
}

std::string to_text(Doors const& doors) {
    auto line = std::string(proxy_words).append(without_scheme(doors.proxy));
    if (!doors.gateway.empty()) line.append(gateway_words).append(without_scheme(doors.gateway));
    return line;
}

std::optional<Doors> parse_doors(std::string_view line) {
    if (!line.starts_with(proxy_words)) return std::nullopt;
    line.remove_prefix(proxy_words.size());
    auto const comma = line.find(gateway_words);
    Doors doors{.proxy = std::string(proxy_scheme).append(line.substr(0, comma))};
    if (comma != std::string_view::npos)
        doors.gateway = std::string(proxy_scheme).append(line.substr(comma + gateway_words.size()));
    return doors;
}

std::optional<std::string> reason_in(std::string_view line) {
    auto const mark = line.find(reason_mark);
    if (mark == std::string_view::npos) return std::nullopt;
    line.remove_prefix(mark + reason_mark.size());
    return std::string(line.substr(0, line.find_last_not_of(" \r\n") + 1));
}

} // namespace continuo::workers::egress
