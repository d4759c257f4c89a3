#include "supervisor/store/retention.hpp"

#include <doctest/doctest.h>

namespace continuo::store::retention_test {

using namespace std::chrono_literals;

SteadyTime const start{1000s};

std::vector<std::string> paths(std::vector<File> const& files) {
    std::vector<std::string> result;
    for (auto const& file : files)
        result.push_back(file.path);
    return result;
}

using Paths = std::vector<std::string>;

TEST_CASE("retention: a file goes when its time has come, and its bytes with it") {
    Retention retention(1000);
    retention.hold(30);
    CHECK_FALSE(retention.next_expiry());
    retention.retire({"a/1.ts", 10}, start + 10s);
    retention.retire({"a/2.ts", 20}, start + 20s);
    CHECK(retention.next_expiry() == start + 10s);
    CHECK(retention.expired(start + 10s - 1ns).empty());
    CHECK(retention.held_bytes() == 30);
    CHECK(paths(retention.expired(start + 10s)) == Paths{"a/1.ts"});
    CHECK(retention.held_bytes() == 20);
    CHECK(retention.next_expiry() == start + 20s);
    CHECK(paths(retention.expired(start + 1h)) == Paths{"a/2.ts"});
    CHECK(retention.held_bytes() == 0);
    CHECK_FALSE(retention.next_expiry());
}

TEST_CASE("retention: what lies beside a file goes with it") {
    Retention retention(100);
    retention.hold(30);
    retention.retire({.path = "a/1.ts", .bytes = 10, .bytes_beside = 20}, start + 10s);
    CHECK(paths(retention.expired(start + 10s)) == Paths{"a/1.ts"});
    CHECK(retention.held_bytes() == 0);
}

TEST_CASE("retention: what left the list later never goes earlier") {
    Retention retention(1000);
    retention.hold(2);
    retention.retire({"a/1.ts", 1}, start + 20s);
    retention.retire({"a/2.ts", 1}, start + 10s);
    CHECK(retention.expired(start + 10s).empty());
    CHECK(paths(retention.expired(start + 20s)) == Paths{"a/1.ts", "a/2.ts"});
}

TEST_CASE("retention: over budget the oldest go until it holds, or nothing is left to go") {
    Retention retention(100);
    retention.hold(100);
    CHECK_FALSE(retention.over_budget());
    CHECK(retention.forget_oldest().empty());
    retention.hold(30);
    CHECK(retention.over_budget());
    retention.retire({"a/1.ts", 20}, start + 10s);
    retention.retire({"a/2.ts", 10}, start + 10s);
    retention.retire({"a/3.ts", 10}, start + 10s);
    CHECK(paths(retention.forget_oldest()) == Paths{"a/1.ts", "a/2.ts"});
    CHECK(retention.held_bytes() == 100);
    retention.hold(50);
    CHECK(paths(retention.forget_oldest()) == Paths{"a/3.ts"});
    CHECK(retention.over_budget());
    CHECK(retention.forget_oldest().empty());
    retention.release(40);
    CHECK_FALSE(retention.over_budget());
}

TEST_CASE("retention: it knows which directories have files that are kept") {
    Retention retention(100);
    retention.hold(1);
    retention.retire({"720p/r1/000001.ts", 1}, start + 10s);
    CHECK(retention.keeps_any_below("720p/r1/"));
    CHECK_FALSE(retention.keeps_any_below("720p/r/"));
    CHECK_FALSE(retention.keeps_any_below("source/r1/"));
    (void)retention.expired(start + 10s);
    CHECK_FALSE(retention.keeps_any_below("720p/r1/"));
}

} // namespace continuo::store::retention_test
