#include "http/server/transmission.hpp"
#include "tests/support/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <memory>
#include <string>
#include <utility>

using namespace continuo::server;
using Progress = Transmission::Progress;

namespace {

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

Reply reply_with(RepresentationPtr content, ByteRange bytes) {
    return {.status = 200, .head = "HEAD\r\n\r\n", .content = std::move(content), .bytes = bytes};
}

/// Everything that arrives when the reader takes it in pieces.
std::string transmit(Reply reply) {
    Pair pair;
    Transmission transmission;
    transmission.start(std::move(reply));
    std::string received;
    for (;;) {
        auto const progress = transmission.pump(pair.ours);
        received += pair.read_available();
        if (progress != Progress::again) {
            CHECK(progress == Progress::done);
            return received;
        }
    }
}

RepresentationPtr file_of(std::filesystem::path const& path, std::string const& text) {
    std::ofstream(path, std::ios::binary) << text;
    auto content = std::make_shared<Representation>();
    content->file = OpenFile::open(path).value();
    return content;
}

} // namespace

TEST_CASE("transmission: a header alone, a text, a part of it, each as large as may be") {
    CHECK(transmit(reply_with(nullptr, {})) == "HEAD\r\n\r\n");
    for (std::size_t const size : {0u, 1u, 1000u, 16'384u, 3'000'000u}) {
        auto const text = numbered(size);
        auto const content = represent(text, "text/plain", no_store);
        CHECK(transmit(reply_with(content, {0, size})) == "HEAD\r\n\r\n" + text);
        CHECK(transmit(reply_with(content, {size / 3, size / 2})) ==
              "HEAD\r\n\r\n" + text.substr(size / 3, size / 2));
    }
}

TEST_CASE("transmission: a file, beyond what is sent at once, and a part of it") {
    continuo::test::TemporaryDirectory directory;
    for (std::size_t const size : {0u, 1u, 100'000u, 9'000'000u}) {
        auto const text = numbered(size);
        auto const content = file_of(directory.path() / "file", text);
        CHECK(transmit(reply_with(content, {0, size})) == "HEAD\r\n\r\n" + text);
        CHECK(transmit(reply_with(content, {size / 3, size / 2})) ==
              "HEAD\r\n\r\n" + text.substr(size / 3, size / 2));
    }
}

TEST_CASE("transmission: a file that shrank, and a peer that went away, are broken") {
    std::signal(SIGPIPE, SIG_IGN);
    continuo::test::TemporaryDirectory directory;
    auto const path = directory.path() / "file";
    auto const content = file_of(path, numbered(1000));
    Pair pair;
    Transmission transmission;
    std::filesystem::resize_file(path, 10);
    transmission.start(reply_with(content, {0, 1000}));
    CHECK(transmission.pump(pair.ours) == Progress::broken);

    ::close(std::exchange(pair.theirs, -1));
    transmission.start(reply_with(nullptr, {}));
    CHECK(transmission.pump(pair.ours) == Progress::broken);
}

TEST_CASE("transmission: holds nothing once it is done") {
    Pair pair;
    Transmission transmission;
    auto content = represent("text", "text/plain", no_store);
    std::weak_ptr<Representation const> const held = content;
    transmission.start(reply_with(std::move(content), {0, 4}));
    CHECK(!held.expired());
    CHECK(transmission.pump(pair.ours) == Progress::done);
    CHECK(held.expired());
}

TEST_CASE("open file: regular files only, and it tells when nobody else can open it") {
    continuo::test::TemporaryDirectory directory;
    auto const path = directory.path() / "file";
    auto const content = file_of(path, "12345");
    CHECK(content->size_bytes() == 5);
    CHECK(!content->file.is_removed());
    std::filesystem::create_symlink(path, directory.path() / "link");
    CHECK(!OpenFile::open(directory.path() / "link"));
    CHECK(!OpenFile::open(directory.path()));
    CHECK(!OpenFile::open(directory.path() / "none"));
    std::filesystem::remove(path);
    CHECK(content->file.is_removed());
}
