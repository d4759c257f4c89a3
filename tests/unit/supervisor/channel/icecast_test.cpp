#include "supervisor/channel/icecast.hpp"
#include "tests/support/wait_until.hpp"
#include "tests/unit/supervisor/bare_surroundings.hpp"
#include "tests/unit/supervisor/child/running.hpp"

#include <boost/asio/steady_timer.hpp>
#include <doctest/doctest.h>

#include <signal.h>
#include <stdlib.h>

#include <string>

namespace continuo::supervisor::icecast_test {

/// Stands for both halves of continuo-icecast: writes down what it is to play, and says what the
/// file `says` tells it to.
constexpr auto program = R"(#!/bin/sh
here=$(dirname "$0")
if [ "$1" = play ]; then
    while read -r segment; do
        echo "$segment" >> "$here/played"
        if [ "$segment" = /of/another/codec.ts ] && [ ! -e "$here/changed" ]; then
            touch "$here/changed"
            echo "the sound changes" >&2
            exit 75
        fi
    done
else
    echo "$*" > "$here/arguments"
    cat "$here/says" >&2
    exec cat
fi
)";

/// A channel's Icecast unit with programs of the test's own.
struct Unit : BareSurroundings {
    Unit() {
        make_program("continuo-icecast", program);
        make_program("ffmpeg", "#!/bin/sh\nexec cat\n");
        scratch.write("bin/says", "connected\n");
        path = ::getenv("PATH");
        ::setenv("PATH", (scratch.path() / "bin:" += path).c_str(), 1);
        surroundings->segmenter = bin("continuo-segment");
        channel.name = "live";
        channel.icecast = config::Icecast{};
        channel.icecast->password_file = "/etc/continuo/icecast";
        icecast = std::make_unique<Icecast>(*surroundings, channel);
    }
    ~Unit() { ::setenv("PATH", path.c_str(), 1); }

    std::string bin(std::string const& name) const {
        return (scratch.path() / "bin" / name).string();
    }
    void make_program(std::string const& name, std::string_view text) const {
        scratch.write("bin/" + name, text);
        fs::permissions(bin(name), fs::perms::owner_all);
    }
    std::string played() const { return scratch.read("bin/played"); }
    template <class Condition>
    bool until(Condition const& happened) {
        return test::wait_until(loop, happened);
    }
    bool until_state(std::string const& state) {
        return until([&] { return icecast->state() == state; });
    }
    bool until_played(std::string const& paths) {
        boost::asio::steady_timer look(loop); // what children write is no event of the loop
        return until([&] {
            look.expires_after(std::chrono::milliseconds{5});
            look.async_wait([](boost::system::error_code) {});
            return played() == paths;
        });
    }

    std::string path;
    config::Channel channel;
    std::unique_ptr<Icecast> icecast;
};

TEST_CASE("icecast: starts with the first segment and plays those that are listed, in order") {
    Unit unit;
    CHECK(unit.icecast->state() == "stopped");
    unit.icecast->listed("/too/early.ts");
    CHECK(unit.icecast->pids().empty());
    unit.icecast->start();
    CHECK(unit.icecast->pids().empty());
    unit.icecast->listed("/run/1.ts");
    CHECK(unit.icecast->pids().size() == 3);
    unit.icecast->listed("/run/2.ts");
    CHECK(unit.until_played("/run/1.ts\n/run/2.ts\n"));
    CHECK(unit.until_state("connected"));
}

TEST_CASE("icecast: what the sender says is the state") {
    Unit unit;
    unit.scratch.write("bin/says", "some other line\nretrying: wrong password (HTTP 401)\n");
    unit.icecast->start();
    unit.icecast->listed("/run/1.ts");
    CHECK(unit.icecast->state() == "connecting");
    CHECK(unit.until_state("retrying: wrong password (HTTP 401)"));
    CHECK(unit.scratch.read("bin/arguments").find("/etc/continuo/icecast") != std::string::npos);
}

