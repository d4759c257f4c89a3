#include "cli/space.hpp"

#include <fmt/format.h>

#include <numeric>

namespace continuo::cli {
namespace {

std::uint64_t mebibytes(std::uint64_t bytes) {
    return bytes >> 20;
}

} // namespace

std::string complaint_about_budgets(std::vector<config::Channel> const& channels,
                                    std::uint64_t size_bytes, std::string_view directory) {
    auto const wanted =
        std::accumulate(channels.begin(), channels.end(), std::uint64_t{0},
                        [](std::uint64_t sum, auto const& channel) {
                            return config::is_linear(channel) ? sum : sum + channel.budget_bytes;
                        });
    if (wanted <= size_bytes) return {};
    return fmt::format(
        "the channels' budgets add up to {} MiB, but the file system of \"{}\" holds "
        "{} MiB; lower budget or give it more room: mount -o remount,size={}M {}",
        mebibytes(wanted), directory, mebibytes(size_bytes), mebibytes(wanted) + 1, directory);
}

} // namespace continuo::cli
