// What a channel says of itself: its state in words for the snapshot, all of it as JSON for the
// control socket.
#include "core/base/redact.hpp"
#include "core/contract/json.hpp"
#include "supervisor/channel/channel.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <utility>

namespace continuo::supervisor {

std::string Channel::source_text(source::SourceId source) const {
    auto const& config = records_.at(source).config;
    auto const what = config.kind == config::Source::Kind::test
                          ? fmt::format("test picture {}x{}", config.test.width, config.test.height)
                          : without_credentials(config.location);
    if (playhead_) return fmt::format("head ({})", what);
    return config_.sources.size() == 1
               ? fmt::format("source ({})", what)
               : fmt::format("source {} of {} ({})", source + 1, config_.sources.size(), what);
}

/// What a playhead's viewers will see in place of a head that was lost; empty when it is there.
std::string Channel::on_its_way() const {
    if (!playhead_ || chooser_.best()) return {};
    for (auto const& [source, record] : records_)
        if (!is_head(source) && chooser_.state(source) == source::State::starting)
            return fmt::format("; {} is started in its place", source_text(source));
    return {};
}

contract::ChannelState Channel::state_now() const {
    contract::ChannelState state;
    // Between two runs of a source viewers see no difference: it is on air as long as it is shown.
    auto const source = chooser_.best() ? chooser_.best() : on_air_source_;
    if (stopping_)
        state.state = "stopped";
    else if (screening_ && !screening_->failure().empty())
        state.state = "failed";
    else if (screening_ && screening_->has_ended())
        state.state = "ended";
    else if (source) {
        state.state = "on air";
        state.source = source_text(*source);
    } else if (is_slate(timeline_->on_air())) {
        state.state = chooser_.all_failed() ? "failed" : "slate";
        state.source = "slate";
    } else
        state.state = chooser_.all_failed() ? "failed" : "starting";
    for (auto const& [wanted, record] : records_) {
        auto const lost = playhead_
                              ? is_head(wanted) && chooser_.state(wanted) != source::State::ready
                              : !source || wanted < *source;
        if (screening_) continue; // it has its own words
        if (lost && state.note.empty() && !record.why.empty())
            state.note = fmt::format("{}: {}", source_text(wanted), record.why);
    }
    if (!state.note.empty()) state.note += on_its_way();
    if (screening_) state.note = screening_->failure();
    if (playhead_) state.playhead = playhead_->state();
    if (icecast_) state.icecast = icecast_->state();
    state.breaks = breaks_.latest();
    if (state.note.empty()) state.note = breaks_.remark(surroundings_.wall_clock());
    auto const same = state.state == state_.state && state.source == state_.source;
    state.since = same ? state_.since : surroundings_.wall_clock();
    return state;
}

std::string Channel::status() const {
    using nlohmann::json;
    auto const snapshot = timeline_->snapshot();
    json variants = json::array();
    auto const* const on_air = run_named(timeline_->on_air());
    for (std::size_t i = 0; i < config_.variants.size(); ++i) {
        auto const& facts = snapshot.variants[i];
        json variant{{"name", facts.name},
                     {"bandwidth_bps", facts.bandwidth_bps},
                     {"width", facts.width},
                     {"height", facts.height},
                     {"frame_rate", facts.frame_rate},
                     {"codecs", facts.codecs}};
        if (on_air != nullptr) {
            auto const status = on_air->variant_status(i);
            variant["restarts"] = status.restarts;
            variant["pids"] = status.pids;
        }
        variants.push_back(std::move(variant));
    }
    json sources = json::array();
    for (auto const& [source, record] : records_) {
        auto const* const run = run_of(source);
        sources.push_back({{"name", source_text(source)},
                           {"running", run != nullptr},
                           {"on_air", chooser_.best() == source},
                           {"restarts", record.restarts},
                           {"last_error", record.why},
                           {"pids", run != nullptr ? run->source_pids() : std::vector<pid_t>{}}});
    }
    json status{{"name", config_.name},
                {"state", state_.state},
                {"source", state_.source},
                {"note", state_.note},
                {"next_number", timeline_->next_number()},
                {"discontinuity_sequence", timeline_->discontinuity_sequence_at_end()},
                {"bytes", timeline_->held_bytes()},
                {"budget_bytes", config_.budget_bytes},
                {"sources", std::move(sources)},
                {"variants", std::move(variants)}};
    status["cues_waiting"] = cue_orders_.waiting();
    status["breaks"] = json::array();
    for (auto const& entry : breaks_.latest())
        status["breaks"].push_back(json::parse(contract::encode(entry)));
    if (icecast_) status["icecast"] = {{"state", icecast_->state()}, {"pids", icecast_->pids()}};
    if (playhead_) status["playhead"] = json::parse(contract::encode(playhead_->state()));
    return contract::to_text(status);
}

} // namespace continuo::supervisor
