#include "cli/source_check.hpp"

#include "cli/media_facts.hpp"
#include "core/media/film.hpp"
#include "core/os/capture.hpp"
#include "workers/ffmpeg/film.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>
#include <initializer_list>
#include <utility>
#include <vector>

namespace continuo::cli {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Clock = std::chrono::steady_clock;

constexpr seconds file_deadline{8};
/// So much of a file is read, at least, in search of its second keyframe.
constexpr seconds file_part{30};

Result<os::Captured> probe(std::string const& location, std::initializer_list<std::string> what,
                           milliseconds deadline) {
    std::vector<std::string> command{"ffprobe", "-hide_banner", "-v", "error", "-of", "json"};
    command.insert(command.end(), what);
    // As the ingest: it would try UDP first, and wait.
    if (location.starts_with("rtsp")) command.insert(command.end(), {"-rtsp_transport", "tcp"});
    command.push_back(location);
    return os::capture(command, deadline);
}

bool timed_out(Result<os::Captured> const& probed) {
    return !probed && probed.error().code == boost::system::errc::timed_out;
}

/// Empty, too, where it was not seen: what a source says in its own time may take longer.
std::string complaint_about_gop_of(std::string const& location, seconds part,
                                   seconds target_duration, milliseconds deadline) {
    auto const probed = probe(location,
                              {"-select_streams", "v:0", "-show_entries", "packet=pts_time,flags",
                               "-read_intervals", fmt::format("%+{}", part.count())},
                              deadline);
    if (!probed || probed->exit_code != 0) return {};
    auto const gop = parse_first_gop(probed->output);
    return gop ? complaint_about_gop(*gop, target_duration) : std::string{};
}

} // namespace

std::string complaint_about_file(std::string const& file, seconds target_duration) {
    if (::access(file.c_str(), R_OK) != 0)
        return fmt::format("\"{}\": {}", file, fail_errno({}).code.message());
    auto const location = "file:" + file;
    auto const probed = probe(location, {"-show_streams"}, file_deadline);
    if (timed_out(probed))
        return fmt::format("\"{}\" could not be examined in {} s", file, file_deadline.count());
    if (!probed) return {}; // there is no ffprobe: said once, of the machine
    auto const facts = parse_media_facts(probed->output);
    if (probed->exit_code != 0 || !facts)
        return fmt::format("\"{}\" is no media file that ffmpeg can read", file);
    if (auto const complaint = complaint_about_media(*facts); !complaint.empty()) {
        auto const conversion = conversion_of(*facts, file);
        return conversion.empty() ? complaint : complaint + "; " + conversion;
    }
    return complaint_about_gop_of(location, std::max(file_part, target_duration + seconds{1}),
                                  target_duration, file_deadline);
}

std::string complaint_about_film(config::Source const& source) {
    if (source.location.find("://") != std::string::npos) return {};
    if (::access(source.location.c_str(), R_OK) != 0)
        return fmt::format("\"{}\": {}", source.location, fail_errno({}).code.message());
    auto const command = workers::ffmpeg::probe(source.location, {});
    std::vector<std::string> words{command.executable};
    words.insert(words.end(), command.arguments.begin(), command.arguments.end());
    auto const probed = os::capture(words, file_deadline);
    if (timed_out(probed))
        return fmt::format("\"{}\" could not be examined in {} s", source.location,
                           file_deadline.count());
    if (!probed) return {}; // there is no ffprobe: said once, of the machine
    auto const film = media::parse_film(probed->output);
    if (probed->exit_code != 0 || !film)
        return fmt::format("\"{}\" is no film that ffmpeg can read", source.location);
    using Kind = media::FilmTrack::Kind;
    if (std::ranges::none_of(film->tracks,
                             [](auto const& track) { return track.kind == Kind::video; }))
        return fmt::format("\"{}\" has no picture", source.location);
    for (auto const& [kind, choice] : {std::pair(Kind::audio, source.film.audio),
                                       std::pair(Kind::subtitle, source.film.subtitle)})
        if (auto const chosen = media::chosen_track(*film, kind, choice); !chosen)
            return fmt::format("\"{}\": {}", source.location, chosen.error().context);
    return {};
}

std::string concern_about_url(std::string const& url, seconds target_duration,
                              milliseconds patience) {
    if (!is_pulled(url)) return {};
    auto const deadline = Clock::now() + patience;
    auto const probed = probe(url, {"-show_streams"}, patience);
    if (timed_out(probed))
        return fmt::format("does not answer within {} s",
                           std::chrono::ceil<seconds>(patience).count());
    if (!probed) return {};
    if (probed->exit_code != 0) return "can't be read now: " + last_words(probed->errors, url);
    auto const facts = parse_media_facts(probed->output);
    if (!facts) return {};
    if (auto const complaint = complaint_about_media(*facts); !complaint.empty()) return complaint;
    auto const left = std::chrono::ceil<milliseconds>(deadline - Clock::now());
    if (left <= milliseconds::zero()) return {};
    // A second more than what would be too long.
    return complaint_about_gop_of(url, target_duration + seconds{1}, target_duration, left);
}

} // namespace continuo::cli
