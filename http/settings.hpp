// What the command line, config.yaml and the token file say together, at start and at each reload.
#pragma once

#include "core/config/config.hpp"
#include "core/config/units.hpp"

#include <boost/system/result.hpp>

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace continuo {

struct Options {
    std::filesystem::path config_file;
    std::optional<config::Endpoint> listen; ///< instead of http.listen
};

/// --listen: as http.listen, and port 0, which takes a free one (the log names it).
std::optional<config::Endpoint> parse_listen(std::string_view text);

/// What a reload replaces.
struct Settings {
    config::Config config;
    std::string token;         ///< of http.token_file; empty without one
    std::string watch_token{}; ///< of watch.token_file, likewise

    friend bool operator==(Settings const&, Settings const&) = default;
};

/// One line for each thing that is wrong: "config.yaml:12:17: http.threads: ...".
using Problems = std::vector<std::string>;

boost::system::result<Settings, Problems> load_settings(Options const& options);

/// Keys that a running process can't take over from `next`, as they are called in the file.
std::vector<std::string> keys_that_need_restart(config::Config const& running,
                                                config::Config const& next);

} // namespace continuo
