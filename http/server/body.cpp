#include "http/server/body.hpp"

#include <cassert>
#include <utility>

namespace continuo::server {

std::uint64_t size_of(Piece const& piece) noexcept {
    auto const* const region = std::get_if<FileRegion>(&piece);
    return region ? region->length : memory_of(piece).size();
}

std::string_view memory_of(Piece const& piece) noexcept {
    if (auto const* const text = std::get_if<std::string>(&piece)) return *text;
    if (auto const* const bytes = std::get_if<std::vector<std::uint8_t>>(&piece))
        return {reinterpret_cast<char const*>(bytes->data()), bytes->size()};
    auto const* const shared = std::get_if<SharedBytes>(&piece);
    assert(shared);
    return shared->bytes;
}

Body::Body(std::shared_ptr<OpenFile const> file) {
    auto const length = file->size_bytes();
    append(FileRegion{.file = std::move(file), .offset = 0, .length = length});
}

void Body::append(Piece piece) {
    auto const size = size_of(piece);
    if (size == 0) return;
    pieces_.push_back(std::move(piece));
    size_bytes_ += size;
}

} // namespace continuo::server
