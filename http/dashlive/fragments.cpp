#include "http/dashlive/fragments.hpp"

#include "core/mp4/box_writer.hpp"
#include "core/mp4/fragment_writer.hpp"
#include "core/mp4/segment_index.hpp"
#include "core/timeline/addressing.hpp"
#include "http/dashlive/chunks.hpp"
#include "http/dashlive/events.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <utility>

namespace continuo::dashlive {
namespace {

constexpr std::size_t index_bytes = 52;     // sidx, version 1, with one reference
constexpr std::size_t reference_place = 40; // in there

void put_number(std::vector<std::uint8_t>& bytes, std::size_t place, std::uint64_t value) {
    for (std::size_t i = 0; i < 4; ++i)
        bytes[place + i] = static_cast<std::uint8_t>(value >> 8 * (3 - i));
}

/// What was not on disk gets a styp of ours; the last segment of a presentation says so in it
/// (ISO/IEC 23009-1 §6.3.4.2).
std::vector<std::uint8_t> segment_type(Strand const& strand, bool is_last) {
    std::vector<std::uint8_t> box(strand.type.begin(), strand.type.end());
    if (box.empty()) {
        mp4::BoxWriter writer{mp4::FourCC("styp")};
        writer.number(mp4::FourCC("msdh").value, 4);
        writer.number(0, 4); // minor_version
        writer.number(mp4::FourCC("msdh").value, 4);
        writer.number(mp4::FourCC("iso6").value, 4);
        box = std::move(writer).finished();
    }
    if (is_last) {
        for (auto const letter : {'l', 'm', 's', 'g'})
            box.push_back(static_cast<std::uint8_t>(letter));
        put_number(box, 0, box.size());
    }
    return box;
}

std::int64_t duration_of(std::span<mp4::Sample const> samples) noexcept {
    return std::accumulate(
        samples.begin(), samples.end(), std::int64_t{0},
        [](std::int64_t sum, mp4::Sample const& sample) { return sum + sample.duration; });
}

void append_media(PieceWriter& writer, Strand const& strand, SampleRange range) {
    for (auto i = range.begin; i < range.end; ++i) {
        auto const& source = strand.sources[i];
        if (source.bytes.data() != nullptr)
            writer.append(source.bytes);
        else
            writer.append(FilePart{.path = source.stored->part.path,
                                   .offset = source.offset,
                                   .bytes = strand.samples[i].size});
    }
}

/// A strand on its way through the chunks.
struct Progress {
    Strand const* strand;
    std::size_t begin{}; ///< of its samples
    std::int64_t time{}; ///< of that one
};

/// One chunk behind what `progress` has reached, which goes on behind it.
void append_fragment(PieceWriter& writer, std::uint32_t number, std::vector<Progress>& progress,
                     std::vector<SampleRange> const& ranges) {
    std::vector<mp4::TrackSamples> tracks;
    for (std::size_t i = 0; i < progress.size(); ++i) {
        auto const [begin, end] = ranges[i];
        if (begin == end) continue;
        auto& [strand, next, time] = progress[i];
        auto const samples = std::span(strand->samples).subspan(begin, end - begin);
        tracks.push_back({.track_id = strand->track_id,
                          .decode_time = static_cast<std::uint64_t>(time),
                          .samples = samples,
                          .additional = strand->additional});
        next = end;
        time += duration_of(samples);
    }
    writer.append(mp4::fragment_of(number, tracks));
    for (std::size_t i = 0; i < progress.size(); ++i)
        append_media(writer, *progress[i].strand, ranges[i]);
}

} // namespace

Composed fragments_of(Session const& session, MediaName const& name,
                      std::vector<Strand> const& strands, std::chrono::milliseconds length) {
    auto const& lead = strands.front();
    auto const timescale = lead.track->timescale;
    auto const number = static_cast<std::uint32_t>(session.number_of(name.index));
    auto front = segment_type(lead, is_last(session, name.index));
    auto const events = events_of(session, *lead.track, name.index);
    front.insert(front.end(), events.begin(), events.end());
    auto const index_begin = front.size();
    if (session.options->inserts_index) {
        auto const index = segment_index(session, *lead.track, name.index, lead.time);
        front.insert(front.end(), index.begin(), index.end());
    }

    std::vector<Progress> progress;
    for (auto const& strand : strands)
        progress.push_back({.strand = &strand, .begin = 0, .time = strand.time});
    auto const cuts = cut(lead.samples, timescale, length);
    Composed composed;
    for (auto const& range : cuts) {
        auto const is_last_chunk = &range == &cuts.back();
        auto const samples = std::span(lead.samples).subspan(range.begin, range.end - range.begin);
        timeline::MediaTime const end{.units = progress.front().time + duration_of(samples),
                                      .timescale = timescale};
        std::vector<SampleRange> ranges{range};
        for (std::size_t i = 1; i < strands.size(); ++i)
            ranges.push_back(is_last_chunk ? SampleRange{.begin = progress[i].begin,
                                                         .end = strands[i].samples.size()}
                                           : samples_before(strands[i], progress[i].begin, end));
        PieceWriter writer;
        if (composed.chunks.empty()) writer.append(front);
        append_fragment(writer, number, progress, ranges);
        composed.chunks.push_back(
            {.pieces = std::move(writer).taken(),
             .due = session.epoch + std::chrono::milliseconds(timeline::rescaled_up(end, 1000)),
             .is_independent = samples.empty() || mp4::is_sync_sample(samples.front().flags)});
    }
    if (session.options->inserts_index)
        set_reference_size(composed.chunks.front().pieces.front().bytes, index_begin,
                           composed.size_bytes());
    return composed;
}

std::vector<std::uint8_t> segment_index(Session const& session, Track const& track,
                                        std::int64_t index, std::int64_t start) {
    auto const interval = interval_of(*session.asset, track, index);
    auto const duration = std::min<std::int64_t>(interval.end - interval.start,
                                                 std::numeric_limits<std::uint32_t>::max());
    return encode(
        mp4::SegmentIndex{.offset = 0,
                          .version = 1,
                          .reference_id = track.track_id,
                          .timescale = track.timescale,
                          .earliest_presentation_time = static_cast<std::uint64_t>(start),
                          .first_offset = 0,
                          .references = {{.is_index = false,
                                          .size = 0,
                                          .duration = static_cast<std::uint32_t>(duration),
                                          .starts_with_sap = true,
                                          .sap_type = 1,
                                          .sap_delta_time = 0}}});
}

void set_reference_size(std::vector<std::uint8_t>& bytes, std::size_t begin,
                        std::uint64_t segment_bytes) {
    put_number(bytes, begin + reference_place, segment_bytes - begin - index_bytes);
}

} // namespace continuo::dashlive
