// Any environment ("NAME=value" between NULs, as in /proc/PID/environ): a config that loads, or
// complaints of one line each.
#include "core/config/environment.hpp"
#include "core/config/load.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <string>
#include <string_view>

namespace {

std::map<std::string, std::string> variables_in(std::string_view block) {
    std::map<std::string, std::string> variables;
    while (!block.empty()) {
        auto const entry = block.substr(0, block.find('\0'));
        auto const equals = entry.find('=');
        if (equals != std::string_view::npos)
            variables.emplace(entry.substr(0, equals), entry.substr(equals + 1));
        block.remove_prefix(std::min(entry.size() + 1, block.size()));
    }
    return variables;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    namespace config = continuo::config;
    auto const variables = variables_in({reinterpret_cast<char const*>(data), size});
    auto const made =
        config::from_environment([&](std::string const& name) -> std::optional<std::string> {
            auto const found = variables.find(name);
            if (found == variables.end()) return {};
            return found->second;
        });
    if (made) {
        if (!config::load(made->yaml, "/run/continuo/from-env.yaml")) std::abort();
        return 0;
    }
    if (made.error().empty()) std::abort();
    for (auto const& line : made.error())
        if (line.empty() || line.find('\n') != std::string::npos) std::abort();
    return 0;
}
