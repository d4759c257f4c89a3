#include "workers/segment/segment_fetch.hpp"

#include "core/base/redact.hpp"
#include "core/hls/location.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace continuo::segment {
namespace {

constexpr std::size_t max_keys = 16;
constexpr int server_error = 500;
constexpr int too_many_requests = 429;

} // namespace

Block const* SegmentKeys::find(std::string const& location) const noexcept {
    auto const found = std::ranges::find(keys_, location, &std::pair<std::string, Block>::first);
    return found != keys_.end() ? &found->second : nullptr;
}

void SegmentKeys::add(std::string location, Block const& key) {
    if (keys_.size() == max_keys) keys_.erase(keys_.begin());
    keys_.emplace_back(std::move(location), key);
}

void SegmentFetch::begin(SegmentRequest const& request, std::string const& base, Open const& open) {
    request_ = request;
    failure_ = {};
    auto location = hls::resolved(base, request.uri);
    if (!location) {
        return (void)fail(request.uri, {.reason = to_text(location.error()), .answered = true});
    }
    location_ = std::move(*location);
    if (!request.key) return begin_media(open);
    auto key_location = hls::resolved(base, request.key->uri);
    if (!key_location) {
        return (void)fail(location_, {.reason = to_text(key_location.error()), .answered = true});
    }
    key_location_ = std::move(*key_location);
    is_key_due_ = !keys_.find(key_location_);
    if (!is_key_due_) return begin_media(open);
    key_.clear();
    stream_ = open(key_location_, Extent{});
}

void SegmentFetch::begin_media(Open const& open) {
    is_key_due_ = false;
    if (request_.key && !decryptor_) {
        decryptor_.emplace(*keys_.find(key_location_), request_.key->iv);
    }
    stream_ = open(location_, rest_of(request_.bytes, taken_));
}

SegmentFetch::State SegmentFetch::fail(std::string const& location, FetchFailure failure) {
    failure_ = std::move(failure);
    failure_.reason = without_credentials(location) + ": " + failure_.reason;
    stream_.reset();
    return State::failed;
}

bool SegmentFetch::is_ready() const {
    return !stream_ || stream_->is_ready();
}

SegmentFetch::State SegmentFetch::read(std::vector<std::uint8_t>& bytes, Open const& open,
                                       Time now) {
    if (!stream_) return State::failed;
    if (is_key_due_) return read_key(open, now);
    received_.clear();
    auto const state = stream_->read(received_, now);
    taken_ += received_.size();
    auto const taken = take(/*is_all=*/state == SegmentStream::State::whole, bytes);
    if (taken != State::open) return taken;
    switch (state) {
    case SegmentStream::State::open: return State::open;
    case SegmentStream::State::failed: return fail(location_, stream_->failure());
    case SegmentStream::State::whole: break;
    }
    return State::whole;
}

SegmentFetch::State SegmentFetch::read_key(Open const& open, Time now) {
    auto const state = stream_->read(key_, now);
    Block key{};
    if (state == SegmentStream::State::failed) {
        auto failure = stream_->failure();
        // nothing can be read while it is so: that is no reason to leave segments out
        if (failure.status >= server_error || failure.status == too_many_requests) {
            failure.answered = false;
        }
        return fail(key_location_, std::move(failure));
    }
    if (state == SegmentStream::State::open && key_.size() <= key.size()) return State::open;
    if (key_.size() != key.size()) {
        return fail(key_location_,
                    {.reason = fmt::format("a key has {} bytes", key.size()), .answered = true});
    }
    std::ranges::copy(key_, key.begin());
    keys_.add(key_location_, key);
    begin_media(open);
    return State::open;
}

/// `open`: it can go on.
SegmentFetch::State SegmentFetch::take(bool is_all, std::vector<std::uint8_t>& bytes) {
    if (decryptor_) decrypt(is_all);
    auto const before = bytes.size();
    intake_.take(received_, is_all, bytes);
    switch (intake_.format().value_or(SegmentFormat::transport_stream)) {
    case SegmentFormat::transport_stream: return State::open;
    case SegmentFormat::packed_audio: break;
    case SegmentFormat::fragmented_mp4: return refuse(SegmentFormat::fragmented_mp4);
    case SegmentFormat::unknown: return refuse(SegmentFormat::unknown);
    }
    frames_.assign(bytes.begin() + static_cast<std::ptrdiff_t>(before), bytes.end());
    bytes.resize(before);
    auto const audio = audio_.take(frames_, is_all, bytes);
    if (audio) return State::open;
    fail(location_, {.reason = audio.error().context, .answered = true});
    return State::unsupported;
}

void SegmentFetch::decrypt(bool is_all) {
    plain_.clear();
    if (!decryptor_->take(received_, is_all, plain_)) {
        complaint_ = without_credentials(location_) + ": its end does not fit its key";
    }
    std::swap(received_, plain_);
}

SegmentFetch::State SegmentFetch::refuse(SegmentFormat format) {
    if (format == SegmentFormat::unknown) { // the next answer may be another
        auto const* const why = decryptor_ ? " with the key that is given for it" : "";
        intake_ = {};
        decryptor_.reset();
        taken_ = 0;
        return fail(location_, {.reason = std::string(name_of(format)) + why, .answered = true});
    }
    fail(location_, {.reason = std::string(name_of(format)), .answered = true});
    return State::unsupported;
}

} // namespace continuo::segment
