#include "http/server/transmission.hpp"
#include "tests/support/body_text.hpp"
#include "tests/support/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace transmission_test {

using namespace continuo::server;
using Progress = Transmission::Progress;

/// Two ends of a connection within the process; the reading end never blocks.
struct Pair {
    Pair() {
        int fds[2];
        REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds) == 0);
        ours = fds[0];
        theirs = fds[1];
    }
    ~Pair() {
        ::close(ours);
        if (theirs >= 0) ::close(theirs);
    }
    std::string read_available() const {
        std::string data;
        char buffer[10'000];
        for (ssize_t size; (size = ::read(theirs, buffer, sizeof buffer)) > 0;)
            data.append(buffer, static_cast<std::size_t>(size));
        return data;
    }

    int ours{};
    int theirs{};
};

std::string numbered(std::size_t size) {
    std::string text;
    while (text.size() < size)
        text += std::to_string(text.size()) + ' ';
    text.resize(size);
    return text;
}

constexpr std::string_view head = "HEAD\r\n\r\n";

using BodyPtr = std::shared_ptr<Body const>;

/// Everything that arrives when the reader takes it in pieces; `progress` of the last pump.
std::string transmit(BodyPtr body, ByteRange bytes, Pair& pair, Progress& progress) {
    Transmission transmission;
    transmission.start(std::string(head), std::move(body), bytes);
    std::string received;
    do {
        progress = transmission.pump(pair.ours);
        received += pair.read_available();
    } while (progress == Progress::again);
    return received;
}

std::string transmit(BodyPtr body, ByteRange bytes) {
    Pair pair;
    Progress progress{};
    auto received = transmit(std::move(body), bytes, pair, progress);
    CHECK(progress == Progress::done);
    return received;
}

std::shared_ptr<OpenFile const> file_of(std::filesystem::path const& path,
                                        std::string const& text) {
    std::ofstream(path, std::ios::binary) << text;
    return std::make_shared<OpenFile const>(OpenFile::open(path).value());
}

BodyPtr text_body(std::string text) {
    return std::make_shared<Body const>(std::move(text));
}

