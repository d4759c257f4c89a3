#include "tests/support/temporary_directory.hpp"
#include "workers/segment/boundary_file.hpp"

#include <doctest/doctest.h>

#include <poll.h>

#include <vector>

namespace boundary_file_test {

using namespace continuo;
using namespace continuo::segment;
using contract::Boundary;

bool is_readable(int fd) {
    pollfd polled{.fd = fd, .events = POLLIN, .revents = 0};
    return ::poll(&polled, 1, 0) == 1;
}

TEST_CASE("boundary file: a follower that came first is woken by what the leader appends") {
    test::TemporaryDirectory directory;
    auto const path = directory.path() / "boundaries";
    auto follower = BoundaryFile::open(path).value();
    auto leader = BoundaryFile::open(path).value();
    CHECK(follower.read_new().empty());
    CHECK_FALSE(is_readable(follower.growth()));
    Boundary const first{.pts = Ticks90k(90'000)};
    Boundary const second{.kind = Boundary::Kind::discontinuity};
    CHECK(leader.append(first).has_value());
    CHECK(is_readable(follower.growth()));
    CHECK(leader.append(second).has_value());
    CHECK(follower.read_new() == std::vector{first, second});
    CHECK_FALSE(is_readable(follower.growth()));
    CHECK(follower.read_new().empty());
    CHECK(BoundaryFile::open(path).value().read_new().size() == 2);
}

TEST_CASE("boundary file: a torn line counts when its rest has come; a leader that goes on behind "
          "one makes it none") {
    test::TemporaryDirectory directory;
    auto const path = directory.path() / "boundaries";
    auto follower = BoundaryFile::open(path).value();
    std::ofstream(path, std::ios::app) << "90000\n1800";
    CHECK(follower.read_new() == std::vector{Boundary{.pts = Ticks90k(90'000)}});
    SUBCASE("its rest comes") {
        std::ofstream(path, std::ios::app) << "00\n";
        CHECK(follower.read_new() == std::vector{Boundary{.pts = Ticks90k(180'000)}});
    }
    SUBCASE("another leader") {
        auto leader = BoundaryFile::open(path).value();
        CHECK(leader.read_new().size() == 1);
        CHECK(leader.append({.pts = Ticks90k(270'000)}).has_value());
        CHECK(leader.append({.pts = Ticks90k(360'000)}).has_value());
        auto const all = BoundaryFile::open(path).value().read_new();
        REQUIRE(all.size() == 3);
        CHECK(all[1] == Boundary{.pts = Ticks90k(270'000)});
        CHECK(follower.read_new().size() == 2);
    }
}

TEST_CASE("boundary file: a directory that is not there is an error that names it") {
    auto const file = BoundaryFile::open("/nowhere/boundaries");
    REQUIRE_FALSE(file.has_value());
    CHECK(to_text(file.error()).find("/nowhere/boundaries") != std::string::npos);
}

} // namespace boundary_file_test
