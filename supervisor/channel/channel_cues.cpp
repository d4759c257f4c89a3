// Cues of a channel: what people ask for by hand on its way to the source's segmenter, and what
// comes back on the list.
#include "core/os/file.hpp"
#include "supervisor/channel/channel.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>

namespace continuo::supervisor {

using std::chrono::steady_clock;

Result<CueOrders::Accepted> Channel::order_cue(contract::CueRequest const& request) {
    auto const* const run = stopping_ ? nullptr : run_named(timeline_->on_air());
    auto const source_on_air = run != nullptr && run->source() && !run->stopping();
    auto accepted = cue_orders_.accept(request,
                                       {.source_on_air = source_on_air,
                                        .open = timeline_->open_break(),
                                        .newest = timeline_->newest_end(),
                                        .lag = timeline_->options().patience()},
                                       steady_clock::now());
    if (!accepted)
        return Error{accepted.error().code,
                     fmt::format("channel \"{}\": {}", config_.name, accepted.error().context)};
    spdlog::info("channel \"{}\": {} of break {} asked for", config_.name,
                 accepted->kind == timeline::Cue::Kind::out ? "OUT" : "IN", accepted->event_id);
    evaluate();
    return accepted;
}

/// After each look at the timeline: what was listed is done, what the run on air has not heard of
/// is told to it.
void Channel::settle_cues(SteadyTime now) {
    for (auto const& listed : timeline_->take_listed_cues()) {
        cue_orders_.on_listed(listed.cues, listed.marks);
        for (auto const& mark : listed.marks)
            spdlog::info("channel \"{}\": {}", config_.name, breaks_.note(listed.number, mark));
    }
    if (cue_orders_.waiting() == 0 || stopping_) return;
    auto const is_awaited = [&](std::string const& section) {
        return timeline_->awaits([&](timeline::Cue const& cue) { return cue.section == section; });
    };
    for (auto const& remark : cue_orders_.take_expired(now, is_awaited))
        spdlog::warn("channel \"{}\": {}", config_.name, remark);
    auto const* const run = run_named(timeline_->on_air());
    if (run == nullptr || !run->source() || run->stopping()) return;
    std::string lines;
    for (auto const& line : cue_orders_.lines_for(run->name(), now, is_awaited))
        lines += line + '\n';
    if (lines.empty()) return;
    if (auto const written = os::append_to_file(run->cue_file(), lines); !written)
        spdlog::error("channel \"{}\": a cue is lost: {}", config_.name, to_text(written.error()));
}

} // namespace continuo::supervisor
