#include "core/contract/cue_request.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

namespace cue_request_test {

using namespace continuo;
using namespace continuo::contract;
using namespace std::chrono_literals;

std::string error_of(std::string_view json) {
    auto const request = parse_cue_request(json);
    return request ? "none" : request.error().context;
}

TEST_CASE("cue request: every member is read, and written as it is read") {
    using Kind = CueRequest::Kind;
    CHECK(parse_cue_request(R"({"out":true})").value() == CueRequest{});
    CHECK(parse_cue_request(
              R"({"out":true,"duration_s":30.5,"at_s":8,"event_id":7,"auto_return":false})")
              .value() == CueRequest{.kind = Kind::out,
                                     .event_id = 7,
                                     .duration = 30'500ms,
                                     .auto_return = false,
                                     .at = 8s});
    for (auto const& request :
         {CueRequest{.event_id = 0}, CueRequest{.event_id = 4'294'967'295},
          CueRequest{.duration = 100ms}, CueRequest{.duration = 24h, .auto_return = false},
          CueRequest{.at = 12h}, CueRequest{.at = 1ms}, CueRequest{.kind = Kind::in},
          CueRequest{.kind = Kind::in, .event_id = 9, .at = 1234ms},
          CueRequest{.kind = Kind::section, .at = 2s, .section = "/DAl\xff"},
          CueRequest{.kind = Kind::section, .section = "/DAl"}})
        if (request.section != "/DAl\xff")
            CHECK(parse_cue_request(encode(request)).value() == request);
        else
            CHECK(parse_cue_request(encode(request)).value().section == "/DAl\uFFFD");
}

TEST_CASE("cue request: nonsense is refused with a sentence about it") {
    for (auto const* const json :
         {"", "[]", "null", "{", R"({"out":true}})", R"("out")", R"({"out":9e999})"})
        CHECK(error_of(json).starts_with("A cue is a JSON object such as"));
    CHECK(error_of("{}").starts_with("A cue is {"));
    CHECK(error_of(R"({"duration_s":30})").starts_with("A cue is {"));
    for (auto const* const json : {R"({"out":true,"in":true})", R"({"in":true,"section":"/DA"})",
                                   R"({"out":false,"in":true})"})
        CHECK(error_of(json).ends_with("not two."));
    for (auto const* const json : {R"({"out":false})", R"({"out":1})", R"({"out":null})"})
        CHECK(error_of(json) == "\"out\" has to be true.");
    CHECK(error_of(R"({"in":"yes"})") == "\"in\" has to be true.");
    for (auto const* const json :
         {R"({"out":true,"duration":30})", R"({"in":true,"duration_s":30})",
          R"({"in":true,"auto_return":true})", R"({"section":"/DA","event_id":1})",
          R"({"out":true,"Duration_s":30})", R"({"out":true,"":1})"})
        CHECK(error_of(json).find("a member that does not belong there") != std::string::npos);
    for (auto const* const value :
         {"0", "0.09", "86400.001", "-1", "1e300", "\"30\"", "null", "[]"})
        CHECK(error_of(R"({"out":true,"duration_s":)" + std::string(value) + "}") ==
              "\"duration_s\" has to be a number of seconds from 0.1 to 86400.");
    for (auto const* const value : {"-0.001", "43200.001", "true"})
        CHECK(error_of(R"({"in":true,"at_s":)" + std::string(value) + "}") ==
              "\"at_s\" has to be a number of seconds from 0 to 43200.");
    for (auto const* const value : {"-1", "4294967296", "1.5", "\"1\"", "18446744073709551616"})
        CHECK(error_of(R"({"in":true,"event_id":)" + std::string(value) + "}") ==
              "\"event_id\" has to be a whole number up to 4294967295.");
    for (auto const* const value : {"1", "null", "\"\""})
        CHECK(error_of(R"({"out":true,"auto_return":)" + std::string(value) + "}") ==
              "\"auto_return\" has to be true or false.");
    CHECK(error_of(R"({"out":true,"auto_return":false})") ==
          "\"auto_return\" says something only beside \"duration_s\".");
    for (auto const& value : {std::string("1"), std::string("\"\""), std::string("true"),
                              '"' + std::string(10'001, 'A') + '"'})
        CHECK(error_of(R"({"section":)" + value + "}").starts_with("\"section\" has to be"));
}

TEST_CASE("cue request: every truncation is refused") {
    std::string const json = R"({"out":true,"duration_s":30.5,"at_s":8,"event_id":7})";
    for (std::size_t length = 0; length < json.size(); ++length)
        CHECK(!parse_cue_request(json.substr(0, length)));
}

} // namespace cue_request_test
