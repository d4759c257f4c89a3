#include "tests/unit/core/hls/rules/recording.hpp"

#include <cmath>
#include <set>

namespace continuo::hls::rules {
namespace {

using namespace std::chrono_literals;
using Seconds = std::chrono::duration<double>;

constexpr std::size_t variants = 2;
constexpr Seconds poll_interval = 1.5s;
constexpr Ticks90k first_pts{8'589'000'000}; // the 33-bit clock wraps in the course of it
WallTime const epoch{std::chrono::seconds{1'795'269'600}};

WallTime wall(Seconds time) {
    return epoch + std::chrono::round<std::chrono::milliseconds>(time);
}

/// Plays one recording; owns what a real shell would own.
class Player {
public:
    explicit Player(Recording const& recording) : recording_(recording) {}

    std::vector<Finding> run() {
        fetch_multivariant();
        for (std::size_t i = 0; i < variants; ++i)
            verifier_.add_stream(uri_of(i), i == 0 ? StreamKind::variant : recording_.second,
                                 uri_of(i), "");
        auto const end = recording_.arrival + recording_.watched;
        for (auto time = recording_.arrival; time < end; time += poll_interval) {
            second_fetches_before(time);
            poll(time);
        }
        second_fetches(end, /*everything=*/true);
        verifier_.finish(wall(end));
        return verifier_.take_findings();
    }

private:
    static std::string uri_of(std::size_t variant) {
        return variant == 0 ? "high.m3u8" : "low.m3u8";
    }

    static Response response(Seconds time, std::string body, std::string type) {
        Response made;
        made.asked = wall(time);
        made.at = wall(time) + 10ms;
        made.status = 200;
        made.complete = true;
        made.http_version = "1.1";
        made.headers = {{"content-type", std::move(type)},
                        {"content-length", std::to_string(body.size())},
                        {"access-control-allow-origin", "*"},
                        {"cache-control", "max-age=1"}};
        made.body = std::move(body);
        return made;
    }

    void fetch_multivariant() {
        MultivariantPlaylist playlist;
        playlist.independent_segments = true;
        for (std::size_t i = 0; i < variants; ++i) {
            VariantStream variant;
            variant.uri = uri_of(i);
            variant.bandwidth_bps = 3'000;
            variant.codecs = "avc1.64001f,mp4a.40.2";
            playlist.variants.push_back(variant);
        }
        recording_.multivariant(playlist);
        (void)verifier_.saw_multivariant(
            "master.m3u8",
            response(recording_.arrival, to_text(playlist), "application/vnd.apple.mpegurl"));
    }

    MediaPlaylist playlist_at(Occasion const& occasion) const {
        auto const clock = recording_.clock(occasion);
        auto const published =
            static_cast<std::uint64_t>(std::floor(clock / recording_.segment_time));
        auto const listed = std::min<std::uint64_t>(published, recording_.window);
        MediaPlaylist playlist;
        playlist.target_duration = recording_.target_duration;
        playlist.media_sequence = Recording::first_number + published - listed;
        playlist.discontinuity_sequence =
            playlist.media_sequence > Recording::discontinuity_at ? 1 : 0;
        for (std::uint64_t i = 0; i < listed; ++i) {
            auto const number = playlist.media_sequence + i;
            MediaSegment segment;
            segment.uri = std::to_string(occasion.variant) + "-" + std::to_string(number) + ".ts";
            segment.duration = std::chrono::round<Ticks90k>(recording_.segment_time);
            segment.discontinuity = number == Recording::discontinuity_at;
            segment.program_date_time = wall(recording_.segment_time *
                                             static_cast<double>(number - Recording::first_number));
            playlist.segments.push_back(segment);
        }
        return playlist;
    }

    Response playlist_answer(Occasion const& occasion) const {
        auto playlist = playlist_at(occasion);
        recording_.playlist(playlist, occasion);
        auto text = to_text(playlist);
        recording_.text(text, occasion);
        auto made = response(occasion.time, std::move(text), "application/vnd.apple.mpegurl");
        recording_.answer(made, occasion);
        return made;
    }

    void poll(Seconds time) {
        for (std::size_t variant = 0; variant < variants; ++variant) {
            auto const moment = time + 20ms * static_cast<double>(variant);
            verifier_.saw_playlist(variant, playlist_answer({variant, moment}));
            for (auto const& fetch : verifier_.new_segments(variant))
                fetch_segment(fetch, moment);
        }
    }

    void second_fetches_before(Seconds time) {
        for (auto due = verifier_.next_due(); due && *due < wall(time); due = verifier_.next_due())
            second_fetches(*due - epoch, /*everything=*/false);
    }

    Response segment_answer(Fetch const& fetch, Seconds time, bool again) const {
        // 1400 bytes in 4 s are 2800 bit/s; bytes differ from number to number.
        auto made =
            response(time, fetch.uri + std::string(1400 - fetch.uri.size(), 'x'), "video/mp2t");
        made.headers.push_back({"cache-control", "public, max-age=3600, immutable"});
        recording_.segment(made, {fetch.stream, fetch.number, again});
        return made;
    }

    SegmentFacts facts_of(Fetch const& fetch) const {
        auto const duration = std::chrono::round<Ticks90k>(recording_.segment_time);
        SegmentFacts facts;
        facts.container = Container::transport_stream;
        facts.starts_with_tables = true;
        facts.programs = 1;
        facts.starts_with_keyframe = true;
        facts.start = wrapped(first_pts + duration * static_cast<std::int64_t>(
                                                         fetch.number - Recording::first_number));
        facts.span = duration;
        facts.frame = Ticks90k{3'600};
        facts.video_codecs = "avc1.64001f";
        facts.audio_codecs = "mp4a.40.2";
        facts.width = 1280;
        facts.height = 720;
        recording_.facts(facts, {fetch.stream, fetch.number, false});
        return facts;
    }

    void fetch_segment(Fetch const& fetch, Seconds time) {
        auto const answer = segment_answer(fetch, time, /*again=*/false);
        if (fetch.map && maps_.insert(fetch.map->uri).second) fetch_map(fetch, time);
        auto const readable = recording_.readable({fetch.stream, fetch.number, false});
        Result<SegmentFacts> facts = facts_of(fetch);
        if (!readable) facts = readable.error();
        verifier_.saw_segment(fetch, answer, facts);
        if (!std::exchange(probed_, true))
            verifier_.saw_probes(fetch, probe_answers(fetch, answer, time));
    }

    void fetch_map(Fetch const& fetch, Seconds time) {
        auto made = response(time, "ftyp and moov", "video/mp4");
        Result<> checked;
        recording_.map(made, checked);
        verifier_.saw_map(fetch, made, checked);
    }

    ProbeAnswers probe_answers(Fetch const& fetch, Response const& segment, Seconds time) const {
        ProbeAnswers answers;
        answers.segment = segment;
        answers.segment_head = segment;
        answers.segment_head.body.clear();
        answers.segment_range = response(time, segment.body.substr(0, 100), "video/mp2t");
        answers.segment_range.status = 206;
        answers.segment_range.headers.push_back({"content-range", "bytes 0-99/1400"});
        answers.segment_beyond = response(time, "", "video/mp2t");
        answers.segment_beyond.status = 416;
        answers.missing = response(time, "", "text/plain");
        answers.missing.status = 404;
        answers.options = response(time, "", "text/plain");
        answers.options.status = 204;
        answers.options.headers.push_back({"access-control-allow-headers", "Range"});
        answers.playlist = playlist_answer({fetch.stream, time});
        answers.playlist.headers.push_back({"content-encoding", "gzip"});
        answers.playlist_unchanged = response(time, "", "application/vnd.apple.mpegurl");
        answers.playlist_unchanged->status = 304;
        recording_.probes(answers);
        return answers;
    }

    void second_fetches(Seconds time, bool everything) {
        for (auto const& fetch : verifier_.due_segments(wall(time), everything))
            verifier_.saw_segment_again(fetch, segment_answer(fetch, time, /*again=*/true));
    }

    Recording const& recording_;
    Verifier verifier_;
    bool probed_{false};
    std::set<std::string> maps_; ///< those that were fetched
};

} // namespace

std::vector<Finding> Recording::play() const {
    return Player{*this}.run();
}

} // namespace continuo::hls::rules
