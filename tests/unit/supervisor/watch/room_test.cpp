#include "supervisor/watch/room.hpp"

#include <doctest/doctest.h>

#include <unistd.h>

#include <filesystem>
#include <string>

namespace continuo::sessions {
namespace {

TEST_CASE("room: what is kept back is there once, until it is used") {
    auto const directory =
        std::filesystem::temp_directory_path() / ("continuo-room-" + std::to_string(::getpid()));
    std::filesystem::create_directory(directory);
    Room room(directory);
    CHECK_FALSE(room.use_reserve());
    room.keep_reserve();
    room.keep_reserve();
    CHECK(std::filesystem::file_size(directory / "reserve") == 256 * 1024);
    for (int piece = 0; piece < 256 / 8; ++piece)
        CHECK(room.use_reserve());
    CHECK(std::filesystem::is_empty(directory));
    CHECK_FALSE(room.use_reserve());
    room.keep_reserve();
    room.drop_reserve();
    CHECK(std::filesystem::is_empty(directory));
    std::filesystem::remove_all(directory);
}

TEST_CASE("room: it is full where a segment finds no room") {
    auto const directory = std::filesystem::temp_directory_path();
    auto const free = std::filesystem::space(directory).available;
    Room const room(directory);
    CHECK_FALSE(room.is_full(free / 2));
    CHECK(room.is_full(2 * free));
}

TEST_CASE("room: where nobody can tell there is some") {
    Room const room("/nowhere/at/all");
    CHECK(room.has_some());
    CHECK_FALSE(room.is_full(1 << 30));
}

} // namespace
} // namespace continuo::sessions
