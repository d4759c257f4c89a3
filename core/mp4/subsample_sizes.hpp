// What parts samples have (subs): a document of subtitles, say, and the images that it shows.
#pragma once

#include "core/base/result.hpp"
#include "core/mp4/box.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace continuo::mp4 {

/// A subs box, of which only the size of each sample's first part can change.
class SubsampleSizes {
public:
    /// Of the sample with that index in its fragment; nothing where the box tells nothing of it.
    std::optional<std::uint32_t> first_of(std::size_t sample) const noexcept;
    /// Nothing happens where the box tells nothing of the sample, or its fields have 16 bits and
    /// `size` hasn't.
    void set_first_of(std::size_t sample, std::uint32_t size) noexcept;

    /// The whole box; empty where there was none.
    std::vector<std::uint8_t> const& encoded() const noexcept { return box_; }

private:
    friend Result<SubsampleSizes> parse_subsample_sizes(Box const& box);

    struct First {
        std::size_t sample{};
        std::size_t place{}; ///< of its size in the box
    };
    First const* find(std::size_t sample) const noexcept;

    std::vector<std::uint8_t> box_;
    std::vector<First> firsts_;
    std::size_t width_{2}; ///< bytes of a size
};

/// `box`: of type subs. Errors, with the offset: `Errc::truncated`; `Errc::malformed` where the
/// numbers of its samples do not grow. Spec: ISO/IEC 14496-12 §8.7.7.
Result<SubsampleSizes> parse_subsample_sizes(Box const& box);

} // namespace continuo::mp4
