#include "workers/icecast/audio_writer.hpp"

#include "core/mpegts/timestamp.hpp"

#include <algorithm>
#include <array>

namespace continuo::icecast {
namespace {

constexpr std::uint16_t pmt_pid = 0x1000;
constexpr std::uint16_t audio_pid = 0x100;
constexpr std::uint16_t program_number = 1;
constexpr std::uint8_t audio_stream_id = 0xC0; // of any codec: the PMT says which
constexpr unsigned tables_every = 40;          // units: about a second
constexpr std::size_t packet_header_size = 4;
constexpr std::size_t room = mpegts::packet_size - packet_header_size;

/// ISO/IEC 13818-1 §2.4.3.6, with nothing but a PTS.
std::vector<std::uint8_t> pes_of(AudioUnit const& unit, Ticks90k time) {
    constexpr std::size_t fields_size = 3 + mpegts::timestamp_size;
    auto const length = fields_size + unit.frames.size();
    auto const coded = length <= 0xFFFF ? length : 0;
    std::vector<std::uint8_t> pes{0x00,
                                  0x00,
                                  0x01,
                                  audio_stream_id,
                                  static_cast<std::uint8_t>(coded >> 8),
                                  static_cast<std::uint8_t>(coded),
                                  0x84, // data_alignment_indicator
                                  0x80, // PTS alone
                                  mpegts::timestamp_size};
    std::array<std::uint8_t, mpegts::timestamp_size> field{0x21, 0x00, 0x01, 0x00, 0x01};
    mpegts::write_timestamp(field, wrapped(time));
    pes.insert(pes.end(), field.begin(), field.end());
    pes.insert(pes.end(), unit.frames.begin(), unit.frames.end());
    return pes;
}

void append_packets(std::span<std::uint8_t const> pes, unsigned& counter,
                    std::vector<std::uint8_t>& out) {
    for (bool first = true; !pes.empty(); first = false) {
        auto const part = pes.first(std::min(pes.size(), room));
        auto const stuffing = room - part.size();
        out.push_back(mpegts::sync_byte);
        out.push_back(static_cast<std::uint8_t>((first ? 0x40 : 0x00) | audio_pid >> 8));
        out.push_back(static_cast<std::uint8_t>(audio_pid & 0xFF));
        out.push_back(static_cast<std::uint8_t>((stuffing > 0 ? 0x30 : 0x10) | (counter++ & 0x0F)));
        if (stuffing > 0) { // an adaptation field: its length, no flags, stuffing
            out.push_back(static_cast<std::uint8_t>(stuffing - 1));
            if (stuffing > 1) out.push_back(0x00);
            if (stuffing > 2) out.insert(out.end(), stuffing - 2, 0xFF);
        }
        out.insert(out.end(), part.begin(), part.end());
        pes = pes.subspan(part.size());
    }
}

} // namespace

AudioWriter::AudioWriter(AudioFormat const& format)
    : pat_(encode(mpegts::Pat{
          .transport_stream_id = 1, .version = 0, .programs = {{program_number, pmt_pid}}}))
    , pmt_(encode(mpegts::Pmt{.program_number = program_number,
                              .version = 0,
                              .pcr_pid = mpegts::null_pid,
                              .descriptors = {},
                              .streams = {{.type = format.stream_type,
                                           .pid = audio_pid,
                                           .descriptors = format.descriptors}}})) {}

void AudioWriter::append_tables(std::vector<std::uint8_t>& out) {
    for (auto const& packets : {mpegts::packets_of_section(pat_, mpegts::pat_pid, pat_counter_),
                                mpegts::packets_of_section(pmt_, pmt_pid, pmt_counter_)})
        out.insert(out.end(), packets.begin(), packets.end());
}

void AudioWriter::append(AudioUnit const& unit, Ticks90k time, std::vector<std::uint8_t>& out) {
    if (units_until_tables_ == 0) {
        append_tables(out);
        units_until_tables_ = tables_every;
    }
    --units_until_tables_;
    append_packets(pes_of(unit, time), audio_counter_, out);
}

AudioUnit silent_aac_frame() {
    return {.pts = std::nullopt,
            // ADTS (ISO/IEC 13818-7 §6.2): AAC LC, 48 kHz, two channels, 14 bytes. Then a channel
            // pair element without a common window, whose two streams have a gain and no bands.
            .frames = {0xFF, 0xF1, 0x4C, 0x80, 0x01, 0xDF, 0xFC, 0x20, 0x00, 0x00, 0x00, 0x00, 0x00,
                       0x0E}};
}

} // namespace continuo::icecast
