// Any bytes as the input of several segmenters that keep in step: each makes the same whatever the
// chunks, and who follows begins its segments at what the leader told, in that order.
#include "workers/segment/segmenter.hpp"

#include <algorithm>
#include <cstdlib>
#include <vector>

using namespace continuo;
using namespace continuo::segment;

namespace {

using Bytes = std::span<std::uint8_t const>;
using contract::Boundary;

void require(bool holds) {
    if (!holds) std::abort();
}

struct Made {
    std::vector<contract::SegmentLine> lines;
    std::vector<Boundary> boundaries;
    std::vector<std::uint8_t> bytes;
    friend bool operator==(Made const&, Made const&) = default;
};

class Run {
public:
    Run(Rules const& rules, std::vector<Boundary> const& told)
        : follows_(!rules.leads), segmenter_(rules), told_(told) {}

    void feed(Bytes input, std::size_t chunk) {
        while (!input.empty()) {
            auto const part = input.first(std::min(chunk, input.size()));
            segmenter_.feed(part, output_);
            take_output();
            while (segmenter_.is_waiting())
                tell_more();
            input = input.subspan(part.size());
        }
    }
    void discontinuity() {
        segmenter_.discontinuity(output_);
        take_output();
    }
    Made finish() {
        segmenter_.finish(output_);
        take_output();
        require(!is_open_);
        return std::move(made_);
    }

private:
    void tell_more() {
        require(follows_ && told_count_ < told_.size());
        segmenter_.add_boundary(told_[told_count_++]);
        segmenter_.feed({}, output_);
        take_output();
    }
    void take_output() {
        std::size_t done = 0;
        for (auto const& event : output_.events) {
            require(event.offset == done || is_open_);
            done = event.offset;
            if (std::holds_alternative<SegmentOpened>(event.what)) {
                require(!is_open_);
                is_open_ = true;
            } else if (auto const* const closed = std::get_if<SegmentClosed>(&event.what)) {
                require(is_open_ && closed->line.duration > Ticks90k::zero());
                require(closed->line.boundary.has_value() == follows_);
                is_open_ = false;
                made_.lines.push_back(closed->line);
            } else if (auto const* const decided = std::get_if<BoundaryDecided>(&event.what)) {
                require(!follows_);
                made_.boundaries.push_back(decided->boundary);
            }
        }
        require(done == output_.bytes.size() || is_open_);
        require(output_.bytes.size() % mpegts::packet_size == 0);
        made_.bytes.insert(made_.bytes.end(), output_.bytes.begin(), output_.bytes.end());
        output_.clear();
    }

    bool follows_;
    Segmenter segmenter_;
    std::vector<Boundary> const& told_;
    std::size_t told_count_{};
    Output output_;
    bool is_open_{false};
    Made made_;
};

Made made_of(Rules const& rules, Bytes input, std::size_t chunk,
             std::vector<Boundary> const& told = {}) {
    Run run(rules, told);
    auto const half = input.size() / 2;
    run.feed(input.first(half), chunk);
    run.discontinuity();
    run.feed(input.subspan(half), chunk);
    return run.finish();
}

void check_places(Made const& follower, Made const& leader) {
    auto next = leader.boundaries.begin();
    for (auto const& line : follower.lines) {
        next = std::find_if(next, leader.boundaries.end(), [&](Boundary const& boundary) {
            return boundary.kind == Boundary::Kind::segment && boundary.pts == *line.boundary &&
                   boundary.cues == line.cues;
        });
        require(next != leader.boundaries.end());
        ++next;
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    if (size < 2) return 0;
    Bytes const input(data + 2, size - 2);
    auto const chunk = std::size_t{data[1]} + 1;
    Rules rules{.segment_time = Ticks90k(9'000),
                .target_duration = Ticks90k(90'000),
                .grid = {},
                .leads = true,
                .by_boundaries = true};
    rules.raise_target = (data[0] & 1) != 0;
    rules.by_indicator = (data[0] & 2) != 0;
    auto const leader = made_of(rules, input, input.size() + 1);
    require(leader == made_of(rules, input, chunk));
    auto told = leader.boundaries;
    told.push_back({.kind = Boundary::Kind::end});
    rules.leads = false;
    rules.begin_with = data[0] >> 4;
    auto const follower = made_of(rules, input, input.size() + 1, told);
    require(follower == made_of(rules, input, chunk, told));
    check_places(follower, leader);
    return 0;
}
