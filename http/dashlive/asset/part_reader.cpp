#include "http/dashlive/asset/part_reader.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

namespace continuo::dashlive {
namespace {

using storage::Accepted;
using storage::refused;

constexpr std::size_t read_ahead = std::size_t{64} << 10;
constexpr std::uint64_t largest_box = std::uint64_t{64} << 20;
constexpr std::uint64_t header_size = 8;
constexpr std::uint64_t large_header_size = 16;

std::uint64_t number_in(std::span<std::uint8_t const> bytes) noexcept {
    std::uint64_t number = 0;
    for (auto const byte : bytes)
        number = number << 8 | byte;
    return number;
}

} // namespace

Accepted<std::span<std::uint8_t const>> PartReader::bytes_at(std::uint64_t offset,
                                                             std::size_t count) {
    if (offset >= begin_ && offset - begin_ <= buffer_.size() &&
        count <= buffer_.size() - (offset - begin_))
        return std::span<std::uint8_t const>(buffer_).subspan(
            static_cast<std::size_t>(offset - begin_), count);
    if (offset > size_bytes() || count > size_bytes() - offset)
        return refused(fmt::format("ends at byte {}, in the middle", size_bytes()));
    auto const size = static_cast<std::size_t>(
        std::min<std::uint64_t>(std::max(count, read_ahead), size_bytes() - offset));
    buffer_.resize(size);
    begin_ = offset;
    std::size_t done = 0;
    while (done < size) {
        auto const read = ::pread(file_.fd(), buffer_.data() + done, size - done,
                                  static_cast<off_t>(offset + done));
        if (read < 0 && errno == EINTR) continue;
        if (read <= 0) {
            auto const reason =
                read < 0 ? std::generic_category().message(errno) : "it became shorter";
            buffer_.clear();
            return refused(fmt::format("can't be read: {}", reason));
        }
        done += static_cast<std::size_t>(read);
    }
    return std::span<std::uint8_t const>(buffer_).first(count);
}

Accepted<std::optional<BoxPlace>> PartReader::box_at(std::uint64_t offset, std::uint64_t end) {
    if (offset == end) return std::optional<BoxPlace>();
    if (end - offset < header_size)
        return refused(fmt::format("has {} bytes at its end that are no box", end - offset));
    auto const header = bytes_at(offset, header_size);
    if (!header) return header.error();
    BoxPlace place{.type = mp4::FourCC(static_cast<std::uint32_t>(number_in(header->subspan(4)))),
                   .offset = offset,
                   .bytes = number_in(header->first(4))};
    auto smallest = header_size;
    if (place.bytes == 0) {
        place.bytes = end - offset;
    } else if (place.bytes == 1) {
        auto const size = bytes_at(offset + header_size, header_size);
        if (!size) return size.error();
        place.bytes = number_in(*size);
        smallest = large_header_size;
    }
    if (place.bytes < smallest)
        return refused(fmt::format("has a box of {} bytes at byte {}", place.bytes, offset));
    if (place.bytes > end - offset)
        return refused(fmt::format("is cut off: its box {} at byte {} has {} bytes, {} are there",
                                   mp4::to_text(place.type), offset, place.bytes, end - offset));
    return std::optional(place);
}

Accepted<mp4::Box> PartReader::read(BoxPlace const& place) {
    if (place.bytes > largest_box)
        return refused(
            fmt::format("has a box {} of {} bytes", mp4::to_text(place.type), place.bytes));
    auto const bytes = bytes_at(place.offset, static_cast<std::size_t>(place.bytes));
    if (!bytes) return bytes.error();
    auto const box = mp4::BoxCursor(*bytes, static_cast<std::size_t>(place.offset)).next();
    if (!box) return refused(to_text(box.error()));
    return **box;
}

} // namespace continuo::dashlive
