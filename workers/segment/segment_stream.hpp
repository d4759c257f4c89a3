// The bytes of one listed segment on their way in, from a server or a disk.
#pragma once

#include "core/hls/media_playlist.hpp"
#include "core/os/descriptor.hpp"
#include "workers/segment/fetch_retry.hpp"
#include "workers/segment/http_client.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace continuo::segment {

/// What is to be read of a resource.
struct Extent {
    std::uint64_t begin{};                 ///< byte offset
    std::optional<std::uint64_t> length{}; ///< nothing: up to its end
};

/// What is left of a segment when `taken` bytes of it are there already.
Extent rest_of(std::optional<hls::ByteRange> const& range, std::uint64_t taken) noexcept;

class SegmentStream {
public:
    using Time = WallClock::Time;
    enum class State : std::uint8_t { open, whole, failed };

    virtual ~SegmentStream() = default;

    /// Appends what there is to `bytes`, some hundred kilobytes at most.
    virtual State read(std::vector<std::uint8_t>& bytes, Time now) = 0;
    /// Why; once it has failed, without the segment's name.
    virtual FetchFailure failure() const = 0;
    /// More can be read without waiting for anything.
    virtual bool is_ready() const = 0;
};

class HttpSegment final : public SegmentStream {
public:
    HttpSegment(HttpClient& client, std::string const& url, Extent const& extent, Time now);

    State read(std::vector<std::uint8_t>& bytes, Time now) override;
    FetchFailure failure() const override { return failure_; }
    /// It came while nobody looked.
    bool is_ready() const override {
        return !transfer_ || !transfer_->unread().empty() || transfer_->is_finished();
    }

private:
    State fail(std::string reason, bool answered = true);
    bool accept_header();
    void take_unread(std::vector<std::uint8_t>& bytes, Time now);

    Extent extent_;
    std::unique_ptr<HttpTransfer> transfer_;
    bool header_is_accepted_{false};
    std::uint64_t skip_{}; ///< the server sends all of it: what lies before `extent_`
    std::uint64_t taken_{};
    FetchFailure failure_;
};

class FileSegment final : public SegmentStream {
public:
    FileSegment(std::string const& path, Extent const& extent);

    State read(std::vector<std::uint8_t>& bytes, Time now) override;
    FetchFailure failure() const override { return failure_; }
    bool is_ready() const override { return true; }

private:
    os::Descriptor file_;
    Extent extent_;
    std::uint64_t taken_{};
    FetchFailure failure_;
};

} // namespace continuo::segment
