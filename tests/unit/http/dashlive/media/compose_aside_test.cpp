#include "http/dashlive/media/compose_aside.hpp"
#include "tests/support/stored_asset.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <doctest/doctest.h>

#include <chrono>
#include <exception>
#include <future>
#include <optional>
#include <string>

namespace compose_aside_test {

using namespace continuo;
using namespace continuo::dashlive;
using namespace std::chrono_literals;
namespace asio = boost::asio;

test::StoredAsset clip() {
    return test::stored_asset({{.id = "v", .timescale = 90'000, .sample = 3'000, .samples = {60}},
                               {.id = "a",
                                .content = Content::audio,
                                .timescale = 48'000,
                                .sample = 1'024,
                                .samples = {94}}});
}

/// A segment of `asset` with what it is made of.
struct Wanted {
    explicit Wanted(test::StoredAsset const& asset, std::string const& options)
        : session(test::session_of(asset, options, 100'000))
        , name(*media_name_of(session, "a/41.m4s"))
        , ingredients(ingredients_of(session, name)) {
        for (auto& ingredient : ingredients) {
            auto const& part = ingredient.track->segments.at(ingredient.segment).part;
            auto layout =
                parse_layout(*ingredient.track, asset.files.at(part.path), ingredient.depth);
            REQUIRE(layout.has_value());
            ingredient.layout = std::make_shared<Layout const>(std::move(*layout));
        }
    }

    Session session;
    MediaName name;
    std::vector<Ingredient> ingredients;
};

/// What `compose_aside` comes to, on a loop of its own.
struct Errand {
    explicit Errand(storage::Openers& openers, Wanted const& wanted) {
        asio::co_spawn(loop,
                       compose_aside(openers, wanted.session, wanted.name, wanted.ingredients),
                       [this](std::exception_ptr const& error, Answer<Composed> answer) {
                           if (error) std::rethrow_exception(error);
                           outcome = std::move(answer);
                       });
    }

    asio::io_context loop;
    std::optional<Answer<Composed>> outcome;
};

TEST_CASE("what another thread encrypts is what the loop would have made") {
    auto const asset = clip();
    for (auto const* const options : {"eccp_cenc/", "eccp_cbcs/"}) {
        Wanted const wanted(asset, options);
        storage::Openers openers;
        Errand errand(openers, wanted);
        errand.loop.run_for(10s);
        REQUIRE(errand.outcome);
        REQUIRE(errand.outcome->has_value());
        auto const here = compose(wanted.session, wanted.name, wanted.ingredients);
        CHECK(test::bytes_of(asset, **errand.outcome) == test::bytes_of(asset, *here));
    }
}

TEST_CASE("a loop goes on while others encrypt for it") {
    auto const asset = clip();
    Wanted const wanted(asset, "eccp_cenc/");
    storage::Openers openers({.threads = 1, .most_waiting = 10});
    std::promise<void> go;
    asio::io_context busy;
    auto waits = [gone = go.get_future().share()] { gone.wait(); };
    std::function<void()> work = waits;
    asio::co_spawn(busy, openers.carry_out(std::move(work)),
                   [](std::exception_ptr const&, bool) {});
    busy.poll();
    Errand errand(openers, wanted);
    errand.loop.poll();
    CHECK_FALSE(errand.outcome); // the only thread has something else to do
    go.set_value();
    errand.loop.run_for(10s);
    REQUIRE(errand.outcome);
    CHECK(errand.outcome->has_value());
}

TEST_CASE("where too many wait, it is said") {
    auto const asset = clip();
    Wanted const wanted(asset, "eccp_cenc/");
    storage::Openers openers({.threads = 1, .most_waiting = 0});
    Errand errand(openers, wanted);
    errand.loop.run_for(10s);
    REQUIRE(errand.outcome);
    REQUIRE(errand.outcome->has_error());
    CHECK(errand.outcome->error().status == 503);
}

TEST_CASE("little is encrypted by the loop itself, and what is not encrypted at all") {
    auto asset = clip();
    Wanted const little(asset, "eccp_cenc/");
    CHECK_FALSE(is_laborious(little.session, little.ingredients));
    auto track = std::make_shared<Track>(*little.ingredients.front().track);
    track->segments.front().part.bytes = most_encrypted_on_loop + 1;
    auto large = little.ingredients;
    for (auto& ingredient : large)
        ingredient.track = track;
    CHECK(is_laborious(little.session, large));
    CHECK_FALSE(is_laborious(Wanted(asset, "").session, large));
}

} // namespace compose_aside_test
