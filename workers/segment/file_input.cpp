#include "workers/segment/file_input.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace continuo::segment {
namespace {

constexpr std::size_t chunk_size = 256 * 1024; // stays in the processor's cache

} // namespace

FileInput::FileInput(std::filesystem::path path, os::Descriptor file, bool repeats)
    : path_(std::move(path)), file_(std::move(file)), repeats_(repeats), buffer_(chunk_size) {
    (void)::posix_fadvise(file_.get(), 0, 0, POSIX_FADV_SEQUENTIAL); // no more than advice
}

Piece FileInput::next() {
    auto const count =
        ::pread(file_.get(), buffer_.data(), buffer_.size(), static_cast<off_t>(position_));
    if (count > 0) {
        position_ += static_cast<std::uint64_t>(count);
        return {.bytes = std::span(buffer_).first(static_cast<std::size_t>(count))};
    }
    if (count < 0 && errno == EINTR) return {};
    if (count < 0) {
        end_ = InputEnd{.why = InputEnd::Why::broken,
                        .reason = to_text(fail_errno("read \"" + path_.string() + "\""))};
        return {};
    }
    if (!repeats_ || position_ == 0) {
        end_ = InputEnd{.why = InputEnd::Why::finished};
        return {};
    }
    position_ = 0;
    return {.discontinuity = true};
}

} // namespace continuo::segment
