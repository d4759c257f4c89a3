// How composed segments are sent: from files, and chunk by chunk.
#include "http/dashlive/chunk_stream.hpp"
#include "http/dashlive/media_answer.hpp"
#include "tests/support/body_text.hpp"
#include "tests/support/temporary_directory.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <doctest/doctest.h>

#include <chrono>
#include <string>

namespace media_answer_test {

using namespace continuo;
using namespace continuo::dashlive;
using namespace std::chrono_literals;

namespace asio = boost::asio;

std::vector<std::uint8_t> bytes(std::string_view text) {
    return {text.begin(), text.end()};
}

DateTime at(std::int64_t ms) {
    return DateTime{milliseconds{ms}};
}

/// What `made` comes to, run on a loop of its own.
template <class T>
T result_of(asio::awaitable<T> made) {
    asio::io_context loop;
    auto result = asio::co_spawn(loop, std::move(made), asio::use_future);
    loop.run();
    return result.get();
}

/// A folder with "media.mp4", and what is needed to answer from it.
struct Folder {
    Folder() {
        directory.write("media.mp4", "0123456789");
        root = std::filesystem::canonical(directory.path());
        asset.name = "asset";
        asset.folder = root;
    }

    Answer<server::Response> answer(Composed composed, std::int64_t now_ms = 0) {
        MediaFacts const facts{.content_type = "video/mp4", .caching = "max-age=5"};
        Moment const moment{.now = at(now_ms), .steady = std::chrono::steady_clock::now()};
        return result_of(media_answer(files, asset, root, composed, facts, moment));
    }

    test::TemporaryDirectory directory;
    std::filesystem::path root;
    Asset asset;
    storage::Openers openers;
    PartFiles files{openers};
};

Composed composed_of(std::vector<Chunk> chunks) {
    Composed composed;
    composed.chunks = std::move(chunks);
    return composed;
}

Chunk chunk_of(std::string_view text, std::optional<FilePart> part = {}, std::int64_t due_ms = 0) {
    Chunk chunk;
    chunk.pieces.push_back({.bytes = bytes(text), .file = std::move(part)});
    chunk.due = at(due_ms);
    return chunk;
}

FilePart part(std::uint64_t offset, std::uint64_t count, std::string path = "media.mp4") {
    return {.path = std::move(path), .offset = offset, .bytes = count};
}

std::string text_of(server::Response const& response) {
    return test::text_of(response.content->body);
}

TEST_CASE("a segment is bytes of ours and parts of files, in turn") {
    Folder folder;
    auto const answer =
        folder.answer(composed_of({chunk_of("head", part(2, 3)), chunk_of("|", part(9, 1))}));
    REQUIRE(answer.has_value());
    CHECK(text_of(*answer) == "head234|9");
    CHECK(answer->content->content_fields == "Content-Type: video/mp4\r\n");
    CHECK(answer->content->cache_fields ==
          "Cache-Control: max-age=5\r\nETag: " + answer->content->etag + "\r\n");
    CHECK_FALSE(answer->stream);
}

TEST_CASE("a tag stands for the bytes of ours, the parts of files, and the files") {
    Folder folder;
    auto const tag = [&](Chunk chunk) {
        return folder.answer(composed_of({std::move(chunk)}))->content->etag;
    };
    auto const first = tag(chunk_of("head", part(2, 3)));
    CHECK(first == tag(chunk_of("head", part(2, 3))));
    CHECK(first != tag(chunk_of("tail", part(2, 3))));
    CHECK(first != tag(chunk_of("head", part(3, 3))));
    CHECK(first != tag(chunk_of("head", part(2, 4))));
    folder.directory.write("other.mp4", "0123456789");
    CHECK(first != tag(chunk_of("head", part(2, 3, "other.mp4"))));
}

TEST_CASE("a file that is gone, or too short by now, is 404") {
    Folder folder;
    for (auto const& missing : {part(0, 1, "gone.mp4"), part(8, 3), part(0, 1, "../asset")}) {
        auto const answer = folder.answer(composed_of({chunk_of("head", missing)}));
        REQUIRE(answer.has_error());
        CHECK(answer.error().status == 404);
    }
    folder.directory.write("empty.mp4", "");
    CHECK(folder.answer(composed_of({chunk_of("head", part(0, 1, "empty.mp4"))})).has_error());
}

TEST_CASE("when the last chunk is due all of it is sent at once, else it is a stream") {
    Folder folder;
    auto const chunks = [] {
        return composed_of({chunk_of("a", part(0, 1), 1000), chunk_of("b", part(1, 1), 2000)});
    };
    auto const whole = folder.answer(chunks(), 2000);
    CHECK(text_of(*whole) == "a0b1");
    CHECK_FALSE(whole->stream);
    auto const early = folder.answer(chunks(), 1999);
    REQUIRE(early.has_value());
    REQUIRE(early->stream);
    CHECK(early->content->body.size_bytes() == 0);
    CHECK(early->content->etag.empty());
    CHECK(test::text_of(*result_of(early->stream->next())) == "a0");
    CHECK(test::text_of(*result_of(early->stream->next())) == "b1");
    CHECK(result_of(early->stream->next())->size_bytes() == 0);
}

TEST_CASE("nobody is kept waiting for longer than a minute") {
    Folder folder;
    auto const chunks = [] {
        return composed_of({chunk_of("a", {}, 1000), chunk_of("b", {}, 70'000)});
    };
    CHECK(folder.answer(chunks(), 10'000).has_value());
    auto const early = folder.answer(chunks(), 9'999);
    REQUIRE(early.has_error());
    CHECK(early.error().status == 425);
    CHECK(early.error().detail == "its last chunk is too early by 60001 ms");
}

TEST_CASE("a chunk comes when it is due, not before") {
    auto const begin = std::chrono::steady_clock::now();
    std::vector<TimedBody> chunks;
    for (auto const delay : {-100ms, 0ms, 20ms, 40ms})
        chunks.push_back({.due = begin + delay, .body = server::Body("x")});
    ChunkStream stream(std::move(chunks));
    for (auto const delay : {-100ms, 0ms, 20ms, 40ms}) {
        CHECK(result_of(stream.next())->size_bytes() == 1);
        CHECK(std::chrono::steady_clock::now() >= begin + delay);
    }
    CHECK(result_of(stream.next())->size_bytes() == 0);
}

} // namespace media_answer_test
