// Any bytes as a splice_info_section, with and without a frame that fits: what is read is written
// and read again as the same, in bytes and in every text.
#include "core/base/binary_text.hpp"
#include "core/base/crc32.hpp"
#include "core/scte35/cue_text.hpp"
#include "core/scte35/event.hpp"
#include "core/scte35/names.hpp"
#include "core/scte35/upid.hpp"

#include <algorithm>
#include <cstdlib>

namespace {

using namespace continuo::scte35;

void check_text(std::string const& text, Bytes const& section) {
    auto const cue = parse_cue_text(text);
    if (!cue || cue->section != section) std::abort();
}

void check_names(SpliceInfo const& info) {
    if (name_of(info.command).empty()) std::abort();
    for (auto const& descriptor : info.descriptors) {
        if (name_of(descriptor).empty()) std::abort();
        auto const* const segmentation = std::get_if<SegmentationDescriptor>(&descriptor.body);
        if (!segmentation) continue;
        for (auto const& upid : upids_of(*segmentation)) {
            auto const text = to_text(upid);
            if (text && text->size() > 2 * upid.bytes.size() + 20) std::abort();
        }
    }
}

void check_events(SpliceInfo const& info) {
    for (auto const& event : events_of(info)) {
        if (event.time && *event.time != continuo::wrapped(*event.time)) std::abort();
        if (event.kind != Event::Kind::out && (event.planned || event.auto_return)) std::abort();
    }
}

void check(std::span<std::uint8_t const> bytes) {
    auto const info = parse_splice_info(bytes);
    if (!info) {
        if (info.error().context.empty()) std::abort();
        return;
    }
    auto const section = encode(*info);
    if (section.size() != section_size(bytes)) std::abort();
    auto const again = parse_splice_info(section);
    if (!again || *again != *info || encode(*again) != section) std::abort();
    check_text(continuo::base64_of(section), section);
    check_text("0x" + continuo::hex_of(section), section);
    check_text(continuo::hex_of(section), section);
    check_names(*info);
    check_events(*info);
}

/// The same bytes with the length and the checksum that they need to be looked into.
Bytes framed(std::span<std::uint8_t const> bytes) {
    constexpr std::size_t header_size = 3;
    constexpr std::size_t largest_body = 0xFFF - 4;
    auto const body = bytes.first(std::min(bytes.size(), largest_body));
    Bytes section(header_size);
    section.insert(section.end(), body.begin(), body.end());
    auto const length = body.size() + 4;
    section[0] = 0xFC;
    section[1] = static_cast<std::uint8_t>(0x30 | length >> 8);
    section[2] = static_cast<std::uint8_t>(length);
    auto const crc = continuo::crc32_mpeg2(section);
    for (int shift = 24; shift >= 0; shift -= 8)
        section.push_back(static_cast<std::uint8_t>(crc >> shift));
    return section;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    std::span const bytes(data, size);
    check(bytes);
    check(framed(bytes));
    return 0;
}
