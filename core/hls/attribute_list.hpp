// Attribute lists of tags, RFC 8216 §4.2: NAME=value,NAME="quoted, with commas".
#pragma once

#include "core/base/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace continuo::hls {

struct Attribute {
    std::string_view name;
    std::string_view value;   ///< without quotes
    std::string_view written; ///< with them, where it has them
};

/// A parsed list; its views point into the text it was parsed from.
class AttributeList {
public:
    /// Blanks around names and values are passed over; of a name given twice the first counts.
    /// Errors: `Errc::malformed` with the name of the attribute.
    static Result<AttributeList> parse(std::string_view text);

    /// The value without its quotes.
    std::optional<std::string_view> find(std::string_view name) const noexcept;

    /// The value, or an empty text.
    std::string text(std::string_view name) const;
    /// The value as decimal-integer; nothing when absent or anything else.
    std::optional<std::uint64_t> integer(std::string_view name) const noexcept;
    /// Whether the value is YES.
    bool yes(std::string_view name) const noexcept;

    /// In their order.
    std::vector<Attribute> const& all() const noexcept { return attributes_; }

private:
    std::vector<Attribute> attributes_;
};

} // namespace continuo::hls
