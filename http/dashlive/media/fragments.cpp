#include "http/dashlive/media/fragments.hpp"

#include "core/mp4/box_writer.hpp"
#include "core/mp4/fragment_writer.hpp"
#include "core/mp4/segment_index.hpp"
#include "core/timeline/addressing.hpp"
#include "http/dashlive/media/chunks.hpp"
#include "http/dashlive/media/encryption.hpp"
#include "http/dashlive/media/events.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <optional>
#include <span>
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

/// A strand on its way through the chunks.
class Progress {
public:
    explicit Progress(Strand const& strand) : strand_(&strand), time_(strand.time) {
        if (strand.protection) cipher_.emplace(*strand.track, *strand.protection);
    }

    std::size_t begin() const noexcept { return begin_; } ///< of the samples that are left
    std::int64_t time() const noexcept { return time_; }  ///< of the first of them

    /// The next samples, up to `end`, encrypted where that is to be.
    void take(std::size_t end) {
        samples_ = std::span(strand_->samples).subspan(begin_, end - begin_);
        taken_ = {.begin = begin_, .end = end};
        taken_time_ = time_;
        protection_.clear();
        encrypted_.clear();
        if (cipher_) encrypt();
        begin_ = end;
        time_ += duration_of(samples_);
    }

    bool has_taken() const noexcept { return !samples_.empty(); }
    mp4::TrackSamples taken() const noexcept {
        return {.track_id = strand_->track_id,
                .decode_time = static_cast<std::uint64_t>(taken_time_),
                .samples = samples_,
                .protection = protection_,
                .vector_size = cipher_ ? cipher_->vector_size() : std::uint8_t{0},
                .additional = strand_->additional};
    }
    void append_media(PieceWriter& writer) const {
        if (cipher_) {
            writer.append(encrypted_);
            return;
        }
        for (auto i = taken_.begin; i < taken_.end; ++i) {
            auto const& source = strand_->sources[i];
            if (source.bytes.data() != nullptr)
                writer.append(source.bytes);
            else
                writer.append(FilePart{.path = source.stored->part.path,
                                       .offset = source.offset,
                                       .bytes = strand_->samples[i].size});
        }
    }

private:
    void encrypt() {
        auto time = time_;
        for (auto i = taken_.begin; i < taken_.end; ++i) {
            auto const& clear = strand_->sources[i].bytes;
            auto const place = encrypted_.size();
            encrypted_.insert(encrypted_.end(), clear.begin(), clear.end());
            auto told = cipher_->encrypt(std::span(encrypted_).subspan(place), time);
            if (cipher_->has_sample_information()) protection_.push_back(std::move(told));
            time += strand_->samples[i].duration;
        }
    }

    Strand const* strand_;
    std::optional<SampleCipher> cipher_;
    std::size_t begin_{};
    std::int64_t time_{};
    SampleRange taken_;
    std::int64_t taken_time_{};
    std::span<mp4::Sample const> samples_;
    std::vector<mp4::SampleProtection> protection_;
    std::vector<std::uint8_t> encrypted_;
};

/// What all have taken, as one moof and one mdat.
void append_fragment(PieceWriter& writer, std::uint32_t number,
                     std::vector<Progress> const& strands) {
    std::vector<mp4::TrackSamples> tracks;
    for (auto const& strand : strands)
        if (strand.has_taken()) tracks.push_back(strand.taken());
    writer.append(mp4::fragment_of(number, tracks));
    for (auto const& strand : strands)
        if (strand.has_taken()) strand.append_media(writer);
}

/// What stands in front of the first moof.
struct Front {
    std::vector<std::uint8_t> bytes;
    std::optional<std::size_t> index; ///< where a sidx begins that waits for its size
};
Front front_of(Session const& session, MediaName const& name, Strand const& lead) {
    Front front{.bytes = segment_type(lead, is_last(session, name.index)), .index = {}};
    auto const append = [&](std::vector<std::uint8_t> const& boxes) {
        front.bytes.insert(front.bytes.end(), boxes.begin(), boxes.end());
    };
    append(events_of(session, *lead.track, name.index));
    if (session.options->inserts_index) {
        front.index = front.bytes.size();
        append(segment_index(session, *lead.track, name.index, lead.time));
    }
    return front;
}

} // namespace

Composed fragments_of(Session const& session, MediaName const& name,
                      std::vector<Strand> const& strands, std::chrono::milliseconds length) {
    auto const& lead = strands.front();
    auto const timescale = lead.track->timescale;
    auto const number = static_cast<std::uint32_t>(session.number_of(name.index));
    auto const front = front_of(session, name, lead);
    std::vector<Progress> progress(strands.begin(), strands.end());
    auto const cuts = cut(lead.samples, timescale, length);
    Composed composed;
    for (auto const& range : cuts) {
        progress.front().take(range.end);
        timeline::MediaTime const end{.units = progress.front().time(), .timescale = timescale};
        for (std::size_t i = 1; i < strands.size(); ++i)
            progress[i].take(&range == &cuts.back()
                                 ? strands[i].samples.size()
                                 : samples_before(strands[i], progress[i].begin(), end));
        PieceWriter writer;
        if (composed.chunks.empty()) writer.append(front.bytes);
        append_fragment(writer, number, progress);
        Chunk chunk{.pieces = std::move(writer).taken()};
        if (length.count() > 0 && !session.options->is_ahead_for_ever)
            chunk.due = session.epoch + std::chrono::milliseconds(timeline::rescaled_up(end, 1000));
        if (range.begin < range.end)
            chunk.is_independent = mp4::is_sync_sample(lead.samples[range.begin].flags);
        composed.chunks.push_back(std::move(chunk));
    }
    if (front.index)
        set_reference_size(composed.chunks.front().pieces.front().bytes, *front.index,
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
