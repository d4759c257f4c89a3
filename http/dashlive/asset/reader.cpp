#include "http/dashlive/asset/reader.hpp"

#include "http/dashlive/asset/part_reader.hpp"
#include "http/dashlive/asset/scan.hpp"
#include "http/storage/stamp.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <optional>
#include <system_error>
#include <utility>

namespace continuo::dashlive {
namespace {

using storage::Accepted;
using storage::refused;

constexpr std::uint64_t largest_manifest = std::uint64_t{16} << 20; // bytes

/// The MPD called `name`: as with segments nothing from outside, and nothing but a file, which a
/// thread would hang on.
Accepted<std::string> manifest_text(storage::FileFinder& finder, std::string const& name) {
    auto const found = finder.find(name);
    if (!found) return found.error();
    auto opened = server::OpenFile::open(found->path);
    if (!opened) return refused(fmt::format("can't be read: {}", opened.error().code.message()));
    if (opened->size_bytes() > largest_manifest)
        return refused(fmt::format("has {} bytes, {} at most are read", opened->size_bytes(),
                                   largest_manifest));
    PartReader reader(std::move(*opened));
    auto const bytes = reader.bytes_at(0, static_cast<std::size_t>(reader.size_bytes()));
    if (!bytes) return bytes.error();
    return std::string(bytes->begin(), bytes->end());
}

Accepted<std::vector<TrackFacts>> scan_all(std::vector<PlannedTrack> const& plans,
                                           AssetAssembly const& assembly, AssetScan& scan) {
    std::vector<TrackFacts> tracks;
    for (auto const& plan : plans) {
        if (auto const* const known = assembly.find(plan)) {
            tracks.push_back(*known);
            continue;
        }
        auto facts = scan.scan(plan);
        if (!facts)
            return refused(fmt::format("Representation \"{}\" {}", plan.id, facts.error().reason));
        tracks.push_back(*std::move(facts));
    }
    return tracks;
}

/// What is another number when a file of the asset has changed.
std::uint64_t generation_of(std::string fingerprint, AssetScan const& scan) {
    for (auto const& [path, stamp] : scan.stamps())
        fingerprint += fmt::format("{} {}\n", path, to_text(stamp));
    return std::hash<std::string>()(fingerprint);
}

} // namespace

AssetReading read_asset(AssetFolder const& where, AssetIndex known, storage::Duty& duty) {
    if (!where.obstacle.empty())
        return {.assembled = {.asset = {}, .refused = {}, .notes = {where.obstacle}},
                .index = std::move(known)};
    AssetAssembly assembly;
    AssetScan scan(where.folder, where.root, std::move(known), duty);
    storage::FileFinder finder(where.folder, where.root);
    std::string fingerprint;
    for (auto const& name : where.manifests) {
        duty.go_on();
        auto const text = manifest_text(finder, name);
        if (!text) {
            assembly.refuse(name, text.error().reason);
            continue;
        }
        fingerprint += fmt::format("{} {}\n", name, std::hash<std::string>()(*text));
        auto planned = plan_of(name, *text);
        if (!planned) {
            assembly.refuse(name, planned.error().reason);
            continue;
        }
        auto tracks = scan_all(planned->tracks, assembly, scan);
        if (tracks)
            assembly.add(*std::move(planned), *std::move(tracks));
        else
            assembly.refuse(name, tracks.error().reason);
    }
    AssetReading reading{.assembled = std::move(assembly).finish(where.name, where.folder),
                         .index = scan.index(),
                         .has_news = scan.has_news()};
    if (reading.assembled.asset)
        reading.assembled.asset->generation = generation_of(std::move(fingerprint), scan);
    return reading;
}

std::vector<std::string> manifests_in(std::filesystem::path const& folder) {
    std::vector<std::string> names;
    std::error_code code;
    for (std::filesystem::directory_iterator entry(folder, code), end; !code && entry != end;
         entry.increment(code))
        if (auto name = entry->path().filename().string();
            name.ends_with(".mpd") && !name.starts_with('.'))
            names.push_back(std::move(name));
    std::ranges::sort(names);
    return names;
}

} // namespace continuo::dashlive
