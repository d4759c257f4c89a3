// Runs a fuzzer's corpus without libFuzzer, in every build: each file once, and each of its
// prefixes.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size);

namespace {

/// Of a long file only so many prefixes that a fuzzer that takes it byte by byte is done in a
/// second.
constexpr std::size_t bytes_a_file = 65536;

void replay(std::vector<std::uint8_t> const& bytes) {
    auto const prefixes = bytes.empty() ? 1 : std::max<std::size_t>(4, bytes_a_file / bytes.size());
    auto const step = std::max<std::size_t>(1, bytes.size() / prefixes);
    for (std::size_t size = 0; size < bytes.size(); size += step) {
        // A copy of its own size, so that a sanitizer sees the first byte read beyond it.
        std::vector<std::uint8_t> const prefix(bytes.begin(),
                                               bytes.begin() + static_cast<std::ptrdiff_t>(size));
        LLVMFuzzerTestOneInput(prefix.data(), prefix.size());
    }
    LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
}

} // namespace

int main(int argc, char** argv) {
    unsigned files = 0;
    for (int i = 1; i < argc; ++i)
        for (auto const& entry : std::filesystem::recursive_directory_iterator(argv[i])) {
            if (!entry.is_regular_file()) continue;
            std::ifstream file(entry.path(), std::ios::binary);
            replay({std::istreambuf_iterator<char>(file), {}});
            ++files;
        }
    std::printf("%u files replayed\n", files);
    return files > 0 ? 0 : 1;
}
