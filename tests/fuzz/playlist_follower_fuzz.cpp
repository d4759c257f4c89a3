// A server that answers with any texts: what is asked of it stays bounded, whatever they say.
#include "workers/segment/playlist_follower.hpp"

#include <algorithm>
#include <cstdlib>
#include <set>
#include <string_view>
#include <vector>

using namespace continuo;
using namespace continuo::segment;
using namespace std::chrono_literals;

namespace {

using Time = WallClock::Time;

constexpr Time start{1000s};
constexpr WallClock wall_clock{.steady = start, .wall = hls::WallTime{1'800'000'000s}};
constexpr int max_steps = 300;

void require(bool holds) {
    if (!holds) std::abort();
}

/// The first line says how fetches and loads go, the texts behind it are separated by NUL and
/// answered one after the other, the last one for ever.
class Server {
public:
    explicit Server(std::string_view input) {
        auto const line = input.substr(0, input.find('\n'));
        outcomes_ = line;
        input.remove_prefix(std::min(input.size(), line.size() + 1));
        for (;;) {
            auto const end = input.find('\0');
            texts_.push_back(input.substr(0, end));
            if (end == std::string_view::npos) break;
            input.remove_prefix(end + 1);
        }
    }

    std::string_view text() {
        auto const text = texts_[std::min(next_text_, texts_.size() - 1)];
        ++next_text_;
        return text;
    }
    char outcome() {
        if (outcomes_.empty()) return '+';
        return outcomes_[next_outcome_++ % outcomes_.size()];
    }

private:
    std::string_view outcomes_;
    std::vector<std::string_view> texts_;
    std::size_t next_text_{};
    std::size_t next_outcome_{};
};

class Driver {
public:
    Driver(Server server, FollowRules const& rules)
        : server_(std::move(server)), follower_(wall_clock, rules, start) {}

    void run() {
        for (int step = 0; step < max_steps && !follower_.end(); ++step) {
            auto const load = follower_.load_due();
            auto const fetch = follower_.fetch_due();
            require(load || fetch); // else it would wait for ever
            auto const is_fetch = fetch && (!load || *fetch <= *load);
            now_ = std::max(now_, is_fetch ? *fetch : *load);
            if (is_fetch)
                make_fetch();
            else
                make_load();
            require(follower_.take_remarks().size() <= 4);
            if (auto const& begun = follower_.start()) require(begun->skip >= Ticks90k::zero());
        }
        require(!follower_.end() || (!follower_.load_due() && !follower_.fetch_due()));
    }

private:
    void make_load() {
        auto const since = now_ - latest_load_;
        auto const is_variant = follower_.variant_uri().has_value();
        require(since >= LoadSchedule::shortest_wait || is_variant != was_variant_ || !has_loaded_);
        was_variant_ = is_variant;
        has_loaded_ = true;
        latest_load_ = now_;
        PlaylistLoad load{.asked = now_, .came = now_, .name = "x"};
        switch (server_.outcome()) {
        case '-': return follower_.load_failed("refused", now_, now_ + 1s);
        case '=':
            if (text_was_of_use_) return follower_.unchanged(load);
            break;
        case 'm':
            load.published = {.earliest = wall_clock.at(now_) - 3s,
                              .latest = wall_clock.at(now_) - 2s};
            break;
        case 'o':
            load.published = {.earliest = wall_clock.at(now_) - 9h,
                              .latest = wall_clock.at(now_) - 8h};
            break;
        default: break;
        }
        auto const before = follower_.variant_uri().has_value();
        text_was_of_use_ = follower_.loaded(server_.text(), load);
        if (follower_.variant_uri().has_value() != before) text_was_of_use_ = false;
    }

    void make_fetch() {
        auto const request = follower_.begin_fetch();
        require(!request.bytes || request.bytes->offset_bytes);
        require(!follower_.fetch_due());
        switch (server_.outcome()) {
        case 'n':
            require(++failures_ <= max_steps);
            return follower_.fetch_failed({.reason = "HTTP 404", .answered = true}, now_);
        case 's':
            return follower_.fetch_failed({.reason = "no answer", .answered = false}, now_ += 5s);
        default:
            follower_.delivering();
            require(follower_.start().has_value());
            return follower_.fetched();
        }
    }

    Server server_;
    PlaylistFollower follower_;
    Time now_ = start;
    Time latest_load_ = start;
    bool has_loaded_{false};
    bool was_variant_{false};
    bool text_was_of_use_{false};
    int failures_{};
};

/// '@': as usual; '0' to '7': whole, idle and replay as its bits say; else a wanted date.
FollowRules rules_of(char first) {
    FollowRules rules;
    if (first >= '0' && first <= '7') {
        rules.from_start = (first & 1) != 0;
        rules.replay = (first & 2) != 0;
        if ((first & 4) != 0) rules.idle = 5s;
    } else if (first != '@') {
        rules.at = wall_clock.wall + std::chrono::seconds(static_cast<int>(first) - '@');
    }
    return rules;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    std::string_view input(reinterpret_cast<char const*>(data), size);
    FollowRules rules;
    if (!input.empty()) {
        rules = rules_of(input.front());
        input.remove_prefix(1);
    }
    Driver(Server(input), rules).run();
    return 0;
}
