#include "http/server/open_files.hpp"
#include "tests/support/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <string>

namespace open_files_test {

using namespace continuo;
using namespace std::chrono_literals;

struct Fixture {
    server::RepresentationPtr open(std::string const& name) {
        std::ofstream(directory.path() / name) << "bytes of " << name;
        return files.open("/" + name, directory.path() / name, {.tag = name, .lifetime = 126s})
            .value();
    }

    test::TemporaryDirectory directory;
    server::OpenFiles files{3};
};

TEST_CASE_FIXTURE(Fixture, "open files: what was opened is held, with the fields of a segment") {
    auto const segment = open("a.ts");
    CHECK(files.find("/a.ts") == segment);
    CHECK(files.find("/b.ts") == nullptr);
    CHECK(segment->body.size_bytes() == 13);
    CHECK(segment->content_fields == "Content-Type: video/mp2t\r\n");
    CHECK(segment->cache_fields ==
          "Cache-Control: public, max-age=126, immutable\r\nETag: \"a.ts\"\r\n");
}

TEST_CASE_FIXTURE(Fixture, "open files: the one not asked for the longest makes room") {
    open("a.ts");
    open("b.ts");
    open("c.ts");
    CHECK(files.find("/a.ts") != nullptr);
    open("d.ts");
    CHECK(files.size() == 3);
    CHECK(files.find("/b.ts") == nullptr);
    CHECK(files.find("/a.ts") != nullptr);
}

TEST_CASE_FIXTURE(Fixture, "open files: what was deleted is dropped, what is replaced too") {
    open("a.ts");
    open("b.ts");
    std::filesystem::remove(directory.path() / "a.ts");
    CHECK(files.find("/a.ts") != nullptr);
    files.drop_removed();
    CHECK(files.find("/a.ts") == nullptr);
    CHECK(files.find("/b.ts") != nullptr);
    std::filesystem::rename(directory.path() / "b.ts", directory.path() / "c.ts");
    files.drop_removed();
    CHECK(files.find("/b.ts") != nullptr);
}

TEST_CASE_FIXTURE(Fixture, "open files: what is not there is an error and not held") {
    CHECK(!files.open("/x.ts", directory.path() / "x.ts", {.tag = "x", .lifetime = 1s}));
    CHECK(files.size() == 0);
}

} // namespace open_files_test
