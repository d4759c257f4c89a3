#include "http/pseudolive/input.hpp"

#include "core/os/file.hpp"
#include "http/pseudolive/normalised.hpp"
#include "http/pseudolive/track_ids.hpp"
#include "http/storage/file_reference.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

namespace continuo::pseudolive {
namespace {

constexpr std::uint64_t largest_playlist = 64ull << 20; // bytes
constexpr std::size_t most_tracks = 100;
constexpr std::string_view preferred_master{"abr.m3u8"};

struct Text {
    std::string path; ///< from the asset's folder on
    std::string text;
};

std::string first_words(std::string_view text) {
    constexpr std::size_t most = 40;
    auto words = std::string(text.substr(0, std::min(text.find_first_of("\r\n"), most)));
    std::ranges::replace_if(
        words, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; }, '?');
    return words;
}

storage::Accepted<Text> read_playlist(fs::path const& folder, std::string path) {
    auto text = os::read_file(folder / path, largest_playlist);
    if (!text)
        return storage::refused(fmt::format("\"{}\": {}", path, text.error().code.message()));
    if (!hls::is_playlist(*text))
        return storage::refused(
            fmt::format("\"{}\" is no playlist: {}", path,
                        text->empty() ? "it is empty" : "it begins with " + first_words(*text)));
    return Text{.path = std::move(path), .text = *std::move(text)};
}

std::vector<std::string> playlists_in(fs::path const& folder) {
    std::vector<std::string> names;
    std::error_code code;
    for (fs::directory_iterator entry(folder, code), end; !code && entry != end;
         entry.increment(code))
        if (auto name = entry->path().filename().string();
            name.ends_with(".m3u8") && !name.starts_with('.'))
            names.push_back(std::move(name));
    std::ranges::sort(names);
    return names;
}

/// The playlist that the asset begins with.
storage::Accepted<Text> entrance(fs::path const& folder, std::vector<std::string> const& names) {
    if (names.size() == 1) return read_playlist(folder, names.front());
    if (std::ranges::find(names, preferred_master) != names.end())
        return read_playlist(folder, std::string(preferred_master));
    std::vector<std::string> masters;
    std::optional<Text> found;
    for (auto const& name : names) {
        auto text = read_playlist(folder, name);
        if (!text || !hls::is_multivariant(text->text)) continue;
        masters.push_back(name);
        found = *std::move(text);
    }
    if (masters.size() == 1) return *std::move(found);
    if (masters.empty())
        return storage::refused(fmt::format("has no master playlist, and {} others: {}",
                                            names.size(), fmt::join(names, ", ")));
    return storage::refused(fmt::format("has {} master playlists: {}; call the one that counts {}",
                                        masters.size(), fmt::join(masters, ", "),
                                        preferred_master));
}

std::string label_of(hls::Rendition const& rendition, std::string_view id) {
    auto const* const kind = rendition.type == "SUBTITLES" ? "subtitles"
                             : rendition.type == "AUDIO"   ? "audio rendition"
                                                           : "rendition";
    return fmt::format("{} \"{}\"", kind, id);
}

class Reader {
public:
    explicit Reader(fs::path const& folder) : folder_(folder) {}

    storage::Accepted<Input> read(Text const& first) {
        if (!hls::is_multivariant(first.text)) return read_lone(first);
        auto master = hls::parse_multivariant_playlist(first.text);
        if (!master)
            return storage::refused(fmt::format("\"{}\": {}", first.path, master.error().context));
        if (master->variants.empty())
            return storage::refused(fmt::format("\"{}\" lists no variant", first.path));
        input_.master = *std::move(master);
        if (auto const named = name_tracks(first.path); !named) return named.error();
        for (auto& track : input_.tracks)
            if (auto const done = fill(track, std::nullopt); !done) return done.error();
        return std::move(input_);
    }

private:
    storage::Accepted<Input> read_lone(Text const& text) {
        auto const ids = track_ids({text.path});
        input_.master.variants.push_back({.uri = ids.front(),
                                          .codecs = {},
                                          .audio = {},
                                          .video = {},
                                          .subtitles = {},
                                          .closed_captions = {}});
        input_.tracks.push_back({.id = ids.front(),
                                 .playlist = text.path,
                                 .label = fmt::format("variant \"{}\"", ids.front()),
                                 .segments = {}});
        if (auto const done = fill(input_.tracks.front(), text.text); !done) return done.error();
        return std::move(input_);
    }

