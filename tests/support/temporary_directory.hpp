// A directory of a test's own, gone with it.
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>

namespace continuo::test {

class TemporaryDirectory {
public:
    explicit TemporaryDirectory(
        std::filesystem::path const& above = std::filesystem::temp_directory_path()) {
        auto pattern = (above / "continuo-test.XXXXXX").string();
        if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("mkdtemp " + pattern);
        path_ = pattern;
    }
    TemporaryDirectory(TemporaryDirectory const&) = delete;
    TemporaryDirectory& operator=(TemporaryDirectory const&) = delete;
    ~TemporaryDirectory() {
        std::error_code ignored; // nothing left to do about it
        std::filesystem::remove_all(path_, ignored);
    }

    std::filesystem::path const& path() const { return path_; }

    /// Makes a file of `bytes`, and the directories above it.
    void write(std::string_view relative, std::string_view bytes) const {
        auto const file = path_ / relative;
        std::filesystem::create_directories(file.parent_path());
        std::ofstream(file, std::ios::binary) << bytes;
    }
    std::string read(std::string_view relative) const {
        std::ifstream file(path_ / relative, std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }
    bool has(std::string_view relative) const { return std::filesystem::exists(path_ / relative); }

private:
    std::filesystem::path path_;
};

} // namespace continuo::test
