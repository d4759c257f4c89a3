#include "http/watch/wishes.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

using namespace continuo;
using namespace continuo::watch;
using namespace std::chrono_literals;
using Action = contract::WatchRequest::Action;

namespace {

server::Request posted(std::string_view body, std::string_view type = "application/json",
                       std::string_view query = {}) {
    server::Request request;
    request.method = server::Method::post;
    request.body = body;
    request.content_type = type;
    request.query = query;
    return request;
}

/// "a=1 b=2", or the status of the trouble.
std::string read(server::Request const& request) {
    auto const members = members_of(request);
    if (!members) return std::to_string(members.error().status);
    std::string text;
    for (auto const& [name, value] : *members)
        text += name + '=' + value + ' ';
    return text;
}

template <class Wish>
unsigned status_of_wish(Outcome<Wish> const& wish) {
    return wish ? 0 : wish.error().status;
}

} // namespace

TEST_CASE("wishes: members are read from JSON, from forms and from the query") {
    CHECK(read(posted(R"({"url":"http://h/?a=b&c","n":2,"x":1.5,"t":true,"no":null})")) ==
          "n=2 t=true url=http://h/?a=b&c x=1.5 ");
    CHECK(read(posted("url=http%3A%2F%2Fh%2Fa+b&n=2&", "application/x-www-form-urlencoded")) ==
          "n=2 url=http://h/a b ");
    CHECK(read(posted("", "", "viewer=a%20b&hard")) == "hard= viewer=a b ");
    CHECK(read(posted("{\"n\":2}", "Text/Plain;charset=UTF-8", "n=1&m=3")) == "m=3 n=2 ");
    CHECK(read(posted("{\"n\":null}", "", "n=1")) == "");
    CHECK(read(posted(" {\"n\":2}", "application/x-www-form-urlencoded")) == "n=2 "); // curl -d
    CHECK(read(posted("50%&=%zz", "application/x-www-form-urlencoded")) == "=%zz 50%= ");
}

TEST_CASE("wishes: a body that is neither JSON nor a form is refused") {
    CHECK(read(posted("<a/>", "text/xml")) == "415");
    CHECK(read(posted("--x", "multipart/form-data; boundary=x")) == "415");
    for (auto const* const body : {"{", "[]", "7", "{\"url\":[]}", "{\"url\":{}}", "\"\xff\""})
        CHECK_MESSAGE(read(posted(body)) == "400", body);
}

TEST_CASE("wishes: every beginning of a body is read or refused") {
    std::string const body = R"({"url":"http://h/\u00e9","start":1.5e2,"audio":null})";
    for (std::size_t size = 0; size < body.size(); ++size)
        (void)read(posted(std::string_view(body).substr(0, size)));
    CHECK(read(posted(body)) == "start=150.0 url=http://h/\u00e9 ");
}

TEST_CASE("wishes: to open a session takes a URL, and what else there is") {
    auto const wish = opening_wish({{"url", "https://h/f.mkv"},
                                    {"audio", "2"},
                                    {"subtitle", "off"},
                                    {"start", "61.5"},
                                    {"alias", "friday_1"}});
    REQUIRE(wish.has_value());
    contract::WatchRequest wanted;
    wanted.action = Action::open;
    wanted.session = "friday_1";
    wanted.url = "https://h/f.mkv";
    wanted.tracks = contract::TrackWish{.audio = "2", .subtitle = "off"};
    wanted.position = 61'500ms;
    CHECK(*wish == wanted);
    auto const least = opening_wish({{"url", "u"}, {"subtitle", ""}});
    REQUIRE(least.has_value());
    CHECK(least->tracks == contract::TrackWish{});
    CHECK(!least->position);
    for (Members const& members :
         {Members{}, Members{{"url", ""}}, Members{{"url", "u"}, {"start", "-1"}},
          Members{{"url", "u"}, {"start", "1:30"}}, Members{{"url", "u"}, {"start", "nan"}},
          Members{{"url", "u"}, {"start", "1e9"}}, Members{{"url", "u"}, {"start", "400000"}},
          Members{{"url", "u"}, {"alias", "a b"}}, Members{{"url", "u"}, {"unknown", "1"}},
          Members{{"url", "u"}, {"audio", std::string(101, 'a')}}})
        CHECK(status_of_wish(opening_wish(members)) == 400);
}

TEST_CASE("wishes: where to go, and with which tracks") {
    CHECK(seeking_wish({{"position", "0"}})->position == 0ms);
    CHECK(seeking_wish({{"position", "12.3456"}})->position == 12'346ms);
    CHECK(status_of_wish(seeking_wish({})) == 400);
    CHECK(status_of_wish(seeking_wish({{"position", "x"}})) == 400);
    CHECK(tracks_wish({{"audio", "jpn"}})->tracks == contract::TrackWish{.audio = "jpn"});
    CHECK(tracks_wish({{"subtitle", "auto"}})->tracks == contract::TrackWish{.subtitle = "auto"});
    CHECK(status_of_wish(tracks_wish({})) == 400);
    CHECK(status_of_wish(tracks_wish({{"video", "1"}})) == 400);
}

TEST_CASE(
    "wishes: the other service counts tracks from 0, and members that it has are passed over") {
    auto const wish = plain_opening_wish(
        {{"url", "u"}, {"video_index", "0"}, {"subtitle_index", "1"}, {"more", "x"}}, "Sid-1");
    REQUIRE(wish.has_value());
    CHECK(wish->session == "Sid-1");
    CHECK(wish->tracks == contract::TrackWish{.subtitle = "2"});
    CHECK(plain_opening_wish({{"url", "u"}, {"subtitle_index", "-1"}}, "s")->tracks->subtitle ==
          "off");
    CHECK(plain_opening_wish({{"url", "u"}}, "s")->tracks == contract::TrackWish{});
    CHECK(status_of_wish(plain_opening_wish({}, "s")) == 400);
    CHECK(status_of_wish(plain_opening_wish({{"url", "u"}}, "s.t")) == 400);
    CHECK(status_of_wish(plain_opening_wish({{"url", "u"}, {"video_index", "1"}}, "s")) == 400);
    CHECK(status_of_wish(plain_opening_wish({{"url", "u"}, {"subtitle_index", "x"}}, "s")) == 400);
}

TEST_CASE("wishes: who says no name is called by the alias asked for, or by its address") {
    std::string const id(32, 'a');
    CHECK(presence_wish({{"viewer", "tab 1"}}, Action::beat, id, "192.0.2.1")->viewer == "tab 1");
    CHECK(presence_wish({}, Action::beat, "friday", "192.0.2.1")->viewer == "friday");
    CHECK(presence_wish({}, Action::leave, id, "192.0.2.1")->viewer == "192.0.2.1");
    CHECK(status_of_wish(presence_wish({}, Action::beat, id, "")) == 400);
    CHECK(status_of_wish(presence_wish({{"viewer", std::string(65, 'v')}}, Action::beat, id, "")) ==
          400);
}

TEST_CASE("wishes: a client is the peer, or whom a proxy on this machine speaks for") {
    server::Request request;
    request.peer = "127.0.0.1";
    request.from_loopback = true;
    CHECK(client_of(request) == "127.0.0.1");
    request.forwarded_for = "10.0.0.1, 192.0.2.7 ";
    CHECK(client_of(request) == "192.0.2.7");
    request.peer = "198.51.100.1";
    request.from_loopback = false;
    CHECK(client_of(request) == "198.51.100.1"); // whoever it is can say what it likes
}
