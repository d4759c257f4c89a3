#include "core/mpegts/psi.hpp"

#include "core/base/crc32.hpp"

#include <algorithm>

namespace continuo::mpegts {
namespace {

constexpr std::uint8_t pat_table_id = 0x00;
constexpr std::uint8_t pmt_table_id = 0x02;
constexpr std::uint8_t stuffing_table_id = 0xFF;
constexpr std::size_t section_header_size = 8; // table_id .. last_section_number
constexpr std::size_t crc_size = 4;

std::uint16_t read_16(std::span<std::uint8_t const> bytes) {
    return static_cast<std::uint16_t>(bytes[0] << 8 | bytes[1]);
}

std::uint16_t read_13(std::span<std::uint8_t const> bytes) {
    return read_16(bytes) & 0x1FFF;
}

std::size_t read_12(std::span<std::uint8_t const> bytes) {
    return read_16(bytes) & 0x0FFFU;
}

void write_16(std::vector<std::uint8_t>& out, std::size_t value) {
    out.push_back(static_cast<std::uint8_t>(value >> 8));
    out.push_back(static_cast<std::uint8_t>(value));
}

/// The bytes between section header and CRC.
Result<std::span<std::uint8_t const>> body_of(std::span<std::uint8_t const> section,
                                              std::uint8_t table_id, char const* name) {
    if (section.size() < section_header_size + crc_size) return fail(Errc::truncated, name);
    if (section[0] != table_id) return fail(Errc::malformed, std::string(name) + " table_id");
    auto const size = 3 + read_12(section.subspan(1));
    if (size > section.size()) return fail(Errc::truncated, name);
    if (size < section_header_size + crc_size) {
        return fail(Errc::malformed, std::string(name) + " section_length");
    }
    section = section.first(size);
    if (crc32_mpeg2(section) != 0) return fail(Errc::malformed, std::string(name) + " CRC_32");
    return section.subspan(section_header_size, size - section_header_size - crc_size);
}

std::uint8_t version_of(std::span<std::uint8_t const> section) {
    return section[5] >> 1 & 0x1F;
}

std::vector<std::uint8_t> section_with(std::uint8_t table_id, std::uint16_t extension,
                                       std::uint8_t version, std::span<std::uint8_t const> body) {
    std::vector<std::uint8_t> out{table_id};
    write_16(out, 0xB000U | (section_header_size - 3 + body.size() + crc_size));
    write_16(out, extension);
    out.push_back(
        static_cast<std::uint8_t>(0xC1 | (version & 0x1F) << 1)); // current_next_indicator
    write_16(out, 0); // section_number, last_section_number
    out.insert(out.end(), body.begin(), body.end());
    auto const crc = crc32_mpeg2(out);
    write_16(out, crc >> 16);
    write_16(out, crc & 0xFFFF);
    return out;
}

void write_with_length(std::vector<std::uint8_t>& out, std::span<std::uint8_t const> descriptors) {
    write_16(out, 0xF000U | descriptors.size());
    out.insert(out.end(), descriptors.begin(), descriptors.end());
}

} // namespace

Result<Pat> parse_pat(std::span<std::uint8_t const> section) {
    auto const body = body_of(section, pat_table_id, "PAT");
    if (!body) return body.error();
    if (body->size() % 4 != 0) return fail(Errc::malformed, "PAT program list");
    Pat pat{.transport_stream_id = read_16(section.subspan(3)),
            .version = version_of(section),
            .programs = {}};
    for (auto rest = *body; !rest.empty(); rest = rest.subspan(4)) {
        auto const number = read_16(rest);
        if (number != 0) pat.programs.push_back({number, read_13(rest.subspan(2))});
    }
    return pat;
}

Result<Pmt> parse_pmt(std::span<std::uint8_t const> section) {
    auto const body = body_of(section, pmt_table_id, "PMT");
    if (!body) return body.error();
    auto rest = *body;
    if (rest.size() < 4) return fail(Errc::malformed, "PMT section_length");
    Pmt pmt{.program_number = read_16(section.subspan(3)),
            .version = version_of(section),
            .pcr_pid = read_13(rest),
            .descriptors = {},
            .streams = {}};
    auto const info_length = read_12(rest.subspan(2));
    rest = rest.subspan(4);
    if (info_length > rest.size()) return fail(Errc::malformed, "PMT program_info_length");
    pmt.descriptors.assign(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(info_length));
    rest = rest.subspan(info_length);
    while (!rest.empty()) {
        if (rest.size() < 5) return fail(Errc::malformed, "PMT stream list");
        auto const length = read_12(rest.subspan(3));
        if (length > rest.size() - 5) return fail(Errc::malformed, "PMT ES_info_length");
        auto const descriptors = rest.subspan(5, length);
        pmt.streams.push_back({.type = rest[0],
                               .pid = read_13(rest.subspan(1)),
                               .descriptors = {descriptors.begin(), descriptors.end()}});
        rest = rest.subspan(5 + length);
    }
    return pmt;
}

std::vector<std::uint8_t> encode(Pat const& pat) {
    std::vector<std::uint8_t> body;
    for (auto const& program : pat.programs) {
        write_16(body, program.number);
        write_16(body, 0xE000U | program.pmt_pid);
    }
    return section_with(pat_table_id, pat.transport_stream_id, pat.version, body);
}

std::vector<std::uint8_t> encode(Pmt const& pmt) {
    std::vector<std::uint8_t> body;
    write_16(body, 0xE000U | pmt.pcr_pid);
    write_with_length(body, pmt.descriptors);
    for (auto const& stream : pmt.streams) {
        body.push_back(stream.type);
        write_16(body, 0xE000U | stream.pid);
        write_with_length(body, stream.descriptors);
    }
    return section_with(pmt_table_id, pmt.program_number, pmt.version, body);
}

std::vector<std::uint8_t> packets_of_section(std::span<std::uint8_t const> section,
                                             std::uint16_t pid, unsigned& continuity_counter) {
    std::vector<std::uint8_t> out;
    for (bool first = true; first || !section.empty(); first = false) {
        auto const end = out.size() + packet_size;
        out.push_back(sync_byte);
        out.push_back(static_cast<std::uint8_t>((first ? 0x40 : 0x00) | pid >> 8));
        out.push_back(static_cast<std::uint8_t>(pid));
        out.push_back(static_cast<std::uint8_t>(0x10 | (continuity_counter++ & 0x0F)));
        if (first) out.push_back(0); // pointer_field
        auto const part = section.first(std::min(section.size(), end - out.size()));
        out.insert(out.end(), part.begin(), part.end());
        out.resize(end, 0xFF);
        section = section.subspan(part.size());
    }
    return out;
}

std::span<std::uint8_t const> find_descriptor(std::span<std::uint8_t const> descriptors,
                                              std::uint8_t tag) noexcept {
    while (descriptors.size() >= 2) {
        std::size_t const length = descriptors[1];
        auto const body = descriptors.subspan(2);
        if (length > body.size()) return {};
        if (descriptors[0] == tag) return body.first(length);
        descriptors = body.subspan(length);
    }
    return {};
}

bool SectionAssembler::take_unit_end(Packet const& packet) {
    if (packet.payload.empty()) return false;
    if (packet.continuity_counter != next_counter_) {
        bytes_.clear();
        aligned_ = false;
    }
    next_counter_ = (packet.continuity_counter + 1) & 0x0F;
    auto end = packet.payload;
    if (packet.payload_unit_start) {
        std::size_t const pointer = packet.payload[0];
        if (pointer >= packet.payload.size()) {
            aligned_ = false;
            return false;
        }
        end = packet.payload.subspan(1, pointer);
    }
    if (aligned_) bytes_.insert(bytes_.end(), end.begin(), end.end());
    return true;
}

void SectionAssembler::take_unit_start(Packet const& packet) {
    if (!packet.payload_unit_start) return;
    auto const start = packet.payload.subspan(std::size_t{1} + packet.payload[0]);
    bytes_.assign(start.begin(), start.end());
    aligned_ = true;
}

std::size_t SectionAssembler::whole_section_size() noexcept {
    if (!aligned_ || bytes_.size() < 3) return 0;
    if (bytes_[0] == stuffing_table_id) { // nothing but stuffing until the next unit starts
        bytes_.clear();
        aligned_ = false;
        return 0;
    }
    auto const size = 3 + read_12(std::span<std::uint8_t const>(bytes_).subspan(1));
    return size <= bytes_.size() ? size : 0;
}

} // namespace continuo::mpegts
