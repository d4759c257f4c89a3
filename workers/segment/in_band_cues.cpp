#include "workers/segment/in_band_cues.hpp"

#include "core/base/binary_text.hpp"
#include "core/mpegts/pes.hpp"

#include <fmt/format.h>

#include <iterator>

namespace continuo::segment {
namespace {

constexpr std::uint8_t splice_info_table_id = 0xFC;

bool is_splice_info(std::span<std::uint8_t const> bytes) {
    return !bytes.empty() && bytes[0] == splice_info_table_id;
}

std::string name_of(CueTrack const& track) {
    return fmt::format("PID {}", track.pid);
}

} // namespace

InBandCues::Found InBandCues::take(CueTrack const& track, mpegts::Packet const& packet) {
    Found found;
    auto& unit = units_[track.pid];
    if (track.in_pes) {
        take_pes(track, unit, packet, found);
    } else {
        unit.sections.feed(packet, [&](auto section) { take_section(track, section, found); });
    }
    return found;
}

void InBandCues::take_pes(CueTrack const& track, Unit& unit, mpegts::Packet const& packet,
                          Found& found) {
    auto payload = packet.payload;
    if (packet.payload_unit_start) {
        unit.pes.clear();
        auto const header = mpegts::parse_pes_header(payload);
        if (!header || header->payload_offset > payload.size()) return;
        payload = payload.subspan(header->payload_offset);
        if (!is_splice_info(payload)) return;
    } else if (unit.pes.empty()) {
        return;
    }
    unit.pes.insert(unit.pes.end(), payload.begin(), payload.end());
    auto const size = scte35::section_size(unit.pes);
    if (!size || *size > unit.pes.size()) return;
    take_section(track, std::span<std::uint8_t const>(unit.pes).first(*size), found);
    unit.pes.clear();
}

void InBandCues::take_section(CueTrack const& track, std::span<std::uint8_t const> section,
                              Found& found) {
    if (!is_splice_info(section)) return;
    auto const info = scte35::parse_splice_info(section);
    if (!info) {
        if (!track.in_pes) remark(track, to_text(info.error()), found);
        return;
    }
    if (info->encrypted_packet()) {
        remark(track, "a cue is encrypted: it can't be followed", found);
        return;
    }
    auto requests = requests_of(*info, base64_of(section), name_of(track));
    found.requests.insert(found.requests.end(), std::make_move_iterator(requests.begin()),
                          std::make_move_iterator(requests.end()));
}

void InBandCues::remark(CueTrack const& track, std::string const& text, Found& found) {
    if (remarks_ == max_remarks) return;
    auto const is_last = ++remarks_ == max_remarks;
    found.remarks.push_back(fmt::format("{}: {}{}", name_of(track), text,
                                        is_last ? " (others like it are not told any more)" : ""));
}

} // namespace continuo::segment
