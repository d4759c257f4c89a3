// The configuration that a command works with: found, read, and taken apart.
#pragma once

#include "cli/options.hpp"
#include "core/config/load.hpp"

#include <boost/system/result.hpp>

#include <string>
#include <vector>

namespace continuo::cli {

struct Configuration {
    fs::path file;
    std::string text;
    config::Config config;
};

/// The file that is meant where none, or `given`, was named.
fs::path config_file(ConfigFile const& given);

/// Problems come as lines for stderr.
boost::system::result<Configuration, std::vector<std::string>>
load_configuration(ConfigFile const& given);

void print_problems(std::vector<std::string> const& lines);

/// The directory that a daemon with this `runtime_dir` in its configuration works in.
fs::path runtime_dir_of(fs::path const& configured);

} // namespace continuo::cli
