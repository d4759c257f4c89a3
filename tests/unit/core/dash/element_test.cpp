#include "core/dash/element.hpp"

#include <doctest/doctest.h>

namespace element_test {

using namespace continuo;
using dash::Element;

constexpr std::string_view manifest = R"(<?xml version="1.0" encoding="utf-8"?>
<!-- made by hand -->
<MPD xmlns="urn:mpeg:dash:schema:mpd:2011" xmlns:cenc="urn:mpeg:cenc:2013" type="static">
  <ProgramInformation><Title>A &amp; B</Title></ProgramInformation>
  <Period id="1">
    <AdaptationSet contentType="video">
      <cenc:pssh>AAAA</cenc:pssh>
      <SegmentTemplate media="$RepresentationID$/$Number$.m4s" duration="2"/>
    </AdaptationSet>
  </Period>
</MPD>
)";

TEST_CASE("a manifest keeps what nobody knows anything about, in its order") {
    auto const mpd = dash::parse_element(manifest).value();
    CHECK(mpd.name == "MPD");
    REQUIRE(mpd.find_attribute("type") != nullptr);
    CHECK(*mpd.find_attribute("type") == "static");
    CHECK(mpd.find_attribute("xmlns:none") == nullptr);
    CHECK(mpd.children.at(0).children.at(0).text == "A & B");
    auto const* const period = mpd.find_child("Period");
    REQUIRE(period != nullptr);
    auto const& set = period->children.at(0);
    CHECK(set.children.at(0).name == "cenc:pssh");
    CHECK(set.find_child("pssh")->text == "AAAA");
    CHECK(set.text.empty());

    auto const text = dash::to_text(mpd);
    CHECK(text.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<MPD xmlns="));
    CHECK(text.find("A &amp; B") != std::string::npos);
    CHECK(dash::parse_element(text).value() == mpd);
    CHECK(dash::to_text(dash::parse_element(text).value()) == text);
}

TEST_CASE("attributes change in their place and come at the end when they are new") {
    Element element{
        .name = "S", .attributes = {{"t", "0"}, {"d", "2"}}, .text = "", .children = {}};
    element.set_attribute("t", "<\"&\n>");
    element.set_attribute("r", "-1");
    element.remove_attribute("d");
    element.remove_attribute("not there");
    CHECK(element.attributes ==
          std::vector<std::pair<std::string, std::string>>{{"t", "<\"&\n>"}, {"r", "-1"}});
    CHECK(dash::parse_element(dash::to_text(element)).value() == element);
}

TEST_CASE("a document that is cut off is refused, with the place") {
    auto const end = manifest.find("</MPD>") + 6;
    for (std::size_t size = 0; size < end; ++size)
        CHECK(dash::parse_element(manifest.substr(0, size)).has_error());
    CHECK(dash::parse_element(manifest.substr(0, end)).has_value());
    auto const error = dash::parse_element("<MPD>\n  <Period></MPD>").error();
    CHECK(error.code == Errc::malformed);
    CHECK(error.context.find("XML at 2:") != std::string::npos);
}

TEST_CASE("what is nested without end, or too large, is refused") {
    std::string deep;
    for (int i = 0; i < 65; ++i)
        deep += "<a>";
    auto closed = deep;
    for (int i = 0; i < 65; ++i)
        closed += "</a>";
    CHECK(dash::parse_element(closed).error().code == Errc::out_of_range);
    CHECK(dash::parse_element(closed.substr(3, closed.size() - 7)).has_value());
    CHECK(dash::parse_element(std::string((std::size_t{16} << 20) + 1, ' ')).error().code ==
          Errc::out_of_range);
}

TEST_CASE("entities that a document makes up are not followed") {
    auto const bomb =
        dash::parse_element("<!DOCTYPE a [<!ENTITY b \"bbbb\"><!ENTITY c \"&b;&b;\">]><a>&c;</a>");
    REQUIRE(bomb.has_value());
    CHECK(bomb->text == "&c;");
}

TEST_CASE("text beside elements stays as it is, and so do characters that mean something") {
    for (auto const document :
         {"<a>b<c><d/></c></a>", "<a b=\"&quot;'&lt;&#10;&#9;&#13;\"> &lt;&gt;&amp; \n\tx</a>",
          "<a><b> </b><c>x </c></a>", "<a>&#13;b</a>"}) {
        CAPTURE(document);
        auto const element = dash::parse_element(document).value();
        CHECK(dash::parse_element(dash::to_text(element)).value() == element);
    }
    auto const element = dash::parse_element("<a><b/><c d=\"e\">f</c></a>").value();
    CHECK(dash::bare_text(element) == "<a>\n  <b></b>\n  <c d=\"e\">f</c>\n</a>\n");
}

TEST_CASE("a document whose names all have a prefix is written without") {
    auto const written = [](std::string_view document) {
        return dash::bare_text(dash::with_default_namespace(dash::parse_element(document).value()));
    };
    CHECK(written("<m:MPD xmlns:m=\"urn:mpd\"><m:Period><x:p/></m:Period></m:MPD>") ==
          "<MPD xmlns=\"urn:mpd\">\n  <Period>\n    <x:p></x:p>\n  </Period>\n</MPD>\n");
    CHECK(written("<m:a xmlns=\"b\"/>") == "<m:a xmlns=\"b\"></m:a>\n");
    CHECK(written("<a xmlns:m=\"b\"/>") == "<a xmlns:m=\"b\"></a>\n");
}

} // namespace element_test