/// Up to 9 pieces of all kinds, most of them short, of `file`, which is numbered(100'000).
BodyPtr random_body(std::mt19937& random, std::shared_ptr<OpenFile const> const& file) {
    auto const below = [&](std::size_t end) { return random() % end; };
    auto const text = numbered(100'000);
    auto body = std::make_shared<Body>();
    for (auto count = below(10); count > 0; --count) {
        auto const offset = below(50'000);
        auto const length = below(8) == 0 ? below(50'000) : below(100);
        switch (below(5)) {
        case 0: body->append(text.substr(offset, length)); break;
        case 1:
            body->append(
                std::vector<std::uint8_t>(text.begin() + static_cast<long>(offset),
                                          text.begin() + static_cast<long>(offset + length)));
            break;
        case 2: {
            auto const owner = std::make_shared<std::string>(text.substr(offset, length));
            body->append(SharedBytes{.owner = owner, .bytes = *owner});
            break;
        }
        default: body->append(FileRegion{.file = file, .offset = offset, .length = length});
        }
    }
    return body;
}

TEST_CASE("transmission: a header alone, a text, a part of it, each as large as may be") {
    CHECK(transmit(nullptr, {}) == head);
    for (std::size_t const size : {0u, 1u, 1000u, 16'384u, 3'000'000u}) {
        auto const text = numbered(size);
        CHECK(transmit(text_body(text), {0, size}) == std::string(head) + text);
        CHECK(transmit(text_body(text), {size / 3, size / 2}) ==
              std::string(head) + text.substr(size / 3, size / 2));
    }
}

TEST_CASE("transmission: a file, beyond what is sent at once, and a part of it") {
    continuo::test::TemporaryDirectory directory;
    for (std::size_t const size : {0u, 1u, 100'000u, 9'000'000u}) {
        auto const text = numbered(size);
        auto const body = std::make_shared<Body const>(file_of(directory.path() / "file", text));
        CHECK(transmit(body, {0, size}) == std::string(head) + text);
        CHECK(transmit(body, {size / 3, size / 2}) ==
              std::string(head) + text.substr(size / 3, size / 2));
    }
}

TEST_CASE("transmission: any range of any pieces is the same bytes, wherever the socket is full") {
    continuo::test::TemporaryDirectory directory;
    auto const file = file_of(directory.path() / "file", numbered(100'000));
    std::mt19937 random(4711);
    for (int round = 0; round < 2000; ++round) {
        auto const body = random_body(random, file);
        auto const text = continuo::test::text_of(*body);
        REQUIRE(body->size_bytes() == text.size());
        auto const first = text.empty() ? 0 : random() % text.size();
        auto const length = text.empty() ? 0 : 1 + random() % (text.size() - first);
        Pair pair;
        int const buffer = 1; // bytes; the kernel makes it as small as it may be
        REQUIRE(::setsockopt(pair.ours, SOL_SOCKET, SO_SNDBUF, &buffer, sizeof buffer) == 0);
        Progress progress{};
        auto const received = transmit(body, {first, length}, pair, progress);
        CHECK(progress == Progress::done);
        CHECK((received == std::string(head) + text.substr(first, length)));
        CHECK((transmit(body, {0, text.size()}) == std::string(head) + text));
    }
}

TEST_CASE("transmission: more pieces than one call takes") {
    auto body = std::make_shared<Body>();
    std::string text;
    for (int i = 0; i < 100; ++i) {
        body->append(std::to_string(i));
        text += std::to_string(i);
    }
    CHECK(transmit(body, {0, text.size()}) == std::string(head) + text);
}

TEST_CASE("transmission: a text, and a header with its file, take one call and two") {
    // A socket that keeps each call's bytes apart tells how many there were.
    int ends[2];
    REQUIRE(::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0, ends) == 0);
    auto const packet = [&] {
        char buffer[1000];
        auto const size = ::read(ends[1], buffer, sizeof buffer);
        return size < 0 ? std::string("none") : std::string(buffer, static_cast<std::size_t>(size));
    };
    continuo::test::TemporaryDirectory directory;
    auto body = std::make_shared<Body>("moof");
    body->append(std::string("mdat"));
    body->append(FileRegion{
        .file = file_of(directory.path() / "file", "0123456789"), .offset = 2, .length = 4});
    Transmission transmission;
    transmission.start("HEAD ", body, {0, body->size_bytes()});
    CHECK(transmission.pump(ends[0]) == Progress::done);
    CHECK(packet() == "HEAD moofmdat");
    CHECK(packet() == "2345");
    CHECK(packet() == "none");
    ::close(ends[0]);
    ::close(ends[1]);
}

TEST_CASE("transmission: a file that shrank, and a peer that went away, are broken") {
    std::signal(SIGPIPE, SIG_IGN);
    continuo::test::TemporaryDirectory directory;
    auto const path = directory.path() / "file";
    auto const body = std::make_shared<Body const>(file_of(path, numbered(1000)));
    Pair pair;
    std::filesystem::resize_file(path, 10);
    Progress progress{};
    CHECK(transmit(body, {0, 1000}, pair, progress) == std::string(head) + numbered(10));
    CHECK(progress == Progress::broken);

    ::close(std::exchange(pair.theirs, -1));
    Transmission transmission;
    transmission.start(std::string(head), nullptr, {});
    CHECK(transmission.pump(pair.ours) == Progress::broken);
}

TEST_CASE("transmission: holds nothing once it is done") {
    Pair pair;
    Transmission transmission;
    auto body = text_body("text");
    std::weak_ptr<Body const> const held = body;
    transmission.start(std::string(head), std::move(body), {0, 4});
    CHECK(!held.expired());
    CHECK(transmission.pump(pair.ours) == Progress::done);
    CHECK(held.expired());
}

TEST_CASE("open file: regular files only, and it tells when nobody else can open it") {
    continuo::test::TemporaryDirectory directory;
    auto const path = directory.path() / "file";
    auto const file = file_of(path, "12345");
    CHECK(file->size_bytes() == 5);
    CHECK(!file->is_removed());
    std::filesystem::create_symlink(path, directory.path() / "link");
    CHECK(!OpenFile::open(directory.path() / "link"));
    CHECK(!OpenFile::open(directory.path()));
    CHECK(!OpenFile::open(directory.path() / "none"));
    std::filesystem::remove(path);
    CHECK(file->is_removed());
}

} // namespace transmission_test
