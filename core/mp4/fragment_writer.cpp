#include "core/mp4/fragment_writer.hpp"

#include "core/mp4/fragment_flags.hpp"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <optional>

namespace continuo::mp4 {
namespace {

constexpr std::uint32_t has_subsamples = 0x2; // of senc
constexpr std::size_t subsample_size = 6;     // in senc
constexpr std::uint64_t max_short_size = std::numeric_limits<std::uint32_t>::max();

/// What the samples of a run have in common.
struct Common {
    std::optional<std::uint32_t> duration, size, flags;
    bool first_has_own_flags{false};
    bool has_composition_offsets{false};
    bool has_negative_offsets{false};
};

template <class Field>
std::optional<std::uint32_t> common(std::span<Sample const> samples, Field field) {
    if (samples.empty()) return std::nullopt;
    auto const value = samples.front().*field;
    auto const is_same = [&](Sample const& sample) { return sample.*field == value; };
    return std::ranges::all_of(samples, is_same) ? std::optional(value) : std::nullopt;
}

Common common_of(std::span<Sample const> samples) {
    Common result{.duration = common(samples, &Sample::duration),
                  .size = common(samples, &Sample::size),
                  .flags = common(samples, &Sample::flags)};
    if (!result.flags && samples.size() > 1) {
        result.flags = common(samples.subspan(1), &Sample::flags);
        result.first_has_own_flags = result.flags.has_value();
    }
    for (auto const& sample : samples) {
        result.has_composition_offsets |= sample.composition_offset != 0;
        result.has_negative_offsets |= sample.composition_offset < 0;
    }
    return result;
}

/// Boxes inside boxes, in one buffer.
class Writer {
public:
    std::size_t open(FourCC type) {
        auto const begin = bytes_.size();
        number(0, 4); // the size, by `close`
        number(type.value, 4);
        return begin;
    }
    std::size_t open(FourCC type, std::uint8_t version, std::uint32_t flags) {
        auto const begin = open(type);
        number(version, 1);
        number(flags, 3);
        return begin;
    }
    void close(std::size_t begin) { put(begin, bytes_.size() - begin); }

