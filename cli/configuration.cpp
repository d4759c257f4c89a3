#include "cli/configuration.hpp"

#include "core/contract/layout.hpp"
#include "core/os/file.hpp"
#include "core/os/runtime_dir.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <iterator>
#include <system_error>
#include <utility>

namespace continuo::cli {

fs::path config_file(ConfigFile const& given) {
    if (given) return *given;
    fs::path const here = "config.yaml";
    std::error_code ignored;
    return fs::exists(here, ignored) ? here : "/etc/continuo/config.yaml";
}

boost::system::result<Configuration, std::vector<std::string>>
load_configuration(ConfigFile const& given) {
    using Lines = std::vector<std::string>;
    Configuration configuration{.file = config_file(given), .text = {}, .config = {}};
    auto text = os::read_file(configuration.file);
    if (!text) return Lines{configuration.file.string() + ": " + text.error().code.message()};
    configuration.text = std::move(*text);
    auto loaded = config::load(configuration.text, configuration.file.string());
    if (!loaded) {
        Lines lines;
        std::ranges::transform(loaded.error(), std::back_inserter(lines),
                               [](auto const& problem) { return to_text(problem); });
        return lines;
    }
    configuration.config = std::move(*loaded);
    return configuration;
}

void print_problems(std::vector<std::string> const& lines) {
    for (auto const& line : lines)
        fmt::print(stderr, "{}\n", line);
}

fs::path runtime_dir_of(fs::path const& configured) {
    return os::readers_runtime_dir(configured, contract::channels_directory);
}

} // namespace continuo::cli
