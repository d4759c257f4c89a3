#include "core/mp4/box_editor.hpp"

#include <fmt/format.h>

namespace continuo::mp4 {

Result<> BoxEditor::copy(BoxCursor cursor, FourCC parent, Choose const& choose) {
    return for_each_box(cursor, [&](Box const& box) -> Result<> {
        auto const step = choose(box, parent);
        if (step.choice == Choice::keep) append(box.bytes);
        if (step.choice != Choice::enter) return {};
        if (step.fields > box.body().size())
            return fail(Errc::truncated,
                        fmt::format("{} at byte {}", to_text(box.type), box.offset));
        auto const begin = bytes_.size();
        append(box.bytes.first(box.header_size + step.fields));
        auto const done = copy(BoxCursor::inside(box, step.fields), box.type, choose);
        if (!done) return done;
        if (step.behind) step.behind();
        set_size(begin, box.header_size);
        return {};
    });
}

void BoxEditor::set_size(std::size_t begin, std::size_t header_size) {
    auto const size = bytes_.size() - begin;
    auto const is_large = header_size > 8; // then 1 stands where the size does otherwise
    auto const width = is_large ? std::size_t{8} : std::size_t{4};
    for (std::size_t i = 0; i < width; ++i)
        bytes_[begin + (is_large ? 8 : 0) + i] =
            static_cast<std::uint8_t>(std::uint64_t{size} >> 8 * (width - 1 - i));
}

} // namespace continuo::mp4
