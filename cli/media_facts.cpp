#include "cli/media_facts.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <filesystem>
#include <span>

namespace continuo::cli {
namespace {

constexpr std::array<std::string_view, 3> copied_video{"h264", "hevc", "mpeg2video"};
constexpr std::array<std::string_view, 4> copied_audio{"aac", "mp3", "ac3", "eac3"};

bool is_copied(std::string const& codec, std::span<std::string_view const> codecs) {
    return codec.empty() || std::ranges::find(codecs, codec) != codecs.end();
}

/// A file name as one word of a POSIX shell.
std::string quoted_for_shell(std::string_view word) {
    std::string quoted = "'";
    for (auto const c : word)
        quoted += c == '\'' ? "'\\''" : std::string(1, c);
    return quoted + "'";
}

std::string conversion(std::string_view file, bool keeps_video, bool keeps_audio) {
    std::filesystem::path const source(file);
    auto const target = (source.parent_path() / source.stem()).string() + "-h264.mp4";
    return fmt::format("convert it once: ffmpeg -i {} -map 0:v:0 -map '0:a:0?' -c:v {} -c:a {} {}",
                       quoted_for_shell(file), keeps_video ? "copy" : "libx264",
                       keeps_audio ? "copy" : "aac", quoted_for_shell(target));
}

} // namespace

Result<MediaFacts> parse_media_facts(std::string_view json) {
    auto const document = nlohmann::json::parse(json, nullptr, /*allow_exceptions=*/false);
    if (!document.is_object() || !document.contains("streams") || !document["streams"].is_array())
        return fail(Errc::malformed, "ffprobe's answer");
    MediaFacts facts;
    for (auto const& stream : document["streams"]) {
        if (!stream.is_object()) return fail(Errc::malformed, "ffprobe's answer");
        auto const text = [&](char const* key) {
            auto const found = stream.find(key);
            return found != stream.end() && found->is_string() ? found->get<std::string>() : "";
        };
        auto const name = stream.contains("codec_name") ? text("codec_name") : "unknown";
        if (text("codec_type") == "video" && facts.video_codec.empty()) facts.video_codec = name;
        if (text("codec_type") == "audio" && facts.audio_codec.empty()) facts.audio_codec = name;
    }
    return facts;
}

std::string complaint_about_source(MediaFacts const& facts, std::string_view file) {
    if (facts.video_codec.empty()) return "has no video; a channel needs a picture";
    auto const keeps_video = is_copied(facts.video_codec, copied_video);
    auto const keeps_audio = is_copied(facts.audio_codec, copied_audio);
    if (keeps_video && keeps_audio) return {};
    return fmt::format("{} can't be copied into MPEG-TS ({}); {}",
                       keeps_video ? facts.audio_codec + " audio" : facts.video_codec + " video",
                       keeps_video ? "AAC, MP3, AC-3 and E-AC-3 can" : "H.264, HEVC and MPEG-2 can",
                       conversion(file, keeps_video, keeps_audio));
}

} // namespace continuo::cli
