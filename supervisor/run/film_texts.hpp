// The subtitles of a film as text, beside its pictures: a second ffmpeg reads them, and for each
// segment of pictures a WebVTT file of the same time is written.
#pragma once

#include "core/config/config.hpp"
#include "core/media/film.hpp"
#include "core/media/web_vtt.hpp"
#include "core/os/descriptor.hpp"
#include "supervisor/child/pipeline.hpp"
#include "supervisor/plan.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace continuo::supervisor {

/// The subtitles that can be had as text, eight at most.
std::vector<media::FilmTrack> text_tracks(media::Film const& film);

/// What the rendition of the track that is `index`th of those is called: "text1".
std::string text_rendition(std::size_t index);

/// Where the texts of a segment lie that is at `segment`, both below the channel's directory:
/// "text1/18c2f3a9b01/000012.vtt" of "source/18c2f3a9b01/000012.ts"; empty for what is no segment.
std::string text_path(std::size_t index, std::string_view segment);

/// Of one run. Files are written whatever becomes of ffmpeg: with what is known.
class FilmTexts {
public:
    struct Plan {
        config::Source source;
        std::vector<media::FilmTrack> tracks; ///< `text_tracks`
        std::chrono::milliseconds position{}; ///< where the run begins
        std::chrono::milliseconds segment_time{};
        std::filesystem::path directory; ///< the channel's
        std::string run;
        std::string label; ///< for logs
    };
    /// `on_progress`: more is known. Called on the loop.
    FilmTexts(asio::any_io_executor executor, Plan plan, std::function<void()> on_progress);
    FilmTexts(FilmTexts const&) = delete;
    FilmTexts& operator=(FilmTexts const&) = delete;

    /// Whether nothing more will be known of what is before `time`.
    bool knows_until(std::chrono::milliseconds time) const;
    /// Writes the files that belong to `segment`, the path of the pictures from `begin` to `end`.
    void write(std::string const& segment, std::chrono::milliseconds begin,
               std::chrono::milliseconds end);
    /// Nothing more has to be found out.
    void stop();

private:
    struct Track {
        os::Descriptor reader; ///< of ffmpeg's file, which grows
        media::CaptionReader captions;
        media::KnownCaptions known{};
    };

    Result<> start();
    Result<> open_files(std::vector<os::Descriptor>& writers);
    void on_end(child::PipelineExit const& exit);
    void start_again();
    void on_line(std::string_view line);
    void pace();
    void read(Track& track) const;

    asio::any_io_executor executor_;
    Plan plan_;
    std::function<void()> on_progress_;
    std::vector<Track> tracks_;
    std::chrono::milliseconds made_{};  ///< so far pictures are made
    std::chrono::milliseconds known_{}; ///< so far the film was read
    bool waits_{false};                 ///< it has read far enough for now
    bool over_{false};
    unsigned starts_{0};
    std::unique_ptr<child::Pipeline> pipeline_;
    std::shared_ptr<bool> alive_{std::make_shared<bool>(true)};
};

} // namespace continuo::supervisor
