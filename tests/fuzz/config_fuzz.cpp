// Any bytes as config.yaml: a config or complaints with a place in the file, never a crash or an
// exception.
#include "core/config/load.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    namespace config = continuo::config;
    auto const result =
        config::load({reinterpret_cast<char const*>(data), size}, "/etc/continuo/config.yaml");
    if (result) return 0;
    if (result.error().empty()) std::abort();
    for (auto const& problem : result.error()) {
        if (problem.line < 1 || problem.column < 1 || problem.message.empty()) std::abort();
        if (config::to_text(problem).find('\n') != std::string::npos) std::abort();
    }
    return 0;
}
