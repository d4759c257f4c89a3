#include "supervisor/segment/directory_watch.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/wait_until.hpp"

#include <doctest/doctest.h>

#include <sys/inotify.h>

#include <cstring>

namespace continuo::segment::directory_watch_test {

using test::TemporaryDirectory;
using test::wait_until;
using Names = std::vector<std::string>;
using Kind = FileEvent::Kind;

/// A record as the kernel writes it: the name padded with zeros to a multiple of 16 bytes.
std::vector<std::byte> record(int watch, std::uint32_t mask, std::string const& name) {
    auto const padded = name.empty() ? 0 : (name.size() / 16 + 1) * 16;
    std::vector<std::byte> bytes(sizeof(inotify_event) + padded);
    inotify_event event{};
    event.wd = watch;
    event.mask = mask;
    event.len = static_cast<std::uint32_t>(padded);
    std::memcpy(bytes.data(), &event, sizeof event);
    std::memcpy(bytes.data() + sizeof event, name.data(), name.size());
    return bytes;
}

struct Sample {
    std::vector<std::byte> bytes;
    std::vector<FileEvent> events;
    std::vector<std::size_t> ends; ///< of each record that yields an event
};

Sample sample() {
    Sample result;
    auto const append = [&](std::vector<std::byte> const& bytes) {
        result.bytes.insert(result.bytes.end(), bytes.begin(), bytes.end());
    };
    auto const expect = [&](FileEvent event) {
        result.events.push_back(std::move(event));
        result.ends.push_back(result.bytes.size());
    };
    append(record(1, IN_MOVED_TO, "000000.ts"));
    expect({.kind = Kind::moved_in, .watch = 1, .name = "000000.ts"});
    append(record(2, IN_CREATE, "000000.ts.tmp")); // none of our events
    append(record(2, IN_MOVED_TO, "a name of sixteen"));
    expect({.kind = Kind::moved_in, .watch = 2, .name = "a name of sixteen"});
    append(record(-1, IN_Q_OVERFLOW, ""));
    expect({.kind = Kind::overflowed, .watch = -1, .name = ""});
    append(record(2, IN_IGNORED, ""));
    expect({.kind = Kind::watch_gone, .watch = 2, .name = ""});
    append(record(1, IN_MOVED_TO | IN_ISDIR, "directory"));
    expect({.kind = Kind::moved_in, .watch = 1, .name = "directory"});
    return result;
}

TEST_CASE("directory watch: records are decoded one by one, foreign ones left out") {
    auto const all = sample();
    CHECK(decode_events(all.bytes) == all.events);
    CHECK(decode_events({}).empty());
}

TEST_CASE("directory watch: a record that is cut short ends the list, wherever it is cut") {
    auto const all = sample();
    for (std::size_t length = 0; length < all.bytes.size(); ++length) {
        // A copy of that length, so that a sanitizer sees what is read beyond.
        std::vector<std::byte> const cut(all.bytes.begin(),
                                         all.bytes.begin() + static_cast<std::ptrdiff_t>(length));
        std::size_t whole = 0;
        while (whole < all.ends.size() && all.ends[whole] <= length)
            ++whole;
        CAPTURE(length);
        REQUIRE(decode_events(cut) ==
                std::vector(all.events.begin(),
                            all.events.begin() + static_cast<std::ptrdiff_t>(whole)));
    }
}

TEST_CASE("directory watch: a name without an end stops at its record's") {
    auto bytes = record(1, IN_MOVED_TO, "0123456789abcde");
    bytes.back() = std::byte{'f'};
    auto const next = record(2, IN_MOVED_TO, "x");
    bytes.insert(bytes.end(), next.begin(), next.end());
    auto const events = decode_events(bytes);
    REQUIRE(events.size() == 2);
    CHECK(events[0].name == "0123456789abcdef");
    CHECK(events[1].name == "x");
}

/// Watches of a scratch tree, on a loop of their own.
struct Watched {
    Watched() {
        for (auto const* const name : {"one", "two", "elsewhere"})
            fs::create_directory(scratch.path() / name);
        auto opened = DirectoryWatches::open(loop.get_executor());
        REQUIRE(opened.has_value());
        watches = *std::move(opened);
    }

    std::shared_ptr<void> add(std::string const& directory, Names& names) {
        auto added = watches->add(scratch.path() / directory,
                                  [&names](std::string const& name) { names.push_back(name); });
        REQUIRE(added.has_value());
        return *std::move(added);
    }
    void move_in(std::string const& directory, std::string const& name) const {
        scratch.write("elsewhere/" + name, "x");
        fs::rename(scratch.path() / "elsewhere" / name, scratch.path() / directory / name);
    }

    TemporaryDirectory scratch;
    boost::asio::io_context loop;
    std::unique_ptr<DirectoryWatches> watches;
};

TEST_CASE("directory watch: each watch hears of what is renamed into its directory") {
    Watched watched;
    Names one;
    Names two;
    auto const first = watched.add("one", one);
    auto const second = watched.add("two", two);
    watched.scratch.write("one/written", "in place: no event");
    watched.move_in("one", "a");
    watched.move_in("two", "b");
    watched.move_in("one", "c");
    REQUIRE(wait_until(watched.loop, [&] { return one.size() == 2; }));
    CHECK(one == Names{"a", "c"});
    CHECK(two == Names{"b"});
}

TEST_CASE("directory watch: a handle that is gone hears nothing") {
    Watched watched;
    Names one;
    Names two;
    auto first = watched.add("one", one);
    auto const second = watched.add("two", two);
    watched.move_in("one", "a");
    first.reset();
    watched.move_in("one", "b");
    watched.move_in("two", "c");
    REQUIRE(wait_until(watched.loop, [&] { return !two.empty(); }));
    CHECK(one.empty());
}

TEST_CASE("directory watch: a callback may drop its own watch and add another") {
    Watched watched;
    Names two;
    std::shared_ptr<void> first;
    std::shared_ptr<void> second;
    auto added = watched.watches->add(watched.scratch.path() / "one", [&](std::string const&) {
        first.reset();
        second = watched.add("two", two);
        watched.move_in("two", "b");
    });
    REQUIRE(added.has_value());
    first = *std::move(added);
    watched.move_in("one", "a");
    CHECK(wait_until(watched.loop, [&] { return two == Names{"b"}; }));
}

TEST_CASE("directory watch: a directory that goes takes its watch along") {
    Watched watched;
    Names one;
    Names two;
    auto first = watched.add("one", one);
    fs::remove_all(watched.scratch.path() / "one");
    auto const second = watched.add("two", two);
    watched.move_in("two", "b");
    REQUIRE(wait_until(watched.loop, [&] { return !two.empty(); }));
    first.reset();
    CHECK(one.empty());
}

TEST_CASE("directory watch: a handle may outlive the instance") {
    Watched watched;
    Names one;
    auto first = watched.add("one", one);
    watched.watches.reset();
    first.reset();
    watched.loop.run();
    CHECK(one.empty());
}

TEST_CASE("directory watch: what is no directory is an error with its name") {
    Watched watched;
    watched.scratch.write("file", "x");
    for (auto const* const name : {"missing", "file"}) {
        auto const added = watched.watches->add(watched.scratch.path() / name, [](auto const&) {});
        REQUIRE(added.has_error());
        CHECK(added.error().context.find(name) != std::string::npos);
    }
}

} // namespace continuo::segment::directory_watch_test
