#include "core/mp4/file_type.hpp"

#include "core/mp4/field_reader.hpp"

#include <algorithm>

namespace continuo::mp4 {

bool FileType::is_compatible_with(FourCC brand) const noexcept {
    return major_brand == brand ||
           std::ranges::find(compatible_brands, brand) != compatible_brands.end();
}

Result<FileType> parse_file_type(Box const& box) {
    constexpr std::size_t brand_size = 4;
    FieldReader fields(box);
    FileType type;
    type.offset = box.offset;
    type.major_brand = fields.four_cc();
    type.minor_version = fields.u32();
    if (fields.failed()) return fields.failure();
    while (fields.rest().size() >= brand_size)
        type.compatible_brands.push_back(fields.four_cc());
    return type;
}

} // namespace continuo::mp4
