#include "cli/space.hpp"

#include <doctest/doctest.h>

namespace continuo::cli::space_test {

std::vector<config::Channel> channels_of(std::initializer_list<std::uint64_t> budgets_bytes) {
    std::vector<config::Channel> channels;
    for (auto const budget : budgets_bytes) {
        config::Channel channel;
        channel.budget_bytes = budget;
        channels.push_back(channel);
    }
    return channels;
}

TEST_CASE("space: budgets that fit are no complaint, to the byte") {
    CHECK(complaint_about_budgets({}, 0, "/run/continuo").empty());
    CHECK(complaint_about_budgets(channels_of({60, 40}), 100, "/run/continuo").empty());
    CHECK_FALSE(complaint_about_budgets(channels_of({60, 41}), 100, "/run/continuo").empty());
}

TEST_CASE("space: the complaint names both figures and the command") {
    CHECK(
        complaint_about_budgets(channels_of({512ull << 20, 512ull << 20}), 800ull << 20,
                                "/run/continuo") ==
        "the channels' budgets add up to 1024 MiB, but the file system of \"/run/continuo\" holds "
        "800 MiB; lower budget or give it more room: mount -o remount,size=1025M /run/continuo");
}

} // namespace continuo::cli::space_test
