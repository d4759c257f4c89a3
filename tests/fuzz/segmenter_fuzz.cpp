// Any bytes as a source: what comes out is whole segments of whole packets, the same whatever the
// chunks.
#include "workers/segment/gop_log.hpp"
#include "workers/segment/segmenter.hpp"

#include <algorithm>
#include <cstdlib>
#include <vector>

using namespace continuo;
using namespace continuo::segment;

namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

struct Made {
    std::vector<contract::SegmentLine> lines;
    std::vector<std::uint8_t> bytes;
    friend bool operator==(Made const&, Made const&) = default;
};

class Checker {
public:
    void take(Output const& output) {
        std::size_t done = 0;
        for (auto const& event : output.events) {
            require(event.offset >= done && !has_ended_);
            require(event.offset == done || is_open_);
            done = event.offset;
            if (auto const* const opened = std::get_if<SegmentOpened>(&event.what)) {
                require(!is_open_);
                is_open_ = true;
                take_cues_of(*opened);
            } else if (auto const* const decided = std::get_if<CutDecided>(&event.what)) {
                if (decided->cut.cue) decided_.push_back(decided->cut);
            } else if (auto const* const closed = std::get_if<SegmentClosed>(&event.what)) {
                require(is_open_ && closed->line.duration > Ticks90k::zero());
                is_open_ = false;
                made.lines.push_back(closed->line);
            } else if (std::holds_alternative<Ended>(event.what)) {
                has_ended_ = true;
            }
        }
        require(done == output.bytes.size() || is_open_);
        require(output.bytes.size() % mpegts::packet_size == 0);
        made.bytes.insert(made.bytes.end(), output.bytes.begin(), output.bytes.end());
        log_.append(output);
        log_.trim(std::nullopt, {}, /*keep_time=*/false);
    }
    void finish() const { require(!is_open_); }

    Made made;

private:
    /// Cues are told before the segment that they open, each of them with it alone.
    void take_cues_of(SegmentOpened const& opened) {
        require(opened.cues.size() == decided_.size());
        for (std::size_t i = 0; i < decided_.size(); ++i)
            require(decided_[i].pts == opened.start && decided_[i].cue == opened.cues[i]);
        decided_.clear();
    }

    std::vector<contract::Cut> decided_;
    bool is_open_{false};
    bool has_ended_{false};
    GopLog log_;
};

Made segments_of(Rules const& rules, Ticks90k skip, std::vector<SpliceRequest> const& requests,
                 std::span<std::uint8_t const> input, std::size_t chunk) {
    Segmenter segmenter(rules);
    segmenter.skip(skip);
    segmenter.add_cut({.pts = Ticks90k(200'000), .overlong = true});
    for (auto const& request : requests)
        segmenter.add_request(request);
    Checker checker;
    Output output;
    while (!input.empty()) {
        auto const part = input.first(std::min(chunk, input.size()));
        output.clear();
        segmenter.feed(part, output);
        checker.take(output);
        input = input.subspan(part.size());
    }
    output.clear();
    segmenter.finish(output);
    checker.take(output);
    checker.finish();
    return checker.made;
}

/// A break of half a second that begins at once.
SpliceRequest const asked_for{
    .event = {.event_id = 1, .planned = Ticks90k(45'000), .auto_return = true},
    .section = "asked for",
    .origin = "fuzzer",
    .in_band = false};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    if (size < 2) return 0;
    std::span<std::uint8_t const> const input(data + 2, size - 2);
    Rules rules{.segment_time = Ticks90k(9'000), .target_duration = Ticks90k(90'000), .grid = {}};
    rules.leads = (data[0] & 1) != 0;
    if ((data[0] & 2) != 0) rules.grid = {.origin = Ticks90k(-100), .period = Ticks90k(9'000)};
    rules.short_first = (data[0] & 4) != 0;
    auto const skip = Ticks90k((data[0] & 8) != 0 ? 9'000 : 0);
    std::vector<SpliceRequest> requests;
    if ((data[0] & 16) != 0) requests.push_back(asked_for);
    require(segments_of(rules, skip, requests, input, input.size() + 1) ==
            segments_of(rules, skip, requests, input, std::size_t{data[1]} + 1));
    return 0;
}
