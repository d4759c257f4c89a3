#include "core/config/resegment.hpp"

#include "core/config/cues.hpp"
#include "core/config/scalars.hpp"

#include <array>

namespace continuo::config {

void read_resegment(Entry const& entry, fs::path const& folder, Channel& channel,
                    Problems& problems) {
    static constexpr std::array<std::string_view, 6> known{
        "master", "sidecar", "segment_time", "hls_tag", "loop", "random_access_indicator"};
    Section const section(entry, known, problems);
    auto& resegment = channel.resegment.emplace();
    if (auto const master = section.text("master"))
        resegment.master =
            master->find("://") == std::string::npos ? (folder / *master).string() : *master;
    else if (!section.find("master"))
        section.complain(section.place(), "master",
                         "is missing; write the path or URL of a playlist");
    if (resegment.master.find("://") != std::string::npos &&
        !resegment.master.starts_with("http://") && !resegment.master.starts_with("https://"))
        section.complain(
            section.find("master")->place, "master",
            fmt::format("must be a path, http:// or https://, got \"{}\"", resegment.master));
    if (auto const sidecar = section.text("sidecar")) resegment.sidecar = folder / *sidecar;
    section.read("loop", on_off, resegment.loop);
    section.read("random_access_indicator", on_off, resegment.random_access_indicator);
    read_hls_tags(section, channel.cues);
    section.read("segment_time", duration, channel.segment_time, segment_time_range);
}

} // namespace continuo::config
