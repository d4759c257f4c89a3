#include "http/storage/file_reference.hpp"

#include <doctest/doctest.h>

#include <string>

namespace file_reference_test {

using namespace continuo::storage;

std::string reason(std::string_view playlist, std::string_view reference) {
    auto const path = path_of(playlist, reference);
    return path ? "taken for " + *path : path.error().reason;
}

TEST_CASE("file reference: it is seen from the folder of its playlist") {
    CHECK(*path_of("abr.m3u8", "720p/index.m3u8") == "720p/index.m3u8");
    CHECK(*path_of("720p/index.m3u8", "3.ts") == "720p/3.ts");
    CHECK(*path_of("720p/index.m3u8", "./a/../3.ts") == "720p/3.ts");
    CHECK(*path_of("720p/index.m3u8", "../audio/3.ts") == "audio/3.ts");
    CHECK(*path_of("a/b/c.m3u8", "../../d.ts") == "d.ts");
    CHECK(*path_of("a//b.m3u8", "c//d.ts") == "a/c/d.ts");
}

TEST_CASE("file reference: escapes are undone, a query and a fragment belong to no file") {
    CHECK(*path_of("a.m3u8", "my%20clip%C3%A9.ts") == "my clip\xc3\xa9.ts");
    CHECK(*path_of("a.m3u8", "1.ts?token=x/../y#t") == "1.ts");
    CHECK(*path_of("a.m3u8", "100%25.ts") == "100%.ts");
}

TEST_CASE("file reference: what leads out of the folder is refused, in any spelling") {
    for (auto const* const reference :
         {"../1.ts", "../../etc/passwd", "a/../../1.ts", "%2e%2e/1.ts", "%2E./1.ts", ".%2e/1.ts"})
        CHECK_MESSAGE(reason("abr.m3u8", reference).ends_with("leads out of the asset's folder"),
                      reference);
    CHECK(reason("720p/index.m3u8", "../../1.ts") ==
          "\"../../1.ts\" leads out of the asset's folder");
}

TEST_CASE("file reference: absolute ones are refused") {
    for (auto const* const reference : {"/etc/passwd", "//host/1.ts", "http://host/1.ts",
                                        "file:///etc/passwd", "data:,x", "HTTPS://host/1.ts"})
        CHECK(reason("abr.m3u8", reference) ==
              '"' + std::string(reference) +
                  "\" is absolute; only files of the asset's folder are served");
}

TEST_CASE("file reference: what is no name of a file is refused") {
    for (auto const* const reference : {"a%2fb.ts", "%zz.ts", "a%2", "a%00b", "a\tb.ts", "%0a"})
        CHECK_MESSAGE(reason("abr.m3u8", reference).ends_with("is no URI"), reference);
    for (auto const* const reference : {"", ".", "a/..", "a/", "?x"})
        CHECK_MESSAGE(reason("abr.m3u8", reference).ends_with("names no file"), reference);
}

TEST_CASE("file reference: a path as a URI is read back as the same path") {
    for (std::string const path :
         {"a/b.ts", "my clip (1)/\xc3\xa9.ts", "100%.ts", "a:b", "x#y?z&\"'.ts"}) {
        CHECK(*path_of("", uri_of(path)) == path);
        CHECK(*path_of("", uri_of(uri_of(path))) == uri_of(path));
    }
    CHECK(uri_of("720p/3_a-b.ts~") == "720p/3_a-b.ts~");
    CHECK(uri_of("my clip\".ts") == "my%20clip%22.ts");
}

TEST_CASE("file reference: a scheme is letters and digits before a colon") {
    CHECK(has_scheme("skd://key"));
    CHECK(has_scheme("data:text/plain,x"));
    CHECK_FALSE(has_scheme("key.bin"));
    CHECK_FALSE(has_scheme("a/b:c"));
    CHECK_FALSE(has_scheme(":x"));
}

} // namespace file_reference_test
