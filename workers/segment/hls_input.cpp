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
    if (fetch_ && fetch_->stream && fetch_->stream->is_ready() && !is_ready()) consider(Time{});
    return next;
}

void HlsInput::take_events(std::span<pollfd const> polled, Time now) {
    if (client_) client_->take_events(polled, now);
    if (load_) move_load(now);
    if (fetch_ && fetch_->stream && !is_ready()) move_fetch(now);
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

void HlsInput::begin_load(Time now) {
    if (!hls::is_http(location_)) return load_file(now);
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
    auto request = follower_.begin_fetch();
    discontinuities_ += request.discontinuities;
    auto const location = hls::resolved(base_, request.uri);
    // what came of it in an earlier attempt stays
    if (!fetch_ || fetch_->number != request.number) fetch_ = Fetch{.number = request.number};
    fetch_->location = location ? *location : request.uri;
    if (!location) return fail_fetch({.reason = to_text(location.error()), .answered = true}, now);
    auto const extent = rest_of(request.bytes, fetch_->taken);
    if (hls::is_http(*location)) {
        if (!client_) client_.emplace();
        fetch_->stream = std::make_unique<HttpSegment>(*client_, *location, extent, now);
    } else {
        fetch_->stream = std::make_unique<FileSegment>(*location, extent);
    }
}

void HlsInput::move_fetch(Time now) {
    received_.clear();
    auto const state = fetch_->stream->read(received_, now);
    fetch_->taken += received_.size();
    auto& intake = fetch_->intake;
    intake.take(received_, /*is_all=*/state == SegmentStream::State::whole, bytes_);
    if (!bytes_.empty()) follower_.delivering();
    auto const format = intake.format().value_or(SegmentFormat::transport_stream);
    if (format != SegmentFormat::transport_stream) {
        auto const what = fmt::format("{}", name_of(format));
        if (format == SegmentFormat::unknown) {
            fetch_->intake = {};
            fetch_->taken = 0;
            return fail_fetch({.reason = what, .answered = true}, now);
        }
        return follower_.stop(InputEnd::Why::unsupported,
                              without_credentials(fetch_->location) + ": " + what);
    }
    switch (state) {
    case SegmentStream::State::open: return;
    case SegmentStream::State::failed: return fail_fetch(fetch_->stream->failure(), now);
    case SegmentStream::State::whole: break;
    }
    fetch_.reset();
    follower_.fetched();
}

void HlsInput::fail_fetch(FetchFailure failure, Time now) {
    failure.reason = without_credentials(fetch_->location) + ": " + failure.reason;
    fetch_->stream.reset();
    follower_.fetch_failed(failure, now);
}

} // namespace continuo::segment
