#include "http/web/html.hpp"

#include <doctest/doctest.h>

namespace html_test {

using namespace continuo;

TEST_CASE("html: a template's marks are filled, all of them and only these") {
    CHECK(web::filled("a {{x}} b {{x}} {{y}}", "x", "<1>") == "a <1> b <1> {{y}}");
    CHECK(web::filled("{{x}}", "x", "{{x}}") == "{{x}}");
    CHECK(web::filled("", "x", "1") == "");
}

TEST_CASE("html: no text can end an attribute or an element") {
    CHECK(web::escaped("<a href=\"x\" id='y'>&") ==
          "&lt;a href=&quot;x&quot; id=&#39;y&#39;&gt;&amp;");
}

} // namespace html_test
