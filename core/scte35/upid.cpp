#include "core/scte35/upid.hpp"

#include "core/base/binary_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>

namespace continuo::scte35 {
namespace {

enum UpidType : std::uint8_t { // table 22
    upid_umid = 0x04,
    upid_isan_deprecated = 0x05,
    upid_isan = 0x06,
    upid_ti = 0x08,
    upid_eidr = 0x0A,
    upid_atsc = 0x0B,
    upid_mid = 0x0D,
    upid_uuid = 0x10,
};

/// MID(), §10.3.3.4; nothing where its parts do not fill it.
std::optional<std::vector<Upid>> parts_of(std::span<std::uint8_t const> mid) {
    std::vector<Upid> parts;
    while (mid.size() >= 2) {
        std::size_t const length = mid[1];
        if (length > mid.size() - 2) return std::nullopt;
        auto const bytes = mid.subspan(2, length);
        parts.push_back({.type = mid[0], .bytes = {bytes.begin(), bytes.end()}});
        mid = mid.subspan(2 + length);
    }
    if (!mid.empty()) return std::nullopt;
    return parts;
}

std::optional<std::string> decimal(Bytes const& bytes) {
    if (bytes.size() > sizeof(std::uint64_t)) return std::nullopt;
    std::uint64_t value = 0;
    for (auto const byte : bytes)
        value = value << 8 | byte;
    return std::to_string(value);
}

/// Hexadecimal digits in groups of that many, joined by "-".
std::string grouped(std::string_view digits, std::initializer_list<std::size_t> sizes) {
    std::string text;
    for (auto const size : sizes) {
        if (!text.empty()) text += '-';
        text += digits.substr(0, size);
        digits.remove_prefix(size);
    }
    return text;
}

/// The compact binary form: the number of the registry, then the suffix without its check digit.
std::optional<std::string> eidr(Bytes const& bytes) {
    constexpr std::size_t compact_size = 12;
    if (bytes.size() != compact_size) return std::nullopt;
    return fmt::format("10.{}/{}", bytes[0] << 8 | bytes[1],
                       grouped(hex_of(std::span(bytes).subspan(2)), {4, 4, 4, 4, 4}));
}

std::optional<std::string> uuid(Bytes const& bytes) {
    constexpr std::size_t uuid_size = 16;
    if (bytes.size() != uuid_size) return std::nullopt;
    return grouped(hex_of(bytes), {8, 4, 4, 4, 12});
}

} // namespace

std::vector<Upid> upids_of(SegmentationDescriptor const& segmentation) {
    if (segmentation.segmentation_upid.empty()) return {};
    if (segmentation.segmentation_upid_type == upid_mid) {
        if (auto parts = parts_of(segmentation.segmentation_upid)) return *std::move(parts);
    }
    return {{.type = segmentation.segmentation_upid_type, .bytes = segmentation.segmentation_upid}};
}

std::optional<std::string> to_text(Upid const& upid) {
    switch (upid.type) {
    case upid_ti: return decimal(upid.bytes);
    case upid_eidr: return eidr(upid.bytes);
    case upid_uuid: return uuid(upid.bytes);
    case upid_umid:
    case upid_isan_deprecated:
    case upid_isan:
    case upid_atsc:
    case upid_mid: return std::nullopt;
    default: return printable(upid.bytes);
    }
}

std::optional<std::string> printable(Bytes const& bytes) {
    constexpr auto is_printable = [](std::uint8_t byte) { return byte >= 0x20 && byte < 0x7F; };
    if (!std::ranges::all_of(bytes, is_printable)) return std::nullopt;
    return std::string(bytes.begin(), bytes.end());
}

} // namespace continuo::scte35
