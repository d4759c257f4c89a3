#include "supervisor/watch/viewers.hpp"
#include "tests/unit/supervisor/watch/fake_screen.hpp"

#include <doctest/doctest.h>

namespace continuo::sessions {
namespace {

using namespace std::chrono_literals;

TEST_CASE("viewers: each is there for as long as the timeout after a heartbeat") {
    Viewers viewers(45s, test_start);
    CHECK(viewers.count() == 0);
    CHECK(viewers.lost_at() == test_start + 45s);
    viewers.beat("anna", test_start + 10s);
    viewers.beat("berta", test_start + 20s);
    viewers.beat("anna", test_start + 25s);
    CHECK(viewers.count() == 2);
    CHECK(viewers.lost_at() == test_start + 70s);
    viewers.settle(test_start + 65s - 1us);
    CHECK(viewers.count() == 2);
    viewers.settle(test_start + 65s);
    CHECK(viewers.count() == 1);
    CHECK(viewers.are_only("anna"));
    CHECK_FALSE(viewers.are_only("berta"));
}

TEST_CASE("viewers: who leaves is a sign of life, who was never there is none") {
    Viewers viewers(45s, test_start);
    viewers.leave("anna", test_start + 10s);
    CHECK(viewers.lost_at() == test_start + 45s);
    viewers.beat("anna", test_start + 10s);
    viewers.leave("anna", test_start + 20s);
    CHECK(viewers.count() == 0);
    CHECK(viewers.are_only("berta")); // nobody is somebody else
    CHECK(viewers.lost_at() == test_start + 65s);
}

TEST_CASE("viewers: more than can be counted keep a session alive all the same") {
    Viewers viewers(45s, test_start);
    for (std::size_t i = 0; i < Viewers::most + 10; ++i)
        viewers.beat("viewer " + std::to_string(i), test_start);
    CHECK(viewers.count() == Viewers::most);
    viewers.beat("one more", test_start + 40s);
    CHECK(viewers.lost_at() == test_start + 85s);
    viewers.beat("viewer 0", test_start + 50s); // who is known is still known
    CHECK(viewers.count() == Viewers::most);
}

} // namespace
} // namespace continuo::sessions
