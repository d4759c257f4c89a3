// Texts that a test expects word for word, kept under tests/golden. UPDATE_GOLDEN=1 rewrites them,
// to be reviewed as code.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>

namespace continuo::test {

/// The golden text `name`; under UPDATE_GOLDEN=1 `actual` becomes it.
inline std::string golden(std::string_view name, std::string_view actual) {
    auto const path = std::filesystem::path(CONTINUO_SOURCE_DIR) / "tests/golden" / name;
    if (std::getenv("UPDATE_GOLDEN") != nullptr) {
        std::filesystem::create_directories(path.parent_path());
        std::ofstream(path, std::ios::binary) << actual;
    }
    std::ostringstream text;
    text << std::ifstream(path, std::ios::binary).rdbuf();
    return text.str();
}

} // namespace continuo::test
