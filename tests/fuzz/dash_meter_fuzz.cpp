// Any bytes as a header and the segments behind it, in one file: they are measured and laid on a
// loop, or refused. The first byte says how many parts there are behind the header.
#include "http/dashlive/asset/segment_meter.hpp"
#include "http/dashlive/asset/track.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <span>
#include <utility>

using namespace continuo;
using namespace continuo::dashlive;

namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

server::OpenFile file_of(std::span<std::uint8_t const> bytes) {
    os::Descriptor file(::memfd_create("fuzz", MFD_CLOEXEC));
    require(file &&
            ::write(file.get(), bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
    return {std::move(file), bytes.size()};
}

void check(Track const& track) {
    if (track.loop) {
        require(track.loop->length() > 0 && track.loop->size() == track.segments.size());
        for (std::int64_t i = 0; i < static_cast<std::int64_t>(track.loop->size()); ++i)
            require(track.loop->place_of(i).start < track.loop->place_of(i).end);
    }
    if (!track.sound) return;
    require(track.sound->frame > 0 && !track.sound->frames.empty());
    for (auto const& frame : track.sound->frames) {
        auto const& part = track.segments.at(frame.segment).part;
        require(frame.offset >= part.offset &&
                frame.offset + frame.bytes <= part.offset + part.bytes);
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    if (size < 2) return 0;
    std::size_t const count = data[0] % 4u + 1u;
    PartReader file(file_of({data + 1, size - 1}));
    (void)indexed_parts(file, "all.mp4");
    auto header = header_of(file, 0);
    if (!header) return 0;
    auto const movie = mp4::parse_movie(*header);
    if (!movie || movie->tracks.empty()) return 0;
    TrackFacts facts;
    facts.plan.id = "a";
    facts.plan.content =
        movie->tracks.front().handler == mp4::audio_handler ? Content::audio : Content::video;
    facts.track = movie->tracks.front();
    auto const rest = file.size_bytes() - header->size();
    for (std::size_t i = 0; i < count; ++i) {
        FilePart const part{
            .path = "all.mp4", .offset = header->size() + rest / count * i, .bytes = rest / count};
        auto samples = samples_of(file, part, facts.track, facts.plan.content == Content::audio);
        if (!samples) return 0;
        facts.segments.push_back({.part = part, .samples = *std::move(samples)});
    }
    auto const reference = reference_track(facts);
    if (!reference) return 0;
    check(*reference->track);
    for (auto const content : {Content::video, Content::audio, Content::text, Content::image}) {
        auto beside = facts;
        beside.plan.id = "b";
        beside.plan.content = content;
        if (auto const fitted = track_beside(beside, *reference->track, facts))
            check(*fitted->track);
    }
    return 0;
}
