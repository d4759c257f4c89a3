#include "http/server/directory_changes.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

namespace directory_changes_test {

using namespace continuo::server;

// inotify(7): struct inotify_event, as the kernel lays it out.
constexpr std::uint32_t moved_from = 0x40, moved_to = 0x80, created = 0x100, deleted = 0x200,
                        deleted_self = 0x400, moved_self = 0x800, unmounted = 0x2000,
                        overflowed = 0x4000, ignored = 0x8000, is_directory = 0x40000000;

using Bytes = std::vector<std::byte>;

void append(Bytes& bytes, int watch, std::uint32_t mask, std::string_view name) {
    auto const padded = name.empty() ? 0 : (name.size() / 16 + 1) * 16;
    std::uint32_t const fields[] = {static_cast<std::uint32_t>(watch), mask, 0,
                                    static_cast<std::uint32_t>(padded)};
    auto const begin = bytes.size();
    bytes.resize(begin + sizeof fields + padded);
    std::memcpy(bytes.data() + begin, fields, sizeof fields);
    std::memcpy(bytes.data() + begin + sizeof fields, name.data(), name.size());
}

TEST_CASE("directory changes: each kind, with the name of its entry") {
    struct Row {
        std::uint32_t mask;
        Change change;
    };
    for (auto const& [mask, change] :
         {Row{moved_to, Change::appeared}, Row{created | is_directory, Change::appeared},
          Row{moved_from, Change::disappeared}, Row{deleted, Change::disappeared},
          Row{deleted_self, Change::watch_ended}, Row{moved_self, Change::watch_ended},
          Row{unmounted, Change::watch_ended}, Row{ignored, Change::watch_ended},
          Row{overflowed, Change::reports_lost}}) {
        Bytes bytes;
        append(bytes, 3, mask, "channel.json");
        CHECK(decode_changes(bytes) ==
              std::vector<DirectoryChange>{{.change = change, .watch = 3, .name = "channel.json"}});
    }
}

TEST_CASE("directory changes: records follow each other; a truncated one is left out") {
    Bytes bytes;
    append(bytes, 1, created, "a");
    auto const one = bytes.size();
    append(bytes, 2, deleted_self, "");
    auto const two = bytes.size();
    append(bytes, -1, overflowed, "sixteen_letters_");
    for (std::size_t size = 0; size <= bytes.size(); ++size) {
        auto const changes = decode_changes(std::span(bytes).first(size));
        std::size_t const whole = size < one ? 0 : size < two ? 1 : size < bytes.size() ? 2 : 3;
        REQUIRE(changes.size() == whole);
    }
    auto const changes = decode_changes(bytes);
    CHECK(changes[0].name == "a");
    CHECK(changes[1].name.empty());
    CHECK(changes[2].name == "sixteen_letters_");
    CHECK(changes[2].watch == -1);
}

} // namespace directory_changes_test
