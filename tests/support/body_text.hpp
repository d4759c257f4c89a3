// What a client would get of a body, read without a socket.
#pragma once

#include "http/server/body.hpp"

#include <doctest/doctest.h>

#include <unistd.h>

#include <cstddef>
#include <string>

namespace continuo::test {

inline std::string text_of(server::Piece const& piece) {
    auto const* const region = std::get_if<server::FileRegion>(&piece);
    if (!region) return std::string(server::memory_of(piece));
    std::string text(region->length, '\0');
    auto const read =
        ::pread(region->file->fd(), text.data(), text.size(), static_cast<off_t>(region->offset));
    REQUIRE(read == static_cast<ssize_t>(text.size()));
    return text;
}

inline std::string text_of(server::Body const& body) {
    std::string text;
    for (auto const& piece : body.pieces())
        text += text_of(piece);
    return text;
}

} // namespace continuo::test
