// The bit fields of a splice_info_section, most significant bit first, one after the other. For
// this room's .cpp files.
#pragma once

#include "core/base/result.hpp"
#include "core/base/ticks.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace continuo::scte35 {

/// Remembers the first field that could not be read; from there on all fields are zero and all
/// parts empty, so that a parser asks once, at its end.
class FieldReader {
public:
    /// `section` and `failure` must outlive the reader and its parts.
    FieldReader(std::span<std::uint8_t const> section, std::optional<Error>& failure);

    std::uint64_t bits(unsigned count, char const* field); ///< up to 64
    bool flag(char const* field) { return bits(1, field) != 0; }
    std::uint8_t byte(char const* field) { return static_cast<std::uint8_t>(bits(8, field)); }
    std::uint16_t word(char const* field) { return static_cast<std::uint16_t>(bits(16, field)); }
    std::uint32_t double_word(char const* field) {
        return static_cast<std::uint32_t>(bits(32, field));
    }
    Ticks90k ticks(unsigned count, char const* field);
    void reserved(unsigned count) { bits(count, "reserved"); }

    /// These stand at whole bytes.
    std::vector<std::uint8_t> bytes(std::size_t count, char const* field);
    std::vector<std::uint8_t> rest();
    /// The next `count` bytes by themselves; this reader goes on behind them.
    FieldReader part(std::size_t count, char const* field);

    std::size_t left_bytes() const noexcept;
    bool failed() const noexcept { return failure_->has_value(); }
    /// Gives up: `field` has a value that can't be.
    void refuse(Errc code, char const* field, char const* why);

private:
    std::span<std::uint8_t const> section_;
    std::optional<Error>* failure_;
    std::size_t position_{}; ///< in bits, from the section's start
    std::size_t end_{};      ///< in bits
};

} // namespace continuo::scte35
