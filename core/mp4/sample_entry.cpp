#include "core/mp4/sample_entry.hpp"

#include "core/mp4/codec_text.hpp"
#include "core/mp4/field_reader.hpp"

#include <algorithm>
#include <array>

namespace continuo::mp4 {
namespace {

constexpr std::size_t common_fields = 8;  // reserved, data_reference_index
constexpr std::size_t visual_fields = 70; // of VisualSampleEntry behind these
constexpr std::size_t audio_fields = 20;  // of AudioSampleEntry behind these

bool is_visual(FourCC format) noexcept {
    constexpr std::array formats{FourCC("avc1"), FourCC("avc3"), FourCC("hvc1"), FourCC("hev1"),
                                 FourCC("dvh1"), FourCC("dvhe"), FourCC("dva1"), FourCC("dvav"),
                                 FourCC("av01"), FourCC("vp08"), FourCC("vp09"), FourCC("mp4v"),
                                 FourCC("vvc1"), FourCC("vvi1"), FourCC("encv")};
    return std::ranges::find(formats, format) != formats.end();
}

bool is_audio(FourCC format) noexcept {
    constexpr std::array formats{FourCC("mp4a"), FourCC("ac-3"), FourCC("ec-3"), FourCC("ac-4"),
                                 FourCC("Opus"), FourCC("fLaC"), FourCC("mhm1"), FourCC("mhm2"),
                                 FourCC("mha1"), FourCC("mha2"), FourCC("alac"), FourCC("dtsc"),
                                 FourCC("dtse"), FourCC("enca")};
    return std::ranges::find(formats, format) != formats.end();
}

/// The format in front of encryption: sinf/frma (ISO/IEC 14496-12 §8.12).
FourCC original_format(Box const& sinf, FourCC encrypted) {
    auto format = encrypted;
    auto const read = for_each_box(BoxCursor::inside(sinf), [&](Box const& box) -> Result<> {
        if (box.type == FourCC("frma")) format = FieldReader(box).four_cc();
        return {};
    });
    return read && format != FourCC() ? format : encrypted;
}

Result<> read_children(Box const& entry, std::size_t skipped, SampleEntry& into) {
    auto format = entry.type;
    std::vector<Box> configurations;
    auto const read =
        for_each_box(BoxCursor::inside(entry, skipped), [&](Box const& box) -> Result<> {
            if (box.type == FourCC("sinf"))
                format = original_format(box, format);
            else
                configurations.push_back(box);
            return {};
        });
    if (!read) return read;
    into.codecs = codec_text(format, configurations);
    return {};
}

Result<> read_entry(Box const& box, SampleEntry& entry) {
    FieldReader fields(box);
    entry.format = box.type;
    entry.codecs = codec_text(box.type, {});
    fields.skip(common_fields);
    auto skipped = common_fields;
    if (is_visual(box.type)) {
        fields.skip(16);
        entry.width = fields.u16();
        entry.height = fields.u16();
        skipped += visual_fields;
    } else if (is_audio(box.type)) {
        auto const version = fields.u16(); // of QuickTime; 0 in MP4
        fields.skip(6);
        entry.channels = fields.u16();
        fields.skip(6);
        entry.sample_rate_hz = fields.u32() >> 16; // 16.16
        skipped += audio_fields;
        if (version == 1) skipped += 16;
        if (version == 2) skipped += 36;
    } else {
        return {};
    }
    if (fields.failed() || skipped > box.body().size()) return fields.failure();
    return read_children(box, skipped, entry);
}

} // namespace

Result<SampleEntry> parse_sample_entry(Box const& stsd) {
    constexpr std::size_t before_entries = 8; // version, flags, entry_count
    SampleEntry entry;
    BoxCursor entries = BoxCursor::inside(stsd, before_entries);
    auto const first = entries.next();
    if (!first) return first.error();
    if (!*first) return entry;
    if (auto const read = read_entry(**first, entry); !read) return read.error();
    return entry;
}

} // namespace continuo::mp4
