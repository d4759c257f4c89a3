#include "core/config/abr_variants.hpp"

#include "core/config/document.hpp"
#include "core/config/scalars.hpp"
#include "core/config/variants.hpp"

#include <algorithm>
#include <array>

namespace continuo::config {
namespace {

unsigned read_height(Section const& section) {
    static constexpr std::array<std::string_view, 2> keys{"height", "resolution"};
    // The width follows from the source's shape.
    (void)section.value("width", count, Range{"64", "7680"});
    auto const key = exactly_one(section, keys);
    if (!key) return 0;
    if (*key == "height") return section.value("height", count, height_range).value_or(0);
    auto const size = section.value("resolution", picture_size);
    if (!size) return 0;
    auto const height = static_cast<unsigned>(size->height);
    if (height < *parse_count(height_range.least) || height > *parse_count(height_range.most))
        section.complain(section.find("resolution")->place, "resolution",
                         fmt::format("must be from {} to {} high, got \"{}x{}\"",
                                     height_range.least, height_range.most, size->width, height));
    return height;
}

Variant read_abr_variant(Entry const& entry, Problems& problems) {
    static constexpr std::array<std::string_view, 7> known{
        "name", "height", "resolution", "width", "video_bitrate", "bitrate", "audio_bitrate"};
    static constexpr std::array<std::string_view, 2> bitrates{"video_bitrate", "bitrate"};
    Section const section(entry, known, problems);
    auto const height = read_height(section);
    if (height % 2 != 0)
        section.complain(section.find("height")->place, "height",
                         fmt::format("must be even, got \"{}\"", height));
    Variant variant;
    variant.height = static_cast<int>(height);
    variant.name = section.find("name") ? read_name(section) : fmt::format("{}p", height);
    if (auto const key = exactly_one(section, bitrates))
        section.read(*key, ffmpeg_bitrate, variant.video_bitrate_bps, video_bitrate_range);
    section.read("audio_bitrate", ffmpeg_bitrate, variant.audio_bitrate_bps, audio_bitrate_range);
    return variant;
}

std::vector<Variant> read_list(YAML::Node const& list, std::vector<Variant> variants,
                               Problems& problems) {
    auto const place = place_of(list.Mark());
    if (!list.IsSequence() || list.size() == 0) {
        problems.add(
            place, "",
            "must be a list with at least one variant, such as "
            R"([{"name":"720p","height":720,"video_bitrate":"2800k","audio_bitrate":"128k"}])");
        return {};
    }
    if (variants.size() + list.size() > max_variants) {
        problems.add(place, "",
                     fmt::format("must have no more than {} variants, has {}",
                                 max_variants - variants.size(), list.size()));
        return {};
    }
    std::vector<Entry> entries(variants.size(), Entry{list, place, {}});
    for (auto const& element : list) {
        entries.push_back({element, place_of(element.Mark()),
                           fmt::format("[{}]", entries.size() - variants.size())});
    }
    for (auto i = variants.size(); i < entries.size(); ++i)
        variants.push_back(read_abr_variant(entries[i], problems));
    check_variants(variants, entries, problems);
    return variants;
}

} // namespace

std::optional<std::uint64_t> parse_ffmpeg_bitrate(std::string_view text) {
    if (auto const plain = parse_count(text)) return *plain;
    std::string written(text);
    std::ranges::replace(written, 'K', 'k');
    return parse_bitrate(written);
}

std::vector<Variant> read_abr_variants(std::string const& json, std::vector<Variant> before,
                                       Problems& problems) {
    try {
        // JSON is YAML, and in that there is a place for every complaint.
        return read_list(parse_document(json, problems), std::move(before), problems);
    } catch (YAML::Exception const& exception) {
        problems.add(place_of(exception.mark), "", fmt::format("not JSON: {}", exception.msg));
        return {};
    }
}

} // namespace continuo::config
