#include "workers/segment/hls_input.hpp"

#include "core/base/redact.hpp"
#include "core/hls/location.hpp"
#include "core/os/file.hpp"

#include <fmt/format.h>

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace continuo::segment {
namespace {

constexpr std::size_t max_playlist = 8 << 20; // bytes, unpacked
constexpr int not_modified = 304;

std::string too_long() {
    return fmt::format("more than {} bytes", max_playlist);
}

/// By its name: a server would have to be asked twice.
bool is_transport_stream(std::string_view url) {
    return url.substr(0, url.find_first_of("?#")).ends_with(".ts");
}

} // namespace

HlsInput::HlsInput(std::string location, FollowRules const& rules, WallClock const& clock, Time now)
    : location_(std::move(location)), clock_(clock), follower_(clock, rules, now) {}

void HlsInput::add_to(std::vector<pollfd>& polled, bool) const {
    if (client_) client_->add_to(polled);
}

std::optional<HlsInput::Time> HlsInput::next_deadline() const {
    auto next = client_ ? client_->next_deadline() : std::nullopt;
    auto const consider = [&](std::optional<Time> time) {
        if (time && (!next || *time < *next)) next = time;
    };
    if (!load_) consider(follower_.load_due());
    consider(follower_.fetch_due());
    if (is_fetching_ && fetch_->is_ready() && !is_ready()) consider(Time{});
    return next;
}

void HlsInput::take_events(std::span<pollfd const> polled, Time now) {
    if (client_) client_->take_events(polled, now);
    if (load_) move_load(now);
    if (is_fetching_ && !is_ready()) move_fetch(now);
    auto const is_due = [&](std::optional<Time> time) { return time && *time <= now; };
    while (!load_ && is_due(follower_.load_due()))
        begin_load(now);
    if (is_due(follower_.fetch_due())) begin_fetch(now);
}

Piece HlsInput::next() {
    if (bytes_.empty()) {
        --discontinuities_;
        return {.discontinuity = true};
    }
    std::swap(bytes_, taken_);
    bytes_.clear();
    return {.bytes = taken_};
}

std::vector<std::string> HlsInput::take_remarks() {
    auto remarks = follower_.take_remarks();
    auto const& trouble = follower_.trouble();
    if (std::exchange(told_trouble_, trouble) != trouble && !trouble.empty() && !follower_.end())
        remarks.push_back(trouble + "; tried again");
    return remarks;
}

void HlsInput::begin_load(Time now) {
    if (!hls::is_http(location_)) return load_file(now);
    if (is_transport_stream(location_)) return load_stream(now);
    if (!client_) client_.emplace();
    HttpRequest const request{.url = location_, .etag = etag_, .compressed = true};
    load_ = Load{.transfer = client_->get(request, now), .asked = now, .text = {}};
}

void HlsInput::load_file(Time now) {
    auto const text = os::read_file(location_, max_playlist);
    if (!text) return follower_.load_failed(to_text(text.error()), now, now);
    PlaylistLoad load{.asked = now, .came = now, .name = location_};
    struct stat facts {};
    if (::stat(location_.c_str(), &facts) == 0) {
        auto const modified = std::chrono::seconds(facts.st_mtim.tv_sec) +
                              std::chrono::nanoseconds(facts.st_mtim.tv_nsec);
        auto const time = hls::WallTime(std::chrono::floor<std::chrono::microseconds>(modified));
        load.published = Interval{.earliest = time, .latest = time};
    }
    take_text(*text, location_, load);
}

/// It is read like a list with one segment.
void HlsInput::load_stream(Time now) {
    hls::MediaSegment all;
    all.uri = location_;
    all.duration = std::chrono::seconds(1);
    hls::MediaPlaylist list;
    list.target_duration = std::chrono::seconds(1);
    list.ended = true;
    list.segments.push_back(std::move(all));
    PlaylistLoad const load{.asked = now, .came = now, .name = without_credentials(location_)};
    take_text(hls::to_text(list), location_, load);
}

void HlsInput::move_load(Time now) {
    auto& transfer = *load_->transfer;
    auto const& unread = transfer.unread();
    load_->text.append(unread.begin(), unread.end());
    transfer.clear_unread(now);
    if (!transfer.is_finished() && load_->text.size() <= max_playlist) return;
    take_answer(*std::exchange(load_, std::nullopt), now);
}

void HlsInput::take_answer(Load const& load, Time now) {
    auto const& transfer = *load.transfer;
    auto const name = without_credentials(location_);
    auto const failed = [&](std::string const& reason) {
        follower_.load_failed(name + ": " + reason, load.asked, now);
    };
    if (load.text.size() > max_playlist) return failed(too_long());
    if (!transfer.failure().empty()) return failed(transfer.failure());
    PlaylistLoad facts{.asked = load.asked, .came = now, .name = name};
    if (auto const times = transfer.times()) {
        facts.published = published_by(times->modified, times->now, clock_.at(now));
    }
    auto const status = transfer.status();
    if (status == not_modified && !etag_.empty()) return follower_.unchanged(facts);
    etag_.clear();
    if (status != http_ok) return failed(fmt::format("HTTP {}", status));
    etag_ = transfer.header("ETag");
    take_text(load.text, transfer.url(), facts);
}

void HlsInput::take_text(std::string_view text, std::string base, PlaylistLoad const& load) {
    base_ = std::move(base);
    if (!follower_.loaded(text, load)) etag_.clear();
    if (is_variant_ || !follower_.variant_uri()) return;
    is_variant_ = true;
    etag_.clear();
    auto variant = hls::resolved(base_, *follower_.variant_uri());
    if (!variant) {
        return follower_.stop(InputEnd::Why::broken, load.name + ": " + to_text(variant.error()));
    }
    location_ = std::move(*variant);
}

void HlsInput::begin_fetch(Time now) {
    auto const request = follower_.begin_fetch();
    discontinuities_ += request.discontinuities;
    if (!fetch_ || fetch_->number() != request.number)
        fetch_.emplace(request.number, keys_, audio_);
    fetch_->begin(request, base_, opener(now));
    is_fetching_ = true;
}

SegmentFetch::Open HlsInput::opener(Time now) {
    return [this, now](std::string const& location,
                       Extent const& extent) -> std::unique_ptr<SegmentStream> {
        if (!hls::is_http(location)) return std::make_unique<FileSegment>(location, extent);
        if (!client_) client_.emplace();
        return std::make_unique<HttpSegment>(*client_, location, extent, now);
    };
}

void HlsInput::move_fetch(Time now) {
    auto const state = fetch_->read(bytes_, opener(now), now);
    if (!bytes_.empty()) follower_.delivering();
    is_fetching_ = state == SegmentFetch::State::open;
    switch (state) {
    case SegmentFetch::State::open: return;
    case SegmentFetch::State::failed: return follower_.fetch_failed(fetch_->failure(), now);
    case SegmentFetch::State::unsupported:
        return follower_.stop(InputEnd::Why::unsupported, fetch_->failure().reason);
    case SegmentFetch::State::whole: break;
    }
    if (!fetch_->complaint().empty()) follower_.remark(fetch_->complaint());
    fetch_.reset();
    follower_.fetched();
}

} // namespace continuo::segment
