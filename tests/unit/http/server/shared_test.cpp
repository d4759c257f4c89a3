#include "http/server/shared.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <thread>

namespace shared_test {

using namespace continuo::server;

TEST_CASE("shared: a reader sees each new version, and lets go of the old one") {
    Shared<int> shared(std::make_shared<int const>(1));
    Reader<int> reader(shared);
    CHECK(reader.newest() == 1);
    std::weak_ptr<int const> const first = shared.load();
    shared.publish(std::make_shared<int const>(2));
    CHECK(!first.expired());
    CHECK(reader.newest() == 2);
    CHECK(first.expired());
}

TEST_CASE("shared: readers of other threads see versions grow up to the last") {
    constexpr int last = 10'000;
    Shared<int> shared(std::make_shared<int const>(0));
    auto const follow = [&shared] {
        Reader<int> reader(shared);
        for (int seen = 0; seen < last;) {
            int const value = reader.newest();
            if (value < seen) return false;
            seen = value;
        }
        return true;
    };
    bool ascending[2] = {};
    {
        std::jthread const one([&] { ascending[0] = follow(); });
        std::jthread const two([&] { ascending[1] = follow(); });
        for (int value = 1; value <= last; ++value)
            shared.publish(std::make_shared<int const>(value));
    }
    CHECK((ascending[0] && ascending[1]));
}

} // namespace shared_test
