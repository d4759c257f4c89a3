// What a file or a segment says it conforms to (ftyp, styp).
#pragma once

#include "core/base/result.hpp"
#include "core/mp4/box.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace continuo::mp4 {

struct FileType {
    std::size_t offset{};
    FourCC major_brand;
    std::uint32_t minor_version{};
    std::vector<FourCC> compatible_brands;

    bool is_compatible_with(FourCC brand) const noexcept;
};

/// `box`: of type ftyp or styp. Errors: `Errc::truncated` without both fields; bytes behind the
/// last whole brand are passed over. Spec: ISO/IEC 14496-12 §4.3 and §8.16.2.
Result<FileType> parse_file_type(Box const& box);

} // namespace continuo::mp4
