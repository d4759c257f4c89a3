#include "core/mp4/event_message.hpp"
#include "core/scte35/event.hpp"
#include "http/dashlive/media/events.hpp"
#include "tests/support/stored_asset.hpp"

#include <doctest/doctest.h>

#include <map>
#include <set>
#include <string>

namespace events_test {

using namespace continuo;
using namespace continuo::dashlive;
using namespace std::chrono_literals;

test::StoredAsset two_seconds() {
    return test::stored_asset(
        {{.id = "v", .timescale = 90'000, .sample = 3'000, .samples = {60, 60, 60, 60}},
         {.id = "a",
          .content = Content::audio,
          .timescale = 48'000,
          .sample = 1'024,
          .samples = {94, 94, 94, 93}}});
}

/// A message with what it points to.
struct Message {
    mp4::EventMessage event;
    test::Bytes data;
};
std::vector<Message> messages_in(std::span<std::uint8_t const> boxes) {
    std::vector<Message> found;
    auto const walked =
        mp4::for_each_box(mp4::BoxCursor(boxes), [&](mp4::Box const& box) -> Result<> {
            if (box.type != mp4::FourCC("emsg")) return {};
            auto const event = mp4::parse_event_message(box).value();
            found.push_back({event, {event.data.begin(), event.data.end()}});
            return {};
        });
    REQUIRE(walked.has_value());
    return found;
}

std::vector<Message> announced(Session const& session, std::string const& track,
                               std::int64_t index) {
    return messages_in(events_of(session, *session.asset->tracks.at(track), index));
}

TEST_CASE("there are one, two or three breaks a minute, at fixed seconds") {
    struct Row {
        std::uint32_t per_minute;
        std::vector<Splice> splices;
    };
    std::vector<Row> const rows{
        {1, {{10s, 20s}, {70s, 20s}}},
        {2, {{10s, 10s}, {40s, 10s}, {70s, 10s}, {100s, 10s}}},
        {3, {{10s, 10s}, {36s, 10s}, {46s, 10s}, {70s, 10s}, {96s, 10s}, {106s, 10s}}},
    };
    for (auto const& row : rows) {
        CHECK(splices_between(row.per_minute, 0s, 120s) == row.splices);
        CHECK(splices_between(row.per_minute, 10s, 11s).size() == 1);
        CHECK(splices_between(row.per_minute, 11s, 11s).empty());
        CHECK(splices_between(row.per_minute, 130s, 131s).front().start == 130s);
    }
}

TEST_CASE("a break is announced once, 7 s ahead, as a splice_insert on the pictures' own clock") {
    auto const stored = two_seconds();
    for (auto const* const options : {"scte35_1/", "scte35_1/start_1000/", "scte35_1/snr_7/"}) {
        auto const session = test::session_of(stored, options, 1'200'000);
        for (std::int64_t index = 0; index < 60; ++index) {
            INFO(options, " ", index);
            CHECK(announced(session, "a", index).empty());
            auto const messages = announced(session, "v", index);
            // 3 s and 63 s are in the segments that end at 4 s and 64 s
            REQUIRE(messages.size() == (index == 1 || index == 31 ? 1 : 0));
            if (messages.empty()) continue;
            auto const& [event, data] = messages.front();
            auto const splice = index == 1 ? 10 : 70;
            CHECK(event.version == 1);
            CHECK(event.scheme_id_uri == "urn:scte:scte35:2013:bin");
            CHECK(event.value.empty());
            CHECK(event.timescale == 90'000);
            CHECK(event.time == static_cast<std::uint64_t>(splice) * 90'000);
            CHECK(event.duration == 20 * 90'000);
            CHECK(event.id == static_cast<std::uint32_t>(splice));
            auto const info = scte35::parse_splice_info(data);
            REQUIRE(info.has_value());
            CHECK(info->tier == 4'095);
            auto const told = scte35::events_of(*info);
            REQUIRE(told.size() == 1);
            CHECK(told[0].kind == scte35::Event::Kind::out);
            CHECK(told[0].time == Ticks90k(splice * 90'000));
            CHECK(told[0].planned == Ticks90k(20 * 90'000));
            CHECK(told[0].auto_return);
        }
    }
}

TEST_CASE("an announcement that falls on the end of a segment is in that one") {
    auto const stored =
        test::stored_asset({{.id = "v", .timescale = 1'000, .sample = 500, .samples = {6}}}); // 3 s
    auto const session = test::session_of(stored, "scte35_1/", 60'000);
    CHECK(announced(session, "v", 0).size() == 1);
    CHECK(announced(session, "v", 1).empty());
}

TEST_CASE("a splice's time wraps with 33 bits, its id does not") {
    auto const stored = two_seconds();
    auto const session = test::session_of(stored, "scte35_1/", 200'000'000);
    auto const index = (1'590 * 60 + 2) / 2; // 95 402 s: the announcement is at 95 403 s
    auto const messages = announced(session, "v", index);
    REQUIRE(messages.size() == 1);
    CHECK(messages[0].event.time == 95'410ULL * 90'000);
    CHECK(messages[0].event.id == 95'410);
    auto const told = scte35::events_of(scte35::parse_splice_info(messages[0].data).value());
    CHECK(told.at(0).time == Ticks90k(95'410LL * 90'000 % (1LL << 33)));
}

TEST_CASE("livesim1 announces 8 s and 6 s ahead, in XML, from the segment's start") {
    auto const stored = two_seconds();
    auto const session = test::session_of(stored, "/livesim/scte35_3/", 60'000);
    std::map<std::uint32_t, std::vector<std::int64_t>> announced_in;
    for (std::int64_t index = 0; index < 30; ++index)
        for (auto const& [event, data] : announced(session, "v", index)) {
            announced_in[event.id].push_back(index);
            CHECK(event.version == 0);
            CHECK(event.scheme_id_uri == "urn:scte:scte35:2013:xml");
            CHECK(event.value == "999");
            CHECK(event.timescale == 90'000);
            CHECK(event.time == (event.id - static_cast<std::uint64_t>(index) * 2) * 90'000);
            CHECK(event.duration == 10 * 90'000);
            std::string const xml(data.begin(), data.end());
            CHECK(xml.starts_with("<SpliceInfoSection "));
            CHECK(xml.ends_with("</SpliceInfoSection>"));
            CHECK(xml.find("spliceEventId=\"" + std::to_string(event.id) + "\"") !=
                  std::string::npos);
            CHECK(xml.find("ptsTime=\"" + std::to_string(event.id * 90'000) + "\"") !=
                  std::string::npos);
            CHECK(xml.find("duration=\"900000\"") != std::string::npos);
        }
    CHECK(announced_in == std::map<std::uint32_t, std::vector<std::int64_t>>{
                              {10, {0, 1}}, {36, {13, 14}}, {46, {18, 19}}});
}

TEST_CASE("messages stand in front of the first moof, in whatever way a segment is written") {
    auto const stored = two_seconds();
    for (auto const* const options : {"scte35_1/", "scte35_1/chunkdur_0.5/", "scte35_1/sidx_1/"}) {
        CAPTURE(options);
        auto const session = test::session_of(stored, options, 10'000);
        auto const bytes = test::served(stored, session, "v/1.m4s");
        CHECK(messages_in(bytes).size() == 1);
        auto const boxes = test::seen(bytes).boxes;
        REQUIRE(boxes.size() > 3);
        CHECK(boxes[0] == "styp");
        CHECK(boxes[1] == "emsg");
        CHECK(test::seen(bytes).payloads == test::seen(stored.files.at("v/2.m4s")).payloads);
    }
}

TEST_CASE("in front of a gap the last segment says that MPDs end with it") {
    auto const stored = two_seconds();
    auto const session = test::session_of(
        stored, "/livesim/segtimeline_1/segtimelineloss_1/baseurl_u40_d20/", 300'000);
    std::set<std::int64_t> told;
    for (std::int64_t index = 0; index < 90; ++index)
        for (auto const& [event, data] : announced(session, "v", index)) {
            told.insert(index);
            CHECK(event.scheme_id_uri == "urn:mpeg:dash:event:2012");
            CHECK(event.value == "1");
            CHECK(event.time == 2 * 90'000);
        }
    // up from 0 to 40 s: the last segment that comes is the one that ends at 38 s
    CHECK(told == std::set<std::int64_t>{18, 48, 78});
    auto const first = announced(session, "v", 18);
    CHECK(std::string(first[0].data.begin(), first[0].data.end()) ==
          std::string("1970-01-01T00:00:38Z") + '\0');
}

} // namespace events_test