    /// The playlists that the master names, each once, with URIs of the master as their ids.
    storage::Accepted<> name_tracks(std::string_view master_path) {
        auto& master = input_.master;
        std::vector<std::string> paths;
        for (auto& variant : master.variants)
            if (auto const done = refer(variant.uri, master_path, paths); !done)
                return storage::refused(fmt::format("variant: {}", done.error().reason));
        auto const variants = paths.size();
        for (auto& rendition : master.renditions)
            if (rendition.uri)
                if (auto const done = refer(*rendition.uri, master_path, paths); !done)
                    return storage::refused(fmt::format("rendition: {}", done.error().reason));
        if (paths.size() > most_tracks)
            return storage::refused(fmt::format("\"{}\" names {} playlists, more than {}",
                                                master_path, paths.size(), most_tracks));
        auto const ids = track_ids(paths);
        for (std::size_t i = 0; i < paths.size(); ++i)
            input_.tracks.push_back(
                {.id = ids[i],
                 .playlist = paths[i],
                 .label = i < variants ? fmt::format("variant \"{}\"", ids[i]) : std::string(),
                 .segments = {}});
        for (auto& variant : master.variants)
            variant.uri = track_at(variant.uri).id;
        for (auto& rendition : master.renditions) {
            if (!rendition.uri) continue;
            auto& track = track_at(*rendition.uri);
            if (track.label.empty()) {
                track.label = label_of(rendition, track.id);
                track.is_text = rendition.type == "SUBTITLES";
            }
            rendition.uri = track.id;
        }
        return {};
    }

    static storage::Accepted<> refer(std::string& uri, std::string_view master_path,
                                     std::vector<std::string>& paths) {
        auto path = storage::path_of(master_path, uri);
        if (!path) return path.error();
        if (std::ranges::find(paths, *path) == paths.end()) paths.push_back(*path);
        uri = *std::move(path);
        return {};
    }

    InputTrack& track_at(std::string_view path) {
        return *std::ranges::find(input_.tracks, path, &InputTrack::playlist);
    }

    storage::Accepted<> fill(InputTrack& track, std::optional<std::string> text) {
        if (!text) {
            auto read = read_playlist(folder_, track.playlist);
            if (!read)
                return storage::refused(fmt::format("{}: {}", track.label, read.error().reason));
            text = std::move(read->text);
        }
        auto playlist = hls::parse_media_playlist(*text);
        if (!playlist)
            return storage::refused(fmt::format("{}: \"{}\": {}", track.label, track.playlist,
                                                playlist.error().context));
        track.version = playlist->version;
        track.independent_segments = playlist->independent_segments;
        auto segments = normalised(*std::move(playlist), track.playlist);
        if (!segments)
            return storage::refused(fmt::format("{}: {}", track.label, segments.error().reason));
        track.segments = *std::move(segments);
        return {};
    }

    fs::path const& folder_;
    Input input_;
};

} // namespace

storage::Accepted<std::optional<Input>> read_input(fs::path const& folder) {
    auto const names = playlists_in(folder);
    if (names.empty()) return std::optional<Input>{};
    auto const first = entrance(folder, names);
    if (!first) return first.error();
    auto input = Reader(folder).read(*first);
    if (!input) return input.error();
    return std::optional<Input>{*std::move(input)};
}

} // namespace continuo::pseudolive
