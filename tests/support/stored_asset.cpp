#include "tests/support/stored_asset.hpp"

#include "core/mp4/fragment_writer.hpp"
#include "core/mp4/sample_location.hpp"
#include "tests/support/mp4_builder.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <numeric>

namespace continuo::test {
namespace {

using namespace dashlive;

std::string extension_of(Content content) {
    return content == Content::image ? "jpg" : "m4s";
}

Bytes made_up(std::string const& track, std::size_t sample) {
    auto const text = track + " #" + std::to_string(sample) + " ";
    Bytes bytes;
    for (std::size_t i = 0; i < text.size() + sample % 13; ++i)
        bytes.push_back(static_cast<std::uint8_t>(text[i % text.size()]));
    return bytes;
}

Bytes header_of(StoredTrack const& track) {
    if (!track.header.empty() || track.content == Content::image) return track.header;
    auto const is_sound = track.content == Content::audio;
    auto const is_text = track.content == Content::text;
    return fmp4::init_of({{.id = track.track_id,
                           .timescale = track.timescale,
                           .handler = is_sound  ? "soun"
                                      : is_text ? "subt"
                                                : "vide"}});
}

/// Samples [first, first + count) in so many fragments.
Bytes fragments(StoredTrack const& track, std::vector<Bytes> const& payloads, std::size_t first,
                std::uint32_t count, std::uint64_t time) {
    Bytes bytes;
    if (track.has_type)
        bytes = fmp4::box("styp", {'m', 's', 'd', 'h', 0, 0, 0, 0, 'm', 's', 'd', 'h'});
    for (std::uint32_t i = 0; i < count;) {
        auto const end = std::min(count, i + std::max(1U, count / track.fragments));
        std::vector<mp4::Sample> samples;
        Bytes media;
        for (auto k = i; k < end; ++k) {
            auto const& payload = payloads.at(first + k);
            samples.push_back({.duration = track.sample,
                               .size = static_cast<std::uint32_t>(payload.size()),
                               .flags = k == 0 || track.content != Content::video
                                            ? fmp4::sync_flags
                                            : fmp4::other_flags});
            media.insert(media.end(), payload.begin(), payload.end());
        }
        std::vector<mp4::TrackSamples> const written{
            {.track_id = track.track_id,
             .decode_time = time + std::uint64_t{i} * track.sample,
             .samples = samples}};
        auto const header = mp4::fragment_of(1, written);
        bytes.insert(bytes.end(), header.begin(), header.end());
        bytes.insert(bytes.end(), media.begin(), media.end());
        i = end;
    }
    return bytes;
}

void add_frames(Track& track, StoredTrack const& source, Bytes const& file) {
    auto const located = mp4::locate_samples(file, source.track_id, {});
    REQUIRE(located.has_value());
    auto const segment = static_cast<std::uint32_t>(track.segments.size());
    for (auto const& sample : located->samples)
        track.sound->frames.push_back({.segment = segment,
                                       .bytes = sample.sample.size,
                                       .offset = sample.offset,
                                       .flags = sample.sample.flags});
}

} // namespace

Bytes const& StoredAsset::payload(std::string const& track, std::size_t sample) const {
    return payloads.at(track).at(sample);
}

StoredAsset stored_asset(std::vector<StoredTrack> const& tracks) {
    StoredAsset stored;
    stored.asset = std::make_shared<Asset>();
    stored.asset->name = "asset";
    for (auto const& source : tracks) {
        auto track = std::make_shared<Track>();
        track->id = source.id;
        track->content = source.content;
        track->timescale = source.timescale;
        track->track_id = source.track_id;
        track->codecs = source.codecs;
        track->media = source.id + "/$Number$." + extension_of(source.content);
        if (source.content != Content::image) track->initialisation = source.id + "/init.mp4";
        track->header = header_of(source);
        track->first_time = static_cast<std::int64_t>(source.first_time);
        auto const is_sound = source.content == Content::audio;
        if (is_sound) track->sound = Sound{.frame = source.sample, .frames = {}};

        auto& payloads = stored.payloads[source.id];
        auto const total = std::accumulate(source.samples.begin(), source.samples.end(), 0U);
        payloads = source.payloads;
        while (payloads.size() < total)
            payloads.push_back(made_up(source.id, payloads.size()));

        std::vector<std::int64_t> durations;
        std::int64_t start = 0;
        std::size_t first = 0;
        for (auto const count : source.samples) {
            auto const path = source.id + "/" + std::to_string(durations.size() + 1) + "." +
                              extension_of(source.content);
            auto const duration = std::int64_t{count} * source.sample;
            auto const time = source.first_time + static_cast<std::uint64_t>(start);
            auto const file = source.content == Content::image
                                  ? payloads.at(first)
                                  : fragments(source, payloads, first, count, time);
            if (is_sound) add_frames(*track, source, file);
            track->segments.push_back({.part = {.path = path, .offset = 0, .bytes = file.size()},
                                       .start = start,
                                       .duration = duration,
                                       .first_frame = first});
            stored.files[path] = file;
            durations.push_back(duration);
            start += duration;
            first += count;
        }
        if (!is_sound || !stored.asset->reference) track->loop.emplace(source.timescale, durations);
        if (!stored.asset->reference) stored.asset->reference = track;
        stored.asset->tracks[source.id] = track;
    }
    return stored;
}

Session session_of(StoredAsset const& stored, std::string const& options, std::int64_t now_ms) {
    auto const is_other = options.starts_with("/livesim/");
    auto const path = (is_other ? options.substr(9) : options) + "asset/Manifest.mpd";
    auto parsed = parse_options(is_other ? Dialect::livesim1 : Dialect::livesim2, path);
    REQUIRE_MESSAGE(parsed.has_value(), path);
    auto session =
        Session::open(stored.asset, std::make_shared<Options const>(std::move(parsed->options)),
                      DateTime(milliseconds(now_ms)));
    REQUIRE_MESSAGE(session.has_value(), path);
    return *session;
}

Answer<Composed> composed(StoredAsset const& stored, Session const& session,
                          std::string const& path) {
    auto const name = media_name_of(session, path);
    if (!name) return name.error();
    auto ingredients = ingredients_of(session, *name);
    for (auto& ingredient : ingredients) {
        auto const& part = ingredient.track->segments.at(ingredient.segment).part;
        auto layout = parse_layout(*ingredient.track, stored.files.at(part.path), ingredient.depth);
        REQUIRE(layout.has_value());
        ingredient.layout = std::make_shared<Layout const>(std::move(*layout));
    }
    return compose(session, *name, ingredients);
}

Bytes bytes_of(StoredAsset const& stored, Chunk const& chunk) {
    Bytes bytes;
    for (auto const& piece : chunk.pieces) {
        bytes.insert(bytes.end(), piece.bytes.begin(), piece.bytes.end());
        if (!piece.file) continue;
        auto const& file = stored.files.at(piece.file->path);
        REQUIRE(piece.file->offset + piece.file->bytes <= file.size());
        auto const begin = file.begin() + static_cast<std::ptrdiff_t>(piece.file->offset);
        bytes.insert(bytes.end(), begin, begin + static_cast<std::ptrdiff_t>(piece.file->bytes));
    }
    CHECK(bytes.size() == size_of(chunk));
    return bytes;
}

Bytes bytes_of(StoredAsset const& stored, Composed const& composed) {
    Bytes bytes;
    for (auto const& chunk : composed.chunks) {
        auto const more = bytes_of(stored, chunk);
        bytes.insert(bytes.end(), more.begin(), more.end());
    }
    CHECK(bytes.size() == composed.size_bytes());
    return bytes;
}

Bytes served(StoredAsset const& stored, Session const& session, std::string const& path) {
    auto const answer = composed(stored, session, path);
    INFO(path, " ", answer ? std::string() : answer.error().detail);
    REQUIRE(answer.has_value());
    return bytes_of(stored, *answer);
}

SeenSegment seen(Bytes const& segment, std::uint32_t track_id) {
    SeenSegment result;
    auto const walked =
        mp4::for_each_box(mp4::BoxCursor(segment), [&](mp4::Box const& box) -> Result<> {
            result.boxes.push_back(to_text(box.type));
            if (box.type == mp4::FourCC("moof"))
                result.numbers.push_back(mp4::parse_movie_fragment(box).value().sequence_number);
            return {};
        });
    REQUIRE(walked.has_value());
    auto const located = mp4::locate_samples(segment, track_id, {});
    REQUIRE(located.has_value());
    result.time = located->decode_time;
    for (auto const& sample : located->samples) {
        auto const begin = segment.begin() + static_cast<std::ptrdiff_t>(sample.offset);
        result.payloads.emplace_back(begin, begin + sample.sample.size);
        result.flags.push_back(sample.sample.flags);
        result.duration += sample.sample.duration;
    }
    return result;
}

} // namespace continuo::test
