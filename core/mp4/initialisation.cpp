#include "core/mp4/initialisation.hpp"

#include "core/mp4/box.hpp"

#include <cstddef>
#include <utility>

namespace continuo::mp4 {
namespace {

/// Copies boxes, leaving mehd out wherever it stands in moov and mvex.
class Copy {
public:
    Result<> boxes(BoxCursor cursor, FourCC parent) {
        return for_each_box(cursor, [&](Box const& box) -> Result<> {
            has_movie_ = has_movie_ || (parent == FourCC() && box.type == FourCC("moov"));
            if (parent == FourCC("mvex") && box.type == FourCC("mehd")) return {};
            if (!leads_to_duration(parent, box.type)) {
                append(box.bytes);
                return {};
            }
            auto const begin = bytes_.size();
            append(box.bytes.first(box.header_size));
            if (auto const done = boxes(BoxCursor::inside(box), box.type); !done) return done;
            set_size(begin, box.header_size);
            return {};
        });
    }

    bool has_movie() const noexcept { return has_movie_; }
    std::vector<std::uint8_t> taken() && { return std::move(bytes_); }

private:
    static bool leads_to_duration(FourCC parent, FourCC type) noexcept {
        return (parent == FourCC() && type == FourCC("moov")) ||
               (parent == FourCC("moov") && type == FourCC("mvex"));
    }

    void append(std::span<std::uint8_t const> bytes) {
        bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
    }

    void set_size(std::size_t begin, std::size_t header_size) {
        auto const size = bytes_.size() - begin;
        auto const is_large = header_size > 8; // then 1 stands where the size does otherwise
        auto const width = is_large ? std::size_t{8} : std::size_t{4};
        for (std::size_t i = 0; i < width; ++i)
            bytes_[begin + (is_large ? 8 : 0) + i] =
                static_cast<std::uint8_t>(std::uint64_t{size} >> 8 * (width - 1 - i));
    }

    std::vector<std::uint8_t> bytes_;
    bool has_movie_{false};
};

} // namespace

Result<std::vector<std::uint8_t>> without_fragments_duration(std::span<std::uint8_t const> file) {
    Copy copy;
    if (auto const done = copy.boxes(BoxCursor(file), {}); !done) return done.error();
    if (!copy.has_movie()) return fail(Errc::not_found, "no moov in the initialisation");
    return std::move(copy).taken();
}

} // namespace continuo::mp4
