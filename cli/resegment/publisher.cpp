#include "cli/resegment/publisher.hpp"

#include "cli/resegment/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace continuo::cli::resegment {
namespace {

using Mark = timeline::BreakMark::Kind;

/// A fast run spends no more than about this part of its time on writing lists.
constexpr int flush_share = 10;

PlaylistRules rules_of(Options const& options) {
    PlaylistRules rules{.target_duration = target_duration_of(options.segment_time),
                        .tags = {.styles = options.styles}};
    if (options.live) rules.window = options.window;
    return rules;
}

/// EXT-X-DATERANGE lies between the dates of segments (RFC 8216 §4.3.2.7).
bool has_dates(Options const& options) {
    return options.dates ||
           std::ranges::find(options.styles, hls::CueStyle::x_daterange) != options.styles.end();
}

bool begins_or_ends(std::vector<timeline::BreakMark> const& marks) {
    return std::ranges::any_of(marks, [](auto const& mark) { return mark.kind != Mark::cont; });
}

} // namespace

std::chrono::seconds target_duration_of(std::chrono::milliseconds segment_time) {
    return std::chrono::ceil<std::chrono::seconds>(segment_time * 3 / 2);
}

Publisher::Publisher(Options const& options, Plan const& plan, Output const& output,
                     Beginning beginning, Printers printers)
    : options_(options)
    , plan_(plan)
    , output_(output)
    , printers_(std::move(printers))
    , playlists_(plan.jobs.size(), rules_of(options))
    , pacing_(beginning.steady)
    , beginning_(beginning)
    , earliest_date_(beginning.wall)
    , lacking_(plan.jobs.size())
    , has_master_(!plan.master.empty()) {}

Result<> Publisher::resume() {
    auto const texts = output_.read_playlists();
    if (!texts) return texts.error();
    if (texts->empty()) return {};
    if (auto resumed = playlists_.resume(*texts); !resumed) return resumed;
    if (auto const end = playlists_.end_date()) earliest_date_ = std::max(earliest_date_, *end);
    return {};
}

Publisher::Time Publisher::due(Step const& step) const {
    return options_.live && options_.throttle ? pacing_.due(step.line.duration) : Time::min();
}

Result<> Publisher::publish(Step const& step, Time now) {
    auto const number = playlists_.next_number();
    if (!next_date_) next_date_ = first_date(step, now);
    auto files = place(step, number);
    is_gap_ = is_gap_ || !files || step.is_gap_before;
    if (!files) return files.error();
    fill_holes(step, number, *files);
    playlists_.append(listed(step, number, std::move(*files)));
    for (auto const& departed : playlists_.shorten())
        if (options_.remove) departed_.push_back(departed);
    pacing_.listed(step.line.duration, now);
    measured_.add(step.line);
    changed_ = true;
    if (options_.live && options_.throttle)
        printers_.report(throttling_line(pacing_.wait(step.line.duration, now)));
    return {};
}

/// The run's beginning; or when this step began to come in, where that was long after.
hls::WallTime Publisher::first_date(Step const& step, Time now) const {
    auto const since = std::chrono::floor<std::chrono::microseconds>(now - beginning_.steady);
    auto const duration = std::chrono::ceil<std::chrono::microseconds>(step.line.duration);
    return std::max(earliest_date_, beginning_.wall + since - duration);
}

Result<std::vector<ListedFile>> Publisher::place(Step const& step, std::uint64_t number) const {
    std::vector<ListedFile> files(step.pieces.size());
    for (std::size_t variant = 0; variant < files.size(); ++variant) {
        auto const& piece = step.pieces[variant];
        if (!piece) continue;
        auto placed = output_.place(variant, number, piece->file);
        if (!placed) return placed.error();
        auto const& line = piece->line;
        printers_.report(segment_line(placed->path, line.start, line.duration));
        files[variant] = {
            .uri = std::move(placed->uri), .duration = line.duration, .range = placed->range};
    }
    return files;
}

