#include "supervisor/channel/playhead.hpp"

#include "core/base/redact.hpp"
#include "core/os/file.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

namespace continuo::supervisor {
namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::size_t switches_kept = 10;

std::string quoted(source::Head const& head) {
    auto const url = without_credentials(head.url);
    return head.name.empty() ? url : fmt::format("{} (\"{}\")", url, head.name);
}

} // namespace

Playhead::Playhead(Surroundings& surroundings, config::Channel const& channel,
                   PlayheadHandlers handlers)
    : surroundings_(surroundings)
    , channel_(channel)
    , handlers_(std::move(handlers))
    , memory_(surroundings.state_dir / "channels" / (channel.name + ".head.json")) {}

std::string Playhead::label() const {
    return fmt::format("channel \"{}\"", channel_.name);
}

void Playhead::start() {
    // The file holds what the API's own message would.
    if (auto const text = os::read_file(memory_)) {
        auto head = source::parse_head({.type = "playhead", .data = *text, .id = {}});
        if (head && *head) ask(**std::move(head));
    }
    feed_ = std::make_unique<source::EventFeed>(
        surroundings_.executor, source::events_url(*channel_.playhead),
        [this] { return std::uniform_real_distribution<>(0, 1)(surroundings_.random); },
        source::FeedHandlers{
            .on_event = [this](sse::Event const& event) { on_event(event); },
            .on_connected = [this](bool is_open,
                                   std::string const& why) { on_connection(is_open, why); },
            .on_oversized =
                [this] {
                    spdlog::warn("{}: the API sends events of more than {} bytes, which are "
                                 "ignored; not said again",
                                 label(), sse::EventStream::max_size);
                }});
}

void Playhead::stop() {
    feed_.reset();
}

void Playhead::on_event(sse::Event const& event) {
    auto head = source::parse_head(event);
    if (!head)
        spdlog::warn("{}: ignored what the API sent: {}", label(), head.error().context);
    else if (*head)
        ask(**std::move(head));
}

void Playhead::on_connection(bool is_open, std::string const& why) {
    state_.api_connected = is_open;
    auto const api = without_credentials(channel_.playhead->api_url);
    if (is_open)
        spdlog::info("{}: listens to {}", label(), api);
    else
        spdlog::warn("{}: no events from {}: {}; keeping what is on air", label(), api, why);
    handlers_.on_change();
}

void Playhead::ask(source::Head head) {
    head.url = source::rewritten(head.url, *channel_.playhead);
    auto const is_other = head.url != wanted_.url;
    if (head == wanted_) return;
    wanted_ = head;
    state_.head = without_credentials(head.url);
    state_.name = head.name;
    remember(head);
    if (!is_other) {
        spdlog::info("{}: what is at the head is now called \"{}\"", label(), head.name);
        if (!state_.latest.empty()) state_.latest.front().name = head.name;
        return handlers_.on_change();
    }
    begin_switch(head);
    handlers_.on_head(head);
}

void Playhead::begin_switch(source::Head const& head) {
    spdlog::info("{}: to switch to {}", label(), quoted(head));
    if (auto* const before = pending()) before->outcome = contract::Switch::Outcome::superseded;
    asked_ = steady_clock::now();
    auto& latest = state_.latest;
    latest.insert(latest.begin(), contract::Switch{.url = without_credentials(head.url),
                                                   .name = head.name,
                                                   .asked = surroundings_.wall_clock(),
                                                   .took = std::nullopt});
    latest.resize(std::min(latest.size(), switches_kept));
}

contract::Switch* Playhead::pending() {
    auto& latest = state_.latest;
    auto const awaited =
        !latest.empty() && latest.front().outcome == contract::Switch::Outcome::pending;
    return awaited ? &latest.front() : nullptr;
}

/// One that failed may still come: its source is tried again as long as it is wanted.
void Playhead::on_listed() {
    if (state_.latest.empty()) return;
    auto& newest = state_.latest.front();
    if (newest.outcome == contract::Switch::Outcome::done) return;
    newest.outcome = contract::Switch::Outcome::done;
    newest.took = duration_cast<milliseconds>(steady_clock::now() - asked_);
    if (state_.latest.size() > 1) ++state_.switches; // the first head takes over from nothing
    spdlog::info("{}: switched to {} in {} ms", label(), quoted(wanted_), newest.took->count());
}

void Playhead::on_failed(std::string const& why) {
    auto* const newest = pending();
    if (newest == nullptr) return;
    newest->outcome = contract::Switch::Outcome::failed;
    ++state_.failures;
    spdlog::warn("{}: no switch to {}: {}; keeping what is on air", label(), quoted(wanted_), why);
}

void Playhead::remember(source::Head const& head) {
    auto const text = nlohmann::json{{"head", head.url}, {"name", head.name}}.dump();
    if (auto const written = os::replace_file(memory_, text + "\n", os::Readers::owner); !written)
        spdlog::warn("{}: {}; the head is forgotten over a restart", label(),
                     to_text(written.error()));
}

} // namespace continuo::supervisor
