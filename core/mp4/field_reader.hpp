// The fields of one box, big-endian, one after the other. For this room's .cpp files.
#pragma once

#include "core/mp4/box.hpp"

#include <cstdint>
#include <span>

namespace continuo::mp4 {

/// Fields beyond the end are zero and make the reader fail, so that a parser asks once, at its end.
class FieldReader {
public:
    explicit FieldReader(Box const& box) noexcept : box_(&box), rest_(box.body()) {}

    std::uint8_t u8() noexcept { return static_cast<std::uint8_t>(number(1)); }
    std::uint16_t u16() noexcept { return static_cast<std::uint16_t>(number(2)); }
    std::uint32_t u32() noexcept { return static_cast<std::uint32_t>(number(4)); }
    std::uint64_t u64() noexcept { return number(8); }
    std::int32_t i32() noexcept { return static_cast<std::int32_t>(u32()); }
    std::int64_t i64() noexcept { return static_cast<std::int64_t>(u64()); }
    /// 64 bits where the box's version is 1, else 32.
    std::uint64_t by_version(std::uint8_t version) noexcept { return version == 1 ? u64() : u32(); }
    FourCC four_cc() noexcept { return FourCC(u32()); }
    /// Up to its terminating zero, which is passed over.
    std::string text();
    void skip(std::size_t bytes) noexcept;
    std::span<std::uint8_t const> take(std::size_t bytes) noexcept;

    std::span<std::uint8_t const> rest() const noexcept { return rest_; }
    bool failed() const noexcept { return failed_; }
    /// `Errc::truncated`, naming the box and its place.
    Error failure() const;

private:
    std::uint64_t number(std::size_t bytes) noexcept;

    Box const* box_;
    std::span<std::uint8_t const> rest_;
    bool failed_{false};
};

/// What a full box begins with (ISO/IEC 14496-12 §4.2.2).
struct VersionAndFlags {
    std::uint8_t version{};
    std::uint32_t flags{}; ///< 24 bit
};
VersionAndFlags version_and_flags(FieldReader& fields) noexcept;

} // namespace continuo::mp4
