#include "supervisor/channel/cue_orders.hpp"

#include "core/base/binary_text.hpp"
#include "core/scte35/cue_text.hpp"
#include "core/scte35/event.hpp"
#include "core/scte35/sidecar.hpp"
#include "core/scte35/splice_request.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace continuo::supervisor {
namespace {

using std::chrono::milliseconds;
using timeline::BreakMark;
using timeline::Cue;
using Request = contract::CueRequest;

Error conflict(std::string context) {
    return fail(Errc::conflict, std::move(context));
}

std::string_view name_of(Cue::Kind kind) {
    return kind == Cue::Kind::out ? "OUT" : "IN";
}

milliseconds rounded(Ticks90k time) {
    return std::chrono::round<milliseconds>(time);
}

Ticks90k ticks_of(CueOrders::SteadyTime::duration time) {
    return Ticks90k{std::chrono::round<milliseconds>(time)};
}

/// The first break that it begins or ends; a segmenter reads the rest by itself.
Result<scte35::Event> event_of(scte35::SpliceInfo const& info) {
    for (auto const& event : scte35::events_of(info))
        if (event.kind != scte35::Event::Kind::cancel) return event;
    return fail(Errc::malformed, "the section begins no break and ends none");
}

} // namespace

Result<CueOrders::Accepted> CueOrders::accept(Request const& request, Situation const& situation,
                                              SteadyTime now) {
    if (!situation.source_on_air)
        return conflict("no source is on air: there is nothing to splice");
    if (orders_.size() == limit)
        return conflict(fmt::format("{} cues wait for their time already", limit));
    auto const is_section = request.kind == Request::Kind::section;
    auto const kind = request.kind == Request::Kind::out ? Cue::Kind::out : Cue::Kind::in;
    auto const planned = request.auto_return ? request.duration : std::nullopt;
    auto order = is_section ? read_section(request, situation, now)
                            : Order{.what = {.kind = kind, .event_id = 0},
                                    .section = {},
                                    .planned = planned,
                                    .due = now + request.at,
                                    .run = {}};
    if (!order) return order.error();
    auto const current = break_at(order->due, situation, now);
    if (auto const checked = check(*order, current, situation.lag); !checked)
        return checked.error();
    if (!is_section)
        if (auto const named = name_and_write(*order, request, current); !named)
            return named.error();
    auto const accepted = order->what;
    if (accepted.kind == Cue::Kind::out) last_event_id_ = accepted.event_id;
    auto const later = std::ranges::upper_bound(orders_, order->due, {}, &Order::due);
    orders_.insert(later, *std::move(order));
    return accepted;
}

/// As what is on air and what was ordered before will have made it.
std::optional<CueOrders::Ahead> CueOrders::break_at(SteadyTime time, Situation const& situation,
                                                    SteadyTime now) const {
    std::optional<Ahead> current;
    if (situation.open) {
        auto const& out = situation.open->out;
        current = Ahead{.event_id = out.event_id, .ends = {}};
        if (out.auto_return && out.planned)
            current->ends = now + rounded(*out.planned - situation.open->elapsed);
    }
    auto const pass = [&](SteadyTime until) {
        if (current && current->ends && *current->ends <= until) current.reset();
    };
    for (auto const& order : orders_) {
        if (order.due > time) break;
        pass(order.due);
        if (order.what.kind == Cue::Kind::in) current.reset();
        if (order.what.kind == Cue::Kind::in || current) continue;
        current = Ahead{.event_id = order.what.event_id, .ends = {}};
        if (order.planned) current->ends = order.due + *order.planned;
    }
    pass(time);
    return current;
}

/// One break at a time: what lists would pass over is refused. A break that ends by itself about
/// then is not in the way.
Result<> CueOrders::check(Order const& order, std::optional<Ahead> const& current,
                          milliseconds lag) {
    if (order.what.kind == Cue::Kind::in) {
        if (!current) return conflict("no break is open then, and none was asked for");
        return {};
    }
    if (current && (!current->ends || *current->ends > order.due + lag))
        return conflict(fmt::format(
            "break {} is open then: end it first, or ask for a later splice", current->event_id));
    return {};
}

Result<> CueOrders::name_and_write(Order& order, Request const& request,
                                   std::optional<Ahead> const& current) const {
    auto const out = order.what.kind == Cue::Kind::out;
    if (!out && request.event_id && *request.event_id != current->event_id)
        return conflict(
            fmt::format("break {} is open then, not {}", current->event_id, *request.event_id));
    order.what.event_id = out ? request.event_id.value_or(last_event_id_ + 1) : current->event_id;
    scte35::SpliceRequest splice{
        .out = out, .event_id = order.what.event_id, .auto_return = request.auto_return};
    if (request.duration) splice.duration = *request.duration;
    order.section = base64_of(scte35::encode(scte35::splice_insert_of(splice)));
    return {};
}

/// A section that somebody else wrote.
Result<CueOrders::Order> CueOrders::read_section(Request const& request, Situation const& situation,
                                                 SteadyTime now) {
    auto const cue = scte35::parse_cue_text(request.section);
    if (!cue) return fail(Errc::malformed, "the section can't be read: " + to_text(cue.error()));
    auto const event = event_of(cue->info);
    if (!event) return event.error();
    Order order{
        .what = {.kind = event->kind == scte35::Event::Kind::out ? Cue::Kind::out : Cue::Kind::in,
                 .event_id = event->event_id},
        .section = base64_of(cue->section),
        .planned = {},
        .due = now + request.at,
        .run = {}};
    if (event->auto_return && event->planned) order.planned = rounded(*event->planned);
    if (!event->time) return order;
    if (request.at != milliseconds::zero())
        return fail(Errc::malformed, "the section has a splice time of its own");
    if (!situation.newest) return conflict("nothing of the source was cut yet");
    auto const ahead = rounded(elapsed(*situation.newest, *event->time));
    if (ahead < milliseconds::zero())
        return conflict(fmt::format("its splice time passed {:.1f} s ago",
                                    std::chrono::duration<double>(-ahead).count()));
    order.due = now + ahead;
    return order;
}

std::vector<std::string> CueOrders::lines_for(std::string const& run, SteadyTime now,
                                              IsAwaited const& is_awaited) {
    std::vector<std::string> lines;
    for (auto& order : orders_) {
        if (order.run == run || is_awaited(order.section)) continue;
        order.run = run;
        scte35::SidecarLine line{
            .when = scte35::SidecarLine::Now{}, .section = order.section, .info = {}};
        if (order.due > now) line.when = scte35::SidecarLine::After{ticks_of(order.due - now)};
        lines.push_back(scte35::to_text(line));
    }
    return lines;
}

void CueOrders::on_listed(std::span<Cue const> cues, std::span<BreakMark const> marks) {
    for (auto const& cue : cues) {
        auto const order = std::ranges::find(orders_, cue.section, &Order::section);
        if (order != orders_.end()) orders_.erase(order);
    }
    for (auto const& mark : marks)
        if (mark.kind == BreakMark::Kind::out) last_event_id_ = mark.out.event_id;
}

std::vector<std::string> CueOrders::take_expired(SteadyTime now, IsAwaited const& is_awaited) {
    std::vector<std::string> remarks;
    std::erase_if(orders_, [&](Order const& order) {
        if (now < order.due + patience || is_awaited(order.section)) return false;
        remarks.push_back(
            fmt::format("no segment began at the {} of break {} within {} s: it is given up",
                        name_of(order.what.kind), order.what.event_id, patience.count()));
        return true;
    });
    return remarks;
}

} // namespace continuo::supervisor
