// Program specific information: which PIDs make up a programme. Read from the source, written anew
// at the head of each segment.
#pragma once

#include "core/base/result.hpp"
#include "core/mpegts/packet.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace continuo::mpegts {

/// Program association section, table_id 0.
struct Pat {
    struct Program {
        std::uint16_t number{};
        std::uint16_t pmt_pid{};
        friend bool operator==(Program const&, Program const&) = default;
    };
    std::uint16_t transport_stream_id{};
    std::uint8_t version{};
    std::vector<Program> programs; ///< the network PID (number 0) left out

    friend bool operator==(Pat const&, Pat const&) = default;
};

/// Program map section, table_id 2.
struct Pmt {
    struct Stream {
        std::uint8_t type{}; ///< stream_type, ISO/IEC 13818-1 table 2-34
        std::uint16_t pid{};
        std::vector<std::uint8_t> descriptors; ///< tag, length, body, one after the other
        friend bool operator==(Stream const&, Stream const&) = default;
    };
    std::uint16_t program_number{};
    std::uint8_t version{};
    std::uint16_t pcr_pid{null_pid};
    std::vector<std::uint8_t> descriptors;
    std::vector<Stream> streams;

    friend bool operator==(Pmt const&, Pmt const&) = default;
};

/// `section`: from table_id to CRC_32. Errors: `Errc::truncated`, `Errc::malformed` (table_id,
/// lengths, CRC).
Result<Pat> parse_pat(std::span<std::uint8_t const> section);
Result<Pmt> parse_pmt(std::span<std::uint8_t const> section);

std::vector<std::uint8_t> encode(Pat const& pat);
/// A section holds 1021 bytes: descriptors and streams together must fit, as they do when they were
/// read from one.
std::vector<std::uint8_t> encode(Pmt const& pmt);

/// The section in packets of `pid`, the last one stuffed with 0xFF; `continuity_counter` is the
/// first one's and runs on.
std::vector<std::uint8_t> packets_of_section(std::span<std::uint8_t const> section,
                                             std::uint16_t pid, unsigned& continuity_counter);

/// The body of the first descriptor with this tag; empty when there is none (or it has none).
std::span<std::uint8_t const> find_descriptor(std::span<std::uint8_t const> descriptors,
                                              std::uint8_t tag) noexcept;

/// Puts the sections of one PID together again; give it that PID's packets alone.
class SectionAssembler {
public:
    /// Calls `visit(std::span<std::uint8_t const>)` for each section that `packet` completes.
    template <class Visit>
    void feed(Packet const& packet, Visit&& visit) {
        if (!take_unit_end(packet)) return;
        visit_whole_sections(visit);
        take_unit_start(packet);
        visit_whole_sections(visit);
    }

private:
    template <class Visit>
    void visit_whole_sections(Visit&& visit) {
        while (auto const size = whole_section_size()) {
            visit(std::span<std::uint8_t const>(bytes_).first(size));
            bytes_.erase(bytes_.begin(), bytes_.begin() + static_cast<std::ptrdiff_t>(size));
        }
    }

    /// Adds what belongs to a section begun earlier; false when the packet brings nothing.
    bool take_unit_end(Packet const& packet);
    void take_unit_start(Packet const& packet);
    /// 0 while the section in front is not complete.
    std::size_t whole_section_size() noexcept;

    std::vector<std::uint8_t> bytes_;
    bool aligned_{false}; ///< `bytes_` begins with a section
    std::uint8_t next_counter_{};
};

} // namespace continuo::mpegts