    void number(std::uint64_t value, std::size_t size) {
        while (size-- > 0)
            bytes_.push_back(static_cast<std::uint8_t>(value >> 8 * size));
    }
    void bytes(std::span<std::uint8_t const> bytes) {
        bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
    }
    /// 32 bits over what stands at `place`.
    void put(std::size_t place, std::uint64_t value) {
        for (std::size_t i = 0; i < 4; ++i)
            bytes_[place + i] = static_cast<std::uint8_t>(value >> 8 * (3 - i));
    }
    std::size_t size() const noexcept { return bytes_.size(); }
    void reserve(std::size_t size) { bytes_.reserve(size); }
    std::vector<std::uint8_t> taken() && { return std::move(bytes_); }

private:
    std::vector<std::uint8_t> bytes_;
};

void write_header(Writer& writer, TrackSamples const& track, Common const& same) {
    auto const box = writer.open(FourCC("tfhd"), 0,
                                 track_header::base_is_moof |
                                     (same.duration ? track_header::has_default_duration : 0) |
                                     (same.size ? track_header::has_default_size : 0) |
                                     (same.flags ? track_header::has_default_flags : 0));
    writer.number(track.track_id, 4);
    for (auto const& field : {same.duration, same.size, same.flags})
        if (field) writer.number(*field, 4);
    writer.close(box);
}

void write_time(Writer& writer, std::uint64_t time) {
    auto const is_wide = time > max_short_size;
    auto const box = writer.open(FourCC("tfdt"), is_wide ? 1 : 0, 0);
    writer.number(time, is_wide ? 8 : 4);
    writer.close(box);
}

/// Returns where its data offset is to be put.
std::size_t write_run(Writer& writer, std::span<Sample const> samples, Common const& same) {
    auto const own_flags = !same.flags && !samples.empty();
    auto const flags =
        track_run::has_data_offset | (same.first_has_own_flags ? track_run::has_first_flags : 0) |
        (same.duration ? 0 : track_run::has_duration) | (same.size ? 0 : track_run::has_size) |
        (own_flags ? track_run::has_flags : 0) |
        (same.has_composition_offsets ? track_run::has_composition_offset : 0);
    auto const box = writer.open(FourCC("trun"), same.has_negative_offsets ? 1 : 0, flags);
    writer.number(samples.size(), 4);
    auto const data_offset = writer.size();
    writer.number(0, 4);
    if (same.first_has_own_flags) writer.number(samples.front().flags, 4);
    for (auto const& sample : samples) {
        if (!same.duration) writer.number(sample.duration, 4);
        if (!same.size) writer.number(sample.size, 4);
        if (own_flags) writer.number(sample.flags, 4);
        if (same.has_composition_offsets)
            writer.number(static_cast<std::uint64_t>(sample.composition_offset), 4);
    }
    writer.close(box);
    return data_offset;
}

/// senc, and saiz and saio, which say the same to those who don't know it.
void write_protection(Writer& writer, TrackSamples const& track, std::size_t fragment) {
    auto const has_parts = std::ranges::any_of(
        track.protection, [](auto const& sample) { return !sample.subsamples.empty(); });
    auto const info_size = [&](SampleProtection const& sample) {
        return track.vector_size +
               (has_parts ? 2 + subsample_size * sample.subsamples.size() : std::size_t{0});
    };
    auto box = writer.open(FourCC("senc"), 0, has_parts ? has_subsamples : 0);
    writer.number(track.protection.size(), 4);
    auto const begin = writer.size();
    for (auto const& sample : track.protection) {
        writer.bytes(std::span(sample.initialisation_vector).first(track.vector_size));
        if (!has_parts) continue;
        writer.number(sample.subsamples.size(), 2);
        for (auto const& part : sample.subsamples) {
            writer.number(part.clear, 2);
            writer.number(part.protected_bytes, 4);
        }
    }
    writer.close(box);

    box = writer.open(FourCC("saiz"), 0, 0);
    writer.number(has_parts ? 0 : track.vector_size, 1);
    writer.number(track.protection.size(), 4);
    if (has_parts)
        for (auto const& sample : track.protection)
            writer.number(info_size(sample), 1);
    writer.close(box);

    box = writer.open(FourCC("saio"), 0, 0);
    writer.number(1, 4);
    writer.number(begin - fragment, 4);
    writer.close(box);
}

/// A header of an mdat, with a size of 64 bits where it takes that.
void write_media_header(Writer& writer, std::uint64_t payload) {
    constexpr std::uint64_t header = 8;
    if (payload + header <= max_short_size) {
        writer.number(payload + header, 4);
        writer.number(FourCC("mdat").value, 4);
    } else {
        writer.number(1, 4);
        writer.number(FourCC("mdat").value, 4);
        writer.number(payload + 2 * header, 8);
    }
}

} // namespace

std::vector<std::uint8_t> fragment_of(std::uint32_t sequence_number,
                                      std::span<TrackSamples const> tracks) {
    Writer writer;
    std::size_t samples = 0;
    for (auto const& track : tracks)
        samples += track.samples.size();
    writer.reserve(64 + 128 * tracks.size() + 16 * samples);

    std::vector<std::size_t> data_offsets;
    auto const fragment = writer.open(FourCC("moof"));
    auto const header = writer.open(FourCC("mfhd"), 0, 0);
    writer.number(sequence_number, 4);
    writer.close(header);
    for (auto const& track : tracks) {
        auto const same = common_of(track.samples);
        auto const box = writer.open(FourCC("traf"));
        write_header(writer, track, same);
        write_time(writer, track.decode_time);
        data_offsets.push_back(write_run(writer, track.samples, same));
        if (!track.protection.empty()) write_protection(writer, track, fragment);
        writer.bytes(track.additional);
        writer.close(box);
    }
    writer.close(fragment);

    std::uint64_t payload = 0;
    for (auto const& track : tracks)
        for (auto const& sample : track.samples)
            payload += sample.size;
    write_media_header(writer, payload);
    auto place = std::uint64_t{writer.size() - fragment};
    for (std::size_t i = 0; i < tracks.size(); ++i) {
        writer.put(data_offsets[i], place);
        for (auto const& sample : tracks[i].samples)
            place += sample.size;
    }
    return std::move(writer).taken();
}

} // namespace continuo::mp4
