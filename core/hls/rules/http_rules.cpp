#include "core/hls/rules/http_rules.hpp"

#include "core/hls/value.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

namespace continuo::hls::rules {
namespace {

constexpr std::uint64_t range_length = 100;      ///< of the range that is asked for
constexpr std::size_t worth_compressing = 1'000; ///< bytes of a playlist

class Delivered {
public:
    Delivered(ProbeAnswers const& answers, Delivery const& delivery)
        : answers_(answers), delivery_(delivery) {}

    Remarks run() {
        check_playlist_type();
        check_segment_type();
        check_compression();
        check_head();
        check_range();
        check_beyond();
        check_cors();
        check_caching();
        check_conditional();
        check_connection();
        return std::move(remarks_);
    }

private:
    void say(int rule, Weight weight, std::string evidence) {
        remarks_.push_back({rule, weight, std::move(evidence)});
    }

    /// A media type without its parameters.
    static std::string_view type_of(Response const& response) {
        auto const type = response.header("Content-Type").value_or("");
        return type.substr(0, type.find_first_of("; "));
    }

    void check_playlist_type() {
        constexpr std::array<std::string_view, 4> types{"application/vnd.apple.mpegurl",
                                                        "application/x-mpegurl", "audio/mpegurl",
                                                        "audio/x-mpegurl"};
        auto const type = type_of(answers_.playlist);
        bool const by_name =
            delivery_.playlist_path.ends_with(".m3u8") || delivery_.playlist_path.ends_with(".m3u");
        if (std::ranges::any_of(types, [&](auto known) { return equal_lower(type, known); }))
            return;
        say(33, by_name ? Weight::advice : Weight::broken,
            fmt::format("the playlist's Content-Type is \"{}\"", type));
    }

    static bool equal_lower(std::string_view type, std::string_view lower) {
        return std::ranges::equal(type, lower, {}, [](char c) {
            return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        });
    }

    static std::vector<std::string_view> types_for(Container container) {
        switch (container) {
        case Container::transport_stream: return {"video/mp2t"};
        case Container::fragmented_mp4: return {"video/mp4", "audio/mp4", "video/iso.segment"};
        case Container::packed_audio: return {"audio/aac", "audio/mpeg", "audio/ac3"};
        case Container::webvtt: return {"text/vtt"};
        case Container::unknown: return {};
        }
        return {};
    }

    void check_segment_type() {
        auto const expected = types_for(delivery_.container);
        auto const type = type_of(answers_.segment);
        if (expected.empty() ||
            std::ranges::any_of(expected, [&](auto known) { return equal_lower(type, known); }))
            return;
        say(33, Weight::advice,
            fmt::format("the segment's Content-Type is \"{}\" and not {}", type, expected.front()));
    }

    void check_compression() {
        if (answers_.playlist.body.size() >= worth_compressing &&
            !answers_.playlist.header("Content-Encoding"))
            say(33, Weight::advice, "the playlist is not compressed for readers that accept gzip");
    }

    void check_head() {
        auto const& head = answers_.segment_head;
        if (head.status != 200)
            return say(33, Weight::broken,
                       fmt::format("HEAD of a segment answered {}", outcome_of(head)));
        for (auto const* name :
             {"Content-Length", "Content-Type", "ETag", "Accept-Ranges", "Cache-Control"})
            if (head.header(name) != answers_.segment.header(name))
                say(33, Weight::broken,
                    fmt::format("HEAD of a segment has {} \"{}\", GET has \"{}\"", name,
                                head.header(name).value_or(""),
                                answers_.segment.header(name).value_or("")));
    }

    void check_range() {
        auto const& range = answers_.segment_range;
        if (range.status == 200)
            return say(33, Weight::advice, "ranges of a segment are not served");
        auto const whole = delivery_.segment.bytes;
        auto const expected =
            fmt::format("bytes 0-{}/{}", std::min(range_length, whole) - 1, whole);
        auto const given = range.header("Content-Range").value_or("");
        if (range.status != 206 || given != expected)
            say(33, Weight::broken,
                fmt::format("a range of a segment answered {} with Content-Range \"{}\" and not "
                            "206 with \"{}\"",
                            outcome_of(range), given, expected));
        else if (range.body.size() != std::min(range_length, whole))
            say(33, Weight::broken,
                fmt::format("a range of {} bytes came with {}", range_length, range.body.size()));
    }

