// Boxes copied one by one, with changes in between: how an initialisation section is made from
// another one. For this room's .cpp files.
#pragma once

#include "core/mp4/box.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <utility>
#include <vector>

namespace continuo::mp4 {

/// Keeps the sizes of what boxes are in right.
class BoxEditor {
public:
    enum class Choice : std::uint8_t {
        keep,  ///< as it is
        leave, ///< not copied; the one who chooses may have appended another one
        enter, ///< its children are asked for, one by one
    };
    struct Step {
        Choice choice{Choice::keep};
        std::size_t fields{};         ///< bytes of its own in front of the children
        std::function<void()> behind; ///< what is to be appended behind them; may be empty
    };
    /// Asked for each box; `parent` is 0 on the first level.
    using Choose = std::function<Step(Box const& box, FourCC parent)>;

    Result<> copy(std::span<std::uint8_t const> file, Choose const& choose) {
        return copy(BoxCursor(file), {}, choose);
    }
    void append(std::span<std::uint8_t const> bytes) {
        bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
    }
    std::vector<std::uint8_t> taken() && { return std::move(bytes_); }

private:
    Result<> copy(BoxCursor cursor, FourCC parent, Choose const& choose);
    void set_size(std::size_t begin, std::size_t header_size);

    std::vector<std::uint8_t> bytes_;
};

} // namespace continuo::mp4
