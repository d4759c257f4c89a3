#include "cli/resegment/plan.hpp"

#include "core/hls/location.hpp"
#include "core/hls/multivariant_text.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <utility>

namespace continuo::cli::resegment {
namespace {

using hls::ListedStream;
using Kind = ListedStream::Kind;

constexpr std::size_t max_jobs = 64;

/// RFC 6381 names of codecs that are sound.
bool is_audio_codec(std::string_view codec) {
    constexpr std::array<std::string_view, 6> sounds{"mp4a", "ac-3", "ec-3", "opus", "fLaC", "mp3"};
    return std::ranges::any_of(sounds, [&](auto sound) { return codec.starts_with(sound); });
}

/// A variant that does not say otherwise has a picture.
bool has_video(ListedStream const& stream) {
    if (stream.kind == Kind::rendition) return stream.attribute("TYPE") == "VIDEO";
    auto rest = stream.attribute("CODECS");
    if (rest.empty() || !stream.attribute("RESOLUTION").empty()) return true;
    while (!rest.empty()) {
        auto const comma = rest.find(',');
        auto codec = rest.substr(0, comma);
        codec.remove_prefix(std::min(codec.find_first_not_of(' '), codec.size()));
        if (!is_audio_codec(codec)) return true;
        rest = comma == std::string_view::npos ? std::string_view{} : rest.substr(comma + 1);
    }
    return false;
}

bool is_text(ListedStream const& stream) {
    return stream.kind == Kind::rendition && stream.attribute("TYPE") == "SUBTITLES";
}

std::string json_of(ListedStream const& stream) {
    nlohmann::ordered_json object{{"uri", stream.uri}};
    for (auto const& [name, value] : stream.attributes)
        object[name] = value;
    constexpr auto replace = nlohmann::ordered_json::error_handler_t::replace;
    return object.dump(4, ' ', /*ensure_ascii=*/false, replace);
}

/// Gives each media playlist its job.
class Planner {
public:
    explicit Planner(std::string const& location) : location_(location) {}

    Result<> add(std::vector<ListedStream> const& streams) {
        folders_.resize(streams.size());
        uris_.resize(streams.size());
        for (auto const kind : {Kind::variant, Kind::rendition})
            for (std::size_t index = 0; index < streams.size(); ++index)
                if (streams[index].kind == kind)
                    if (auto added = add(index, streams[index]); !added) return added;
        return {};
    }

    Result<Plan> finish(std::string_view text) {
        auto& jobs = plan_.jobs;
        if (jobs.empty()) return fail(Errc::unsupported, "lists no variant");
        if (jobs.size() > max_jobs)
            return fail(Errc::unsupported, fmt::format("lists more than {} streams", max_jobs));
        auto const leader = std::ranges::find_if(jobs, &Job::has_video);
        plan_.leader = leader == jobs.end() ? 0 : static_cast<std::size_t>(leader - jobs.begin());
        auto master = hls::with_uris(text, [&](std::size_t index) {
            return folders_[index] ? fmt::format("{}/index.m3u8", *folders_[index]) : uris_[index];
        });
        if (!master) return master.error();
        plan_.master = std::move(*master);
        return std::move(plan_);
    }

private:
    Result<> add(std::size_t index, ListedStream const& stream) {
        auto uri = hls::resolved(location_, stream.uri);
        if (!uri) return uri.error();
        uris_[index] = hls::is_http(*uri) ? *uri : std::filesystem::absolute(*uri).string();
        if (is_text(stream)) {
            plan_.remarks.push_back(fmt::format(
                "{}: subtitles are not cut again, they stay where they are", stream.uri));
            return {};
        }
        auto const [known, is_new] = known_.try_emplace(*uri, plan_.jobs.size());
        folders_[index] = known->second;
        plan_.announcements.push_back(json_of(stream));
        if (!is_new) return {};
        plan_.jobs.push_back({.input = std::move(*uri),
                              .has_video = has_video(stream),
                              .is_rendition = stream.kind == Kind::rendition});
        return {};
    }

    std::string const& location_;
    std::map<std::string, std::size_t> known_;        ///< job of each input
    std::vector<std::optional<std::size_t>> folders_; ///< of each listed stream
    std::vector<std::string> uris_;                   ///< the same where it is now
    Plan plan_;
};

} // namespace

Result<Plan> plan_of_ladder(std::string_view text, std::string const& location) {
    auto const streams = hls::listed_streams(text);
    if (!streams) return streams.error();
    Planner planner(location);
    if (auto const added = planner.add(*streams); !added) return added.error();
    return planner.finish(text);
}

Plan plan_of_single(std::string const& input) {
    Plan plan;
    plan.jobs.push_back({.input = input});
    return plan;
}

std::optional<std::size_t> stand_in_for(std::size_t variant, std::vector<Job> const& jobs,
                                        std::vector<bool> const& has_one) {
    if (jobs[variant].is_rendition) return std::nullopt;
    std::optional<std::size_t> nearest;
    auto const distance = [&](std::size_t other) {
        return std::max(other, variant) - std::min(other, variant);
    };
    for (std::size_t other = 0; other < jobs.size(); ++other) {
        if (!has_one[other] || jobs[other].is_rendition) continue;
        if (!nearest || distance(other) < distance(*nearest)) nearest = other;
    }
    return nearest;
}

} // namespace continuo::cli::resegment
