#include "supervisor/watch/room.hpp"

#include "core/os/file.hpp"

#include <cstdint>
#include <string>
#include <utility>

namespace continuo::sessions {
namespace {

constexpr std::uint64_t mebibyte = 1 << 20;
constexpr std::uint64_t kept_back = mebibyte / 4;
constexpr std::uint64_t piece = 8192;
/// Less is gone before the first segments are listed.
constexpr std::uint64_t least_to_begin = 8 * mebibyte;

std::uint64_t free_below(std::filesystem::path const& directory) {
    auto const found = os::file_system_of(directory);
    return found ? found->free_bytes : std::uint64_t{0} - 1; // then nobody knows
}

} // namespace

Room::Room(std::filesystem::path directory)
    : directory_(std::move(directory)), reserve_(directory_ / "reserve") {}

void Room::keep_reserve() {
    std::error_code code;
    if (std::filesystem::exists(reserve_, code) || free_below(directory_) < least_to_begin) return;
    (void)os::replace_file(reserve_, std::string(kept_back, '\0'), os::Readers::owner);
}

bool Room::use_reserve() {
    std::error_code code;
    auto const size = std::filesystem::file_size(reserve_, code);
    if (code) return false;
    if (size <= piece) return std::filesystem::remove(reserve_, code);
    std::filesystem::resize_file(reserve_, size - piece, code);
    return !code;
}

void Room::drop_reserve() {
    std::error_code code;
    std::filesystem::remove(reserve_, code);
}

bool Room::has_some() const {
    return free_below(directory_) >= least_to_begin;
}

bool Room::is_full(std::uint64_t segment_bytes) const {
    return free_below(directory_) < segment_bytes;
}

} // namespace continuo::sessions