    void check_beyond() {
        auto const status = answers_.segment_beyond.status;
        if (status != 416 && answers_.segment_range.status == 206)
            say(33, Weight::broken,
                fmt::format("a range behind the end of a segment answered {} and not 416",
                            outcome_of(answers_.segment_beyond)));
    }

    void check_cors() {
        auto const check = [&](Response const& response, std::string_view what) {
            if (response.status != 0 && !response.header("Access-Control-Allow-Origin"))
                say(34, Weight::advice,
                    fmt::format("{} ({}) has no Access-Control-Allow-Origin", what,
                                response.status));
        };
        check(answers_.playlist, "the playlist");
        check(answers_.segment, "a segment");
        check(answers_.missing, "what is not there");
        auto const& options = answers_.options;
        auto const allowed = options.header("Access-Control-Allow-Headers").value_or("");
        bool const range_allowed = allowed == "*" ||
                                   allowed.find("Range") != std::string_view::npos ||
                                   allowed.find("range") != std::string_view::npos;
        if (options.status != 204 && options.status != 200)
            say(34, Weight::advice,
                fmt::format("OPTIONS of the playlist answered {}", outcome_of(options)));
        else if (!range_allowed)
            say(34, Weight::advice, "OPTIONS does not allow the header Range");
    }

    /// Seconds that a shared cache may serve the answer.
    static std::optional<std::chrono::seconds> freshness_of(Response const& response) {
        auto const control = response.header("Cache-Control").value_or("");
        for (std::string_view const name : {"s-maxage=", "max-age="}) {
            auto const found = control.find(name);
            if (found == std::string_view::npos) continue;
            auto const digits = control.substr(found + name.size());
            auto const age =
                parse_integer(digits.substr(0, digits.find_first_not_of("0123456789")));
            if (age && *age < 1'000'000'000) return std::chrono::seconds{*age};
        }
        return std::nullopt;
    }

    void check_caching() {
        auto const target = delivery_.target_duration;
        auto const fresh = freshness_of(answers_.playlist).value_or(std::chrono::seconds{0});
        if (fresh * 2 >= target * 3)
            say(35, Weight::broken,
                fmt::format("the playlist may be cached for {} s, 1.5 target durations or more",
                            fresh.count()));
        else if (fresh * 2 > target)
            say(35, Weight::advice,
                fmt::format("the playlist may be cached for {} s, more than half a target duration",
                            fresh.count()));
        if (freshness_of(answers_.missing).value_or(std::chrono::seconds{0}) >
            std::chrono::seconds{1})
            say(35, Weight::advice, "404 may be cached for longer than a second");
        auto const segment = freshness_of(answers_.segment);
        if (segment && *segment < target)
            say(35, Weight::advice,
                fmt::format("a segment may be cached for {} s only", segment->count()));
    }

    void check_conditional() {
        auto const& again = answers_.playlist_unchanged;
        if (!again || again->status == 304) return;
        bool const same = again->status == 200 && again->body == answers_.playlist.body;
        if (same)
            say(35, Weight::advice, "an unchanged playlist is sent again in spite of its ETag");
    }

    void check_connection() {
        auto const& playlist = answers_.playlist;
        auto const connection = playlist.header("Connection").value_or("");
        if (playlist.http_version == "1.0" || equal_lower(connection, "close"))
            say(36, Weight::advice,
                fmt::format("the connection is closed after each answer (HTTP/{})",
                            playlist.http_version));
    }

    ProbeAnswers const& answers_;
    Delivery const& delivery_;
    Remarks remarks_;
};

} // namespace

Remarks check_delivery(ProbeAnswers const& answers, Delivery const& delivery) {
    return Delivered{answers, delivery}.run();
}

} // namespace continuo::hls::rules
