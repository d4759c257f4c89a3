// How often one address may ask for something: so many times at once, then one after each period.
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace continuo::watch {

/// Shared by all threads, since a client's connections are spread over them.
class RateLimit {
public:
    using SteadyTime = std::chrono::steady_clock::time_point;

    struct Options {
        unsigned at_once{1};
        std::chrono::milliseconds period{1000};
        std::size_t most_addresses{10'000}; ///< beyond, the longest silent ones are forgotten
    };
    explicit RateLimit(Options options) : options_(options) {}

    /// Nothing where it may; else how long it has to wait until it may again. A refusal costs
    /// nothing. Whoever has an IPv6 address has a network of them: its first 64 bits count.
    std::optional<std::chrono::milliseconds> refuse(std::string_view address, SteadyTime now);

private:
    void forget_silent(SteadyTime now);

    Options options_;
    std::mutex mutex_;
    /// When all that an address has used will be given back; those that have passed say nothing.
    std::map<std::string, SteadyTime, std::less<>> restored_;
};

} // namespace continuo::watch