void Publisher::fill_holes(Step const& step, std::uint64_t number, std::vector<ListedFile>& files) {
    std::vector<bool> has_one;
    for (auto const& piece : step.pieces)
        has_one.push_back(piece.has_value());
    for (std::size_t variant = 0; variant < files.size(); ++variant) {
        auto& file = files[variant];
        if (has_one[variant]) {
            tell_hole(variant, number, nullptr);
            continue;
        }
        if (auto const other = stand_in_for(variant, plan_.jobs, has_one)) {
            file = files[*other];
            file.uri = Output::uri_from_outside(*other, file.uri);
        } else {
            file = {.uri = Output::uri_of(number), .duration = step.line.duration, .gap = true};
        }
        tell_hole(variant, number, &file);
    }
}

/// Once where holes begin, and once where they end.
void Publisher::tell_hole(std::size_t variant, std::uint64_t number, ListedFile const* instead) {
    auto const lacks = instead != nullptr;
    if (lacking_[variant] == lacks) return;
    lacking_[variant] = lacks;
    if (!lacks)
        printers_.remark(fmt::format("variant {} is back with segment {}", variant, number));
    else
        printers_.remark(fmt::format("variant {} lacks segment {}: {}", variant, number,
                                     instead->gap ? "a gap" : instead->uri + " stands in"));
}

ListedStep Publisher::listed(Step const& step, std::uint64_t number,
                             std::vector<ListedFile> files) {
    auto const& line = step.line;
    ListedStep listed{.discontinuity = std::exchange(is_gap_, false) || line.discontinuity,
                      .marks = breaks_.next({.number = number,
                                             .start = line.start,
                                             .duration = line.duration,
                                             .date = *next_date_,
                                             .cues = line.cues}),
                      .files = std::move(files)};
    if (options_.cue_discontinuity && begins_or_ends(listed.marks)) listed.discontinuity = true;
    if (has_dates(options_)) listed.date = next_date_;
    *next_date_ += std::chrono::round<std::chrono::microseconds>(line.duration);
    return listed;
}

std::optional<Publisher::Time> Publisher::flush_due() const {
    if (!changed_) return std::nullopt;
    return options_.live ? Time::min() : next_flush_;
}

Result<> Publisher::flush(Time now) {
    if (!changed_) return {};
    auto const began = std::chrono::steady_clock::now();
    std::vector<std::string> texts;
    for (std::size_t variant = 0; variant < plan_.jobs.size(); ++variant)
        texts.push_back(playlists_.text(variant));
    if (auto written = output_.write_playlists(texts); !written) return written;
    if (auto written = write_measured_master(); !written) return written;
    changed_ = false;
    for (auto const& [number, after] : std::exchange(departed_, {}))
        removals_.push_back(
            {.at = now + std::chrono::ceil<Time::duration>(after), .number = number});
    auto const ended = std::chrono::steady_clock::now();
    next_flush_ = ended + flush_share * (ended - began);
    return {};
}

/// Once with what the first step was like; `end` knows better.
Result<> Publisher::write_measured_master() {
    if (has_master_) return {};
    auto written = output_.write_master(measured_.master());
    has_master_ = written.has_value();
    return written;
}

std::optional<Publisher::Time> Publisher::removal_due() const {
    if (removals_.empty()) return std::nullopt;
    return removals_.front().at;
}

void Publisher::remove_departed(Time now) {
    for (; !removals_.empty() && removals_.front().at <= now; removals_.pop_front())
        for (std::size_t variant = 0; variant < plan_.jobs.size(); ++variant)
            output_.remove(variant, removals_.front().number);
}

Result<> Publisher::end(Time now) {
    playlists_.end();
    changed_ = true;
    has_master_ = !plan_.master.empty();
    return flush(now);
}

} // namespace continuo::cli::resegment
