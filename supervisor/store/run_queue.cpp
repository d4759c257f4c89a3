#include "supervisor/store/run_queue.hpp"

#include <algorithm>
#include <functional>
#include <iterator>
#include <utility>

namespace continuo::store {
namespace {

void collect(std::vector<File>& files, Entry& entry) {
    for (auto& file : entry.files)
        if (!file.path.empty()) files.push_back(std::move(file));
}

} // namespace

bool merge(std::vector<timeline::Cue>& cues, std::vector<timeline::Cue> const& more) {
    auto const known = cues.size();
    auto const has = [&](timeline::Cue const& cue) {
        return std::ranges::find(cues, cue) != cues.end();
    };
    std::ranges::copy_if(more, std::back_inserter(cues), std::not_fn(has));
    return cues.size() == known && known == more.size();
}

std::vector<timeline::Cue> Entry::all_cues() const {
    auto all = inherited;
    (void)merge(all, cues); // told twice is no disagreement
    return all;
}

RunQueue::RunQueue(std::string name, std::vector<bool> expected)
    : name_(std::move(name))
    , expected_(std::move(expected))
    , taken_(expected_.size())
    , tails_(expected_.size()) {}

Ticks90k RunQueue::unwrap(Ticks90k start) const {
    if (reference_) return unwrapped(*reference_, start);
    return not_before_ ? unwrapped(*not_before_, start) : start;
}

Taken RunQueue::add(std::size_t variant, contract::SegmentLine const& line, File file,
                    SteadyTime now) {
    auto const start = unwrap(line.start);
    if ((taken_[variant] && start < *taken_[variant]) || (not_before_ && start < *not_before_))
        return Taken::late;
    if (line.end == contract::SegmentEnd::input) {
        tails_[variant] = Tail{.start = start,
                               .duration = line.duration,
                               .discontinuity = line.discontinuity,
                               .cues = line.cues,
                               .file = std::move(file),
                               .arrived = now};
        return Taken::held;
    }
    auto const same = std::find_if(entries_.begin(), entries_.end(),
                                   [&](Entry const& entry) { return entry.start == start; });
    if (same != entries_.end()) {
        same->files[variant] = std::move(file);
        note_taken(variant, same->end());
        return merge(same->cues, line.cues) ? Taken::joined : Taken::disagreed;
    }
    if (end_ && start < *end_) return Taken::misaligned;
    Entry entry{.start = start,
                .duration = line.duration,
                .discontinuity = line.discontinuity,
                .cues = line.cues,
                .files = std::vector<File>(expected_.size()),
                .arrived = now};
    entry.files[variant] = std::move(file);
    entries_.push_back(std::move(entry));
    if (made_ && line.discontinuity && end_) made_->pts += start - *end_; // its clock jumped
    reference_ = start;
    end_ = start + line.duration;
    note_taken(variant, *end_);
    return Taken::opened;
}

void RunQueue::set_made(contract::MediaDate const& made) {
    made_ = {.pts = unwrap(made.pts), .date = made.date};
}

std::optional<WallTime> RunQueue::made_at(Ticks90k time) const {
    if (!made_) return std::nullopt;
    return made_->date + std::chrono::duration_cast<WallTime::duration>(time - made_->pts);
}

void RunQueue::note_taken(std::size_t variant, Ticks90k end) {
    taken_[variant] = std::max(taken_[variant].value_or(end), end);
}

void RunQueue::continue_from(Ticks90k end, std::string before) {
    not_before_ = end;
    follows_ = std::move(before);
}

void RunQueue::restart_clock() {
    not_before_.reset();
    follows_.clear();
}

void RunQueue::inherit_cues(Ticks90k start, std::vector<timeline::Cue> const& cues) {
    auto const entry = std::ranges::find_if(
        entries_, [&](Entry const& waiting) { return waiting.start >= start; });
    if (entry != entries_.end()) entry->inherited = cues;
}

bool RunQueue::is_ready(SteadyTime now, std::chrono::milliseconds patience) const {
    auto const at = ready_at(patience);
    return at && now >= *at;
}

std::optional<SteadyTime> RunQueue::ready_at(std::chrono::milliseconds patience) const {
    if (entries_.empty()) return std::nullopt;
    auto const& front = entries_.front();
    return is_complete(front) ? front.arrived : front.arrived + patience;
}

bool RunQueue::is_complete(Entry const& entry) const {
    for (std::size_t variant = 0; variant < entry.files.size(); ++variant)
        if (expected_[variant] && entry.files[variant].path.empty()) return false;
    return true;
}

bool RunQueue::has_complete_second() const {
    return entries_.size() > 1 && is_complete(entries_[1]);
}

Entry RunQueue::take_front() {
    auto entry = std::move(entries_.front());
    entries_.pop_front();
    return entry;
}

std::vector<File> RunQueue::drop_before(Ticks90k start) {
    not_before_ = start;
    std::vector<File> files;
    while (!entries_.empty() && entries_.front().start < start) {
        collect(files, entries_.front());
        entries_.pop_front();
    }
    return files;
}

std::vector<File> RunQueue::clear() {
    auto files = drop_tails();
    for (auto& entry : entries_)
        collect(files, entry);
    entries_.clear();
    return files;
}

std::optional<Entry> RunQueue::tail() const {
    std::optional<Entry> entry;
    for (std::size_t variant = 0; variant < tails_.size(); ++variant) {
        auto const& tail = tails_[variant];
        // Only what all agree on: a tail that begins elsewhere belongs to a child that was behind.
        if (!tail || (end_ && tail->start < *end_)) continue;
        if (!entry)
            entry = Entry{.start = tail->start,
                          .duration = tail->duration,
                          .discontinuity = tail->discontinuity,
                          .cues = tail->cues,
                          .files = std::vector<File>(tails_.size()),
                          .arrived = tail->arrived};
        if (entry->start == tail->start)
            entry->duration = std::max(entry->duration, tail->duration);
    }
    // One that is shorter lacks its end: its child had not read that far. A sibling's stands in.
    for (std::size_t variant = 0; entry && variant < tails_.size(); ++variant)
        if (auto const& tail = tails_[variant];
            tail && tail->start == entry->start &&
            tail->duration >= entry->duration - overlap_tolerance)
            entry->files[variant] = tail->file;
    return entry;
}

std::vector<File> RunQueue::drop_tail(std::size_t variant) {
    std::vector<File> files;
    if (tails_[variant]) files.push_back(std::move(tails_[variant]->file));
    tails_[variant].reset();
    return files;
}

std::vector<File> RunQueue::drop_tails() {
    std::vector<File> files;
    for (std::size_t variant = 0; variant < tails_.size(); ++variant)
        for (auto& file : drop_tail(variant))
            files.push_back(std::move(file));
    return files;
}

void RunQueue::adopt_tail(Ticks90k duration) {
    auto entry = tail();
    if (!entry) return;
    entry->duration = duration;
    for (std::size_t variant = 0; variant < tails_.size(); ++variant)
        if (!entry->files[variant].path.empty()) {
            tails_[variant].reset();
            note_taken(variant, entry->end());
        }
    end_ = entry->end();
    entries_.push_back(*std::move(entry));
}

} // namespace continuo::store
