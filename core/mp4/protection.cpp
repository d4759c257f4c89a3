#include "core/mp4/protection.hpp"

#include "core/mp4/box_editor.hpp"
#include "core/mp4/box_writer.hpp"
#include "core/mp4/movie.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace continuo::mp4 {
namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::uint32_t scheme_version = 0x0001'0000;
constexpr std::size_t entries_of_stsd = 8;          // version, flags, entry_count
constexpr std::size_t fields_of_picture_entry = 78; // in front of avcC

Bytes boxed(FourCC type, std::initializer_list<Bytes> children) {
    BoxWriter writer(type);
    for (auto const& child : children)
        writer.bytes(child);
    return std::move(writer).finished();
}

Bytes track_encryption(TrackProtection const& protection) {
    auto const has_pattern = protection.crypt_blocks != 0;
    BoxWriter writer(FourCC("tenc"), has_pattern ? 1 : 0);
    writer.number(0, 1); // reserved
    writer.number(static_cast<unsigned>(protection.crypt_blocks << 4 | protection.skip_blocks), 1);
    writer.number(1, 1); // default_isProtected
    writer.number(protection.vector_size, 1);
    writer.bytes(protection.key_id);
    if (protection.vector_size == 0 && protection.constant_vector) {
        writer.number(protection.constant_vector->size(), 1);
        writer.bytes(*protection.constant_vector);
    }
    return std::move(writer).finished();
}

Bytes scheme_information(FourCC format, TrackProtection const& protection) {
    BoxWriter original(FourCC("frma"));
    original.number(format.value, 4);
    BoxWriter scheme(FourCC("schm"), 0);
    scheme.number(protection.scheme.value, 4);
    scheme.number(scheme_version, 4);
    return boxed(FourCC("sinf"), {std::move(original).finished(), std::move(scheme).finished(),
                                  boxed(FourCC("schi"), {track_encryption(protection)})});
}

/// A sample entry under its new format.
Bytes protected_entry(Box const& entry, FourCC format, TrackProtection const& protection) {
    BoxWriter writer(format);
    writer.bytes(entry.body());
    writer.bytes(scheme_information(entry.type, protection));
    return std::move(writer).finished();
}

/// Whether the way to the sample entries goes through a box.
bool leads_to_entries(FourCC type) noexcept {
    constexpr std::array boxes{FourCC("moov"), FourCC("trak"), FourCC("mdia"), FourCC("minf"),
                               FourCC("stbl")};
    return std::ranges::find(boxes, type) != boxes.end();
}

FourCC protected_format(FourCC handler) noexcept {
    if (handler == video_handler) return FourCC("encv");
    if (handler == audio_handler) return FourCC("enca");
    return {};
}

/// The first box of that type on the way to the sample entries.
std::optional<Box> find_on_the_way(BoxCursor cursor, FourCC type) {
    std::optional<Box> found;
    (void)for_each_box(cursor, [&](Box const& box) -> Result<> { // what can be read counts
        if (found) return {};
        if (box.type == type)
            found = box;
        else if (leads_to_entries(box.type))
            found = find_on_the_way(BoxCursor::inside(box), type);
        return {};
    });
    return found;
}

} // namespace

Result<Bytes> protected_initialisation(std::span<std::uint8_t const> file,
                                       TrackProtection const& protection) {
    auto const movie = parse_movie(file);
    if (!movie) return movie.error();
    if (movie->tracks.empty()) return fail(Errc::not_found, "no track to protect");
    auto const format = protected_format(movie->tracks.front().handler);
    if (format == FourCC())
        return fail(Errc::unsupported, fmt::format("a track of \"{}\" to protect",
                                                   to_text(movie->tracks.front().handler)));
    BoxEditor editor;
    auto const done = editor.copy(file, [&](Box const& box, FourCC parent) {
        if (parent == FourCC("stsd")) {
            editor.append(protected_entry(box, format, protection));
            return BoxEditor::Step{BoxEditor::Choice::leave, 0, {}};
        }
        if (box.type == FourCC("stsd") && parent == FourCC("stbl"))
            return BoxEditor::Step{BoxEditor::Choice::enter, entries_of_stsd, {}};
        if (leads_to_entries(box.type)) return BoxEditor::Step{BoxEditor::Choice::enter, 0, {}};
        return BoxEditor::Step{};
    });
    if (!done) return done.error();
    return std::move(editor).taken();
}

std::optional<NalLayout> nal_layout(std::span<std::uint8_t const> initialisation) {
    auto const stsd = find_on_the_way(BoxCursor(initialisation), FourCC("stsd"));
    if (!stsd || stsd->body().size() < entries_of_stsd) return std::nullopt;
    auto const entry = BoxCursor::inside(*stsd, entries_of_stsd).next();
    if (!entry || !*entry || (*entry)->body().size() < fields_of_picture_entry) return std::nullopt;
    std::optional<NalLayout> layout;
    auto const read = [&](Box const& box) -> Result<> {
        auto const is_avc = box.type == FourCC("avcC");
        auto const place = is_avc ? std::size_t{4} : std::size_t{21}; // lengthSizeMinusOne
        if ((is_avc || box.type == FourCC("hvcC")) && box.body().size() > place)
            layout = {.codec = is_avc ? NalLayout::Codec::avc : NalLayout::Codec::hevc,
                      .length_bytes = (box.body()[place] & 3U) + 1U};
        return {};
    };
    auto const boxes = BoxCursor::inside(**entry, fields_of_picture_entry);
    if (!for_each_box(boxes, read)) return std::nullopt;
    return layout;
}

} // namespace continuo::mp4