TEST_CASE("icecast: whoever of the three dies, all begin anew with the newest segment") {
    for (std::size_t member = 0; member < 3; ++member) {
        CAPTURE(member);
        Unit unit;
        unit.icecast->start();
        unit.icecast->listed("/run/1.ts");
        unit.icecast->listed("/run/2.ts");
        REQUIRE(unit.until_state("connected"));
        REQUIRE(unit.until_played("/run/1.ts\n/run/2.ts\n"));
        ::kill(unit.icecast->pids()[member], SIGKILL);
        CHECK(unit.until([&] { return unit.icecast->state().starts_with("restarting: "); }));
        CHECK(unit.icecast->state().find("killed by SIGKILL") != std::string::npos);
        CHECK(unit.until_state("connected"));
        CHECK(unit.until_played("/run/1.ts\n/run/2.ts\n/run/2.ts\n"));
        CHECK(unit.icecast->pids().size() == 3);
    }
}

TEST_CASE("icecast: another codec is a new start from that segment on, and no failure") {
    Unit unit;
    unit.icecast->start();
    unit.icecast->listed("/run/1.ts");
    REQUIRE(unit.until_state("connected"));
    unit.icecast->listed("/of/another/codec.ts");
    CHECK(unit.until_played("/run/1.ts\n/of/another/codec.ts\n/of/another/codec.ts\n"));
    CHECK_FALSE(unit.icecast->state().starts_with("restarting"));
}

TEST_CASE("icecast: a player that takes nothing any more is replaced, and nobody waits for it") {
    Unit unit;
    unit.icecast->start();
    unit.icecast->listed("/run/1.ts");
    REQUIRE(unit.until_state("connected"));
    REQUIRE(unit.until_played("/run/1.ts\n"));
    auto const stuck = unit.icecast->pids()[0];
    ::kill(stuck, SIGSTOP);
    for (int i = 0; i < 100; ++i)
        unit.icecast->listed("/run/left-behind.ts");
    CHECK(child::ends(stuck));
    unit.icecast->listed("/run/newest.ts");
    CHECK(unit.until_played("/run/1.ts\n/run/newest.ts\n"));
}

TEST_CASE("icecast: a program that can't be started is tried again") {
    Unit unit;
    fs::remove(unit.bin("continuo-icecast"));
    unit.icecast->start();
    unit.icecast->listed("/run/1.ts");
    CHECK(unit.icecast->state().starts_with("restarting: start " + unit.bin("continuo-icecast")));
    CHECK(unit.icecast->state().ends_with("No such file or directory"));
    unit.make_program("continuo-icecast", program);
    unit.icecast->listed("/run/2.ts"); // not before its time
    CHECK(unit.icecast->pids().empty());
    CHECK(unit.until_state("connected"));
    CHECK(unit.until_played("/run/2.ts\n"));
}

TEST_CASE("icecast: when it is stopped nothing is left, and nothing comes back") {
    Unit unit;
    unit.icecast->start();
    unit.icecast->listed("/run/1.ts");
    REQUIRE(unit.until_state("connected"));
    unit.icecast->stop();
    CHECK(unit.icecast->pids().empty());
    CHECK(child::has_no_children());
    CHECK(unit.icecast->state() == "stopped");
    unit.icecast->listed("/run/2.ts");
    CHECK(child::has_no_children());
}

TEST_CASE("icecast: the title stands where the sender looks for it") {
    Unit unit;
    unit.icecast->title("Morning Show");
    CHECK(unit.scratch.read("run/channels/live/icecast-title") == "Morning Show\n");
    unit.icecast->title("");
    CHECK(unit.scratch.read("run/channels/live/icecast-title") == "\n");
}

TEST_CASE("icecast: the encoded variant with the best sound is heard, else the copy") {
    config::Channel channel;
    auto const add = [&](std::string name, std::uint64_t audio_bitrate_bps) {
        config::Variant variant;
        variant.copy = name == "source";
        variant.name = std::move(name);
        variant.audio_bitrate_bps = audio_bitrate_bps;
        channel.variants.push_back(std::move(variant));
    };
    add("source", 320'000);
    CHECK(Icecast::variant_of(channel) == 0);
    add("720p", 128'000);
    add("1080p", 192'000);
    add("576p", 192'000);
    CHECK(Icecast::variant_of(channel) == 2);
}

} // namespace continuo::supervisor::icecast_test
