#include "cli/media_facts.hpp"

#include "core/base/redact.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <optional>
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

struct Picture {
    double time_s{};
    bool is_key{};
};

/// Nothing where the packet has no time, or is none.
std::optional<Picture> picture_of(nlohmann::json const& packet) {
    if (!packet.is_object()) return std::nullopt;
    auto const text = [&](char const* key) {
        auto const found = packet.find(key);
        return found != packet.end() && found->is_string() ? found->get<std::string>() : "";
    };
    auto const time = text("pts_time");
    Picture picture{.is_key = text("flags").starts_with('K')};
    auto const [end, error] =
        std::from_chars(time.data(), time.data() + time.size(), picture.time_s);
    if (error != std::errc{} || !std::isfinite(picture.time_s)) return std::nullopt;
    return picture;
}

std::chrono::milliseconds rounded(double seconds) {
    constexpr double a_day = 86'400; // more is no GOP, and must not overflow
    return std::chrono::milliseconds(std::llround(1000 * std::clamp(seconds, 0.0, a_day)));
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

std::string complaint_about_media(MediaFacts const& facts) {
    if (facts.video_codec.empty()) return "has no video; a channel needs a picture";
    auto const keeps_video = is_copied(facts.video_codec, copied_video);
    auto const keeps_audio = is_copied(facts.audio_codec, copied_audio);
    if (keeps_video && keeps_audio) return {};
    return fmt::format("{} can't be copied into MPEG-TS ({})",
                       keeps_video ? facts.audio_codec + " audio" : facts.video_codec + " video",
                       keeps_video ? "AAC, MP3, AC-3 and E-AC-3 can"
                                   : "H.264, HEVC and MPEG-2 can");
}

std::string conversion_of(MediaFacts const& facts, std::string_view file) {
    if (facts.video_codec.empty()) return {};
    std::filesystem::path const source(file);
    auto const target = (source.parent_path() / source.stem()).string() + "-h264.mp4";
    return fmt::format(
        "convert it once: ffmpeg -i {} -map 0:v:0 -map '0:a:0?' -c:v {} -c:a {} {}",
        quoted_for_shell(file), is_copied(facts.video_codec, copied_video) ? "copy" : "libx264",
        is_copied(facts.audio_codec, copied_audio) ? "copy" : "aac", quoted_for_shell(target));
}

Result<FirstGop> parse_first_gop(std::string_view json) {
    auto const document = nlohmann::json::parse(json, nullptr, /*allow_exceptions=*/false);
    if (!document.is_object() || !document.contains("packets") || !document["packets"].is_array())
        return fail(Errc::malformed, "ffprobe's answer");
    std::optional<double> begin;
    double last{};
    for (auto const& packet : document["packets"]) {
        auto const picture = picture_of(packet);
        if (!picture) continue;
        if (begin && picture->is_key)
            return FirstGop{.length = rounded(picture->time_s - *begin), .ended = true};
        if (!begin && !picture->is_key) continue;
        if (!begin) begin = last = picture->time_s;
        last = std::max(last, picture->time_s);
    }
    return FirstGop{.length = rounded(last - begin.value_or(last)), .ended = false};
}

std::string complaint_about_gop(FirstGop const& gop, std::chrono::seconds target_duration) {
    if (gop.length <= target_duration) return {};
    auto const seconds = static_cast<double>(gop.length.count()) / 1000;
    auto const admitting = std::chrono::ceil<std::chrono::seconds>(gop.length).count();
    if (gop.ended)
        return fmt::format("GOP {:.1f} s is longer than target_duration {} s: set target_duration: "
                           "{}s for this channel",
                           seconds, target_duration.count(), admitting);
    return fmt::format("GOP is longer than {:.1f} s, target_duration is {} s: set a longer "
                       "target_duration for this channel, at least its distance of keyframes",
                       seconds, target_duration.count());
}

bool is_pulled(std::string_view url) {
    auto const scheme = url.substr(0, url.find(':'));
    if (scheme == "udp" || scheme == "rtp") return false;
    return url.find("mode=listener") == std::string_view::npos &&
           url.find("listen=1") == std::string_view::npos;
}

std::string last_words(std::string_view errors, std::string_view location) {
    while (errors.ends_with('\n'))
        errors.remove_suffix(1);
    auto last = errors.substr(errors.rfind('\n') + 1); // npos + 1 is 0
    if (last.starts_with(location)) {
        last.remove_prefix(location.size());
        if (last.starts_with(": ")) last.remove_prefix(2);
    }
    return without_credentials(last);
}

} // namespace continuo::cli
