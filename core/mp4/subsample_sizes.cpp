#include "core/mp4/subsample_sizes.hpp"

#include "core/mp4/field_reader.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace continuo::mp4 {

SubsampleSizes::First const* SubsampleSizes::find(std::size_t sample) const noexcept {
    auto const found = std::ranges::lower_bound(firsts_, sample, {}, &First::sample);
    return found == firsts_.end() || found->sample != sample ? nullptr : &*found;
}

std::optional<std::uint32_t> SubsampleSizes::first_of(std::size_t sample) const noexcept {
    auto const* const first = find(sample);
    if (first == nullptr) return std::nullopt;
    std::uint32_t size = 0;
    for (std::size_t i = 0; i < width_; ++i)
        size = size << 8 | box_[first->place + i];
    return size;
}

void SubsampleSizes::set_first_of(std::size_t sample, std::uint32_t size) noexcept {
    auto const* const first = find(sample);
    if (first == nullptr || (width_ == 2 && size > 0xFFFF)) return;
    for (std::size_t i = 0; i < width_; ++i)
        box_[first->place + i] = static_cast<std::uint8_t>(size >> 8 * (width_ - 1 - i));
}

Result<SubsampleSizes> parse_subsample_sizes(Box const& box) {
    constexpr std::size_t behind_size = 1 + 1 + 4; // priority, discardable, codec's parameters
    FieldReader fields(box);
    SubsampleSizes sizes;
    sizes.width_ = version_and_flags(fields).version == 1 ? 4 : 2;
    std::uint64_t number = 0; // of the sample, from 1 on
    for (auto entries = fields.u32(); entries > 0 && !fields.failed(); --entries) {
        auto const delta = fields.u32();
        if (delta == 0)
            return fail(Errc::malformed, fmt::format("two entries of subs at byte {} for sample {}",
                                                     box.offset, number));
        number += delta;
        auto const count = fields.u16();
        if (count == 0) continue;
        sizes.firsts_.push_back({.sample = static_cast<std::size_t>(number - 1),
                                 .place = box.bytes.size() - fields.rest().size()});
        fields.skip(count * (sizes.width_ + behind_size));
    }
    if (fields.failed()) return fields.failure();
    sizes.box_.assign(box.bytes.begin(), box.bytes.end());
    return sizes;
}

} // namespace continuo::mp4
