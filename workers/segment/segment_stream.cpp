#include "workers/segment/segment_stream.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace continuo::segment {
namespace {

constexpr std::size_t file_chunk = 256 * 1024;

std::string range_text(Extent const& extent) {
    if (extent.length) {
        return fmt::format("{}-{}", extent.begin, extent.begin + *extent.length - 1);
    }
    return extent.begin > 0 ? fmt::format("{}-", extent.begin) : std::string();
}

std::string too_short(std::uint64_t taken, std::uint64_t wanted) {
    return fmt::format("{} bytes instead of {}", taken, wanted);
}

} // namespace

Extent rest_of(std::optional<hls::ByteRange> const& range, std::uint64_t taken) noexcept {
    if (!range) return {.begin = taken, .length = std::nullopt};
    return {.begin = range->offset_bytes.value_or(0) + taken,
            .length = range->length_bytes - std::min(range->length_bytes, taken)};
}

HttpSegment::HttpSegment(HttpClient& client, std::string const& url, Extent const& extent, Time now)
    : extent_(extent) {
    if (extent_.length == 0) return;
    transfer_ = client.get({.url = url, .range = range_text(extent)}, now);
}

SegmentStream::State HttpSegment::fail(std::string reason, bool answered) {
    failure_ = {.reason = std::move(reason), .answered = answered};
    transfer_.reset();
    return State::failed;
}

SegmentStream::State HttpSegment::read(std::vector<std::uint8_t>& bytes, Time now) {
    if (!transfer_) return State::whole; // there was nothing to read
    auto const& failure = transfer_->failure();
    auto const status = transfer_->status();
    auto const is_finished = transfer_->is_finished();
    if (!transfer_->unread().empty() || (is_finished && failure.empty())) {
        if (status != http_ok && status != http_partial_content) {
            transfer_->clear_unread(now); // the page that says so
            if (!is_finished) return State::open;
            fail(fmt::format("HTTP {}", status));
            failure_.status = status;
            return State::failed;
        }
        if (!accept_header()) return fail("the server sends other bytes than asked for");
        take_unread(bytes, now);
    }
    if (extent_.length && taken_ == *extent_.length) return State::whole;
    if (!is_finished) return State::open;
    if (!failure.empty()) return fail(failure, status != 0 && !transfer_->was_silent());
    if (extent_.length) return fail(too_short(taken_, *extent_.length));
    return State::whole;
}

bool HttpSegment::accept_header() {
    if (header_is_accepted_) return true;
    header_is_accepted_ = true;
    if (transfer_->status() == http_ok) {
        skip_ = extent_.begin;
        return true;
    }
    return transfer_->header("Content-Range").starts_with(fmt::format("bytes {}-", extent_.begin));
}

void HttpSegment::take_unread(std::vector<std::uint8_t>& bytes, Time now) {
    std::span<std::uint8_t const> unread = transfer_->unread();
    auto const skipped = std::min<std::uint64_t>(skip_, unread.size());
    skip_ -= skipped;
    unread = unread.subspan(static_cast<std::size_t>(skipped));
    if (extent_.length) {
        unread = unread.first(static_cast<std::size_t>(
            std::min<std::uint64_t>(unread.size(), *extent_.length - taken_)));
    }
    bytes.insert(bytes.end(), unread.begin(), unread.end());
    taken_ += unread.size();
    transfer_->clear_unread(now);
}

FileSegment::FileSegment(std::string const& path, Extent const& extent)
    : file_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)), extent_(extent) {
    // not there yet, or not any more: as when a server answers 404
    if (!file_) failure_ = {.reason = std::generic_category().message(errno), .answered = true};
}

SegmentStream::State FileSegment::read(std::vector<std::uint8_t>& bytes, Time) {
    if (!file_) return State::failed;
    auto const wanted =
        std::min<std::uint64_t>(file_chunk, extent_.length ? *extent_.length - taken_ : file_chunk);
    auto const before = bytes.size();
    bytes.resize(before + static_cast<std::size_t>(wanted));
    auto const count = ::pread(file_.get(), bytes.data() + before, static_cast<std::size_t>(wanted),
                               static_cast<off_t>(extent_.begin + taken_));
    bytes.resize(before + static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
    if (count < 0 && errno == EINTR) return State::open;
    if (count < 0) {
        failure_ = {.reason = std::generic_category().message(errno), .answered = true};
        return State::failed;
    }
    taken_ += static_cast<std::uint64_t>(count);
    if (extent_.length && taken_ == *extent_.length) return State::whole;
    if (count > 0) return State::open;
    if (!extent_.length) return State::whole;
    failure_ = {.reason = too_short(taken_, *extent_.length), .answered = true};
    return State::failed;
}

} // namespace continuo::segment
