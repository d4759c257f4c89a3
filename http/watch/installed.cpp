#include "http/watch/installed.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string>

namespace continuo::watch {

bool is_installed(std::string_view program) {
    auto const* const path = std::getenv("PATH"); // nobody here changes the environment
    return path != nullptr && is_installed(program, path);
}

bool is_installed(std::string_view program, std::string_view path) {
    while (!path.empty()) {
        auto const end = std::min(path.find(':'), path.size());
        auto const directory = path.substr(0, end);
        path.remove_prefix(std::min(end + 1, path.size()));
        if (directory.empty()) continue;
        auto const file = std::filesystem::path(directory) / program;
        std::error_code ignored; // what can't be looked at is not there for us
        if (std::filesystem::is_regular_file(file, ignored) && ::access(file.c_str(), X_OK) == 0)
            return true;
    }
    return false;
}

} // namespace continuo::watch
