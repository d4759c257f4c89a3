#include "http/dashlive/answer_cache.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string>

namespace answer_cache_test {

using namespace continuo;
using namespace continuo::dashlive;

dash::DateTime at(std::int64_t ms) {
    return dash::DateTime{std::chrono::milliseconds{ms}};
}

server::Document document(std::string text) {
    return {.identity = server::represent(std::move(text), "text/plain", server::no_store),
            .gzip = nullptr};
}

/// Regions of `count` files, two of each.
server::Document document_of_files(std::size_t count) {
    server::Body body;
    for (std::size_t i = 0; i < count; ++i) {
        auto const file = std::make_shared<server::OpenFile const>();
        body.append(server::FileRegion{.file = file, .offset = 0, .length = 10});
        body.append(server::FileRegion{.file = file, .offset = 20, .length = 10});
    }
    auto representation = std::make_shared<server::Representation>();
    representation->body = std::move(body);
    return {.identity = std::move(representation), .gzip = nullptr};
}

/// What is held under `key` at `ms`.
std::string text_of(AnswerCache& cache, std::string_view key, std::int64_t ms = 0) {
    auto const* const found = cache.find(key, at(ms));
    return found ? std::string(server::memory_of(found->identity->body.pieces().front())) : "";
}

TEST_CASE("an answer holds from its first instant up to, not including, its last") {
    AnswerCache cache;
    cache.hold("/a", {.since = at(10), .until = at(20)}, document("x"));
    CHECK(text_of(cache, "/a", 9).empty());
    CHECK(text_of(cache, "/a", 10) == "x");
    CHECK(text_of(cache, "/a", 19) == "x");
    CHECK(text_of(cache, "/a", 20).empty());
    CHECK(text_of(cache, "/b", 10).empty());
}

TEST_CASE("a new answer takes the place of the old one") {
    AnswerCache cache;
    cache.hold("/a", {.since = at(0), .until = at(10)}, document("x"));
    cache.hold("/a", {.since = at(10)}, document("y"));
    CHECK(cache.size() == 1);
    CHECK(text_of(cache, "/a", 5).empty());
    CHECK(text_of(cache, "/a", 1'000'000) == "y");
}

TEST_CASE("memory is bounded: what was not asked for the longest goes") {
    AnswerCache cache(64 * 1024);
    cache.hold("/first", {.since = at(0)}, document(std::string(4096, 'x')));
    for (int i = 0; i < 100; ++i) {
        cache.hold("/" + std::to_string(i), {.since = at(0)}, document(std::string(4096, 'x')));
        CHECK(cache.find("/first", at(0)));
        CHECK(cache.size_bytes() <= 64 * 1024);
    }
    CHECK(cache.size() > 5);
    CHECK(cache.find("/99", at(0)));
    CHECK_FALSE(cache.find("/0", at(0)));
}

TEST_CASE("what would take the place of many is not held, and drops what it was to replace") {
    AnswerCache cache(64 * 1024);
    cache.hold("/a", {.since = at(0)}, document("x"));
    cache.hold("/a", {.since = at(0)}, document(std::string(32 * 1024, 'x')));
    CHECK(cache.size() == 0);
    CHECK(cache.size_bytes() == 0);
}

TEST_CASE("after everything is dropped nothing is held") {
    AnswerCache cache;
    cache.hold("/a", {.since = at(0)}, document("x"));
    cache.clear();
    CHECK_FALSE(cache.find("/a", at(0)));
    CHECK(cache.size_bytes() == 0);
}

TEST_CASE("open files are bounded: what was not asked for the longest goes") {
    AnswerCache cache;
    cache.hold("/text", {.since = at(0)}, document("x"));
    for (int i = 0; i < 1000; ++i) {
        cache.hold("/" + std::to_string(i), {.since = at(0)}, document_of_files(2));
        CHECK(cache.files() <= AnswerCache::most_files);
        CHECK(cache.find("/text", at(0)));
    }
    CHECK(cache.files() == AnswerCache::most_files);
    CHECK(cache.size() == 1 + AnswerCache::most_files / 2);
    CHECK(cache.find("/999", at(0)));
    CHECK_FALSE(cache.find("/0", at(0)));
}

TEST_CASE("an answer of too many files is not held") {
    AnswerCache cache;
    cache.hold("/a", {.since = at(0)}, document_of_files(16));
    cache.hold("/b", {.since = at(0)}, document_of_files(17));
    CHECK(cache.find("/a", at(0)));
    CHECK_FALSE(cache.find("/b", at(0)));
    CHECK(cache.files() == 16);
}

TEST_CASE("what is outdated lets go of its files, also after the clock was set back") {
    AnswerCache cache;
    auto const held = document_of_files(1);
    std::weak_ptr<server::Representation const> const watched = held.identity;
    cache.hold("/old", {.since = at(10), .until = at(20)}, document_of_files(1));
    cache.hold("/new", {.since = at(15), .until = at(30)}, held);
    cache.drop_outdated(at(19));
    CHECK(cache.size() == 2);
    cache.drop_outdated(at(20));
    CHECK(cache.size() == 1);
    CHECK(cache.files() == 1);
    CHECK(cache.find("/new", at(20)));
    cache.drop_outdated(at(14));
    CHECK(cache.size() == 0);
    CHECK(cache.files() == 0);
    CHECK(cache.size_bytes() == 0);
    CHECK(watched.use_count() == 1);
}

} // namespace answer_cache_test
