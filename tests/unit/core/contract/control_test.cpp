#include "core/contract/control.hpp"

#include <doctest/doctest.h>

namespace control_test {

using namespace continuo;
using namespace continuo::contract;

TEST_CASE("control: what is no UTF-8 is sent all the same") {
    CHECK(encode(ControlRequest{.op = "restart", .channel = "a\xff"}) ==
          "{\"channel\":\"a\uFFFD\",\"op\":\"restart\"}\n");
    ControlReply const refusal{
        .ok = false, .result = "", .error = "conflict", .message = "404 \xff"};
    CHECK(parse_control_reply(encode(refusal))->message == "404 \uFFFD");
}

TEST_CASE("control: requests and replies are read back as they were") {
    for (auto const& request :
         {ControlRequest{.op = "status", .channel = ""},
          ControlRequest{.op = "restart", .channel = "demo"},
          ControlRequest{.op = "switch", .channel = "live", .url = "https://host/a.m3u8"},
          ControlRequest{.op = "cue", .channel = "live", .cue = CueRequest{.event_id = 7}}})
        CHECK(parse_control_request(encode(request)).value() == request);
    for (auto const& reply :
         {ControlReply{.ok = true, .result = R"({"a":1})", .error = "", .message = ""},
          ControlReply{
              .ok = false, .result = "", .error = "not_found", .message = "no channel \"x\""}})
        CHECK(parse_control_reply(encode(reply)).value() == reply);
}

TEST_CASE("control: what is no request is an error") {
    for (auto const* line : {"", "{}", "[]", R"({"op":1})", R"({"op":"status","channel":1})",
                             R"({"op":"cue","cue":{}})", R"({"op":"cue","cue":"a"})",
                             "{\"op\":", R"({"op":"status","x":9e999})"})
        CHECK(!parse_control_request(line));
}

} // namespace control_test
