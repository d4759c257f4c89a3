// Range requests: which bytes of a representation a client asks for.
#pragma once

#include <cstdint>
#include <string_view>
#include <variant>

namespace continuo::server {

/// The bytes [first, first + length).
struct ByteRange {
    std::uint64_t first{};
    std::uint64_t length{};

    friend bool operator==(ByteRange const&, ByteRange const&) = default;
};

struct WholeContent { ///< no range, or one that we are free to ignore: 200
    friend bool operator==(WholeContent, WholeContent) = default;
};
struct NotSatisfiable { ///< 416
    friend bool operator==(NotSatisfiable, NotSatisfiable) = default;
};
using RangeChoice = std::variant<WholeContent, ByteRange, NotSatisfiable>;

/// `field`: the value of Range, empty when absent; `size`: of the representation, in bytes.
/// One range is served; several at once, other units and malformed ones are ignored, as the RFC
/// allows. Spec: RFC 9110 §14.1.2, §14.2.
RangeChoice choose_range(std::string_view field, std::uint64_t size) noexcept;

} // namespace continuo::server
