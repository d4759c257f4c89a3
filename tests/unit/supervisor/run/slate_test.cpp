#include "supervisor/run/slate.hpp"
#include "tests/support/wait_until.hpp"
#include "tests/unit/supervisor/bare_surroundings.hpp"

#include <doctest/doctest.h>

#include <sys/stat.h>

#include <filesystem>
#include <vector>

namespace continuo::supervisor::slate_test {

using namespace std::chrono_literals;

SteadyTime const start{1h};

struct Making : BareSurroundings {
    Making() {
        channel.name = "live";
        channel.segment_time = 1s;
        channel.variants.resize(1);
        channel.variants[0].name = facts[0].name = "source";
        facts[0].width = 64;
        facts[0].height = 36;
        maker = std::make_unique<SlateMaker>(*surroundings, channel, [] {});
    }

    void make(SteadyTime now) { maker->make(facts, now); }

    /// Whether it is made when it is asked for at `now`, again and again.
    bool is_made(SteadyTime now) {
        return test::wait_until(loop, [&] {
            make(now);
            return maker->made();
        });
    }

    config::Channel channel;
    std::vector<contract::VariantFacts> facts = std::vector<contract::VariantFacts>(1);
    std::unique_ptr<SlateMaker> maker;
};

TEST_CASE("slate maker: what is under way for a minute is ended, and begun anew") {
    Making making;
    making.channel.slate.file = making.scratch.path() / "pipe"; // nobody ever writes to it
    REQUIRE(::mkfifo(making.channel.slate.file->c_str(), 0600) == 0);
    making.make(start);
    making.channel.slate.file.reset();
    CHECK(making.is_made(start + 60s));
}

TEST_CASE("slate maker: what is of no use is made anew, without a pause") {
    Making making;
    REQUIRE(making.is_made(start));
    auto const file = making.maker->files().front();
    std::filesystem::resize_file(file, 0);
    making.maker->forget();
    CHECK_FALSE(making.maker->made());
    CHECK(making.is_made(start + 1s));
    CHECK(std::filesystem::file_size(file) > 0);
}

} // namespace continuo::supervisor::slate_test
