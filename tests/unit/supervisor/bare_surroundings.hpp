// What a channel's units need around them: a loop, watches and a directory of the test's own, and
// no programs.
#pragma once

#include "supervisor/plan.hpp"
#include "tests/support/temporary_directory.hpp"

#include <boost/asio/io_context.hpp>
#include <doctest/doctest.h>

#include <memory>
#include <random>

namespace continuo::supervisor {

struct BareSurroundings {
    BareSurroundings() {
        auto opened = segment::DirectoryWatches::open(loop.get_executor());
        REQUIRE(opened.has_value());
        watches = *std::move(opened);
        surroundings =
            std::make_unique<Surroundings>(Surroundings{.executor = loop.get_executor(),
                                                        .watches = *watches,
                                                        .runtime_dir = scratch.path() / "run",
                                                        .state_dir = {},
                                                        .segmenter = {},
                                                        .wall_clock = {},
                                                        .new_run_name = {},
                                                        .random = std::minstd_rand(1)});
    }

    test::TemporaryDirectory scratch;
    boost::asio::io_context loop;
    std::unique_ptr<segment::DirectoryWatches> watches;
    std::unique_ptr<Surroundings> surroundings;
};

} // namespace continuo::supervisor
