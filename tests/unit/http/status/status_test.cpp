#include "http/status/status.hpp"
#include "tests/support/body_text.hpp"
#include "tests/support/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <utility>

namespace status_test {

using namespace continuo;

std::shared_ptr<config::Config const> config_of(std::string channel) {
    auto made = std::make_shared<config::Config>();
    made->channels.resize(2);
    made->channels[0].name = std::move(channel);
    made->channels[1].name = "last";
    return made;
}

TEST_CASE("status: a reload in the middle of a request does not take its configuration away") {
    test::TemporaryDirectory const scratch;
    scratch.write("channels/.keep", ""); // or it looks as if no daemon ran
    auto newest = config_of("first");
    std::weak_ptr<config::Config const> begun_with;
    status::Surroundings around;
    around.config = [&] { return newest; };
    around.find_snapshot = [&](std::string_view) -> status::Seen {
        newest = config_of("other");
        CHECK_FALSE(begun_with.expired());
        return {};
    };
    around.runtime_dir = [&] { return scratch.path(); };
    status::StatusHandlers const handlers(around);
    auto const answer = [&](auto&& ask) {
        newest = config_of("first");
        begun_with = newest;
        return test::text_of(ask().content->body);
    };
    for (auto const& text :
         {answer([&] { return handlers.readyz(); }), answer([&] { return handlers.health(); }),
          answer([&] { return handlers.channels(); }),
          answer([&] { return handlers.channel("first"); }),
          answer([&] { return handlers.dashboard(); })})
        CHECK(text.find("other") == std::string::npos);
}

TEST_CASE("status: the list of channels leads to what else is there") {
    auto made = std::make_shared<config::Config>();
    status::Surroundings around;
    around.config = [&] { return made; };
    status::StatusHandlers const handlers(around);
    auto const leads_to = [&](std::string const& path) {
        return test::text_of(handlers.dashboard().content->body).find("href=\"" + path + '"') !=
               std::string::npos;
    };
    CHECK_FALSE(leads_to("/watch"));
    CHECK_FALSE(leads_to("/assets"));
    made->watch.enabled = true;
    made->livesim.emplace();
    CHECK(leads_to("/watch"));
    CHECK(leads_to("/assets"));
}

} // namespace status_test
