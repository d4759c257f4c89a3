#include "core/mp4/initialisation.hpp"

#include "core/mp4/box.hpp"
#include "core/mp4/box_editor.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <utility>

namespace continuo::mp4 {
namespace {

using Bytes = std::vector<std::uint8_t>;

/// What a track takes along into another file.
struct Carried {
    Bytes track;    ///< trak
    Bytes defaults; ///< trex
};

bool put_number(std::span<std::uint8_t> bytes, std::size_t place, std::uint32_t value) {
    if (place + 4 > bytes.size()) return false;
    for (std::size_t i = 0; i < 4; ++i)
        bytes[place + i] = static_cast<std::uint8_t>(value >> 8 * (3 - i));
    return true;
}

/// Where track_ID stands in a tkhd, from its body on.
std::size_t id_place(Box const& tkhd) noexcept {
    auto const is_long = !tkhd.body().empty() && tkhd.body().front() == 1;
    return is_long ? 4 + 8 + 8 : 4 + 4 + 4;
}

Bytes with_id(Box const& box, std::size_t place, std::uint32_t id) {
    Bytes bytes(box.bytes.begin(), box.bytes.end());
    if (!put_number(bytes, box.header_size + place, id)) bytes.clear();
    return bytes;
}

Result<Carried> carried(std::span<std::uint8_t const> file, std::uint32_t id) {
    Carried found;
    auto const visit = [&](Box const& box) -> Result<> {
        if (box.type != FourCC("trak") || !found.track.empty()) return {};
        BoxEditor editor;
        auto const done = editor.copy(box.bytes, [&](Box const& inner, FourCC parent) {
            if (parent == FourCC()) return BoxEditor::Step{BoxEditor::Choice::enter, 0, {}};
            if (inner.type != FourCC("tkhd")) return BoxEditor::Step{};
            editor.append(with_id(inner, id_place(inner), id));
            return BoxEditor::Step{BoxEditor::Choice::leave, 0, {}};
        });
        if (!done) return done;
        found.track = std::move(editor).taken();
        return {};
    };
    auto const done = for_each_box(BoxCursor(file), [&](Box const& box) -> Result<> {
        if (box.type != FourCC("moov")) return {};
        return for_each_box(BoxCursor::inside(box), [&](Box const& child) -> Result<> {
            if (child.type != FourCC("mvex")) return visit(child);
            return for_each_box(BoxCursor::inside(child), [&](Box const& defaults) -> Result<> {
                constexpr std::size_t version_and_flags = 4;
                if (defaults.type == FourCC("trex"))
                    found.defaults = with_id(defaults, version_and_flags, id);
                return {};
            });
        });
    });
    if (!done) return done.error();
    if (found.track.empty() || found.defaults.empty())
        return fail(Errc::not_found, "no track in the initialisation");
    return found;
}

} // namespace

Result<Bytes> without_fragments_duration(std::span<std::uint8_t const> file) {
    BoxEditor editor;
    bool has_movie = false;
    auto const done = editor.copy(file, [&](Box const& box, FourCC parent) {
        auto const is_movie = parent == FourCC() && box.type == FourCC("moov");
        has_movie = has_movie || is_movie;
        if (is_movie || (parent == FourCC("moov") && box.type == FourCC("mvex")))
            return BoxEditor::Step{BoxEditor::Choice::enter, 0, {}};
        if (parent == FourCC("mvex") && box.type == FourCC("mehd"))
            return BoxEditor::Step{BoxEditor::Choice::leave, 0, {}};
        return BoxEditor::Step{};
    });
    if (!done) return done.error();
    if (!has_movie) return fail(Errc::not_found, "no moov in the initialisation");
    return std::move(editor).taken();
}

Result<Bytes> with_second_track(std::span<std::uint8_t const> first,
                                std::span<std::uint8_t const> second, std::uint32_t second_id) {
    auto const added = carried(second, second_id);
    if (!added) return added.error();
    BoxEditor editor;
    bool has_track = false;
    bool has_defaults = false;
    auto const done = editor.copy(first, [&](Box const& box, FourCC parent) {
        if (parent == FourCC() && box.type == FourCC("moov"))
            return BoxEditor::Step{BoxEditor::Choice::enter, 0, {}};
        if (parent != FourCC("moov")) return BoxEditor::Step{};
        if (box.type == FourCC("mvex")) {
            has_defaults = true;
            return BoxEditor::Step{BoxEditor::Choice::enter, 0,
                                   [&] { editor.append(added->defaults); }};
        }
        if (box.type == FourCC("trak") && !std::exchange(has_track, true)) {
            editor.append(box.bytes);
            editor.append(added->track);
            return BoxEditor::Step{BoxEditor::Choice::leave, 0, {}};
        }
        return BoxEditor::Step{};
    });
    if (!done) return done.error();
    if (!has_track || !has_defaults)
        return fail(Errc::not_found, "no track in the initialisation that another one joins");
    return std::move(editor).taken();
}

} // namespace continuo::mp4
